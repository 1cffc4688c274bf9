#pragma once

#include "core/base/ids.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace coffer::audit {

/// A named value of an event: text for people, or bytes (a digest, a hash).
struct Detail {
    std::string name;
    std::variant<std::string, Bytes> value;
    bool operator==(const Detail&) const = default;
};

/// What happened, as the log keeps it.
struct Event {
    /// `request.proposed`, `vote.recorded`, …
    std::string type;
    /// The request that it is about, if it is about one.
    std::optional<RequestId> subject;
    /// Who did it: an officer's id, `appliance:ID`, or the account that ran the program.
    std::string actor;
    /// In the order in which they are shown.
    std::vector<Detail> details;
    bool operator==(const Event&) const = default;
};

constexpr std::size_t most_event_bytes = 64 * 1024;

/// Deterministic CBOR: {1: type, 2: subject (16 bytes; left out when there is none), 3: actor,
/// 4: [[name, text or bytes], …]}. Throws Error{limit} over 64 KiB.
Bytes encode_event(const Event& event);
/// Throws Error as cbor::decode does, and `malformed` for any other shape.
Event decode_event(ByteView bytes);

} // namespace coffer::audit
