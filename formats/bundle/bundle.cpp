#include "formats/bundle/bundle.h"

#include "core/base/error.h"

namespace coffer::bundle {

namespace {

using artefacts::Artefact;
using artefacts::BodyReader;
using cbor::Value;

constexpr std::size_t most_links = 100'000;
constexpr std::size_t most_blobs = 10'000;

Value blobs(const std::vector<Bytes>& items)
{
    Value::Array array;
    for (const auto& item : items)
        array.emplace_back(item);
    return array;
}

void require_at_most(std::size_t count, std::size_t most, std::string_view what)
{
    if (count > most)
        throw Error{ErrorCode::limit, std::string{what} + ": " + std::to_string(count) + " are over the limit of " +
                                          std::to_string(most)};
}

std::vector<Bytes> read_blobs(const Value& value, std::string_view what)
{
    const auto& array = value.array(what);
    require_at_most(array.size(), most_blobs, what);
    std::vector<Bytes> items;
    for (const auto& item : array)
        items.push_back(item.bytes(what));
    return items;
}

Value links_value(const std::vector<charter::Link>& links)
{
    Value::Array array;
    for (const auto& link : links)
        array.push_back(link.encode());
    return array;
}

std::vector<charter::Link> read_links(const Value& value)
{
    const auto& array = value.array("links");
    require_at_most(array.size(), most_links, "links");
    std::vector<charter::Link> links;
    for (const auto& item : array)
        links.push_back(charter::Link::decode(item));
    return links;
}

Value request_value(const CarriedRequest& carried)
{
    Value::Array signatures;
    for (const auto& signature : carried.signatures)
        signatures.push_back(signature.encode());
    Value::Array parts{carried.submission.request, blobs(carried.submission.payloads), blobs(carried.submission.votes),
                       std::move(signatures)};
    Value::Array predecessors;
    for (const auto& predecessor : carried.submission.predecessors) {
        Value::Array signed_by;
        for (std::uint32_t payload = 0; payload < predecessor.signatures.size(); ++payload)
            for (const auto& signature : predecessor.signatures[payload])
                signed_by.push_back(CarriedSignature{payload, signature}.encode());
        predecessors.push_back(Value::Array{predecessor.request, blobs(predecessor.payloads), std::move(signed_by)});
    }
    if (!predecessors.empty())
        parts.push_back(std::move(predecessors));
    return parts;
}

/// Only a replacement has them.
std::vector<requests::Predecessor> read_predecessors(const Value& value)
{
    const auto& array = value.array("replaced requests");
    require_at_most(array.size(), requests::most_predecessors, "replaced requests");
    if (array.empty())
        throw Error{ErrorCode::malformed, "list of replaced requests is empty; a request without any leaves it out"};
    std::vector<requests::Predecessor> predecessors;
    for (const auto& item : array) {
        const auto& parts = item.array("replaced request");
        if (parts.size() != 3)
            throw Error{ErrorCode::malformed, "replaced request has " + std::to_string(parts.size()) + " parts, not 3"};
        predecessors.push_back({parts[0].bytes("replaced request"), read_blobs(parts[1], "replaced payloads"), {}});
        auto& signatures = predecessors.back().signatures;
        signatures.resize(predecessors.back().payloads.size());
        const auto& signed_by = parts[2].array("signatures of a replaced request");
        require_at_most(signed_by.size(), most_carried_signatures, "signatures of a replaced request");
        for (const auto& part : signed_by) {
            const auto [payload, signature] = CarriedSignature::decode(part);
            if (payload >= signatures.size())
                throw Error{ErrorCode::malformed, "signature of a replaced request is for payload " + std::to_string(payload) + " of " +
                                                      std::to_string(signatures.size())};
            signatures[payload].push_back(signature);
        }
    }
    return predecessors;
}

CarriedRequest read_request(const Value& value)
{
    const auto& parts = value.array("carried request");
    if (parts.size() != 4 && parts.size() != 5)
        throw Error{ErrorCode::malformed, "carried request has " + std::to_string(parts.size()) + " parts, not 4 or 5"};
    CarriedRequest carried;
    carried.submission.request = parts[0].bytes("request");
    carried.submission.payloads = read_blobs(parts[1], "payloads");
    carried.submission.votes = read_blobs(parts[2], "votes");
    const auto& signatures = parts[3].array("signatures");
    require_at_most(signatures.size(), most_carried_signatures, "signatures");
    for (const auto& signature : signatures)
        carried.signatures.push_back(CarriedSignature::decode(signature));
    if (parts.size() == 5)
        carried.submission.predecessors = read_predecessors(parts[4]);
    return carried;
}

} // namespace

Value CarriedSignature::encode() const
{
    return Value::Array{std::uint64_t{payload}, std::uint64_t{signature.input}, signature.public_key, signature.signature};
}

CarriedSignature CarriedSignature::decode(const Value& value)
{
    const auto& parts = value.array("signature");
    if (parts.size() != 4)
        throw Error{ErrorCode::malformed, "signature has " + std::to_string(parts.size()) + " parts, not 4"};
    const auto payload = parts[0].number("payload");
    const auto input = parts[1].number("input");
    if (payload > 0xffffffffU || input > 0xffffffffU)
        throw Error{ErrorCode::malformed, "signature names payload or input over 32 bits"};
    return {static_cast<std::uint32_t>(payload),
            {static_cast<std::uint32_t>(input), parts[2].bytes("public key"), parts[3].bytes("signature")}};
}

Artefact encode(const Bundle& bundle)
{
    Value::Array requests;
    for (const auto& carried : bundle.requests)
        requests.push_back(request_value(carried));
    Value::Map map{{2, links_value(bundle.links)}, {4, blobs(bundle.heads)}, {5, blobs(bundle.pool)}, {6, std::move(requests)}};
    if (!bundle.online_head.empty())
        map.emplace_back(3, bundle.online_head);
    return {artefacts::Kind::bundle, artefacts::encode_body(bundle.header, std::move(map))};
}

Bundle decode_bundle(const Artefact& artefact)
{
    BodyReader reader{artefact, artefacts::Kind::bundle};
    Bundle bundle;
    bundle.header = reader.header();
    bundle.links = read_links(reader.take(2, "links"));
    if (const auto* head = reader.take_optional(3)) {
        bundle.online_head = head->bytes("online head");
        if (bundle.online_head.empty())
            throw Error{ErrorCode::malformed, "online head is empty; a bundle without one leaves it out"};
    }
    bundle.heads = read_blobs(reader.take(4, "heads"), "heads");
    bundle.pool = read_blobs(reader.take(5, "pool"), "pool");
    const auto& requests = reader.take(6, "requests").array("requests");
    require_at_most(requests.size(), most_requests, "requests");
    std::size_t payloads = 0;
    std::size_t signatures = 0;
    for (const auto& item : requests) {
        bundle.requests.push_back(read_request(item));
        payloads += bundle.requests.back().submission.payloads.size();
        for (const auto& predecessor : bundle.requests.back().submission.predecessors)
            payloads += predecessor.payloads.size();
        signatures += bundle.requests.back().signatures.size();
    }
    require_at_most(payloads, most_payloads, "payloads");
    require_at_most(signatures, most_carried_signatures, "signatures");
    reader.finish();
    return bundle;
}

Artefact encode(const Review& review)
{
    return {artefacts::Kind::review,
            artefacts::encode_body(review.header, {{2, links_value(review.links)},
                                                   {3, blobs(review.heads)},
                                                   {4, request_value(review.request)}})};
}

Review decode_review(const Artefact& artefact)
{
    BodyReader reader{artefact, artefacts::Kind::review};
    Review review;
    review.header = reader.header();
    review.links = read_links(reader.take(2, "links"));
    review.heads = read_blobs(reader.take(3, "heads"), "heads");
    review.request = read_request(reader.take(4, "request"));
    reader.finish();
    return review;
}

} // namespace coffer::bundle
