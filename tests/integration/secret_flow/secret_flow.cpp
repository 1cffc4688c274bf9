// Usage: valgrind … secret_flow [--branch | --index]
//
// Runs what touches secrets with the secrets marked undefined, so that valgrind reports every branch and every address that
// depends on one (ctgrind, Langley). With an option it does such a thing on purpose: a control that valgrind must report.

#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/crypto/schnorr.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"
#include "core/keys/sealed_key.h"
#include "core/keys/seed_signer.h"
#include "core/keys/slip39.h"
#include "tests/support/test_environment.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <valgrind/memcheck.h>

namespace coffer {
namespace {

void hide(const SecretBytes& secret)
{
    static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(secret.reveal().data(), secret.size()));
}

/// What leaves the appliance, or is compared with what left it, is public.
template <typename T>
void publish(const T& bytes)
{
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size()));
}

SecretBytes hidden(std::size_t size, std::uint8_t fill)
{
    SecretBytes secret{size};
    std::memset(secret.reveal_mutable().data(), fill, size);
    hide(secret);
    return secret;
}

void derive_and_sign()
{
    const auto account = keys::ExtendedPrivateKey::from_seed(hidden(64, 7)).derive(keys::DerivationPath::parse("m/84h/0h/0h"));
    // The charter has the public half of every key.
    const auto shown = keys::ExtendedPrivateKey::from_seed([] {
                           SecretBytes seed{64};
                           std::memset(seed.reveal_mutable().data(), 7, 64);
                           return seed;
                       }())
                           .derive(keys::DerivationPath::parse("m/84h/0h/0h/0/5"));
    const auto point = shown.extended_public_key().key();
    keys::SeedSigner signer{account.derive(keys::DerivationPath::parse("0"))};
    keys::SigningTask task;
    task.path = "5";
    task.public_key = to_bytes(point.compressed());
    for (const auto& signature : signer.sign({&task, 1}))
        publish(signature.signature);
    task.algorithm = keys::SignatureAlgorithm::schnorr_secp256k1;
    task.taproot_tweak = ByteArray<32>{};
    task.public_key = to_bytes(crypto::XOnlyPublicKey::of(point).tweak_add(*task.taproot_tweak)->bytes());
    for (const auto& signature : signer.sign({&task, 1}))
        publish(signature.signature);
}

void seal_and_open()
{
    const auto passphrase = hidden(20, 'p');
    const auto secret = hidden(64, 3);
    test::ScriptedRandom random{1};
    const auto file = keys::seal("home", {}, passphrase, secret, random, crypto::argon2_floor);
    publish(file);
    static_cast<void>(keys::open(file, "home", passphrase));
}

void compare()
{
    const auto a = hidden(32, 1);
    auto equal = a.equals(hidden(32, 1));
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal)); // the answer is told
    if (!equal)
        std::puts("equal secrets differ");
}

/// Random bytes are secrets, too.
class HiddenRandom final : public crypto::Random {
public:
    void fill(std::span<std::uint8_t> out) override
    {
        m_random.fill(out);
        static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(out.data(), out.size()));
    }

private:
    test::ScriptedRandom m_random{1};
};

void expect_same(const SecretBytes& found, const SecretBytes& expected, const char* what)
{
    if (declassified(found.equals(expected)))
        return;
    std::printf("%s differs\n", what);
    std::exit(3);
}

template <typename Read>
void expect_refused(Read read, const char* what)
{
    try {
        read();
    } catch (const Error&) {
        return;
    }
    std::printf("%s is not refused\n", what);
    std::exit(3);
}

/// Words as somebody types them; which byte is changed is known, what it becomes is not.
SecretBytes mistyped(const SecretBytes& words, std::size_t place)
{
    auto copy = words.clone();
    copy.reveal_mutable()[place] ^= 1;
    return copy;
}

void split_and_restore()
{
    const auto secret = hidden(32, 9);
    const auto passphrase = hidden(8, 'p');
    for (const bool extendable : {false, true}) {
        HiddenRandom random;
        keys::SharePlan plan;
        plan.group_threshold = 2;
        plan.groups = {{2, 3}, {3, 4}, {1, 1}};
        plan.iteration_exponent = 0;
        plan.extendable = extendable;
        const auto groups = keys::split_secret(secret, passphrase, plan, random);
        keys::ShareCollector collector;
        for (const auto* share : {&groups[0][2], &groups[1][0], &groups[1][3], &groups[1][1], &groups[0][1]}) {
            const auto words = keys::format_share(*share);
            collector.add(keys::parse_share(words));
            expect_refused([&] { keys::parse_share(mistyped(words, 50)); }, "a mistyped share");
            expect_refused([&] { collector.add(keys::parse_share(words)); }, "a share given twice");
        }
        expect_same(keys::combine_shares(collector.shares(), passphrase), secret, "the restored secret");
    }
}

void tell_a_forged_share()
{
    HiddenRandom random;
    keys::SharePlan plan;
    plan.groups = {{2, 2}};
    plan.iteration_exponent = 0;
    auto shares = std::move(keys::split_secret(hidden(16, 9), {}, plan, random).front());
    shares[1].value.reveal_mutable()[3] ^= 1;
    expect_refused([&] { keys::combine_shares(shares, {}); }, "a forged share");
}

void spell_and_read_a_mnemonic()
{
    for (std::size_t size = 16; size <= 32; size += 4) {
        const auto entropy = hidden(size, 5);
        const auto words = keys::mnemonic_from_entropy(entropy);
        expect_same(keys::entropy_from_mnemonic(words), entropy, "the entropy of a mnemonic");
        expect_refused([&] { keys::entropy_from_mnemonic(mistyped(words, 7)); }, "a mistyped mnemonic");
        static_cast<void>(keys::seed_from_mnemonic(words, {}));
    }
}

/// Each must be reported.
volatile int sink = 0;
void branch_on_a_secret()
{
    if (hidden(1, 1).reveal()[0] == 1)
        sink = 1;
}
void index_by_a_secret()
{
    static const int table[256] = {};
    sink = table[hidden(1, 1).reveal()[0]];
}

} // namespace
} // namespace coffer

int main(int count, char** arguments)
{
    using namespace coffer;
    if (RUNNING_ON_VALGRIND == 0) {
        std::fputs("secret_flow: only valgrind sees anything\n", stderr);
        return 2;
    }
    if (count > 1 && std::strcmp(arguments[1], "--branch") == 0)
        branch_on_a_secret();
    else if (count > 1)
        index_by_a_secret();
    else {
        derive_and_sign();
        seal_and_open();
        compare();
        split_and_restore();
        tell_a_forged_share();
        spell_and_read_a_mnemonic();
    }
    return 0;
}
