#include "core/payments/ceremony.h"

#include "core/base/error.h"
#include "core/encoding/cbor.h"
#include "core/payments/message.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::payments {
namespace {

using Operation = Ceremony::Operation;

Ceremony example()
{
    return {.appliance = "vault-a", .key = "k1", .public_key = Bytes(33, 2), .operation = Operation::create, .group_threshold = 2,
            .groups = {{2, 3}, {3, 5}, {1, 1}}, .share_set = 0x1234};
}

TEST(Ceremony, ComesBackFromItsBytes)
{
    EXPECT_EQ(decode_ceremony(encode_ceremony(example())), example());
    const Ceremony combine{.appliance = "vault-a", .key = "k1", .public_key = Bytes(33, 2), .operation = Operation::combine};
    EXPECT_EQ(decode_ceremony(encode_ceremony(combine)), combine);
    auto words = combine;
    words.operation = Operation::words;
    EXPECT_EQ(decode_ceremony(encode_ceremony(words)), words);
    EXPECT_TRUE(is_ceremony(encode_ceremony(example())));
    EXPECT_FALSE(is_message(encode_ceremony(example())));
    EXPECT_FALSE(is_ceremony({}));
}

TEST(Ceremony, RefusesEveryTruncationAndTrailingBytes)
{
    const auto bytes = encode_ceremony(example());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_THROW(decode_ceremony(ByteView{bytes}.first(size)), Error) << size;
    auto longer = bytes;
    longer.push_back(0);
    EXPECT_ERROR(decode_ceremony(longer), ErrorCode::malformed);
}

TEST(Ceremony, CountsTheFewestSharesThatRestoreTheKey)
{
    EXPECT_EQ(example().least_shares(), 3U); // 1 of 1 and 2 of 3
    EXPECT_EQ(example().share_count(), 9U);
    auto all = example();
    all.group_threshold = 3;
    EXPECT_EQ(all.least_shares(), 6U);
}

TEST(Ceremony, RefusesShapesThatMakeNoSense)
{
    const auto refused = [](const std::function<void(Ceremony&)>& change) {
        auto ceremony = example();
        change(ceremony);
        EXPECT_ERROR(decode_ceremony(encode_ceremony(ceremony)), ErrorCode::malformed);
    };
    refused([](auto& c) { c.group_threshold = 4; });
    refused([](auto& c) { c.group_threshold = 0; });
    refused([](auto& c) { c.groups[0] = {4, 3}; });
    refused([](auto& c) { c.groups[0] = {0, 3}; });
    refused([](auto& c) { c.groups[0] = {1, 3}; });
    refused([](auto& c) { c.groups[0] = {2, 17}; });
    refused([](auto& c) { c.groups = {}; });
    refused([](auto& c) { c.groups = std::vector<Ceremony::Group>(17, {1, 1}); });
    refused([](auto& c) { c.share_set = 0x8000; });
    refused([](auto& c) { c.operation = Operation::combine; });
    refused([](auto& c) { c.operation = Operation::words; });
    refused([](auto& c) { c.public_key.pop_back(); });
}

TEST(Ceremony, EveryFieldIsInTheDigest)
{
    const auto differs = [](const std::function<void(Ceremony&)>& change) {
        auto ceremony = example();
        change(ceremony);
        EXPECT_NE(ceremony_digest(ceremony), ceremony_digest(example()));
    };
    differs([](auto& c) { c.appliance = "vault-b"; });
    differs([](auto& c) { c.key = "k2"; });
    differs([](auto& c) { c.public_key[0] = 3; });
    differs([](auto& c) { c.operation = Operation::refresh; });
    differs([](auto& c) { c.group_threshold = 1; });
    differs([](auto& c) { c.groups[0].first = 3; });
    differs([](auto& c) { c.groups.pop_back(); });
    differs([](auto& c) { c.share_set = 7; });
    EXPECT_EQ(ceremony_digest(example()), ceremony_digest(example()));
}

} // namespace
} // namespace coffer::payments
