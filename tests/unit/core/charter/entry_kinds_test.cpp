// Every kind of entry in its one encoding.

#include "core/base/error.h"
#include "core/charter/entry.h"
#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::charter {
namespace {

using cbor::Value;
using test::approval_key_named;
using test::example_header;
using test::founding_day;

std::vector<Entry> one_of_each()
{
    const CharterHash in_force{crypto::sha256(bytes_of("charter"))};
    const Freeze freeze{example_header, {"eth-cold", "eth-hot"}, "alice", {}, founding_day, founding_day + hours(72), "stolen"};
    auto at_the_vault = freeze;
    at_the_vault.officer.clear();
    at_the_vault.appliance = "vault-a";
    const Suspension suspension{example_header, "bob", std::nullopt, in_force, founding_day, "left"};
    auto of_a_key = suspension;
    of_a_key.key = approval_key_named("bob");
    return {Cancel{example_header, RequestDigest{crypto::sha256(bytes_of("request"))}, "alice", founding_day, "typo"},
            freeze,
            at_the_vault,
            Unfreeze{example_header, EntryHash{crypto::sha256(bytes_of("freeze"))}, founding_day, "found"},
            suspension,
            of_a_key,
            DestinationAdded{example_header, {"broker", "ethereum", test::address_named("broker")}, in_force, founding_day, ""},
            DestinationRemoved{example_header, "broker", "alice", in_force, founding_day, ""},
            ApplianceEnrolled{example_header, "vault-a", approval_key_named("vault-b"), in_force, founding_day, ""},
            StandingOrder{.header = example_header,
                          .id = "payroll",
                          .wallet = "eth-hot",
                          .appliance = "vault-a",
                          .identity = approval_key_named("vault-a"),
                          .asset = "USDC",
                          .destinations = {Bytes(20, 1), Bytes(20, 2)},
                          .per_payment = 5,
                          .span = hours(24),
                          .per_span = 7,
                          .total = 11,
                          .fee = 13,
                          .total_fee = 17,
                          .first = founding_day,
                          .last = founding_day + days(30),
                          .officers = {"alice", "bob"},
                          .charter = in_force,
                          .time = founding_day,
                          .reason = "salaries"},
            StandingOrderEnded{example_header, EntryHash{crypto::sha256(bytes_of("order"))}, "alice", in_force, founding_day, ""},
            ApplianceRetired{example_header, "vault-a", approval_key_named("vault-a"), in_force, founding_day, ""}};
}

artefacts::Artefact with_fields(const artefacts::Artefact& artefact, const std::function<void(Value::Map&)>& change)
{
    auto fields = cbor::decode(artefact.body()).map_entries("body");
    change(fields);
    return {artefacts::Kind::entry, cbor::encode(Value::map(fields))};
}

TEST(Entry, ComesBackAsItWas)
{
    for (const auto& entry : one_of_each()) {
        SCOPED_TRACE(name_of(entry));
        const auto artefact = encode(entry);
        const auto back = decode_entry(artefact);
        EXPECT_EQ(back.index(), entry.index());
        EXPECT_EQ(encode(back).body(), artefact.body());
        EXPECT_EQ(header_of(back), example_header);
        EXPECT_EQ(time_of(back), founding_day);
        EXPECT_EQ(reason_of(back), reason_of(entry));
        EXPECT_EQ(in_words(back), in_words(entry));
    }
}

TEST(Entry, SaysHostileNamesEscaped)
{
    const std::string hostile = "a\x1b[2J\nb";
    const auto key = test::approval_key_named("x");
    for (const auto& entry : {Entry{Freeze{example_header, {hostile}, "bob", {}, founding_day, founding_day + hours(1), ""}},
                              Entry{Suspension{example_header, hostile, std::nullopt, {}, founding_day, ""}},
                              Entry{DestinationAdded{example_header, {hostile, hostile, Bytes(20)}, {}, founding_day, ""}},
                              Entry{DestinationRemoved{example_header, hostile, "bob", {}, founding_day, ""}},
                              Entry{ApplianceEnrolled{example_header, hostile, key, {}, founding_day, ""}},
                              Entry{ApplianceRetired{example_header, hostile, key, {}, founding_day, ""}}})
        EXPECT_NE(in_words(entry).find("a\\x1b[2J\\x0ab"), std::string::npos) << in_words(entry);
}

TEST(Entry, RefusesCutTrailingAndUnknownFields)
{
    for (const auto& entry : one_of_each()) {
        SCOPED_TRACE(name_of(entry));
        const auto artefact = encode(entry);
        test::expect_refuses_cut_and_trailing(artefact.body(),
                                              [](ByteView body) { return decode_entry({artefacts::Kind::entry, to_bytes(body)}); });
        EXPECT_ERROR(decode_entry(with_fields(artefact, [](auto& fields) { fields.emplace_back(99, 0); })), ErrorCode::malformed);
        const auto body = cbor::decode(artefact.body());
        for (const auto& [key, value] : body.map_entries("body")) {
            if (std::holds_alternative<Suspension>(entry) && key == 4)
                continue; // every key
            const auto without = with_fields(artefact, [gone = key](auto& fields) {
                std::erase_if(fields, [gone](const auto& field) { return field.first == gone; });
            });
            EXPECT_ERROR(decode_entry(without), ErrorCode::malformed);
        }
    }
}

TEST(Entry, LimitsItsReason)
{
    for (const auto& entry : one_of_each()) {
        const auto with_reason = [&](std::size_t size) {
            return with_fields(encode(entry), [&](auto& fields) {
                for (auto& [key, value] : fields)
                    if (key == 6)
                        value = Value{std::string(size, 'x')};
            });
        };
        EXPECT_EQ(reason_of(decode_entry(with_reason(1000))).size(), 1000U);
        EXPECT_ERROR(decode_entry(with_reason(1001)), ErrorCode::limit);
    }
}

TEST(Entry, AFreezeNamesSortedWalletsAndOneMaker)
{
    const auto freeze = encode(one_of_each()[1]);
    const auto with_wallets = [&](Value::Array wallets) {
        return with_fields(freeze, [&](auto& fields) {
            for (auto& [key, value] : fields)
                if (key == 3)
                    value = Value{wallets};
        });
    };
    EXPECT_NO_THROW(static_cast<void>(decode_entry(with_wallets({"a", "b"}))));
    EXPECT_ERROR(decode_entry(with_wallets({})), ErrorCode::limit);
    EXPECT_ERROR(decode_entry(with_wallets({"b", "a"})), ErrorCode::canon);
    EXPECT_ERROR(decode_entry(with_wallets({"a", "a"})), ErrorCode::canon);
    EXPECT_ERROR(decode_entry(with_fields(freeze, [](auto& fields) { fields.emplace_back(8, "vault-a"); })), ErrorCode::malformed);
}

TEST(Entry, HasOneEncoding)
{
    const auto at_the_vault = encode(one_of_each()[2]);
    EXPECT_ERROR(decode_entry(with_fields(at_the_vault, [](auto& fields) { fields.emplace_back(4, ""); })), ErrorCode::canon);
    const auto retired = encode(one_of_each().back());
    const auto shouted = with_fields(retired, [](auto& fields) {
        for (auto& [key, value] : fields)
            if (key == 4) {
                auto text = value.text("key");
                for (auto& c : text)
                    c = c >= 'a' && c <= 'f' && &c >= text.data() + 8 ? static_cast<char>(c - 'a' + 'A') : c;
                value = Value{text};
            }
    });
    EXPECT_THROW(static_cast<void>(decode_entry(shouted)), Error);
}

} // namespace
} // namespace coffer::charter
