#include "core/keys/repetition.h"

namespace coffer::keys {

std::optional<std::size_t> find_repetition(ByteView samples, std::size_t values, std::size_t most_distance)
{
    for (std::size_t distance = 1; distance <= most_distance && distance < samples.size(); ++distance) {
        const auto pairs = samples.size() - distance;
        std::size_t equal = 0;
        for (std::size_t i = 0; i < pairs; ++i)
            equal += samples[i] == samples[i + distance] ? std::size_t{1} : 0;
        // Binomial(pairs, 1/values): the mean is pairs/values, the variance pairs (values - 1)/values².
        const auto scaled = equal * values;
        if (scaled > pairs && (scaled - pairs) * (scaled - pairs) > 36 * (values - 1) * pairs)
            return distance;
    }
    return std::nullopt;
}

} // namespace coffer::keys
