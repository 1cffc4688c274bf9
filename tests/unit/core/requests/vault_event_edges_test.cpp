// Lists within records of the appliance's log that are too short or too long.

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"
#include "core/requests/vault_event.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::requests::vault {
namespace {

using cbor::Value;

/// The record with another value in one of its places; 0 and 1 are name and time.
Bytes with_part(const Event& event, std::size_t place, Value value)
{
    auto parts = cbor::decode(encode({test::founding_day, event})).array("record");
    if (place == parts.size())
        parts.emplace_back();
    parts.at(place) = std::move(value);
    return cbor::encode(Value{std::move(parts)});
}

Value list(std::initializer_list<Value> items)
{
    return Value{Value::Array{items}};
}

TEST(VaultEventEdges, ARecordHasNameAndTime)
{
    EXPECT_ERROR(static_cast<void>(decode_record(cbor::encode(list({})))), ErrorCode::malformed);
    EXPECT_ERROR(static_cast<void>(decode_record(cbor::encode(list({std::string{"declined"}})))), ErrorCode::malformed);
}

TEST(VaultEventEdges, SlotsChangeAndSignaturesHaveTheirParts)
{
    const Intended intended{RequestDigest{}, make_request_id(test::founding_day, {}), {}, {}};
    const Bytes owner{4};
    EXPECT_NO_THROW(static_cast<void>(decode_record(with_part(intended, 5, list({list({owner, 9U})})))));
    EXPECT_NO_THROW(static_cast<void>(decode_record(with_part(intended, 5, list({list({owner, {}})})))));
    for (const auto& slot : {list({owner}), list({owner, 9U, 9U}), list({})})
        EXPECT_ERROR(static_cast<void>(decode_record(with_part(intended, 5, list({slot})))), ErrorCode::malformed);

    const std::string wallet = "btc-cold";
    const auto most = decode_record(with_part(intended, 6, list({wallet, 0x7fffffffU})));
    EXPECT_EQ(std::get<Intended>(most.event).change->index, 0x7fffffffU);
    for (const auto& change : {list({wallet}), list({wallet, 1U, 1U}), list({wallet, 0x80000000U})})
        EXPECT_ERROR(static_cast<void>(decode_record(with_part(intended, 6, change))), ErrorCode::malformed);

    const Signed with_signature{RequestDigest{}, {{{0, Bytes{6}, Bytes{7}}}}};
    for (const auto& signature : {list({0U, Bytes{6}}), list({0U, Bytes{6}, Bytes{7}, 1U})})
        EXPECT_ERROR(static_cast<void>(decode_record(with_part(with_signature, 3, list({list({signature})})))), ErrorCode::malformed);
}

TEST(VaultEventEdges, ANumberHasSignAndMagnitude)
{
    for (const std::int64_t offset : {-3600, 0, 3600})
        EXPECT_EQ(std::get<ClockSet>(decode_record(encode({test::founding_day, ClockSet{offset}})).event).offset_seconds, offset);
    for (const auto& number : {list({true}), list({true, 5U, 5U})})
        EXPECT_ERROR(static_cast<void>(decode_record(with_part(ClockSet{5}, 2, number))), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::requests::vault
