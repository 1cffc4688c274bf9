#pragma once

#include "core/encoding/cbor.h"
#include "core/policy/windows.h"
#include "core/requests/judgement.h"

namespace coffer::requests {

/// Whether this side has counted what a request replaces: then a bump adds only what its fee is higher, and no request.
enum class Replaced { counted, not_counted };

/// What limits count of a request (PROTOCOL 4, 6). What pays the wallet itself stays; a void counts its fee and no request.
policy::Outflow outflow_of(const OpenRequest& open, const charter::Charter& charter, Replaced replaced);

/// Of payments in general, as a transfer.
policy::Outflow outflow_of(const payments::Description& description, const charter::Wallet& wallet, std::string requester,
                           const charter::Charter& charter);

/// CBOR [wallet, requester, [[destination, [chain, symbol, amount]]…], [chain, symbol, fee], counts], and the entry of a standing order behind them
/// where it is paid under one.
cbor::Value encode_outflow(const policy::Outflow& outflow);
/// Throws Error{malformed}, Error{canon}.
policy::Outflow decode_outflow(const cbor::Value& value);

} // namespace coffer::requests
