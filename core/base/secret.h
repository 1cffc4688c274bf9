#pragma once

#include "core/base/bytes.h"

namespace coffer {

/// The one home of seeds, private keys, passphrases and key-encrypting keys.
///
/// Guarded pages around it, excluded from core dumps, locked where the limit allows, wiped when it
/// dies. Move-only, of fixed size; there is no printing and no operator==.
class SecretBytes {
public:
    SecretBytes() = default;
    /// `size` zero bytes.
    explicit SecretBytes(std::size_t size);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    ~SecretBytes();

    /// Copies; the caller wipes its own copy.
    static SecretBytes copy_of(ByteView bytes);

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    ByteView reveal() const { return {m_data, m_size}; }
    std::span<std::uint8_t> reveal_mutable() { return {m_data, m_size}; }

    SecretBytes clone() const { return copy_of(reveal()); }
    /// The first `size` bytes as a secret of their own.
    SecretBytes first(std::size_t size) const;

    /// Constant time in the content; the length is not secret.
    bool equals(const SecretBytes& other) const;

private:
    std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
};

/// Overwrites memory that held a secret for a moment; not optimised away.
void wipe(std::span<std::uint8_t> memory);
void wipe(std::span<char> memory);

/// A secret that lives on the stack for the length of one computation: no guarded pages, whose
/// allocation costs as much as a signature, but it and every copy is wiped when it dies. What outlives the function
/// that made it belongs into SecretBytes.
template <std::size_t N>
class WipedArray {
public:
    WipedArray() = default;
    WipedArray(const WipedArray&) = default;
    WipedArray& operator=(const WipedArray&) = default;
    ~WipedArray() { wipe(m_bytes); }

    static constexpr std::size_t size() { return N; }
    ByteView reveal() const { return m_bytes; }
    std::span<std::uint8_t, N> reveal_mutable() { return m_bytes; }

private:
    ByteArray<N> m_bytes{};
};

} // namespace coffer
