#include "core/base/text.h"
#include "core/encoding/bech32.h"
#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

/// BIP-141: OP_0 or OP_1 … OP_16, then one push.
Bytes script_pubkey(const WitnessProgram& program)
{
    Bytes script{static_cast<std::uint8_t>(program.version == 0 ? 0 : 0x50 + program.version),
                 static_cast<std::uint8_t>(program.program.size())};
    append(script, program.program);
    return script;
}

TEST(SegwitAddress, FollowsThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("bech32.json")) {
        if (vector.kind() != "segwit_address")
            continue;
        const auto address = vector.text("address");
        SCOPED_TRACE(vector.name() + " " + address);
        const auto* network = to_lower_ascii(address).starts_with("tb") ? "tb" : "bc";
        if (vector.is_invalid()) {
            EXPECT_ERROR(parse_segwit_address(network, address), vector.error_code());
            continue;
        }
        const auto program = parse_segwit_address(network, address);
        EXPECT_EQ(script_pubkey(program), vector.bytes("script_pubkey"));
        EXPECT_EQ(format_segwit_address(network, program), to_lower_ascii(address));
        EXPECT_ERROR(parse_segwit_address("bcrt", address), ErrorCode::malformed);
    }
}

TEST(SegwitAddress, GoesRoundForEveryProgram)
{
    for (unsigned version = 0; version <= 16; ++version)
        for (std::size_t size = 2; size <= 40; ++size) {
            if (version == 0 && size != 20 && size != 32)
                continue;
            const WitnessProgram program{version, Bytes(size, 0xa5)};
            EXPECT_EQ(parse_segwit_address("bc", format_segwit_address("bc", program)), program);
        }
}

TEST(SegwitAddressDeathTest, EndsTheProcessOnProgramsThatCannotBe)
{
    EXPECT_DEATH(format_segwit_address("bc", {17, Bytes(20)}), "witness program");
    EXPECT_DEATH(format_segwit_address("bc", {0, Bytes(21)}), "witness program");
    EXPECT_DEATH(format_segwit_address("bc", {1, Bytes(41)}), "witness program");
}

} // namespace
} // namespace coffer::encoding
