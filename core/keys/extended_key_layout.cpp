#include "core/keys/extended_key_layout.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"

namespace coffer::keys {

namespace {

struct VersionBytes {
    std::uint32_t value;
    KeyNetwork network;
    KeyKind kind;
};

// BIP-32, "Serialization format".
constexpr std::array versions = {VersionBytes{0x0488b21e, KeyNetwork::main, KeyKind::public_key},
                                 VersionBytes{0x0488ade4, KeyNetwork::main, KeyKind::private_key},
                                 VersionBytes{0x043587cf, KeyNetwork::test, KeyKind::public_key},
                                 VersionBytes{0x04358394, KeyNetwork::test, KeyKind::private_key}};

std::uint32_t version_of(KeyNetwork network, KeyKind kind)
{
    for (const auto& version : versions)
        if (version.network == network && version.kind == kind)
            return version.value;
    fatal("an extended key without version bytes");
}

KeyNetwork network_of(std::uint32_t value, KeyKind kind)
{
    for (const auto& version : versions)
        if (version.value == value && version.kind == kind)
            return version.network;
    throw malformed(kind == KeyKind::public_key ? "extended public key does not start with xpub or tpub"
                                                : "extended private key does not start with xprv or tprv",
                    0);
}

} // namespace

ByteArray<extended_key_prefix_size> encode_position(const ExtendedKeyPosition& position, KeyKind kind)
{
    ByteWriter writer;
    writer.write_u32_be(version_of(position.network, kind))
        .write_u8(position.depth)
        .write(position.parent_fingerprint.bytes())
        .write_u32_be(position.child_number);
    return to_array<extended_key_prefix_size>(writer.bytes(), "extended key prefix");
}

ExtendedKeyPosition decode_position(ByteView prefix, KeyKind kind)
{
    ByteReader reader{prefix};
    ExtendedKeyPosition position;
    position.network = network_of(reader.read_u32_be(), kind);
    position.depth = reader.read_u8();
    position.parent_fingerprint = Fingerprint{reader.read_array<4>()};
    position.child_number = reader.read_u32_be();
    reader.expect_end();
    if (position.depth == 0 && !position.parent_fingerprint.is_zero())
        throw malformed("extended key of depth 0 has a parent", 5);
    if (position.depth == 0 && position.child_number != 0)
        throw malformed("extended key of depth 0 has a child number", 9);
    return position;
}

Fingerprint fingerprint_of(const crypto::Secp256k1PublicKey& key)
{
    return Fingerprint::from(ByteView{crypto::hash160(key.compressed())}.first(Fingerprint::size));
}

ExtendedKeyPosition child_position(const ExtendedKeyPosition& parent, const Fingerprint& fingerprint,
                                   std::uint32_t step)
{
    if (parent.depth == 255)
        throw Error{ErrorCode::pubkey, "extended key of depth 255 has no children"};
    return {parent.network, static_cast<std::uint8_t>(parent.depth + 1), fingerprint, step};
}

void require_applicable(const DerivationPath& path, const ExtendedKeyPosition& position)
{
    if (path.start() == PathStart::master && position.depth != 0)
        throw Error{ErrorCode::pubkey, "path " + path.format() + " starts at the master key, the extended key is of depth " +
                                           std::to_string(position.depth),
                    "write the path from this key on, like 0/0"};
}

} // namespace coffer::keys
