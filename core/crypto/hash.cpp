#include "core/crypto/hash.h"

#include "core/base/error.h"
#include "core/crypto/digest.h"

namespace coffer::crypto {

namespace {

template <typename Algorithm>
ByteArray<Algorithm::size> digest_of(ByteView message)
{
    ByteArray<Algorithm::size> out;
    Digest<Algorithm>{}.update(message).finish(out);
    return out;
}

} // namespace

ByteArray<32> sha256(ByteView message)
{
    return digest_of<Sha256Algorithm>(message);
}

ByteArray<32> sha256d(ByteView message)
{
    return sha256(sha256(message));
}

ByteArray<64> sha512(ByteView message)
{
    return digest_of<Sha512Algorithm>(message);
}

ByteArray<20> ripemd160(ByteView message)
{
    return digest_of<Ripemd160Algorithm>(message);
}

ByteArray<20> hash160(ByteView message)
{
    return ripemd160(sha256(message));
}

struct Sha256::State {
    Digest<Sha256Algorithm> digest;
    bool finished = false;
};

Sha256::Sha256() : m_state{std::make_unique<State>()} {}

Sha256::Sha256(const Sha256& other) : m_state{std::make_unique<State>(*other.m_state)} {}

Sha256::Sha256(Sha256&&) noexcept = default;

Sha256::~Sha256() = default;

Sha256& Sha256::update(ByteView part)
{
    require(!m_state->finished, "a finished hash is fed");
    m_state->digest.update(part);
    return *this;
}

ByteArray<32> Sha256::finish()
{
    require(!m_state->finished, "a hash is finished twice");
    m_state->finished = true;
    ByteArray<32> out;
    m_state->digest.finish(out);
    return out;
}

} // namespace coffer::crypto
