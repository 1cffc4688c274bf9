#include "formats/ur/eth_signing.h"

#include "core/base/error.h"
#include "formats/ur/body.h"

#include <algorithm>

namespace coffer::ur {

namespace {

using cbor::Value;

constexpr std::uint64_t tag_of_uuid = 37;
constexpr std::size_t compact_bytes = 64;
constexpr std::size_t most_bytes_of_v = 8;
/// The data may fill the message.
constexpr cbor::Limits request_limits{most_message_bytes, body_limits.most_depth, body_limits.most_items, cbor::Tags::taken};

std::optional<EthRequestId> decode_id(cbor::MapReader& fields)
{
    const auto* value = fields.take_optional(1);
    if (value == nullptr)
        return std::nullopt;
    if (value->tag("the id of a request") != tag_of_uuid)
        throw Error{ErrorCode::malformed, "the id of a request is under the tag " + std::to_string(value->tag("it")) + ", not 37"};
    return value->untagged("it").array_of<16>("the id of a request");
}

void encode_id(Value::Map& fields, const std::optional<EthRequestId>& id)
{
    if (id)
        fields.emplace_back(1, Value::tagged(tag_of_uuid, *id));
}

std::string decode_origin(cbor::MapReader& fields, std::uint64_t key)
{
    const auto* value = fields.take_optional(key);
    return value == nullptr ? "" : value->text("the origin of a request");
}

EthDataType decode_type(const Value& value)
{
    const auto number = value.number("the type of the data");
    if (number < 1 || number > 4)
        throw Error{ErrorCode::malformed, "there is no type " + std::to_string(number) + " of data to sign"};
    return static_cast<EthDataType>(number);
}

std::uint64_t decode_v(ByteView bytes)
{
    if (bytes.empty() || bytes.size() > most_bytes_of_v || (bytes.size() > 1 && bytes.front() == 0))
        throw Error{ErrorCode::malformed, "v of a signature is not a number of 1 to 8 bytes without zeros in front"};
    std::uint64_t v = 0;
    for (const auto byte : bytes)
        v = v << 8 | byte;
    return v;
}

Bytes encode_v(std::uint64_t v)
{
    Bytes bytes;
    do
        bytes.insert(bytes.begin(), static_cast<std::uint8_t>(v));
    while ((v >>= 8) != 0);
    return bytes;
}

} // namespace

EthSignRequest decode_eth_sign_request(ByteView message)
{
    const auto value = cbor::decode(message, request_limits);
    cbor::MapReader fields{value, "a request to sign"};
    EthSignRequest request;
    request.id = decode_id(fields);
    request.data = fields.take(2, "the data to sign").bytes("the data to sign");
    if (request.data.empty())
        throw Error{ErrorCode::malformed, "a request to sign nothing"};
    request.type = decode_type(fields.take(3, "the type of the data"));
    if (const auto* chain_id = fields.take_optional(4))
        request.chain_id = chain_id->number("the chain id");
    request.path = decode_path_of_key(untagged(fields.take(5, "the path of the key"), tag_of_key_path, "the path of the key"));
    if (const auto* address = fields.take_optional(6))
        request.address = address->array_of<20>("the address of the key");
    request.origin = decode_origin(fields, 7);
    fields.finish();
    return request;
}

Bytes encode_eth_sign_request(const EthSignRequest& request, Naming naming)
{
    Value::Map fields{{2, Value{request.data}},
                      {3, static_cast<unsigned>(request.type)},
                      {4, request.chain_id},
                      {5, Value::tagged(tag_of_key_path.in(naming), encode_key_path(request.path))}};
    encode_id(fields, request.id);
    if (request.address)
        fields.emplace_back(6, *request.address);
    if (!request.origin.empty())
        fields.emplace_back(7, request.origin);
    return cbor::encode(Value::map(std::move(fields)));
}

EthSignature decode_eth_signature(ByteView message)
{
    const auto value = cbor::decode(message, body_limits);
    cbor::MapReader fields{value, "a signature"};
    EthSignature signature;
    signature.id = decode_id(fields);
    const ByteView bytes = fields.take(2, "the signature itself").bytes("a signature");
    const auto compact = bytes.first(std::min(bytes.size(), compact_bytes));
    signature.compact = to_array<compact_bytes>(compact, "a signature");
    signature.v = decode_v(bytes.subspan(compact.size()));
    signature.origin = decode_origin(fields, 3);
    fields.finish();
    return signature;
}

Bytes encode_eth_signature(const EthSignature& signature)
{
    Bytes bytes{signature.compact.begin(), signature.compact.end()};
    append(bytes, encode_v(signature.v));
    Value::Map fields{{2, Value{std::move(bytes)}}};
    encode_id(fields, signature.id);
    if (!signature.origin.empty())
        fields.emplace_back(3, signature.origin);
    return cbor::encode(Value::map(std::move(fields)));
}

} // namespace coffer::ur
