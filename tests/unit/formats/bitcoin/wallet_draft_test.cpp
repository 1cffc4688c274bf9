#include "formats/bitcoin/wallet_draft.h"

#include "formats/bitcoin/descriptor.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>

namespace coffer::bitcoin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string first_xpub =
    "xpub6DkFAXWQ2dHxq2vatrt9qyA3bXYU4ToWQwCHbf5XB2mSTexcHZCeKS1VZYcPoBd5X8yVcbXFHJR9R8UCVpt82VX1VhR28mCyxUFL4r6KFrf";
const std::string second_xpub =
    "xpub6EKN8iKE2oVvV21yX3zN8GEFcQ5S2jPmrw8jsRYj5gzSkuEG8zDCTHJt3hYUMkU58VULsqdwzTJWwMahFKeTr1PodbSppYxD8J7UWqky8Cn";

chains::DraftKey appliance_key(const std::string& name, const std::string& origin, const std::string& xpub)
{
    return {name, {{.appliance = name, .key = "k1", .path = {}, .outside = {}}, origin, xpub}};
}

const std::vector<chains::DraftKey> two = {appliance_key("a", "[73c5da0a/48h/0h/0h/2h]", first_xpub),
                                           appliance_key("b", "[1ddb040f/48'/0'/0'/2']", second_xpub)};

charter::Wallet draft(std::string_view policy, std::span<const chains::DraftKey> keys = two)
{
    return draft_wallet(*find_network("mainnet"), policy, keys);
}

TEST(WalletDraft, PutsKeysWhereThePolicyHasNames)
{
    const auto wallet = draft("wsh(sortedmulti(2,b,a))");
    EXPECT_THAT(wallet.descriptor, StartsWith("wsh(sortedmulti(2,[1ddb040f/48h/0h/0h/2h]" + second_xpub + "/<0;1>/*,[73c5da0a/48h/0h/0h/2h]" +
                                              first_xpub + "/<0;1>/*))#"));
    EXPECT_EQ(Descriptor::parse(wallet.descriptor, DescriptorChecksum::required).canonical(), wallet.descriptor);
    ASSERT_EQ(wallet.keys.size(), 2u);
    EXPECT_EQ(wallet.keys[0].appliance, "b");
    EXPECT_EQ(wallet.keys[1].appliance, "a");
    EXPECT_EQ(draft(" wsh( sortedmulti( 2, b ,a ) )").descriptor, wallet.descriptor);
}

TEST(WalletDraft, NamesMayLookLikeFunctions)
{
    const std::vector<chains::DraftKey> keys{appliance_key("wpkh", two[0].held.origin, first_xpub)};
    EXPECT_THAT(draft("wpkh(wpkh)", keys).descriptor, StartsWith("wpkh([73c5da0a"));
}

TEST(WalletDraft, UsesEachKeyOnce)
{
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,a))"), ErrorCode::enrol_dupkey);
    EXPECT_ERROR(draft("wsh(sortedmulti(1,a))"), ErrorCode::usage);
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,b,c))"), ErrorCode::usage);
    EXPECT_ERROR(draft(""), ErrorCode::usage);
}

TEST(WalletDraft, TakesNoKeysInThePolicy)
{
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,b," + first_xpub + "))"), ErrorCode::malformed);
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,[73c5da0a]b))"), ErrorCode::malformed);
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,b/0))"), ErrorCode::malformed);
    EXPECT_ERROR(draft("wsh(sortedmulti(2,a,\tb))"), ErrorCode::malformed);
}

TEST(WalletDraft, NamesTheKeyThatIsWrong)
{
    auto keys = two;
    const auto expect = [&](ErrorCode code, const std::string& words = {}) {
        try {
            static_cast<void>(draft("wsh(sortedmulti(2,a,b))", keys));
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), code) << error.message();
            EXPECT_THAT(error.message(), HasSubstr("key `b`"));
            EXPECT_THAT(error.message(), HasSubstr(words));
        }
    };
    keys[1].held.origin.clear();
    expect(ErrorCode::malformed, "has no origin");
    keys[1].held.origin = "[1ddb040f/48x]";
    expect(ErrorCode::malformed);
    keys[1] = two[1];
    keys[1].held.extended_public = keys::ExtendedPublicKey::parse(second_xpub).on(keys::KeyNetwork::test).format();
    expect(ErrorCode::network);
    keys[1].held.extended_public = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
    expect(ErrorCode::secret_source);
}

TEST(WalletDraft, TellsAccountsOfCosigners)
{
    for (const auto& path : {"45h", "48h/0h/0h/2h", "87h/0h/0h"})
        EXPECT_TRUE(is_cosigner_account(keys::KeyOrigin::parse("[73c5da0a/" + std::string{path} + "]"))) << path;
    for (const auto& origin : {"[73c5da0a/84h/0h/0h]", "[73c5da0a/48/0h/0h]", "[73c5da0a]"})
        EXPECT_FALSE(is_cosigner_account(keys::KeyOrigin::parse(origin))) << origin;
}

TEST(WalletDraft, KnowsTheNetworkOfKeys)
{
    EXPECT_EQ(usual_network(first_xpub).name, "mainnet");
    EXPECT_EQ(usual_network(keys::ExtendedPublicKey::parse(first_xpub).on(keys::KeyNetwork::test).format()).name, "testnet");
    EXPECT_ERROR(usual_network("xpub"), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::bitcoin
