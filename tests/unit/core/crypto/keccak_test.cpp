#include "core/crypto/keccak.h"

#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

TEST(Keccak, GivesPublishedDigests)
{
    for (const auto& vector : test::load_vectors("keccak256.json")) {
        SCOPED_TRACE(vector.name());
        const auto text = vector.has("input_utf8") ? vector.text("input_utf8") : std::string{};
        const auto input = vector.has("input_utf8") ? to_bytes(bytes_of(text)) : vector.bytes("input");
        EXPECT_TRUE(equal(keccak256(input), vector.bytes("digest")));
    }
}

} // namespace
} // namespace coffer::crypto
