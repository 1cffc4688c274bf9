#include "formats/ur/fragment_choice.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "formats/ur/part.h"

#include <numeric>

namespace coffer::ur {

namespace {

std::size_t take_last(std::vector<std::size_t>& indexes)
{
    const auto index = indexes.back();
    indexes.pop_back();
    return index;
}

/// A part mixes d fragments with a probability in proportion to 1/d.
std::vector<double> degree_weights(std::uint32_t seq_len)
{
    require(seq_len >= 1 && seq_len <= most_parts, "a count of parts that cannot be");
    std::vector<double> weights;
    for (std::uint32_t degree = 1; degree <= seq_len; ++degree)
        weights.push_back(1.0 / degree);
    return weights;
}

} // namespace

AliasSampler::AliasSampler(std::span<const double> weights) : m_probabilities(weights.size(), 1.0), m_aliases(weights.size(), 0)
{
    require(!weights.empty(), "a choice of nothing");
    const auto count = static_cast<double>(weights.size());
    const auto sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<double> scaled;
    for (const auto weight : weights)
        scaled.push_back(weight * count / sum);
    std::vector<std::size_t> small;
    std::vector<std::size_t> large;
    const auto sort_in = [&](std::size_t index) { (scaled[index] < 1 ? small : large).push_back(index); };
    for (auto index = weights.size(); index-- > 0;)
        sort_in(index);
    while (!small.empty() && !large.empty()) {
        const auto less = take_last(small);
        const auto more = take_last(large);
        m_probabilities[less] = scaled[less];
        m_aliases[less] = more;
        scaled[more] += scaled[less] - 1;
        sort_in(more);
    }
}

std::size_t AliasSampler::sample(Xoshiro256& random) const
{
    const auto index = random.next_below(m_probabilities.size());
    return random.next_double() < m_probabilities[index] ? index : m_aliases[index];
}

std::vector<FragmentIndex> take_shuffled(std::vector<FragmentIndex> items, std::size_t count, Xoshiro256& random)
{
    require(count <= items.size(), "more fragments than there are");
    std::vector<FragmentIndex> taken;
    taken.reserve(count);
    while (taken.size() < count) {
        const auto place = items.begin() + static_cast<std::ptrdiff_t>(random.next_below(items.size()));
        taken.push_back(*place);
        items.erase(place);
    }
    return taken;
}

FragmentChooser::FragmentChooser(std::uint32_t seq_len, std::uint32_t checksum)
    : m_checksum{checksum}, m_every_index(seq_len), m_degrees{degree_weights(seq_len)}
{
    std::iota(m_every_index.begin(), m_every_index.end(), FragmentIndex{0});
}

std::vector<FragmentIndex> FragmentChooser::choose(std::uint32_t seq_num) const
{
    require(seq_num >= 1, "parts count from 1");
    if (seq_num <= m_every_index.size())
        return {static_cast<FragmentIndex>(seq_num - 1)};
    auto random = Xoshiro256::seeded(ByteWriter{}.write_u32_be(seq_num).write_u32_be(m_checksum).bytes());
    const auto degree = m_degrees.sample(random) + 1;
    return take_shuffled(m_every_index, degree, random);
}

} // namespace coffer::ur
