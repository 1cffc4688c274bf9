#pragma once

#include "core/base/ids.h"
#include "core/payments/payload.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::payments {

/// Where the address that signs lies in a wallet of many addresses.
struct MessagePlace {
    std::uint32_t branch = 0; ///< 0 of the addresses that are handed out, 1 of those for change
    std::uint32_t index = 0;
    bool operator==(const MessagePlace&) const = default;
};

/// A text that an address signs: it pays nothing and uses nothing up.
struct Message {
    std::string standard; ///< `bip322-simple`, `eip191`
    Bytes address;        ///< in the chain's raw bytes
    Bytes text;           ///< the exact bytes: UTF-8
    std::optional<MessagePlace> place{}; ///< evidence: the address proves it
    bool operator==(const Message&) const = default;
};

constexpr std::size_t most_message_bytes = 4096;

/// Throws Error{malformed} for an empty text, Error{limit} above most_message_bytes, and Error{blind} for what a person cannot
/// read whole: anything but UTF-8, and control characters other than a line feed. The hash of a transaction is such (ATTACKS B18).
void require_readable(ByteView text);

/// True for what begins like the payload of a message; no transaction of a chain does.
bool is_message(ByteView payload);
/// `coffer/v1/message` 00 CBOR[standard, address, text], and branch and index behind them where there is a place.
Bytes encode_message(const Message& message);
/// Errors: those of cbor::decode and require_readable(); `malformed` for another shape.
Message decode_message(ByteView payload);

/// SHA-256("coffer/v1/payload" 00 CBOR["message", standard, chain, address, text]) (PROTOCOL 2). The chain is its id or its genesis hash.
PayloadDigest message_digest(const Message& message, std::uint64_t chain_id);
PayloadDigest message_digest(const Message& message, const ByteArray<32>& genesis_hash);

/// The text, whole and a line a row, and the address that signs, as `address` shows it.
std::vector<Payload::Detail> message_details(const Message& message, std::string address);

} // namespace coffer::payments
