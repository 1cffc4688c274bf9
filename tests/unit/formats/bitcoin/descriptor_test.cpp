#include "formats/bitcoin/descriptor.h"

#include "core/encoding/base58.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor_checksum.h"
#include "tests/support/vectors.h"

#include <regex>

namespace coffer::bitcoin {
namespace {

const std::string abandon_84 = "[73c5da0a/84h/0h/0h]xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V";
const std::string point = "03a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd";
const std::string other_point = "0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600";

SecretBytes secret(std::string_view text)
{
    SecretBytes bytes{text.size()};
    std::ranges::copy(bytes_of(text), bytes.reveal_mutable().begin());
    return bytes;
}

/// The same descriptor with the public key in place of each extended private one.
std::string neutered(std::string text)
{
    const std::regex pattern{"xprv[1-9A-HJ-NP-Za-km-z]+"};
    std::smatch found;
    while (std::regex_search(text, found, pattern)) {
        const auto key = keys::ExtendedPrivateKey::parse(secret(found.str())).extended_public_key().format();
        text = found.prefix().str() + key + found.suffix().str();
    }
    return text;
}

bool holds_private_key(const std::string& text)
{
    return std::regex_search(text, std::regex{"xprv|[(,\\]][5KL][1-9A-HJ-NP-Za-km-z]{50,51}[,)]"});
}

bool is_in_scope(const std::string& text)
{
    return std::regex_search(text, std::regex{R"(^(pkh|wpkh|raw|addr)\(|^sh\(wpkh\(|^(sh\(|wsh\(|sh\(wsh\()(sorted)?multi\(|^tr\([^,]*\)$)"});
}

bool has_hardened_step(const std::string& text)
{
    return std::regex_search(text, std::regex{"pub[1-9A-HJ-NP-Za-km-z]+(/[0-9;<>]+)*/[0-9;<>*]+(h|')"});
}

TEST(Descriptor, GivesThePublishedScripts)
{
    std::size_t compared = 0;
    for (const auto& vector : test::load_vectors("descriptors.json")) {
        if (vector.kind() != "descriptor" || vector.is_invalid())
            continue;
        SCOPED_TRACE(vector.name());
        const auto text = vector.text("descriptor");
        if (!is_in_scope(text)) {
            EXPECT_THROW(static_cast<void>(Descriptor::parse(text)), Error);
            continue;
        }
        if (holds_private_key(text)) {
            EXPECT_ERROR(Descriptor::parse(text), ErrorCode::secret_source);
        }
        const auto open = neutered(text);
        if (holds_private_key(open))
            continue;
        if (has_hardened_step(open)) {
            EXPECT_ERROR(Descriptor::parse(open), ErrorCode::pubkey);
            continue;
        }
        const auto descriptor = Descriptor::parse(open);
        ASSERT_GT(vector.count("scripts"), 0U);
        EXPECT_EQ(descriptor.is_ranged(), vector.count("scripts") == 3);
        for (std::uint32_t i = 0; i < vector.count("scripts"); ++i)
            EXPECT_EQ(descriptor.derive(0, i).script_pubkey, vector.bytes("scripts." + std::to_string(i)));
        EXPECT_EQ(Descriptor::parse(descriptor.canonical(), DescriptorChecksum::required).canonical(), descriptor.canonical());
        ++compared;
    }
    EXPECT_EQ(compared, 11U);
}

TEST(Descriptor, RefusesThePublishedInvalidOnes)
{
    for (const auto& vector : test::load_vectors("descriptors.json")) {
        if (!vector.is_invalid())
            continue;
        SCOPED_TRACE(vector.name());
        const auto text = vector.has("descriptor") ? vector.text("descriptor") : "pkh(" + vector.text("expression") + ")";
        EXPECT_THROW(static_cast<void>(Descriptor::parse(text)), Error);
        // Not only for the private key in it.
        try {
            EXPECT_THROW(static_cast<void>(Descriptor::parse(neutered(text))), Error);
        } catch (const Error&) {
            // the key in it is broken itself
        }
    }
}

TEST(Descriptor, ReadsThePublishedKeyExpressions)
{
    std::size_t read = 0;
    for (const auto& vector : test::load_vectors("descriptors.json")) {
        if (vector.kind() != "key_expression" || vector.is_invalid())
            continue;
        SCOPED_TRACE(vector.name());
        const auto text = "pkh(" + vector.text("expression") + ")";
        if (holds_private_key(text)) {
            EXPECT_ERROR(Descriptor::parse(text), ErrorCode::secret_source);
        } else if (has_hardened_step(text)) {
            EXPECT_ERROR(Descriptor::parse(text), ErrorCode::pubkey);
        } else {
            EXPECT_NO_THROW(static_cast<void>(Descriptor::parse(text)));
            ++read;
        }
    }
    EXPECT_EQ(read, 7U);
}

TEST(Descriptor, StandsForAsManyAsItsMultipathHasValues)
{
    std::size_t compared = 0;
    for (const auto& vector : test::load_vectors("descriptors.json")) {
        if (vector.kind() != "multipath" || vector.is_invalid())
            continue;
        const auto text = neutered(vector.text("descriptor"));
        if (!is_in_scope(text) || has_hardened_step(text))
            continue;
        SCOPED_TRACE(vector.name());
        const auto descriptor = Descriptor::parse(text);
        ASSERT_EQ(descriptor.branches(), vector.count("expanded"));
        for (std::size_t i = 0; i < descriptor.branches(); ++i) {
            const auto one = Descriptor::parse(neutered(vector.text("expanded." + std::to_string(i))));
            EXPECT_EQ(descriptor.derive(i, 0).script_pubkey, one.derive(0, 0).script_pubkey);
        }
        ++compared;
    }
    EXPECT_GE(compared, 2U);
}

TEST(Descriptor, ChecksumsAreThePublishedOnes)
{
    for (const auto& vector : test::load_vectors("descriptors.json")) {
        if (vector.kind() != "checksum" || vector.is_invalid())
            continue;
        const auto text = vector.text("descriptor");
        EXPECT_EQ(Descriptor::parse(text).canonical(), "raw(deadbeef)#89f8spxm");
        if (vector.text("has_checksum") == "true") {
            EXPECT_NO_THROW(static_cast<void>(Descriptor::parse(text, DescriptorChecksum::required)));
        } else {
            EXPECT_ERROR(Descriptor::parse(text, DescriptorChecksum::required), ErrorCode::malformed);
        }
    }
    EXPECT_ERROR(descriptor_checksum("raw(\xc3\xa9)"), ErrorCode::malformed);
}

TEST(Descriptor, NoCharacterOfItCanChange)
{
    const auto good = Descriptor::parse("wpkh(" + abandon_84 + "/<0;1>/*)").canonical();
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = bad[i] == 'q' ? 'p' : 'q';
        EXPECT_THROW(static_cast<void>(Descriptor::parse(bad, DescriptorChecksum::required)), Error) << i;
    }
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(static_cast<void>(Descriptor::parse(good.substr(0, size), DescriptorChecksum::required)), Error) << size;
}

TEST(Descriptor, DerivesTheAddressesOfBip84)
{
    const auto descriptor = Descriptor::parse("wpkh(" + abandon_84 + "/<0;1>/*)");
    const auto address = [&](std::size_t branch, std::uint32_t index) {
        return *format_address(descriptor.derive(branch, index).script_pubkey, *find_network("mainnet"));
    };
    EXPECT_EQ(address(0, 0), "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu");
    EXPECT_EQ(address(0, 1), "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g");
    EXPECT_EQ(address(1, 0), "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el");
    EXPECT_EQ(descriptor.keys()[0].steps(1, 7), (std::vector<std::uint32_t>{1, 7}));
}

TEST(Descriptor, SortsTheKeysOfASortedmulti)
{
    const auto one = Descriptor::parse("wsh(sortedmulti(1," + point + "," + other_point + "))");
    const auto two = Descriptor::parse("wsh(sortedmulti(1," + other_point + "," + point + "))");
    const auto fixed = Descriptor::parse("wsh(multi(1," + point + "," + other_point + "))");
    EXPECT_EQ(one.derive(0, 0).script_pubkey, two.derive(0, 0).script_pubkey);
    EXPECT_NE(one.derive(0, 0).script_pubkey, fixed.derive(0, 0).script_pubkey);
    EXPECT_EQ(one.derive(0, 0).keys[0].expression, 1U);
    EXPECT_EQ(fixed.derive(0, 0).keys[0].expression, 0U);
    EXPECT_NE(one.canonical(), two.canonical());
}

TEST(Descriptor, BothHardenedMarksAndUpperCaseHexMeanTheSame)
{
    const auto with_h = Descriptor::parse("pkh([DEADBEEF/1/2h]" + point + ")");
    EXPECT_EQ(with_h.canonical(), Descriptor::parse("pkh([deadbeef/1/2']" + point + ")").canonical());
    EXPECT_ERROR(Descriptor::parse("pkh([deadbeef/1/2H]" + point + ")"), ErrorCode::malformed);
}

TEST(Descriptor, TakesSlip132PrefixesWhereTheyBelong)
{
    for (const auto& vector : test::load_vectors("slip132.json")) {
        if (vector.kind() != "account")
            continue;
        SCOPED_TRACE(vector.name());
        const auto key = vector.text("pub");
        const bool nested = key.starts_with("ypub");
        const bool native = key.starts_with("zpub");
        const auto accepts = [&](const std::string& text) {
            try {
                return Descriptor::parse(text).canonical().find("pub6") != std::string::npos;
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::malformed);
                return false;
            }
        };
        EXPECT_EQ(accepts("wpkh(" + key + "/0/*)"), !nested);
        EXPECT_EQ(accepts("sh(wpkh(" + key + "/0/*))"), !native);
        EXPECT_EQ(accepts("pkh(" + key + "/0/*)"), !native && !nested);
        EXPECT_ERROR(Descriptor::parse("pkh(" + vector.text("prv") + "/0/*)"), ErrorCode::secret_source);
    }
}

TEST(Descriptor, RefusesAPrefixThatOnlyLooksLikeOneOfSlip132)
{
    std::size_t compared = 0;
    for (const auto& vector : test::load_vectors("slip132.json")) {
        if (vector.kind() != "account" || vector.text("pub").starts_with("xpub"))
            continue;
        const auto key = vector.text("pub");
        auto payload = encoding::decode_base58check(key);
        payload[3] += 1;
        const auto other = encoding::encode_base58check(payload);
        ASSERT_EQ(other.substr(0, 4), key.substr(0, 4));
        EXPECT_ERROR(read_slip132(other), ErrorCode::malformed);
        EXPECT_NO_THROW(static_cast<void>(read_slip132(key)));
        ++compared;
    }
    EXPECT_GE(compared, 2U);
}

TEST(Descriptor, LeadsNoDeeperThanAnExtendedKeyCan)
{
    auto payload = encoding::decode_base58check(abandon_84.substr(abandon_84.find(']') + 1));
    const auto at_depth = [&](std::uint8_t depth) {
        payload[4] = depth;
        return encoding::encode_base58check(payload);
    };
    EXPECT_NO_THROW(static_cast<void>(Descriptor::parse("wpkh(" + at_depth(255) + ")").derive(0, 0)));
    EXPECT_NO_THROW(static_cast<void>(Descriptor::parse("wpkh(" + at_depth(253) + "/<0;1>/*)").derive(1, 0)));
    EXPECT_ERROR(Descriptor::parse("wpkh(" + at_depth(255) + "/0)"), ErrorCode::malformed);
    EXPECT_ERROR(Descriptor::parse("wpkh(" + at_depth(255) + "/*)"), ErrorCode::malformed);
    EXPECT_ERROR(Descriptor::parse("wpkh(" + at_depth(254) + "/<0;1>/*)"), ErrorCode::malformed);

    std::string origin = "[73c5da0a";
    for (std::size_t i = 0; i < keys::most_path_steps; ++i)
        origin += "/0h";
    EXPECT_NO_THROW(static_cast<void>(Descriptor::parse("wpkh(" + origin + "]" + at_depth(3) + ")")));
    EXPECT_ERROR(Descriptor::parse("wpkh(" + origin + "]" + at_depth(3) + "/*)"), ErrorCode::malformed);
}

TEST(Descriptor, IsOfOneNetwork)
{
    const auto main = abandon_84.substr(abandon_84.find(']') + 1);
    auto payload = encoding::decode_base58check(main);
    std::ranges::copy(ByteArray<4>{0x04, 0x35, 0x87, 0xcf}, payload.begin());
    const auto test = encoding::encode_base58check(payload);
    ASSERT_TRUE(test.starts_with("tpub"));
    const auto parse = [](const std::string& one, const std::string& two) { return Descriptor::parse("wsh(multi(1," + one + "," + two + "))"); };
    EXPECT_ERROR(parse(main, test), ErrorCode::malformed);
    EXPECT_ERROR(parse(test, main), ErrorCode::malformed);
    EXPECT_NO_THROW(static_cast<void>(parse(test, test + "/0")));
    EXPECT_NO_THROW(static_cast<void>(parse(point, test)));
}

TEST(Descriptor, RefusesOddPaths)
{
    const auto expect_path_error = [](const std::string& path, ErrorCode code) {
        SCOPED_TRACE(path);
        EXPECT_ERROR(Descriptor::parse("wpkh(" + abandon_84 + path + ")"), code);
    };
    for (const auto* path : {"/", "//0", "/0/", "/*/*", "/*/0", "/<>", "/<0>", "/<;>", "/<0;>", "/<0;0>", "/<0;1>/<0;1>", "/<0;1>x", "/<0;1>h", "/<0;1", "/-1",
                             "/+1", "/ 1", "/2147483648", "/<0;2147483648>", "/0x1"})
        expect_path_error(path, ErrorCode::malformed);
    for (const auto* path : {"/0h", "/<0;1h>", "/<0h;1h>", "/*h", "/*'", "/<0;1>/*h"})
        expect_path_error(path, ErrorCode::pubkey);
    EXPECT_ERROR(Descriptor::parse("raw()"), ErrorCode::malformed);
}

TEST(Descriptor, NeverRepeatsAPrivateKey)
{
    const std::string wif = "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1";
    const std::string raw = "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35";
    for (const auto& key : {wif, raw})
        for (const auto& text : {"pkh(" + key, key, "pkh(" + key + "," + key + ")", "pkh(" + key + ")", "pkh(" + key + "/0)", "pkh([73c5da0a" + key + ")",
                                 "wsh(multi(" + key + "," + key + "))", "wsh(" + key + ")", "addr(" + key + ")", "sh(wpkh(" + key + "/0/*))"}) {
            SCOPED_TRACE(text);
            try {
                static_cast<void>(Descriptor::parse(text));
                ADD_FAILURE() << "accepted";
            } catch (const Error& error) {
                EXPECT_EQ((error.message() + error.hint()).find(key), std::string::npos) << error.message();
            }
        }
}

TEST(Descriptor, OfAnAddressIsItsScript)
{
    const auto descriptor = Descriptor::parse("addr(bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu)");
    EXPECT_EQ(descriptor.type(), DescriptorType::addr);
    EXPECT_EQ(encoding::encode_hex(descriptor.derive(0, 0).script_pubkey), "0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2");
    EXPECT_ERROR(Descriptor::parse("addr(bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv)"), ErrorCode::addr_checksum);
}

TEST(Descriptor, BoundsItsCounts)
{
    const auto with_keys = [](const std::string& function, unsigned threshold, std::size_t count) {
        auto text = function + "(multi(" + std::to_string(threshold);
        for (std::size_t i = 0; i < count; ++i)
            text += "," + point;
        return Descriptor::parse(text + "))");
    };
    EXPECT_NO_THROW(static_cast<void>(with_keys("wsh", 20, 20)));
    EXPECT_ERROR(with_keys("wsh", 1, 21), ErrorCode::malformed);
    EXPECT_NO_THROW(static_cast<void>(with_keys("sh", 15, 15)));
    EXPECT_ERROR(with_keys("sh", 1, 16), ErrorCode::malformed);
    EXPECT_ERROR(with_keys("wsh", 3, 2), ErrorCode::malformed);
    EXPECT_ERROR(with_keys("wsh", 0, 2), ErrorCode::malformed);
    EXPECT_ERROR(Descriptor::parse(std::string(most_descriptor_characters + 1, 'a')), ErrorCode::limit);
}

TEST(Descriptor, OfOneBranchDerivesTheSameScripts)
{
    const auto bare = abandon_84.substr(abandon_84.find(']') + 1);
    const auto other = "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw/7/<3;4;5>/1/*";
    for (const auto& text : {"pkh(" + abandon_84 + "/<0;1>/*)", "tr(" + bare + "/<0;1>/*)", "wpkh(" + abandon_84 + "/0/1)",
                             "sh(wpkh(" + bare + "/*))", "pkh(" + point + ")", std::string{"wsh(multi(1,"} + other + "," + point + "))",
                             std::string{"sh(wsh(sortedmulti(2,"} + other + "," + bare + "/<0;1;2>/*)))"}) {
        SCOPED_TRACE(text);
        const auto descriptor = Descriptor::parse(text);
        for (std::size_t branch = 0; branch < descriptor.branches(); ++branch) {
            const auto walked = descriptor.branch(branch);
            EXPECT_EQ(walked.branches(), 1U);
            const auto read = Descriptor::parse(walked.canonical());
            for (const std::uint32_t index : {0U, 1U, 77U}) {
                if (index != 0 && !descriptor.is_ranged())
                    continue;
                const auto expected = descriptor.derive(branch, index);
                for (const auto* one : {&walked, &read}) {
                    const auto derived = one->derive(0, index);
                    EXPECT_EQ(derived.script_pubkey, expected.script_pubkey);
                    EXPECT_EQ(derived.redeem_script, expected.redeem_script);
                    EXPECT_EQ(derived.witness_script, expected.witness_script);
                }
            }
        }
    }
    const auto walked = Descriptor::parse("wpkh(" + abandon_84 + "/<0;1>/*)").branch(1);
    EXPECT_EQ(walked.keys().front().origin->format(), "[73c5da0a/84h/0h/0h/1]");
    EXPECT_TRUE(walked.keys().front().path.empty());
}

} // namespace
} // namespace coffer::bitcoin
