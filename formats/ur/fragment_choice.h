#pragma once

#include "formats/ur/xoshiro256.h"

#include <span>
#include <vector>

/// Which fragments a part of a fountain code is made of (BCR-2024-001); sender and receiver compute it alike.
namespace coffer::ur {

/// Draws an index with a probability in proportion to its weight, by Vose's alias method in the order of the reference
/// implementation, on which the result depends.
class AliasSampler {
public:
    /// At least one weight, all positive.
    explicit AliasSampler(std::span<const double> weights);
    /// Two draws of `random`.
    std::size_t sample(Xoshiro256& random) const;

private:
    std::vector<double> m_probabilities;
    std::vector<std::size_t> m_aliases;
};

using FragmentIndex = std::uint16_t;

/// The first `count` of the items when one after the other is taken away at random.
std::vector<FragmentIndex> take_shuffled(std::vector<FragmentIndex> items, std::size_t count, Xoshiro256& random);

/// For one message.
class FragmentChooser {
public:
    /// `seq_len` is 1 to most_parts; `checksum` is that of the message.
    FragmentChooser(std::uint32_t seq_len, std::uint32_t checksum);

    /// Indexes of the fragments, each once, in no order. Part `seq_num`, from 1, is one fragment up to seq_len.
    std::vector<FragmentIndex> choose(std::uint32_t seq_num) const;

private:
    std::uint32_t m_checksum;
    std::vector<FragmentIndex> m_every_index;
    AliasSampler m_degrees;
};

} // namespace coffer::ur
