#include "tests/support/memory_search.h"

#include "core/base/error.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/random.h"
#include "core/crypto/schnorr.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"
#include "core/keys/sealed_key.h"
#include "core/keys/seed_signer.h"
#include "core/keys/slip10.h"
#include "core/keys/slip39.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace coffer::keys {
namespace {

using test::MaskedMarker;

/// Both byte orders, as libraries hold numbers in words of their own.
void remember(std::vector<MaskedMarker>& markers, const std::string& name, ByteView secret)
{
    markers.emplace_back(name, secret);
    SecretBytes reversed = SecretBytes::copy_of(secret);
    std::ranges::reverse(reversed.reveal_mutable());
    markers.emplace_back(name + ", reversed", reversed.reveal());
}

/// A passphrase that needs normalization, of random digits.
SecretBytes random_passphrase(crypto::Random& random)
{
    constexpr std::string_view prefix = "\u00e4\uff26";
    auto passphrase = random.secret(prefix.size() + 20);
    for (auto& byte : passphrase.reveal_mutable())
        byte = static_cast<std::uint8_t>('0' + byte % 10);
    std::ranges::copy(bytes_of(prefix), passphrase.reveal_mutable().begin());
    return passphrase;
}

constexpr ByteArray<32> tweak{4, 5, 6};

/// With the key at 0/7, of which `child` is another copy.
void use_signer(ExtendedPrivateKey account, const crypto::Secp256k1PrivateKey& child)
{
    SeedSigner signer{std::move(account)};
    SigningTask task;
    task.path = "0/7";
    task.public_key = to_bytes(child.public_key().compressed());
    signer.sign({&task, 1});
    task.algorithm = SignatureAlgorithm::schnorr_secp256k1;
    task.taproot_tweak = tweak;
    task.public_key = to_bytes(crypto::XOnlyPublicKey::of(child.public_key()).tweak_add(tweak)->bytes());
    signer.sign({&task, 1});
}

/// From entropy to a signature and into a sealed file and back; everything is dead at the end.
[[gnu::noinline]] std::vector<MaskedMarker> use_secrets()
{
    std::vector<MaskedMarker> markers;
    crypto::SystemRandom random;
    const auto entropy = random.secret(32);
    remember(markers, "entropy", entropy.reveal());
    const auto words = mnemonic_from_entropy(entropy);
    remember(markers, "words", words.reveal().first(30));
    const auto passphrase = random_passphrase(random);
    remember(markers, "passphrase", passphrase.reveal().last(20));
    const auto seed = seed_from_mnemonic(words, passphrase);
    remember(markers, "seed", seed.reveal().first(32));

    const auto master = ExtendedPrivateKey::from_seed(seed);
    remember(markers, "master key", master.key().scalar().reveal());
    const auto account = master.derive(DerivationPath::parse("m/44h/60h/0h"));
    remember(markers, "account key", account.key().scalar().reveal());
    const auto text = account.format();
    remember(markers, "xprv", text.reveal().last(40));
    const auto child = ExtendedPrivateKey::parse(text).derive(DerivationPath::parse("0/7")).key();
    remember(markers, "child key", child.scalar().reveal());
    child.sign(ByteArray<32>{1, 2, 3});
    use_signer(ExtendedPrivateKey::parse(text), child);
    remember(markers, "tweaked key", crypto::tweak_for_taproot(child, tweak)->scalar().reveal());
    crypto::Ed25519PrivateKey{seed.first(32)}.sign(Bytes{1, 2, 3});
    const auto ed25519 = Slip10Key::derive(seed, DerivationPath::parse("m/44h/501h/0h/0h"));
    remember(markers, "Ed25519 account key", ed25519.private_key());
    remember(markers, "Ed25519 chain code", ed25519.chain_code());
    remember(markers, "Ed25519 parent", Slip10Key::derive(seed, DerivationPath::parse("m/44h/501h/0h")).private_key());
    ed25519.key().sign(Bytes{1, 2, 3});

    const auto file = seal("home", {}, passphrase, entropy, random);
    const auto open_key = open(file, "home", passphrase);
    remember(markers, "file key", open_key.file_key.reveal());
    reseal(open_key, {}, open_key.secret, random);
    open_with_key(seal_with_key("seed", {}, open_key.file_key, seed, random), "seed", {}, open_key.file_key);
    return markers;
}

TEST(SecretsInMemory, AreGoneAfterUse)
{
    const auto markers = use_secrets();
    EXPECT_EQ(test::find_in_memory(markers), std::vector<std::string>{});
}

/// A passphrase of random printable characters.
SecretBytes random_ascii(crypto::Random& random)
{
    auto passphrase = random.secret(20);
    for (auto& byte : passphrase.reveal_mutable())
        byte = static_cast<std::uint8_t>('0' + byte % 10);
    return passphrase;
}

/// A mistyped copy is refused, too.
Share type_in(const SecretBytes& words)
{
    auto mistyped = words.clone();
    mistyped.reveal_mutable()[words.size() - 10] = 'q';
    EXPECT_THROW(parse_share(mistyped), Error);
    return parse_share(words);
}

/// From a secret to the words of its shares and back; everything is dead at the end.
[[gnu::noinline]] std::vector<MaskedMarker> use_shares()
{
    std::vector<MaskedMarker> markers;
    crypto::SystemRandom random;
    const auto secret = random.secret(32);
    remember(markers, "secret", secret.reveal());
    const auto passphrase = random_ascii(random);
    remember(markers, "passphrase of shares", passphrase.reveal());
    SharePlan plan;
    plan.group_threshold = 2;
    plan.groups = {{2, 2}, {1, 1}};
    plan.iteration_exponent = 0;
    ShareCollector collector;
    for (const auto& group : split_secret(secret, passphrase, plan, random))
        for (const auto& share : group) {
            remember(markers, "share", share.value.reveal());
            const auto words = format_share(share);
            remember(markers, "words of a share", words.reveal().last(40));
            collector.add(type_in(words));
        }
    EXPECT_TRUE(combine_shares(collector.shares(), passphrase).equals(secret));
    return markers;
}

TEST(SecretsInMemory, OfSharesAreGoneAfterUse)
{
    const auto markers = use_shares();
    EXPECT_EQ(test::find_in_memory(markers), std::vector<std::string>{});
}

TEST(SecretsInMemory, AreFoundWhereTheyAre)
{
    crypto::SystemRandom random;
    const auto alive = random.secret(32);
    std::vector<MaskedMarker> markers;
    markers.emplace_back("alive", alive.reveal());
    EXPECT_EQ(test::find_in_memory(markers), std::vector<std::string>{"alive"});
}

} // namespace
} // namespace coffer::keys
