#include "core/keys/seed_signer.h"

#include "core/base/error.h"
#include "core/crypto/schnorr.h"
#include "tests/support/vectors.h"

#include <fstream>

namespace coffer::keys {
namespace {

ExtendedPrivateKey account()
{
    return ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, 7)));
}

ByteArray<32> digest_numbered(std::size_t number)
{
    return crypto::sha256(bytes_of(std::to_string(number)));
}

SigningTask task_at(const std::string& path, std::size_t number = 0)
{
    SigningTask task;
    task.digest = digest_numbered(number);
    task.path = path;
    task.public_key = to_bytes(account().derive(DerivationPath::parse(path)).key().public_key().compressed());
    return task;
}

TEST(SeedSigner, SignsEachTaskWithTheKeyOfItsPath)
{
    std::vector<SigningTask> tasks;
    for (const auto* path : {"0/0", "0/1", "1/0", "0/0", "0/0", "7h/3", "0", "m", "m/0/1"})
        tasks.push_back(task_at(path, tasks.size()));
    SeedSigner signer{account()};
    const auto signatures = signer.sign(tasks);
    ASSERT_EQ(signatures.size(), tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        SCOPED_TRACE(tasks[i].path);
        const auto key = account().derive(DerivationPath::parse(tasks[i].path)).key();
        EXPECT_EQ(signatures[i].signature, to_bytes(key.sign(tasks[i].digest).compact));
        EXPECT_EQ(signatures[i].public_key, tasks[i].public_key);
    }
}

TEST(SeedSigner, SignsForTaprootWithAndWithoutTweak)
{
    SeedSigner signer{account()};
    for (std::uint32_t i = 0; i < 12; ++i) { // points of both parities
        auto task = task_at("0/" + std::to_string(i));
        const auto key = account().derive(DerivationPath::parse(task.path)).key();
        const auto x_only = crypto::XOnlyPublicKey::of(key.public_key());
        task.algorithm = SignatureAlgorithm::schnorr_secp256k1;
        task.public_key = to_bytes(x_only.bytes());
        EXPECT_EQ(signer.sign({&task, 1}).front().signature, to_bytes(crypto::sign_schnorr(key, task.digest)));
        task.taproot_tweak = digest_numbered(i);
        task.public_key = to_bytes(x_only.tweak_add(*task.taproot_tweak)->bytes());
        EXPECT_EQ(signer.sign({&task, 1}).front().signature,
                  to_bytes(crypto::sign_schnorr(*crypto::tweak_for_taproot(key, *task.taproot_tweak), task.digest)));
    }
}

TEST(SeedSigner, RefusesAKeyThatItDoesNotHold)
{
    SeedSigner signer{account()};
    for (const auto algorithm : {SignatureAlgorithm::ecdsa_secp256k1, SignatureAlgorithm::schnorr_secp256k1}) {
        auto task = task_at("0/1");
        task.algorithm = algorithm;
        task.public_key = task_at("0/2").public_key;
        if (algorithm == SignatureAlgorithm::schnorr_secp256k1)
            task.public_key.erase(task.public_key.begin());
        EXPECT_ERROR(signer.sign({&task, 1}), ErrorCode::fingerprint);
    }
    const auto good = task_at("0/2", 5);
    EXPECT_EQ(signer.sign({&good, 1}).size(), 1U);
}

TEST(SeedSigner, RefusesAPathThatHasNoKey)
{
    auto task = task_at("0/1");
    SeedSigner below{account().derive(DerivationPath::parse("m/1"))};
    task.path = "m/0/1";
    EXPECT_ERROR(below.sign({&task, 1}), ErrorCode::pubkey); // not a master key
    task.path = "0/x";
    EXPECT_ERROR(below.sign({&task, 1}), ErrorCode::malformed);
}

/// KiB that this process keeps out of swap.
std::size_t locked_memory()
{
    std::ifstream status{"/proc/self/status"};
    std::string word;
    while (status >> word)
        if (word == "VmLck:") {
            std::size_t kib = 0;
            status >> kib;
            return kib;
        }
    return 0;
}

TEST(SeedSigner, LocksNoMoreMemoryForManyKeysThanForTwo)
{
    SeedSigner signer{account()};
    const auto sign_at = [&](unsigned index) {
        const auto task = task_at("0/" + std::to_string(index));
        signer.sign({&task, 1});
    };
    sign_at(0);
    sign_at(1);
    const auto before = locked_memory();
    for (unsigned index = 2; index < 100; ++index)
        sign_at(index);
    EXPECT_EQ(locked_memory(), before);
}

} // namespace
} // namespace coffer::keys
