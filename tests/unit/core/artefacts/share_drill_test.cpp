#include "core/artefacts/share_drill.h"

#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::artefacts {
namespace {

crypto::Ed25519PrivateKey identity()
{
    return crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, 7))};
}

Hash256 hash(std::uint8_t byte)
{
    ByteArray<32> bytes{};
    bytes.fill(byte);
    return Hash256{bytes};
}

ShareDrill example()
{
    return {.header = {Environment::test, TreasuryId{}},
            .appliance = ApprovalKey{identity().public_key()},
            .key = "k1",
            .identifier = 4711,
            .set = hash(1),
            .time = UtcTime{1'700'000'000},
            .shares = 3,
            .shown = {{hash(2), "Ada"}, {hash(3), "Bo"}}};
}

ShareDrill decode(ByteView bytes)
{
    return decode_share_drill(Artefact::decode(bytes, Kind::transcript));
}

Bytes encoded(const ShareDrill& drill)
{
    auto artefact = encode(drill);
    artefact.sign(identity());
    return artefact.encode();
}

TEST(ShareDrill, ComesBackAsItWasEncoded)
{
    EXPECT_EQ(decode(encoded(example())), example());
    auto none = example();
    none.shown.clear();
    EXPECT_EQ(decode(encoded(none)), none);
    test::expect_refuses_cut_and_trailing(encoded(example()), [](ByteView bytes) { return decode(bytes); });
}

TEST(ShareDrill, RefusesFieldsThatAreNone)
{
    const auto refused = [](const std::function<void(ShareDrill&)>& change) {
        auto drill = example();
        change(drill);
        EXPECT_ERROR(decode(encoded(drill)), ErrorCode::malformed);
    };
    refused([](auto& drill) { drill.identifier = 0x8000; });
    refused([](auto& drill) { drill.shares = 257; });
    refused([](auto& drill) { drill.shares = 1; });
    refused([](auto& drill) { drill.shown[1].share = drill.shown[0].share; });
    refused([](auto& drill) { drill.shown[0].person = ""; });
    refused([](auto& drill) { drill.shown[0].person = "A\x1b[2J"; });
    refused([](auto& drill) { drill.shown[0].person = std::string(65, 'A'); });
    refused([](auto& drill) { drill.key = "K 1"; });
}

TEST(ShareDrill, RefusesWhatIsNoDrill)
{
    const auto own = example();
    const auto with = [&](const std::function<void(cbor::Value::Map&)>& change, Kind kind = Kind::transcript) {
        cbor::Value::Map fields{{2, "share-drill"}, {3, own.appliance.format()}, {4, own.key}, {5, unsigned{own.identifier}}, {6, own.set.bytes()},
                                {7, 1'700'000'000}, {8, own.shares}, {9, cbor::Value::Array{cbor::Value::Array{hash(2).bytes(), "Ada"}}}};
        change(fields);
        return Artefact{kind, encode_body(own.header, fields)};
    };
    EXPECT_NO_THROW(decode_share_drill(with([](auto&) {})));
    EXPECT_ERROR(decode_share_drill(with([](auto& fields) { fields[0].second = "charter-reading"; })), ErrorCode::type);
    EXPECT_ERROR(decode_share_drill(with([](auto&) {}, Kind::head)), ErrorCode::type);
    EXPECT_ERROR(decode_share_drill(with([](auto& fields) { fields.emplace_back(10, 1); })), ErrorCode::malformed);
    EXPECT_ERROR(decode_share_drill(with([](auto& fields) { fields[7].second = cbor::Value::Array{cbor::Value::Array{hash(2).bytes(), "Ada", 1}}; })),
                 ErrorCode::malformed);
}

} // namespace
} // namespace coffer::artefacts
