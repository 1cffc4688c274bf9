#include "formats/ur/registry.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/cbor.h"

namespace coffer::ur {

namespace {

struct Row {
    Type type;
    std::string_view version_1;
    std::string_view version_2;
    Wrapping wrapping;
};

/// In order of the enumerators.
constexpr Row table[] = {
    {Type::bytes, "bytes", "bytes", Wrapping::byte_string},
    {Type::psbt, "crypto-psbt", "psbt", Wrapping::byte_string},
    {Type::hdkey, "crypto-hdkey", "hdkey", Wrapping::none},
    {Type::account_descriptor, "crypto-account", "account-descriptor", Wrapping::none},
    {Type::output_descriptor, "crypto-output", "output-descriptor", Wrapping::none},
    {Type::eth_sign_request, "eth-sign-request", "eth-sign-request", Wrapping::none},
    {Type::eth_signature, "eth-signature", "eth-signature", Wrapping::none},
    {Type::coffer_bundle, "coffer-bundle", "coffer-bundle", Wrapping::none},
    {Type::coffer_receipt, "coffer-receipt", "coffer-receipt", Wrapping::none},
    {Type::coffer_charter, "coffer-charter", "coffer-charter", Wrapping::none},
    {Type::coffer_entry, "coffer-entry", "coffer-entry", Wrapping::none},
};

const Row& row_of(Type type)
{
    const auto index = static_cast<std::size_t>(type);
    require(index < std::size(table) && table[index].type == type, "the table of UR types is not in order");
    return table[index];
}

/// A byte string is one item, and with room for two another kind is called what it is.
constexpr cbor::Limits byte_string_limits{most_message_bytes, 1, 2};

} // namespace

std::optional<NamedType> find_type(std::string_view name)
{
    for (const auto& row : table) {
        if (name == row.version_2)
            return NamedType{row.type, Naming::version_2};
        if (name == row.version_1)
            return NamedType{row.type, Naming::version_1};
    }
    return std::nullopt;
}

std::string_view name_of(Type type, Naming naming)
{
    return naming == Naming::version_1 ? row_of(type).version_1 : row_of(type).version_2;
}

Wrapping wrapping_of(Type type)
{
    return row_of(type).wrapping;
}

Message wrap(const NamedType& type, Bytes payload)
{
    auto cbor = wrapping_of(type.type) == Wrapping::none ? std::move(payload) : cbor::encode(cbor::Value{std::move(payload)});
    return {std::string{name_of(type.type, type.naming)}, std::move(cbor)};
}

Content unwrap(const Message& message)
{
    const auto type = find_type(message.type);
    if (!type)
        throw Error{ErrorCode::type, "nothing is known of URs of the type " + quoted(message.type)};
    if (wrapping_of(type->type) == Wrapping::none)
        return {*type, message.cbor};
    return {*type, cbor::decode(message.cbor, byte_string_limits).bytes("the content of ur:" + message.type)};
}

Bytes unwrap_as(Type type, const Message& message)
{
    auto content = unwrap(message);
    if (content.type.type != type)
        throw Error{ErrorCode::type, "a UR of the type " + quoted(message.type) + ", not " +
                                         std::string{name_of(type, Naming::version_2)}};
    return std::move(content.payload);
}

} // namespace coffer::ur
