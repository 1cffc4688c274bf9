#pragma once

// The plain functions of libcrypto, which 3.0 calls deprecated in favour of EVP. EVP's own digests
// read openssl.cnf at their first use, whatever library context they are fetched from (EVP asks the
// engines first), and that file, which the environment may name, can load modules into this
// process. These need no start-up, and a short hash costs a third.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/base/error.h"
#include "core/base/secret.h"

#include <openssl/ripemd.h>
#include <openssl/sha.h>

#include <algorithm>

/// For source files of this folder only: libcrypto's types do not leave it.
namespace coffer::crypto {

struct Sha256Algorithm {
    using Context = SHA256_CTX;
    static constexpr std::size_t size = 32;
    static constexpr std::size_t block_size = 64;
    static int init(Context& context) { return SHA256_Init(&context); }
    static int update(Context& context, ByteView part) { return SHA256_Update(&context, part.data(), part.size()); }
    static int final(Context& context, std::uint8_t* out) { return SHA256_Final(out, &context); }
};

struct Sha512Algorithm {
    using Context = SHA512_CTX;
    static constexpr std::size_t size = 64;
    static constexpr std::size_t block_size = 128;
    static int init(Context& context) { return SHA512_Init(&context); }
    static int update(Context& context, ByteView part) { return SHA512_Update(&context, part.data(), part.size()); }
    static int final(Context& context, std::uint8_t* out) { return SHA512_Final(out, &context); }
};

struct Ripemd160Algorithm {
    using Context = RIPEMD160_CTX;
    static constexpr std::size_t size = 20;
    static int init(Context& context) { return RIPEMD160_Init(&context); }
    static int update(Context& context, ByteView part) { return RIPEMD160_Update(&context, part.data(), part.size()); }
    static int final(Context& context, std::uint8_t* out) { return RIPEMD160_Final(out, &context); }
};

/// A running digest; it and every copy is wiped when it dies.
template <typename Algorithm>
class Digest {
public:
    Digest() { require(Algorithm::init(m_context) == 1, "a digest does not start"); }
    Digest(const Digest&) = default;
    Digest& operator=(const Digest&) = default;
    ~Digest()
    {
        void* const memory = &m_context;
        wipe(std::span{static_cast<std::uint8_t*>(memory), sizeof m_context});
    }

    Digest& update(ByteView part)
    {
        require(Algorithm::update(m_context, part) == 1, "a digest is not fed");
        return *this;
    }

    /// The state is then spent.
    void finish(std::span<std::uint8_t, Algorithm::size> out)
    {
        require(Algorithm::final(m_context, out.data()) == 1, "a digest does not finish");
    }

private:
    typename Algorithm::Context m_context;
};

/// HMAC (RFC 2104, 2) with one key: H(K xor opad, H(K xor ipad, text)). The states after the two
/// pads are kept, so that a second message under the same key costs half.
template <typename Algorithm>
class Hmac {
public:
    explicit Hmac(ByteView key)
    {
        WipedArray<Algorithm::block_size> pad; // the key, filled up with zeros
        const auto bytes = pad.reveal_mutable();
        if (key.size() > bytes.size())
            Digest<Algorithm>{}.update(key).finish(bytes.template first<Algorithm::size>());
        else
            std::ranges::copy(key, bytes.begin());
        for (auto& byte : bytes)
            byte ^= 0x36;
        m_inner.update(bytes);
        for (auto& byte : bytes)
            byte ^= 0x36 ^ 0x5c;
        m_outer.update(bytes);
    }

    void compute(ByteView message, std::span<std::uint8_t, Algorithm::size> out) const
    {
        WipedArray<Algorithm::size> inner_digest;
        Digest{m_inner}.update(message).finish(inner_digest.reveal_mutable());
        Digest{m_outer}.update(inner_digest.reveal()).finish(out);
    }

private:
    Digest<Algorithm> m_inner;
    Digest<Algorithm> m_outer;
};

} // namespace coffer::crypto
