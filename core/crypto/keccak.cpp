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

// Written out lane by lane: the compiler leaves loops with `% 5` as they are, at four times the cost.
void theta(State& a)
{
    const auto column = [&](std::size_t x) { return a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]; };
    const std::array c = {column(0), column(1), column(2), column(3), column(4)};
    const auto mix = [&](std::size_t x, std::uint64_t left, std::uint64_t right) {
        const auto d = left ^ std::rotl(right, 1);
        a[x] ^= d;
        a[x + 5] ^= d;
        a[x + 10] ^= d;
        a[x + 15] ^= d;
        a[x + 20] ^= d;
    };
    mix(0, c[4], c[1]);
    mix(1, c[0], c[2]);
    mix(2, c[1], c[3]);
    mix(3, c[2], c[4]);
    mix(4, c[3], c[0]);
}

/// Pi walks the lanes from (1, 0) on; rho rotates each on its way.
void rho_and_pi(State& a)
{
    auto moving = a[1];
    const auto move = [&](std::size_t lane, int rotation) {
        const auto displaced = a[lane];
        a[lane] = std::rotl(moving, rotation);
        moving = displaced;
    };
    move(10, 1);
    move(7, 3);
    move(11, 6);
    move(17, 10);
    move(18, 15);
    move(3, 21);
    move(5, 28);
    move(16, 36);
    move(8, 45);
    move(21, 55);
    move(24, 2);
    move(4, 14);
    move(15, 27);
    move(23, 41);
    move(19, 56);
    move(13, 8);
    move(12, 25);
    move(2, 43);
    move(20, 62);
    move(14, 18);
    move(22, 39);
    move(9, 61);
    move(6, 20);
    move(1, 44);
}

void chi(State& a)
{
    for (std::size_t y = 0; y < 25; y += 5) {
        const std::array row = {a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
        a[y] = row[0] ^ (~row[1] & row[2]);
        a[y + 1] = row[1] ^ (~row[2] & row[3]);
        a[y + 2] = row[2] ^ (~row[3] & row[4]);
        a[y + 3] = row[3] ^ (~row[4] & row[0]);
        a[y + 4] = row[4] ^ (~row[0] & row[1]);
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
