#include "core/crypto/keccak.h"

#include <bit>

namespace coffer::crypto {

namespace {

// FIPS 202, 3.2 and 3.3: the state is 5 x 5 lanes of 64 bits, lane (x, y) at 5y + x.
using State = std::array<std::uint64_t, 25>;

constexpr std::size_t rate = 136; // bytes a block: 1600/8 - 2 * 32

constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// Rho's rotations and pi's targets in the order in which pi walks the lanes from (1, 0).
constexpr std::array<int, 24> rotations = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                           27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
constexpr std::array<std::size_t, 24> pi_lanes = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                                  15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

void theta(State& a)
{
    std::array<std::uint64_t, 5> column;
    for (std::size_t x = 0; x < 5; ++x)
        column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (std::size_t x = 0; x < 5; ++x) {
        const auto d = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
        for (std::size_t y = 0; y < 25; y += 5)
            a[y + x] ^= d;
    }
}

void rho_and_pi(State& a)
{
    auto moving = a[1];
    for (std::size_t i = 0; i < pi_lanes.size(); ++i) {
        const auto displaced = a[pi_lanes[i]];
        a[pi_lanes[i]] = std::rotl(moving, rotations[i]);
        moving = displaced;
    }
}

void chi(State& a)
{
    for (std::size_t y = 0; y < 25; y += 5) {
        const std::array row = {a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
        for (std::size_t x = 0; x < 5; ++x)
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

void permute(State& a)
{
    for (const auto constant : round_constants) {
        theta(a);
        rho_and_pi(a);
        chi(a);
        a[0] ^= constant;
    }
}

void absorb(State& a, ByteView block)
{
    for (std::size_t i = 0; i < rate / 8; ++i) {
        std::uint64_t lane = 0;
        for (std::size_t j = 8; j-- > 0;)
            lane = lane << 8 | block[8 * i + j];
        a[i] ^= lane;
    }
    permute(a);
}

} // namespace

ByteArray<32> keccak256(ByteView message)
{
    State a{};
    while (message.size() >= rate) {
        absorb(a, message.first(rate));
        message = message.subspan(rate);
    }
    ByteArray<rate> last{};
    for (std::size_t i = 0; i < message.size(); ++i)
        last[i] = message[i];
    last[message.size()] ^= 0x01;
    last[rate - 1] ^= 0x80;
    absorb(a, last);

    ByteArray<32> digest;
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::uint8_t>(a[i / 8] >> (8 * (i % 8)));
    return digest;
}

} // namespace coffer::crypto
