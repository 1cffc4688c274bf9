#include "core/encoding/base58.h"
#include "core/keys/derivation.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace coffer;
using namespace coffer::keys;

void check(std::string_view text)
{
    if (const auto key = fuzz::unless_refused([&] { return ExtendedPublicKey::parse(text); })) {
        require(key->format() == text, "an accepted public key formats otherwise");
        if (const auto child = fuzz::unless_refused([&] { return key->derive(0); }))
            require(ExtendedPublicKey::parse(child->format()) == *child, "a child does not go round");
    }
    const auto secret = SecretBytes::copy_of(bytes_of(text));
    if (const auto key = fuzz::unless_refused([&] { return ExtendedPrivateKey::parse(secret); })) {
        require(key->format().equals(secret), "an accepted private key formats otherwise");
        if (const auto child = fuzz::unless_refused([&] { return key->derive(0); }))
            require(child->extended_public_key() == key->extended_public_key().derive(0),
                    "private and public derivation differ");
    }
}

} // namespace

// The input as text, and as the content of a text whose checksum is right.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check(text_of(input));
    if (size <= 128)
        check(encoding::encode_base58check(input));
    return 0;
}
