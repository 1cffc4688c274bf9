#include "core/requests/vault_event.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::requests::vault {
namespace {

const UtcTime noon = test::founding_day + hours(12);

template <typename Id>
Id id_of(std::string_view text)
{
    return Id{crypto::sha256(bytes_of(text))};
}

charter::Link link_of(std::string_view reason)
{
    const auto cancel = charter::encode_cancel({.header = test::example_header,
                                                .request = id_of<RequestDigest>("request"),
                                                .officer = "alice",
                                                .time = noon,
                                                .reason = std::string{reason}});
    return {3, id_of<LinkHash>("previous"), cancel.encode()};
}

/// One event of each type, in the order of the variant.
std::vector<Event> every_event()
{
    const auto request = id_of<RequestDigest>("request");
    return {HomeMade{"test", "ed25519:00"},
            Pinned{"vault-a", Bytes{1, 2}},
            KeyMade{"k1", "d34db33f", "generated"},
            Linked{link_of("typo")},
            FirstSeen{request},
            RejectionSeen{request, "carol", Bytes{3}},
            SessionBegun{7},
            Intended{request, make_request_id(noon, {}), {id_of<PayloadDigest>("payload")}, {{Bytes{4}, 9}, {Bytes{5}, std::nullopt}}},
            Signed{request, {{{0, Bytes{6}, Bytes{7}}}, {}}},
            Refused{request, "tx_changed"},
            Declined{request},
            ReceiptMade{id_of<BundleDigest>("bundle"), Bytes{8}, true},
            ClockSet{-3600},
            Restored{"ed25519:01"},
            BranchTaken{{link_of("one"), link_of("two")}},
            EntrySeen{id_of<EntryHash>("entry")},
            FrozenHere{Bytes{9}},
            ShareSetBegun{{.key = "k1", .identifier = 7, .group_threshold = 1, .groups = {{2, {{id_of<Hash256>("one"), "Ada"}, {id_of<Hash256>("two"), "Bo"}}}}}},
            ShareSetKept{id_of<Hash256>("set")},
            SharesDrilled{id_of<Hash256>("set"), {{id_of<Hash256>("one"), "Ada"}}},
            WordsShown{"k1", id_of<RequestDigest>("request")}};
}

TEST(VaultEvent, AKeyMaySayHowItIsMadeAndWhereItRests)
{
    const auto plain = encode({noon, KeyMade{"k1", "d34db33f", "generated"}});
    EXPECT_EQ(cbor::decode(plain).array("record").size(), 5U) << "as before there were others";
    const KeyMade shared{"k1", "d34db33f", "shares", keys::SeedScheme::slip39, KeyRest::none};
    const auto back = std::get<KeyMade>(decode_record(encode({noon, shared})).event);
    EXPECT_EQ(back.scheme, keys::SeedScheme::slip39);
    EXPECT_EQ(back.rest, KeyRest::none);
    for (const auto& [scheme, rest] : {std::pair{"bip44", "none"}, std::pair{"slip39", "somewhere"}}) {
        auto parts = cbor::decode(encode({noon, shared})).array("record");
        parts[5] = cbor::Value{scheme};
        parts[6] = cbor::Value{rest};
        EXPECT_ERROR(decode_record(cbor::encode(cbor::Value{parts})), ErrorCode::malformed);
    }
}

TEST(VaultEvent, AnIntentMaySayWhatItTakes)
{
    const AssetId eth{"ethereum", "ETH"};
    const policy::Outflow outflow{.wallet = "eth-cold", .requester = "alice", .payments = {{Bytes{1}, Amount{eth, 5}}}, .fee = Amount{eth, 1}};
    Intended intended{id_of<RequestDigest>("request"), make_request_id(noon, {}), {id_of<PayloadDigest>("payload")}, {}};
    intended.outflow = outflow;
    for (const bool has_change : {false, true}) {
        if (has_change)
            intended.change = {"btc-cold", 41};
        const auto bytes = encode({noon, intended});
        const auto back = std::get<Intended>(decode_record(bytes).event);
        EXPECT_EQ(back.outflow, outflow);
        EXPECT_EQ(back.change.has_value(), has_change);
        EXPECT_EQ(encode({noon, back}), bytes);
    }
    auto parts = cbor::decode(encode({noon, Intended{intended.request, intended.id, {}, {}}})).array("record");
    parts.emplace_back();
    EXPECT_ERROR(decode_record(cbor::encode(cbor::Value{parts})), ErrorCode::malformed);
}

TEST(VaultEvent, AnIntentMayNameWhereChangeComesBack)
{
    const Intended bare{id_of<RequestDigest>("request"), make_request_id(noon, {}), {id_of<PayloadDigest>("payload")}, {}};
    EXPECT_FALSE(std::get<Intended>(decode_record(encode({noon, bare})).event).change);
    EXPECT_FALSE(std::get<Intended>(decode_record(encode({noon, bare})).event).outflow);
    auto with_change = bare;
    with_change.change = {"btc-cold", 41};
    const auto back = std::get<Intended>(decode_record(encode({noon, with_change})).event).change;
    ASSERT_TRUE(back);
    EXPECT_EQ(back->wallet, "btc-cold");
    EXPECT_EQ(back->index, 41U);
    with_change.change = {"btc-cold", 0x80000000U};
    EXPECT_ERROR(decode_record(encode({noon, with_change})), ErrorCode::malformed);
}

TEST(VaultEvent, EachComesBackAsItWas)
{
    const auto events = every_event();
    ASSERT_EQ(events.size(), std::variant_size_v<Event>);
    for (std::size_t i = 0; i < events.size(); ++i) {
        SCOPED_TRACE(name_of(events[i]));
        ASSERT_EQ(events[i].index(), i);
        const auto bytes = encode({noon, events[i]});
        const auto back = decode_record(bytes);
        EXPECT_EQ(back.time, noon);
        EXPECT_EQ(back.event.index(), i);
        EXPECT_EQ(encode(back), bytes);
    }
}

TEST(VaultEvent, WordsAreShownWithoutAVoteToo)
{
    const auto back = decode_record(encode({noon, WordsShown{"k1", std::nullopt}}));
    EXPECT_EQ(std::get<WordsShown>(back.event).key, "k1");
    EXPECT_FALSE(std::get<WordsShown>(back.event).request);
}

TEST(VaultEvent, RefusesCutAndTrailing)
{
    for (const auto& event : every_event()) {
        SCOPED_TRACE(name_of(event));
        test::expect_refuses_cut_and_trailing(encode({noon, event}), [](ByteView bytes) { return decode_record(bytes); });
    }
}

TEST(VaultEvent, RefusesTooFewAndTooManyFields)
{
    for (const auto& event : every_event()) {
        SCOPED_TRACE(name_of(event));
        auto fields = cbor::decode(encode({noon, event})).array("record");
        auto more = fields;
        more.emplace_back(std::uint64_t{1});
        EXPECT_ERROR(decode_record(cbor::encode(cbor::Value{std::move(more)})), ErrorCode::malformed);
        fields.pop_back();
        EXPECT_ERROR(decode_record(cbor::encode(cbor::Value{std::move(fields)})), ErrorCode::malformed);
    }
}

TEST(VaultEvent, RefusesWhatANewerProgramWrote)
{
    EXPECT_ERROR(decode_record(cbor::encode(cbor::Value{cbor::Value::Array{std::string{"frozen"}, std::uint64_t{1}}})), ErrorCode::schema);
}

TEST(VaultEvent, ABranchHasLinks)
{
    EXPECT_ERROR(decode_record(encode({noon, BranchTaken{}})), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::requests::vault
