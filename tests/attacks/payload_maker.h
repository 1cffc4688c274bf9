#pragma once

#include "core/charter/charter.h"
#include "core/payments/payment.h"
#include "tests/attacks/json.h"

namespace coffer::test::attacks {

/// The bytes of an unsigned Ethereum transaction, however wrong:
/// {"type": 2, "chain_id": 1, "nonce": 0, "gas_limit": 21000, "max_fee_per_gas": "…", "max_priority_fee_per_gas": "…",
///  "gas_price": "…", "to": address, "value": "5", "value_wei": "…", "data": "0x…" or {"selector": "a9059cbb", "words":
///  […]}, "access_list": […], "authorizations": […], "edit": […]}, or {"raw": "0x…"}. Without `to` it creates a
///  contract; with
/// chain_id 0 it has none.
///
/// For a wallet with a descriptor: bitcoin_maker.h.
Bytes make_payload(const Json& payload, const charter::Charter& charter, const charter::Wallet& wallet);

/// What a digest of the payload would be if it could be decoded: so that a request can name what no vault decodes.
PayloadDigest digest_without_decoding(ByteView payload, std::uint64_t chain_id, ByteView sender);

} // namespace coffer::test::attacks
