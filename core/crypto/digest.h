#pragma once

#include "core/base/bytes.h"

#include <memory>

/// libcrypto's message digest contexts.
struct evp_md_ctx_st;

namespace coffer::crypto {

enum class DigestAlgorithm { sha256, sha512, ripemd160 };

/// One running digest of libcrypto; the floor of hash.h and mac.h, not meant for other folders.
///
/// The algorithms are fetched once, from a library context of our own that holds the built-in
/// default provider and reads no configuration file: nothing is loaded from disk.
class Digest {
public:
    explicit Digest(DigestAlgorithm algorithm);
    Digest(const Digest& other);
    Digest(Digest&&) noexcept = default;

    Digest& update(ByteView part);
    /// Writes the digest; `out` has the algorithm's size. The state is then spent.
    void finish(std::span<std::uint8_t> out);

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const; // wipes what the context holds
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

} // namespace coffer::crypto
