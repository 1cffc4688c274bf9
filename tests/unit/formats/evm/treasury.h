#pragma once

#include "core/chains/payload_format.h"
#include "formats/evm/address.h"
#include "formats/evm/builder.h"

#include <string_view>

namespace coffer::evm::test {

/// m/44'/60'/0' of the mnemonic "abandon … about", and its keys 0/0 and 0/1 (hd_accounts).
constexpr std::string_view extended_public = "xpub6DCoCpSuQZB2jawqnGMEPS63ePKWkwWPH4TU45Q7LPXWuNd8TMtVxRrgjtEshuqpK3m"
                                             "dhaWHPFsBngh5GFZaM6si3yZdUsT8ddYM3PwnATt";
constexpr std::string_view private_key_0 = "1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";
constexpr std::string_view address_0 = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
constexpr std::string_view private_key_1 = "9a983cb3d832fbde5ab49d692b7a8bf5b5d232479c99333d0fc8e1d21f1b55b6";
constexpr std::string_view address_1 = "0x6Fac4D18c912343BF86fa7049364Dd4E424Ab9C0";

inline const Address usdc = parse_address("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", Checksum::required);
inline const Address stranger = parse_address("0x90C305e32054D997c6aB56281a6EBB4366A44195", Checksum::required);

/// Chain "ethereum" (id 1) with token USDC, chain "base" (id 8453), wallet "cold" on key 0/0 and
/// its twin on base, wallet "ops" on key 0/1, destination "exchange".
charter::Charter make_charter();

inline chains::PayloadContext context_of(const charter::Charter& charter, std::string_view wallet = "cold")
{
    return {charter, charter.wallet(wallet)};
}

/// 1 ETH, or 1 USDC, to a stranger.
TransferPlan native_plan();
TransferPlan token_plan();

} // namespace coffer::evm::test
