#pragma once

#include "core/base/ids.h"
#include "core/encoding/cbor.h"

#include <string>
#include <string_view>

namespace coffer::charter {

/// A place in the policy chain: charter 1 is link 0.
struct Position {
    std::uint64_t number = 0;
    LinkHash link;
    auto operator<=>(const Position&) const = default;

    /// CBOR [number, link hash].
    cbor::Value encode() const;
    static Position decode(const cbor::Value& value);

    /// `NUMBER:HASH`, the hash as 64 hex digits.
    std::string format() const;
    /// Throws Error{malformed}.
    static Position parse(std::string_view text);
};

} // namespace coffer::charter
