#include "core/crypto/digest.h"

#include "core/base/error.h"
#include "core/crypto/libcrypto.h"

namespace coffer::crypto {

OSSL_LIB_CTX* libcrypto_context()
{
    // Our own context, so that /etc/ssl/openssl.cnf can neither slow the start nor load modules.
    static OSSL_LIB_CTX* const context = [] {
        auto* const fresh = OSSL_LIB_CTX_new();
        require(fresh != nullptr && OSSL_PROVIDER_load(fresh, "default") != nullptr, "libcrypto does not start");
        return fresh;
    }();
    return context;
}

namespace {

const EVP_MD* fetch(const char* name)
{
    const EVP_MD* const digest = EVP_MD_fetch(libcrypto_context(), name, nullptr);
    require(digest != nullptr, "libcrypto lacks a digest");
    return digest;
}

} // namespace

const EVP_MD* libcrypto_digest(DigestAlgorithm algorithm)
{
    static const EVP_MD* const sha256 = fetch("SHA2-256");
    static const EVP_MD* const sha512 = fetch("SHA2-512");
    static const EVP_MD* const ripemd160 = fetch("RIPEMD-160");
    switch (algorithm) {
    case DigestAlgorithm::sha256: return sha256;
    case DigestAlgorithm::sha512: return sha512;
    case DigestAlgorithm::ripemd160: return ripemd160;
    }
    fatal("digest without an algorithm");
}

void Digest::Free::operator()(evp_md_ctx_st* context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest(DigestAlgorithm algorithm) : m_context{EVP_MD_CTX_new()}
{
    require(m_context != nullptr && EVP_DigestInit_ex2(m_context.get(), libcrypto_digest(algorithm), nullptr) == 1,
            "a digest does not start");
}

Digest::Digest(const Digest& other) : m_context{EVP_MD_CTX_new()}
{
    require(m_context != nullptr && EVP_MD_CTX_copy_ex(m_context.get(), other.m_context.get()) == 1,
            "a digest cannot be copied");
}

Digest& Digest::update(ByteView part)
{
    require(EVP_DigestUpdate(m_context.get(), part.data(), part.size()) == 1, "a spent digest is fed");
    return *this;
}

void Digest::finish(std::span<std::uint8_t> out)
{
    require(out.size() == static_cast<std::size_t>(EVP_MD_CTX_get_size(m_context.get())),
            "digest into a buffer of another size");
    require(EVP_DigestFinal_ex(m_context.get(), out.data(), nullptr) == 1, "a digest does not finish");
}

} // namespace coffer::crypto
