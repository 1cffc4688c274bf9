#include "core/audit/hash_chain.h"

#include "core/audit/merkle.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::audit {
namespace {

Record example()
{
    Record record{.sequence = 5,
                  .stream = "main",
                  .time = {0x0102030405},
                  .event = {0xaa, 0xbb},
                  .previous = Hash256{crypto::sha256(bytes_of("before"))},
                  .hash = {}};
    record.hash = hash_record(record);
    return record;
}

TEST(HashChain, HashesTheLayoutOfTheHeader)
{
    auto layout = encoding::decode_hex("636f666665722f76312f7265636f726400" // coffer/v1/record, 00
                                       "0000000000000005"                   // sequence
                                       "0000000102030405"                   // time
                                       "00000004"
                                       "6d61696e"); // main
    append(layout, example().previous.bytes());
    append(layout, Bytes{0xaa, 0xbb});
    EXPECT_EQ(hash_record(example()), Hash256{crypto::sha256(layout)});
}

TEST(HashChain, AcceptsWhatFollows)
{
    const auto record = example();
    verify_record(record, 5, record.previous);
    EXPECT_EQ(leaf_of(record), hash_leaf(record.hash.bytes()));
}

TEST(HashChain, RefusesAChangeInAnyField)
{
    const auto refuse = [](auto change) {
        auto record = example();
        change(record);
        EXPECT_ERROR(verify_record(record, 5, example().previous), ErrorCode::log_chain);
    };
    refuse([](Record& record) { record.sequence = 6; });
    refuse([](Record& record) { record.stream = "mainx"; });
    refuse([](Record& record) { record.stream = "mai"; });
    refuse([](Record& record) { record.time = record.time + Duration{1}; });
    refuse([](Record& record) { record.event.push_back(0); });
    refuse([](Record& record) { record.event.pop_back(); });
    refuse([](Record& record) { record.previous = {}; });
    refuse([](Record& record) { record.hash = {}; });
}

TEST(HashChain, KeepsStreamAndEventApart)
{
    auto longer = example();
    longer.stream = "mainx";
    auto shorter = example();
    shorter.event.insert(shorter.event.begin(), 'x');
    EXPECT_NE(hash_record(longer), hash_record(shorter));
}

} // namespace
} // namespace coffer::audit
