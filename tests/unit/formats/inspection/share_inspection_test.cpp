#include "formats/share_inspection.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/inspection.h"
#include "tests/support/shares.h"
#include "tests/support/vectors.h"

namespace coffer::inspection {
namespace {

std::string words_of_share()
{
    auto plan = test::share_plan(2, {{2, 3}, {3, 5}});
    plan.identifier = 0x7abc;
    plan.iteration_exponent = 2;
    const auto groups = test::split(test::random_secret(16, 3), plan);
    const auto words = keys::format_share(groups[1][4]);
    return std::string{text_of(words.reveal())};
}

Document inspect(const std::string& text, const std::string& kind = {})
{
    KnownKeys known;
    return inspection::inspect(bytes_of(text), kind, known);
}

TEST(InspectShare, ShowsTheHeaderAndNothingElse)
{
    const auto words = words_of_share();
    for (const std::string kind : {"", "share"}) {
        const auto json = inspect(words + "\n", kind).to_json();
        EXPECT_NE(
            json.find(R"("kind":"share","identifier":31420,"extendable":true,"iteration_exponent":2,"group_index":1,)"
                      R"("group_threshold":2,"group_count":2,"member_index":4,"member_threshold":3)"),
            std::string::npos)
            << json;
        const auto parsed = keys::parse_share(test::secret(words));
        EXPECT_EQ(json.find(encoding::encode_hex(parsed.value.reveal())), std::string::npos);
    }
}

TEST(InspectShare, SaysWhatIsWrongWithoutAWord)
{
    const auto words = split(words_of_share(), ' ');
    auto other = words;
    other[7] = "zero";
    auto misspelt = words;
    misspelt[7] = "zeroo";
    const std::vector<std::string> cut{words.begin(), words.end() - 1};
    const std::vector<std::pair<std::vector<std::string>, ErrorCode>> cases{
        {other, ErrorCode::share_checksum}, {misspelt, ErrorCode::share_word}, {cut, ErrorCode::share_length}};
    for (const auto& [changed, code] : cases)
        try {
            inspect(join(changed, " "));
            ADD_FAILURE() << "not refused";
        } catch (const Error& error) {
            EXPECT_EQ(name_of(error.code()), name_of(code));
            for (const auto& word : changed)
                if (word != "share")
                    EXPECT_EQ((error.message() + error.hint()).find(word), std::string::npos) << word;
        }
}

TEST(InspectShare, LeavesOtherTextAlone)
{
    for (const auto* text :
         {"zoo zoo zoo", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
          "legal winner thank year wave sausage worth useful legal winner thank yellow legal winner thank year "
          "wave sausage worth useful"})
        EXPECT_FALSE(inspect_share(bytes_of(text), ""));
    EXPECT_FALSE(inspect_share(bytes_of(words_of_share()), "address"));
    EXPECT_FALSE(inspect_share(Bytes(100000, 'a'), ""));
    std::string too_many;
    for (int i = 0; i < 37; ++i)
        too_many += "academic ";
    EXPECT_FALSE(inspect_share(bytes_of(too_many), ""));
    EXPECT_ERROR(inspect("zoo zoo zoo", "share"), ErrorCode::share_word);
    EXPECT_ERROR(inspect(std::string(100000, 'a'), "share"), ErrorCode::share_length);
}

TEST(InspectShare, ShowsTheRecordOfADrill)
{
    const crypto::Ed25519PrivateKey identity{SecretBytes::copy_of(Bytes(32, 7))};
    artefacts::ShareDrill drill{.header = {artefacts::Environment::test, TreasuryId{}},
                                .appliance = artefacts::ApprovalKey{identity.public_key()},
                                .key = "k1",
                                .identifier = 4711,
                                .set = Hash256{ByteArray<32>{1}},
                                .time = UtcTime{1'700'000'000},
                                .shares = 3,
                                .shown = {{Hash256{ByteArray<32>{2}}, "Ada"}}};
    auto artefact = encode(drill);
    artefact.sign(identity);
    const auto signed_bytes = artefact.encode();
    const auto json = inspect(std::string{text_of(signed_bytes)}).to_json();
    for (const auto* part : {R"("kind":"transcript")", R"("transcript":"share-drill")", R"("key":"k1")", R"("identifier":4711)", R"("shares":3)",
                             R"("person":"Ada")", R"("verifies":true)"})
        EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
}

} // namespace
} // namespace coffer::inspection
