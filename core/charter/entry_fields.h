#pragma once

#include "core/artefacts/artefact.h"

#include <string>

namespace coffer::charter {

constexpr std::size_t most_reason_bytes = 1000;

/// Why, for people. Throws Error{limit} over 1,000 bytes.
std::string read_reason(artefacts::BodyReader& reader, std::uint64_t key);
UtcTime read_entry_time(artefacts::BodyReader& reader, std::uint64_t key, std::string_view what);
/// The charter in force, for an entry that holds under no other.
CharterHash read_charter(artefacts::BodyReader& reader, std::uint64_t key);

inline cbor::Value seconds_of(UtcTime time)
{
    return static_cast<std::uint64_t>(time.seconds);
}

} // namespace coffer::charter
