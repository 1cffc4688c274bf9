#pragma once

#include "core/base/bytes.h"

#include <optional>

namespace coffer::keys {

/// The first distance, of 1 to `most_distance`, at which samples equal those before them too often for a source
/// of min-entropy log2 `values` a sample: by six standard deviations of the binomial count. None of a good source.
std::optional<std::size_t> find_repetition(ByteView samples, std::size_t values, std::size_t most_distance);

} // namespace coffer::keys
