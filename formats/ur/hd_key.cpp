#include "formats/ur/hd_key.h"

#include "core/base/byte_writer.h"
#include "core/encoding/base58.h"
#include "core/encoding/hex.h"
#include "formats/ur/body.h"

namespace coffer::ur {

namespace {

using cbor::Value;

constexpr std::uint32_t version_of_xpub = 0x0488b21e;
constexpr std::uint32_t coin_type_of_bitcoin = 0;

keys::KeyNetwork network_of(const CoinInfo& use)
{
    if (use.coin_type != coin_type_of_bitcoin || use.network == 0)
        return keys::KeyNetwork::main;
    if (use.network == 1)
        return keys::KeyNetwork::test;
    throw Error{ErrorCode::malformed, "there is no network " + std::to_string(use.network) + " of Bitcoin"};
}

/// What is known of the steps to an extended key, whose own parent and last step suffice for it.
std::optional<KeyPath> origin_of(const keys::ExtendedKeyPosition& position, const std::optional<keys::KeyOrigin>& origin)
{
    if (!origin && position.depth == 0)
        return std::nullopt;
    auto path = origin ? KeyPath::of(*origin) : KeyPath{{{PathStep::Kind::index, position.child_number, 0}}, std::nullopt, std::nullopt};
    if (path.steps.size() != position.depth)
        path.depth = position.depth;
    return path;
}

CoinInfo decode_coin_info(const Value& value)
{
    cbor::MapReader fields{value, "the use of a key"};
    CoinInfo use;
    if (const auto* coin_type = fields.take_optional(1))
        use.coin_type = u32_of(*coin_type, "the coin of a key");
    if (const auto* network = fields.take_optional(2))
        use.network = u32_of(*network, "the network of a key");
    fields.finish();
    return use;
}

Value encode_coin_info(const CoinInfo& use)
{
    Value::Map fields;
    if (use.coin_type != 0)
        fields.emplace_back(1, use.coin_type);
    if (use.network != 0)
        fields.emplace_back(2, use.network);
    return Value::map(std::move(fields));
}

void refuse_private(cbor::MapReader& fields)
{
    for (const std::uint64_t key : {1U, 2U})
        if (const auto* flag = fields.take_optional(key); flag && flag->boolean("whether a key is private"))
            throw private_key_shown();
}

} // namespace

Error private_key_shown()
{
    return Error{ErrorCode::secret_source, "the key is a private one",
                 "show the public key; a private key that was shown is no secret any more"};
}

HdKey::HdKey(const keys::ExtendedPublicKey& extended, const std::optional<keys::KeyOrigin>& key_origin)
    : key{extended.key()}, chain_code{extended.chain_code()}, origin{origin_of(extended.position(), key_origin)}
{
    if (extended.position().network == keys::KeyNetwork::test)
        use.network = 1;
    if (!extended.position().parent_fingerprint.is_zero())
        parent = extended.position().parent_fingerprint;
}

keys::ExtendedPublicKey HdKey::extended_key() const
{
    if (!chain_code)
        throw Error{ErrorCode::malformed, "a key without a chain code is no extended key"};
    const auto steps = origin ? origin->steps : std::vector<PathStep>{};
    // The parent of a key that is one step from where the path begins may be left out.
    const auto only_parent = steps.size() == 1 ? origin->source : std::nullopt;
    ByteWriter out;
    out.write_u32_be(version_of_xpub);
    out.write_u8(origin && origin->depth ? *origin->depth : static_cast<std::uint8_t>(steps.size()));
    out.write(parent.value_or(only_parent.value_or(keys::Fingerprint{})).bytes());
    out.write_u32_be(steps.empty() ? 0 : steps.back().number);
    out.write(*chain_code).write(key.compressed());
    return keys::ExtendedPublicKey::parse(encoding::encode_base58check(out.bytes())).on(network_of(use));
}

std::string HdKey::key_expression(const std::optional<keys::Fingerprint>& master) const
{
    const auto text = chain_code ? extended_key().format() : encoding::encode_hex(key.compressed());
    const auto place = origin ? origin->key_origin(master) : std::nullopt;
    return (place ? place->format() : "") + text + (children ? children->format_steps() : "");
}

HdKey decode_hd_key(const cbor::Value& value)
{
    cbor::MapReader fields{value, "a key"};
    refuse_private(fields);
    HdKey key{crypto::Secp256k1PublicKey::decode(fields.take(3, "the key itself").array_of<33>("a key"))};
    if (const auto* chain_code = fields.take_optional(4))
        key.chain_code = chain_code->array_of<32>("the chain code of a key");
    if (const auto* use = fields.take_optional(5))
        key.use = decode_coin_info(untagged(*use, tag_of_coin_info, "the use of a key"));
    if (const auto* origin = fields.take_optional(6))
        key.origin = decode_path_of_key(untagged(*origin, tag_of_key_path, "the origin of a key"));
    if (const auto* children = fields.take_optional(7))
        key.children = decode_key_path(untagged(*children, tag_of_key_path, "the children of a key"));
    if (const auto* parent = fields.take_optional(8))
        key.parent = decode_fingerprint(*parent);
    if (const auto* name = fields.take_optional(9))
        key.name = name->text("the name of a key");
    if (const auto* note = fields.take_optional(10))
        key.note = note->text("the note on a key");
    fields.finish();
    return key;
}

cbor::Value encode_hd_key(const HdKey& key, Naming naming)
{
    Value::Map fields{{3, Value{key.key.compressed()}}};
    const auto add = [&](std::uint64_t number, Value value) { fields.emplace_back(number, std::move(value)); };
    if (key.chain_code)
        add(4, *key.chain_code);
    if (key.use != CoinInfo{})
        add(5, Value::tagged(tag_of_coin_info.in(naming), encode_coin_info(key.use)));
    if (key.origin)
        add(6, Value::tagged(tag_of_key_path.in(naming), encode_key_path(*key.origin)));
    if (key.children)
        add(7, Value::tagged(tag_of_key_path.in(naming), encode_key_path(*key.children)));
    if (key.parent)
        add(8, encode_fingerprint(*key.parent));
    if (!key.name.empty())
        add(9, key.name);
    if (!key.note.empty())
        add(10, key.note);
    return Value::map(std::move(fields));
}

HdKey decode_hd_key_message(ByteView message)
{
    return decode_hd_key(cbor::decode(message, body_limits));
}

Bytes encode_hd_key_message(const HdKey& key, Naming naming)
{
    return cbor::encode(encode_hd_key(key, naming));
}

} // namespace coffer::ur
