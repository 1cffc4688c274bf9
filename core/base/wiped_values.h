#pragma once

#include "core/base/secret.h"

namespace coffer {

/// WipedArray for numbers of more than a byte.
template <typename T, std::size_t N>
class WipedValues {
public:
    WipedValues() = default;
    WipedValues(const WipedValues&) = default;
    WipedValues& operator=(const WipedValues&) = default;
    ~WipedValues()
    {
        void* const memory = m_values.data();
        wipe(std::span{static_cast<std::uint8_t*>(memory), sizeof m_values});
    }

    static constexpr std::size_t size() { return N; }
    std::span<const T, N> reveal() const { return m_values; }
    std::span<T, N> reveal_mutable() { return m_values; }

private:
    std::array<T, N> m_values{};
};

} // namespace coffer
