#include "formats/tron/address.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/keccak.h"
#include "core/encoding/base58.h"

namespace coffer::tron {

namespace {

constexpr std::size_t address_characters = 34;

Error not_an_address(std::string_view text)
{
    return Error{ErrorCode::malformed, "address " + quoted(text) + " is not T and 33 base58 characters"};
}

} // namespace

Address address_of(const crypto::Secp256k1PublicKey& key)
{
    const auto uncompressed = key.uncompressed();
    const auto hash = crypto::keccak256(ByteView{uncompressed}.subspan(1));
    return Address::from(ByteView{hash}.last(Address::size));
}

std::string format_address(const Address& address)
{
    Bytes payload{address_prefix};
    append(payload, address.bytes());
    return encoding::encode_base58check(payload);
}

Address parse_address(std::string_view text)
{
    if (text.size() != address_characters)
        throw not_an_address(text);
    const auto payload = encoding::decode_base58check(text);
    if (payload.size() != 1 + Address::size || payload.front() != address_prefix)
        throw not_an_address(text);
    return Address::from(ByteView{payload}.subspan(1));
}

} // namespace coffer::tron
