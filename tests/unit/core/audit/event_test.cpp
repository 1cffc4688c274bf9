#include "core/audit/event.h"

#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::audit {
namespace {

Event example()
{
    return {.type = "vote.recorded",
            .subject = make_request_id({1'800'000'000}, {}),
            .actor = "alice",
            .details = {{"decision", "approve"}, {"digest", Bytes{1, 2, 3}}, {"comment", ""}}};
}

TEST(Event, ComesBackAsItWas)
{
    EXPECT_EQ(decode_event(encode_event(example())), example());
    Event bare{.type = "home.created", .subject = std::nullopt, .actor = "", .details = {}};
    EXPECT_EQ(decode_event(encode_event(bare)), bare);
}

TEST(Event, HasOneEncoding)
{
    const Event event{.type = "a", .subject = std::nullopt, .actor = "b", .details = {{"c", Bytes{7}}, {"d", "e"}}};
    EXPECT_EQ(encode_event(event), encoding::decode_hex("a3"
                                                        "016161"
                                                        "036162"
                                                        "0482"
                                                        "82616341"
                                                        "07"
                                                        "8261646165"));
}

TEST(Event, RefusesEveryTruncationAndATrailingByte)
{
    const auto good = encode_event(example());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(decode_event(ByteView{good}.first(size)), Error) << size;
    auto longer = good;
    longer.push_back(0);
    EXPECT_ERROR(decode_event(longer), ErrorCode::malformed);
}

TEST(Event, RefusesAnotherShape)
{
    for (const auto* hex : {
             "a0",                         // nothing
             "a2016161036162",             // no details
             "a401616103616204800500",     // an unknown key
             "a30161610361620481816163",   // a detail without a value
             "a30161610361620481836163616461"
             "65",                         // a detail of three parts
             "a3016161036162048182616300", // a number as a value
             "a40161610241010361620480",   // a subject of one byte
             "80",                         // an array
         })
        EXPECT_ERROR(decode_event(encoding::decode_hex(hex)), ErrorCode::malformed);
}

TEST(Event, IsBounded)
{
    auto event = example();
    event.details[2].value = std::string(most_event_bytes, 'x');
    EXPECT_ERROR(encode_event(event), ErrorCode::limit);
    EXPECT_ERROR(decode_event(Bytes(most_event_bytes + 1, 0)), ErrorCode::limit);
}

} // namespace
} // namespace coffer::audit
