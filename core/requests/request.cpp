#include "core/requests/request.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/keys/mnemonic.h"

#include <set>

namespace coffer::requests {

namespace {

using cbor::Value;

bool is_uuid_v7(const RequestId& id)
{
    return (id.bytes()[6] & 0xf0) == 0x70 && (id.bytes()[8] & 0xc0) == 0x80; // RFC 9562, 4.1 and 4.2
}

} // namespace

artefacts::Artefact encode(const Request& request)
{
    Value::Array payloads;
    for (const auto& digest : request.payloads)
        payloads.emplace_back(digest.bytes());
    Value::Map map{{2, request.position.encode()},
                   {3, request.id.bytes()},
                   {4, name_of(request.kind)},
                   {5, request.wallet},
                   {6, std::move(payloads)},
                   {7, request.payment.bytes()},
                   {10, request.requester},
                   {11, static_cast<std::uint64_t>(request.created.seconds)},
                   {12, static_cast<std::uint64_t>(request.expires.seconds)}};
    if (request.replaces)
        map.emplace_back(8, request.replaces->bytes());
    if (request.height)
        map.emplace_back(9, *request.height);
    if (request.order)
        map.emplace_back(13, request.order->bytes());
    return {artefacts::Kind::request, artefacts::encode_body(request.header, std::move(map))};
}

Request decode_request(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::request};
    Request request;
    request.header = reader.header();
    request.position = charter::Position::decode(reader.take(2, "position"));
    request.id = RequestId{reader.take(3, "request id").array_of<16>("request id")};
    if (!is_uuid_v7(request.id))
        throw Error{ErrorCode::malformed, "request id " + format_uuid(request.id) + " is not a UUID of version 7"};
    request.kind = charter::parse_request_kind(reader.take(4, "kind").text("kind"));
    request.wallet = reader.take(5, "wallet").text("wallet");
    const auto& payloads = reader.take(6, "payload digests").array("payload digests");
    if (payloads.empty())
        throw Error{ErrorCode::malformed, "request has no payload"};
    if (payloads.size() > most_payloads)
        throw Error{ErrorCode::limit, "request has " + std::to_string(payloads.size()) + " payloads, over the limit of " +
                                          std::to_string(most_payloads)};
    std::set<PayloadDigest> distinct;
    for (const auto& digest : payloads) {
        request.payloads.emplace_back(digest.array_of<32>("payload digest"));
        if (!distinct.insert(request.payloads.back()).second)
            throw Error{ErrorCode::malformed, "request names a payload twice"};
    }
    request.payment = PaymentDigest{reader.take(7, "payment digest").array_of<32>("payment digest")};
    if (const auto* replaces = reader.take_optional(8))
        request.replaces = RequestDigest{replaces->array_of<32>("replaced request")};
    if (const auto* height = reader.take_optional(9))
        request.height = height->number("height");
    if (const auto* order = reader.take_optional(13))
        request.order = EntryHash{order->array_of<32>("standing order")};
    request.requester = reader.take(10, "requester").text("requester");
    request.created = artefacts::read_time(reader.take(11, "created"), "created");
    request.expires = artefacts::read_time(reader.take(12, "expires"), "expires");
    reader.finish();
    if (request.expires <= request.created)
        throw Error{ErrorCode::malformed, "request expires " + format_time(request.expires) + ", not after it was created " +
                                              format_time(request.created)};
    return request;
}

RequestDigest digest_of(const artefacts::Artefact& request)
{
    return RequestDigest{request.hash()};
}

std::string fingerprint(const RequestDigest& digest)
{
    return keys::fingerprint_words(digest.bytes());
}

} // namespace coffer::requests
