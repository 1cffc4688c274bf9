#include "core/base/secret.h"

#include "core/base/error.h"

#include <algorithm>
#include <new>
#include <sodium.h>
#include <utility>

namespace coffer {

SecretBytes::SecretBytes(std::size_t size) : m_size{size}
{
    if (size == 0)
        return;
    require(sodium_init() >= 0, "libsodium does not start");
    m_data = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (m_data == nullptr)
        throw std::bad_alloc{};
    sodium_memzero(m_data, size);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : m_data{std::exchange(other.m_data, nullptr)}, m_size{std::exchange(other.m_size, 0)}
{
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        sodium_free(m_data);
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    sodium_free(m_data);
}

SecretBytes SecretBytes::copy_of(ByteView bytes)
{
    SecretBytes secret{bytes.size()};
    std::ranges::copy(bytes, secret.m_data);
    return secret;
}

SecretBytes SecretBytes::first(std::size_t size) const
{
    require(size <= m_size, "secret is shorter than asked for");
    return copy_of(reveal().first(size));
}

bool SecretBytes::equals(const SecretBytes& other) const
{
    if (m_size != other.m_size)
        return false;
    return m_size == 0 || sodium_memcmp(m_data, other.m_data, m_size) == 0;
}

void wipe(std::span<std::uint8_t> memory)
{
    sodium_memzero(memory.data(), memory.size());
}

void wipe(std::span<char> memory)
{
    sodium_memzero(memory.data(), memory.size());
}

} // namespace coffer
