#pragma once

#include "formats/ur/key_path.h"

/// What wallets of Ethereum ask of an air-gapped signer, and its answer: `eth-sign-request`, `eth-signature` (EIP-4527).
namespace coffer::ur {

/// By which an answer is told from another; a UUID.
using EthRequestId = ByteArray<16>;

enum class EthDataType : std::uint8_t {
    legacy_transaction = 1, ///< RLP
    typed_data = 2,         ///< JSON (EIP-712)
    personal_message = 3,   ///< bytes (EIP-191)
    typed_transaction = 4,  ///< EIP-2718
};

/// What the data say, and whether chain and address are those of the data and the key, is for the chain to judge.
struct EthSignRequest {
    std::optional<EthRequestId> id;
    Bytes data;
    EthDataType type = EthDataType::legacy_transaction;
    std::uint64_t chain_id = 1;
    KeyPath path; ///< of the key that shall sign
    std::optional<ByteArray<20>> address;
    std::string origin; ///< the asking wallet, in its own words

    bool operator==(const EthSignRequest&) const = default;
};

struct EthSignature {
    std::optional<EthRequestId> id;
    ByteArray<64> compact; ///< r, s
    std::uint64_t v = 0;   ///< 0 or 1, 27 or 28, or with the chain id (EIP-155)
    std::string origin;

    bool operator==(const EthSignature&) const = default;
};

/// Layout, a map: 1 id under the tag 37, 2 data, 3 type, 4 chain id (1 without it), 5 path under its tag of either version,
/// 6 address, 7 origin. Throws Error{malformed} for another shape, unknown fields, types and no data; what decode_path_of_key
/// throws.
EthSignRequest decode_eth_sign_request(ByteView message);
Bytes encode_eth_sign_request(const EthSignRequest& request, Naming naming = Naming::version_1);

/// Layout, a map: 1 id under the tag 37, 2 r, s and v in 32, 32 and 1 to 8 bytes without zeros in front, 3 origin. Throws
/// Error{malformed} for another shape and unknown fields.
EthSignature decode_eth_signature(ByteView message);
Bytes encode_eth_signature(const EthSignature& signature);

} // namespace coffer::ur
