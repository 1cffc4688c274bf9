#include "core/keys/sealed_key.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/aead.h"
#include "core/encoding/cbor.h"

#include <limits>

namespace coffer::keys {

namespace {

using cbor::MapReader;
using cbor::Value;

constexpr std::string_view type = "coffer-key";
constexpr std::uint64_t version = 1;
constexpr std::string_view file_domain = "coffer/v1/key-file";
constexpr std::string_view wrap_domain = "coffer/v1/key-wrap";

/// The container, whatever opens it.
struct Container {
    Bytes header; // as it stands in the file: what is authenticated is never encoded anew
    ByteArray<24> nonce{};
    Bytes ciphertext;
};

Bytes encode_container(const Container& container)
{
    return cbor::encode(Value::map({{0, Value{type}},
                                    {1, Value{version}},
                                    {2, Value{container.header}},
                                    {3, Value{container.nonce}},
                                    {4, Value{container.ciphertext}}}));
}

Container decode_container(ByteView file)
{
    const auto value = cbor::decode(file);
    MapReader reader{value, "sealed key"};
    const auto& found_type = reader.take(0, "type").text("type");
    if (found_type != type)
        throw Error{ErrorCode::type, "file is of type " + coffer::quoted(found_type) + ", not coffer-key"};
    const auto found_version = reader.take(1, "version").number("version");
    if (found_version != version)
        throw Error{ErrorCode::schema, "sealed key is of version " + std::to_string(found_version) + ", not 1"};
    Container container;
    container.header = reader.take(2, "header").bytes("header");
    container.nonce = reader.take(3, "nonce").array_of<24>("nonce");
    container.ciphertext = reader.take(4, "ciphertext").bytes("ciphertext");
    reader.finish();
    return container;
}

Bytes associated_data(std::string_view domain, ByteView header, ByteView context = {})
{
    auto data = to_bytes(bytes_of(domain));
    data.push_back(0);
    append(data, header);
    append(data, context); // the header is one CBOR item, so that its end is not in doubt
    return data;
}

Bytes encode_header(const SealedKeyHeader& header)
{
    return cbor::encode(Value::map({{0, Value{header.purpose}},
                                    {1, Value{header.cost.memory_kib}},
                                    {2, Value{header.cost.passes}},
                                    {3, Value{header.salt}},
                                    {4, Value{header.public_part}}}));
}

std::uint32_t cost_of(const Value& value, std::string_view what)
{
    const auto number = value.number(what);
    if (number > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorCode::kdf_limit, std::string{what} + " of " + std::to_string(number) + " are too many"};
    return static_cast<std::uint32_t>(number);
}

SealedKeyHeader decode_header(ByteView bytes)
{
    const auto value = cbor::decode(bytes);
    MapReader reader{value, "sealed key header"};
    SealedKeyHeader header;
    header.purpose = reader.take(0, "purpose").text("purpose");
    header.cost.memory_kib = cost_of(reader.take(1, "memory"), "KiB of Argon2 memory");
    header.cost.passes = cost_of(reader.take(2, "passes"), "Argon2 passes");
    header.salt = reader.take(3, "salt").array_of<16>("salt");
    header.public_part = reader.take(4, "public part").bytes("public part");
    reader.finish();
    return header;
}

void require_purpose(std::string_view found, std::string_view expected)
{
    if (found != expected)
        throw Error{ErrorCode::type,
                    "sealed key is for " + coffer::quoted(found) + ", not for " + coffer::quoted(expected)};
}

Bytes seal_under(const SecretBytes& key, std::string_view domain, Bytes header, ByteView context,
                 const SecretBytes& secret, crypto::Random& random)
{
    Container container{std::move(header), random.array<24>(), {}};
    container.ciphertext = crypto::xchacha20_poly1305_seal(
        key, container.nonce, associated_data(domain, container.header, context), secret);
    return encode_container(container);
}

} // namespace

SealedKeyHeader decode_sealed_key_header(ByteView file)
{
    return decode_header(decode_container(file).header);
}

Bytes seal(std::string_view purpose, ByteView public_part, const SecretBytes& passphrase, const SecretBytes& secret,
           crypto::Random& random, crypto::Argon2Cost cost)
{
    const SealedKeyHeader header{std::string{purpose}, cost, random.array<16>(), to_bytes(public_part)};
    const auto key = crypto::argon2id(passphrase, header.salt, cost);
    return seal_under(key, file_domain, encode_header(header), {}, secret, random);
}

OpenKey open(ByteView file, std::string_view purpose, const SecretBytes& passphrase)
{
    const auto container = decode_container(file);
    auto header = decode_header(container.header);
    require_purpose(header.purpose, purpose);
    auto key = crypto::argon2id(passphrase, header.salt, header.cost);
    auto secret = crypto::xchacha20_poly1305_open(key, container.nonce, associated_data(file_domain, container.header),
                                                  container.ciphertext);
    if (!secret)
        throw Error{ErrorCode::wrong_passphrase, "sealed key does not open with this passphrase",
                    "either the passphrase is wrong or the file was changed"};
    return {std::move(header), std::move(*secret), std::move(key)};
}

Bytes reseal(const OpenKey& key, ByteView public_part, const SecretBytes& secret, crypto::Random& random)
{
    auto header = key.header;
    header.public_part = to_bytes(public_part);
    return seal_under(key.file_key, file_domain, encode_header(header), {}, secret, random);
}

Bytes seal_with_key(std::string_view purpose, ByteView context, const SecretBytes& key, const SecretBytes& secret,
                    crypto::Random& random)
{
    return seal_under(key, wrap_domain, cbor::encode(Value::map({{0, Value{purpose}}})), context, secret, random);
}

SecretBytes open_with_key(ByteView file, std::string_view purpose, ByteView context, const SecretBytes& key)
{
    const auto container = decode_container(file);
    const auto value = cbor::decode(container.header);
    MapReader reader{value, "sealed key header"};
    require_purpose(reader.take(0, "purpose").text("purpose"), purpose);
    reader.finish();
    auto secret = crypto::xchacha20_poly1305_open(
        key, container.nonce, associated_data(wrap_domain, container.header, context), container.ciphertext);
    if (!secret)
        throw Error{ErrorCode::db_tamper, "sealed key does not open under this key: it was changed or belongs elsewhere"};
    return std::move(*secret);
}

} // namespace coffer::keys
