#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <optional>

/// libFuzzer's entry; a target defines it and ends the process when a property does not hold.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace coffer::fuzz {

/// What `parse` gives, or none when it refuses by Error. Any other exception is a finding.
template <typename Parse>
auto unless_refused(Parse parse) -> std::optional<decltype(parse())>
{
    try {
        return parse();
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace coffer::fuzz
