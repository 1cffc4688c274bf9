#include "appliance/guard/self_test.h"

#include "core/base/error.h"
#include "core/crypto/aead.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/hash.h"
#include "core/crypto/kdf.h"
#include "core/crypto/keccak.h"
#include "core/crypto/mac.h"
#include "core/crypto/random.h"
#include "core/crypto/secp256k1.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"

namespace coffer::appliance {

namespace {

using encoding::decode_hex;

bool is(ByteView found, std::string_view expected_hex)
{
    return equal(found, decode_hex(expected_hex));
}

SecretBytes secret(std::string_view hex)
{
    return SecretBytes::copy_of(decode_hex(hex));
}

ByteView abc()
{
    return bytes_of("abc");
}

// FIPS 180-4 examples; RIPEMD-160 as its authors published it; Keccak team for Keccak-256.
bool hashes_pass()
{
    return is(crypto::sha256(abc()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") &&
           is(crypto::sha512(abc()), "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f") &&
           is(crypto::ripemd160(abc()), "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
}

bool keccak_passes()
{
    return is(crypto::keccak256(abc()), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

// RFC 4231, test case 2.
bool hmac_passes()
{
    const auto message = bytes_of("what do ya want for nothing?");
    return is(crypto::hmac_sha256(bytes_of("Jefe"), message), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843") &&
           is(crypto::hmac_sha512(bytes_of("Jefe"), message).reveal(),
              "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
              "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

// RFC 5869, test case 3.
bool hkdf_passes()
{
    const auto key = decode_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    return is(crypto::hkdf_sha256(key, {}, {}, 42).reveal(),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

// draft-irtf-cfrg-xchacha-03, A.3.1.
bool aead_passes()
{
    const auto key = secret("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    const auto nonce = to_array<24>(decode_hex("404142434445464748494a4b4c4d4e4f5051525354555657"), "nonce");
    const auto context = decode_hex("50515253c0c1c2c3c4c5c6c7");
    const auto text = SecretBytes::copy_of(bytes_of("Ladies and Gentlemen of the class of '99: If I could offer you "
                                                    "only one tip for the future, sunscreen would be it."));
    auto sealed = crypto::xchacha20_poly1305_seal(key, nonce, context, text);
    if (!is(ByteView{sealed}.last(16), "c0875924c1c7987947deafd8780acf49"))
        return false;
    const auto opened = crypto::xchacha20_poly1305_open(key, nonce, context, sealed);
    sealed.back() ^= 1;
    return opened && opened->equals(text) && !crypto::xchacha20_poly1305_open(key, nonce, context, sealed);
}

// BIP-39 and BIP-32: the first published vector of each.
bool mnemonic_passes()
{
    const auto words = keys::mnemonic_from_entropy(secret("00000000000000000000000000000000"));
    const auto seed = keys::seed_from_mnemonic(words, SecretBytes::copy_of(bytes_of("TREZOR")));
    return is(seed.reveal(), "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141"
                             "630c7a3c4ab7c81b2f001698e7463b04");
}

bool derivation_passes()
{
    const auto master = keys::ExtendedPrivateKey::from_seed(secret("000102030405060708090a0b0c0d0e0f"));
    return master.derive(keys::DerivationPath::parse("m/0h/1")).extended_public_key().format() ==
           "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ";
}

// RFC 6979 over secp256k1 with SHA-256, key 1, message "Satoshi Nakamoto" (widely published).
bool ecdsa_passes()
{
    const crypto::Secp256k1PrivateKey key{secret("0000000000000000000000000000000000000000000000000000000000000001")};
    const auto digest = crypto::sha256(bytes_of("Satoshi Nakamoto"));
    const auto signature = key.sign(digest);
    if (!is(signature.compact, "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                               "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"))
        return false;
    auto wrong = digest;
    wrong[0] ^= 1;
    return crypto::verify_ecdsa(key.public_key(), digest, signature.compact) &&
           !crypto::verify_ecdsa(key.public_key(), wrong, signature.compact) &&
           crypto::recover_ecdsa(digest, signature) == key.public_key();
}

// RFC 8032, 7.1, test 2.
bool ed25519_passes()
{
    const crypto::Ed25519PrivateKey key{secret("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")};
    const ByteArray<1> message{0x72};
    auto signature = key.sign(message);
    if (!is(signature, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                       "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))
        return false;
    const bool accepts = crypto::verify_ed25519(key.public_key(), message, signature);
    signature[0] ^= 1;
    return accepts && !crypto::verify_ed25519(key.public_key(), message, signature);
}

/// The start-up test runs when the source is made, and throws when the source sticks.
bool random_passes()
{
    crypto::SystemRandom source;
    return source.array<32>() != source.array<32>();
}

} // namespace

const std::vector<SelfTest>& self_tests()
{
    static const std::vector<SelfTest> tests = {
        {"SHA-256, SHA-512 and RIPEMD-160", hashes_pass},
        {"Keccak-256", keccak_passes},
        {"HMAC", hmac_passes},
        {"HKDF", hkdf_passes},
        {"XChaCha20-Poly1305", aead_passes},
        {"Argon2id", crypto::argon2id_gives_known_answer},
        {"BIP-39 with PBKDF2", mnemonic_passes},
        {"BIP-32", derivation_passes},
        {"ECDSA over secp256k1", ecdsa_passes},
        {"Ed25519", ed25519_passes},
        {"random source", random_passes},
    };
    return tests;
}

void require_self_tests(std::span<const SelfTest> tests)
{
    for (const auto& test : tests)
        if (!test.passes())
            throw Error{ErrorCode::selftest, "the self-test of " + std::string{test.algorithm} + " failed",
                        "sign nothing with this machine: its memory, processor or program is faulty"};
}

} // namespace coffer::appliance
