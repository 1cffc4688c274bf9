#include "formats/solana/address.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/base58.h"

namespace coffer::solana {

namespace {

constexpr std::size_t least_characters = 32;
constexpr std::size_t most_characters = 44;

} // namespace

Address address_of(const crypto::Ed25519PublicKey& key)
{
    return Address{key.bytes()};
}

std::string format_address(const Address& address)
{
    return encoding::encode_base58(address.bytes());
}

Address parse_address(std::string_view text)
{
    if (text.size() < least_characters || text.size() > most_characters)
        throw Error{ErrorCode::malformed, "address " + quoted(text) + " has " + std::to_string(text.size()) + " characters, not 32 to 44"};
    const auto bytes = encoding::decode_base58(text);
    if (bytes.size() != Address::size)
        throw Error{ErrorCode::malformed, "address " + quoted(text) + " is of " + std::to_string(bytes.size()) + " bytes, not 32"};
    return Address::from(bytes);
}

} // namespace coffer::solana
