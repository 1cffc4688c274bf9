#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::charter {
namespace {

using cbor::Value;

/// Every optional member and every enumerator in it.
Charter full_charter()
{
    auto charter = test::example_charter();
    charter.version = 2;
    charter.previous = CharterHash{crypto::sha256(bytes_of("earlier"))};
    charter.adopt_before = test::founding_day;
    charter.continues = Position{4, LinkHash{crypto::sha256(bytes_of("link"))}};
    charter.appliances[1].accepts_swap = true;
    charter.wallets[0].first_nonce = 17;
    charter.wallets[1].keys.push_back({"", "", "", "trezor"});
    charter.wallets[3].descriptor = "wsh()";
    charter.wallets[3].address.clear();
    auto& rule = charter.rules[1];
    rule.kinds = {RequestKind::transfer, RequestKind::void_, RequestKind::key_ceremony};
    rule.chains = {{"ethereum"}};
    rule.max_priority_feerate = Uint256{5};
    rule.max_fee_share = 1500;
    rule.delay = hours(1);
    charter.limits = {{.id = "week",
                       .wallets = {{"eth-cold", "eth-warm"}},
                       .assets = {{"ETH"}},
                       .destinations = {{"exchange"}},
                       .requesters = {{"alice"}},
                       .per = {LimitPer::wallet, LimitPer::destination, LimitPer::requester},
                       .span = days(7),
                       .amount = test::ether(500),
                       .count = 10},
                      {.id = "hour", .wallets = {}, .assets = {}, .destinations = {}, .requesters = {}, .per = {}, .span = hours(1), .amount = {}, .count = 3}};
    return charter;
}

artefacts::Artefact sealed_body(const std::function<void(Value::Map&)>& edit)
{
    const auto body = cbor::decode(seal(full_charter()).body());
    auto fields = body.map_entries("body");
    edit(fields);
    return {artefacts::Kind::charter, cbor::encode(Value::map(std::move(fields)))};
}

Value& field(Value::Map& fields, std::uint64_t key)
{
    return std::ranges::find(fields, key, &Value::Map::value_type::first)->second;
}

/// The first item of a list of maps in the body, edited.
artefacts::Artefact with_first_item(std::uint64_t list, const std::function<void(Value::Map&)>& edit)
{
    return sealed_body([&](Value::Map& fields) {
        auto items = field(fields, list).array("list");
        auto item = items.front().map_entries("item");
        edit(item);
        items.front() = Value::map(std::move(item));
        field(fields, list) = std::move(items);
    });
}

TEST(SealedCharter, ComesBackAsItWas)
{
    for (const auto& charter : {test::example_charter(), full_charter()}) {
        const auto artefact = seal(charter);
        EXPECT_EQ(open(artefact), charter);
        EXPECT_EQ(seal(open(artefact)).encode(), artefact.encode());
        EXPECT_EQ(open(artefacts::Artefact::decode(artefact.encode(), artefacts::Kind::charter)), charter);
    }
}

TEST(SealedCharter, SealingIsDeterministicAndHashesTheContent)
{
    EXPECT_EQ(seal(full_charter()).encode(), seal(full_charter()).encode());
    auto other = full_charter();
    other.wallets[0].first_nonce += 1;
    EXPECT_NE(hash_of(seal(other)), hash_of(seal(full_charter())));
    EXPECT_EQ(hash_of(test::signed_by(seal(other), {"alice"})), hash_of(seal(other)));
}

TEST(SealedCharter, RefusesCutAndTrailing)
{
    const auto artefact = seal(full_charter());
    // Cuts of the envelope are cut at every byte of the artefact; cuts of the body have a good envelope around them.
    test::expect_refuses_cut_and_trailing(artefact.body(), [](ByteView bytes) {
        return open({artefacts::Kind::charter, to_bytes(bytes)});
    });
    test::expect_refuses_cut_and_trailing(artefact.encode(), [](ByteView bytes) {
        return open(artefacts::Artefact::decode(bytes, artefacts::Kind::charter));
    });
}

TEST(SealedCharter, RefusesAnyFlippedBitOrMeansSomethingElse)
{
    const auto artefact = seal(full_charter());
    const auto hash = hash_of(artefact);
    for (std::size_t i = 0; i < artefact.body().size(); i += 3) {
        auto body = artefact.body();
        body[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
        const artefacts::Artefact damaged{artefacts::Kind::charter, body};
        try {
            EXPECT_FALSE(open(damaged) == full_charter()) << i;
        } catch (const Error&) {
            SUCCEED();
        }
        EXPECT_NE(hash_of(damaged), hash);
    }
}

TEST(SealedCharter, RefusesAnotherKindAndFormat)
{
    EXPECT_ERROR(open({artefacts::Kind::entry, seal(full_charter()).body()}), ErrorCode::type);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 2) = 2; })), ErrorCode::schema);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 2) = 0; })), ErrorCode::schema);
}

TEST(SealedCharter, RefusesMissingAndUnknownFields)
{
    for (std::uint64_t key = 0; key <= 16; ++key) {
        const auto artefact = sealed_body([&](auto& fields) {
            fields.erase(std::ranges::find(fields, key, &Value::Map::value_type::first));
        });
        SCOPED_TRACE(key);
        if (key == 5 || key == 6)
            EXPECT_NO_THROW(static_cast<void>(open(artefact)));
        else
            EXPECT_ERROR(open(artefact), ErrorCode::malformed);
    }
    EXPECT_ERROR(open(sealed_body([](auto& fields) { fields.emplace_back(19, 0); })), ErrorCode::malformed);
    for (const std::uint64_t list : {8U, 9U, 10U, 12U, 13U, 14U, 15U, 16U, 18U}) {
        SCOPED_TRACE(list);
        EXPECT_ERROR(open(with_first_item(list, [](auto& item) { item.emplace_back(99, 0); })), ErrorCode::malformed);
        EXPECT_ERROR(open(with_first_item(list, [](auto& item) { item.erase(item.begin()); })), ErrorCode::malformed);
        EXPECT_ERROR(open(with_first_item(list, [](auto& item) { item.erase(item.begin() + 1); })), ErrorCode::malformed);
        EXPECT_ERROR(open(sealed_body([&](auto& fields) { field(fields, list) = Value::Array{1}; })), ErrorCode::malformed);
        EXPECT_ERROR(open(sealed_body([&](auto& fields) { field(fields, list) = 1; })), ErrorCode::malformed);
    }
}

TEST(SealedCharter, WithoutLimitsHasNoFieldForThem)
{
    auto charter = full_charter();
    charter.limits.clear();
    const auto has_limits = [](const Charter& sealed) {
        const auto body = cbor::decode(seal(sealed).body());
        return std::ranges::find(body.map_entries("body"), 18U, &Value::Map::value_type::first) != body.map_entries("body").end();
    };
    EXPECT_FALSE(has_limits(charter));
    EXPECT_TRUE(has_limits(full_charter()));
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 18) = Value::Array{}; })), ErrorCode::canon);
}

TEST(SealedCharter, RefusesUnknownEnumerators)
{
    EXPECT_ERROR(open(with_first_item(18, [](auto& item) { field(item, 5) = Value::Array{"chain"}; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(10, [](auto& item) { field(item, 2) = 2; })), ErrorCode::malformed);  // state
    EXPECT_ERROR(open(with_first_item(14, [](auto& item) { field(item, 2) = 3; })), ErrorCode::malformed);  // tier
    EXPECT_ERROR(open(with_first_item(14, [](auto& item) { field(item, 3) = 2; })), ErrorCode::malformed);  // mode
    EXPECT_ERROR(open(with_first_item(14, [](auto& item) { field(item, 7) = 2; })), ErrorCode::malformed);  // presence
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 6) = Value::Array{4, Value::Array{}}; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 2) = Value::Array{"swap"}; })), ErrorCode::malformed);
}

TEST(SealedCharter, RefusesNumbersThatDoNotFit)
{
    const std::uint64_t too_wide = 0x100000000;
    EXPECT_ERROR(open(with_first_item(12, [&](auto& item) { field(item, 5) = too_wide; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(13, [&](auto& item) { field(item, 3) = too_wide; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(14, [&](auto& item) { field(item, 8) = too_wide; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 9) = 253402300800U; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 10) = 0xffffffffffffffffU; })), ErrorCode::malformed);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 6) = 0xffffffffffffffffU; })), ErrorCode::malformed);
}

TEST(SealedCharter, RefusesPartsOfAnotherCount)
{
    EXPECT_ERROR(open(with_first_item(14, [](auto& item) { field(item, 6) = Value::Array{Value::Array{"vault-a", "k1", "0/0"}}; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 5) = Value::Array{Bytes{}}; })), ErrorCode::malformed);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 6) = Value::Array{0}; })), ErrorCode::malformed);
}

TEST(SealedCharter, RefusesASecondSpelling) // E22
{
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 7) = "(3 of admin)"; })), ErrorCode::canon);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 7) = "3  of admin"; })), ErrorCode::canon);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 7) = "three of admin"; })), ErrorCode::policy_invalid);
    EXPECT_ERROR(open(with_first_item(16, [](auto& item) { field(item, 5) = Value::Array{Bytes{0}, Bytes{1}}; })), ErrorCode::canon);
    EXPECT_ERROR(open(sealed_body([](auto& fields) {
                     auto key = field(fields, 11).text("key");
                     std::ranges::transform(key, key.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
                     key.replace(0, 7, "ed25519");
                     field(fields, 11) = key;
                 })),
                 ErrorCode::canon);
    EXPECT_ERROR(open(sealed_body([](auto& fields) { field(fields, 3) = "Zoe\xcc\x88"; })), ErrorCode::canon);
}

TEST(SealedCharter, LimitsItemsOfAList)
{
    const auto with_roles = [](std::size_t count) {
        return sealed_body([&](auto& fields) {
            field(fields, 8) = Value::Array(count, Value::map({{0, "a"}, {1, false}}));
        });
    };
    EXPECT_EQ(open(with_roles(10'000)).roles.size(), 10'000U);
    EXPECT_ERROR(open(with_roles(10'001)), ErrorCode::limit);
}

} // namespace
} // namespace coffer::charter
