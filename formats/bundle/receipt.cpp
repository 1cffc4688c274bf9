#include "formats/bundle/receipt.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <set>

namespace coffer::bundle {

namespace {

using cbor::Value;

Outcome parse_outcome(const std::string& text)
{
    for (const auto outcome : {Outcome::signed_, Outcome::refused, Outcome::declined})
        if (name_of(outcome) == text)
            return outcome;
    throw Error{ErrorCode::malformed, "outcome " + quoted(text) + " is none of signed, refused, declined"};
}

Value result_value(const Result& result)
{
    Value::Array signatures;
    for (const auto& signature : result.signatures)
        signatures.push_back(signature.encode());
    return Value::Array{result.request.bytes(), name_of(result.outcome), result.code, std::move(signatures)};
}

Result read_result(const Value& value)
{
    const auto& parts = value.array("result");
    if (parts.size() != 4)
        throw Error{ErrorCode::malformed, "result has " + std::to_string(parts.size()) + " parts, not 4"};
    Result result{.request = RequestDigest{parts[0].array_of<32>("request digest")},
                  .outcome = parse_outcome(parts[1].text("outcome")),
                  .code = parts[2].text("error code"),
                  .signatures = {}};
    for (const auto& signature : parts[3].array("signatures"))
        result.signatures.push_back(CarriedSignature::decode(signature));
    if (result.request.is_zero() && result.outcome != Outcome::refused)
        throw Error{ErrorCode::malformed, "result of a request that could not be read is not a refusal"};
    if ((result.outcome == Outcome::signed_) != result.code.empty() ||
        (result.outcome == Outcome::signed_) == result.signatures.empty())
        throw Error{ErrorCode::malformed, "result has both signatures and an error code, or neither"};
    return result;
}

Consistency read_consistency(const Value& value)
{
    const auto& parts = value.array("consistency proof");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "consistency proof has " + std::to_string(parts.size()) + " parts, not 2"};
    Consistency consistency{.from_size = parts[0].number("size"), .path = {}};
    for (const auto& hash : parts[1].array("path"))
        consistency.path.emplace_back(hash.array_of<32>("path"));
    return consistency;
}

} // namespace

std::string_view name_of(Outcome outcome)
{
    switch (outcome) {
    case Outcome::signed_: return "signed";
    case Outcome::refused: return "refused";
    case Outcome::declined: return "declined";
    }
    fatal("outcome without a name");
}

artefacts::Artefact encode(const Receipt& receipt)
{
    Value::Array results;
    for (const auto& result : receipt.results)
        results.push_back(result_value(result));
    Value::Array findings;
    for (const auto& finding : receipt.findings)
        findings.emplace_back(finding);
    Value::Map map{{2, receipt.bundle.bytes()},
                   {3, receipt.appliance},
                   {4, static_cast<std::uint64_t>(receipt.time.seconds)},
                   {5, std::move(results)},
                   {6, receipt.position.encode()},
                   {7, std::move(findings)},
                   {8, receipt.log_size},
                   {9, receipt.log_root.bytes()}};
    if (receipt.consistency) {
        Value::Array path;
        for (const auto& hash : receipt.consistency->path)
            path.emplace_back(hash.bytes());
        map.emplace_back(10, Value::Array{receipt.consistency->from_size, std::move(path)});
    }
    if (!receipt.head.empty())
        map.emplace_back(11, receipt.head);
    return {artefacts::Kind::receipt, artefacts::encode_body(receipt.header, std::move(map))};
}

Receipt decode_receipt(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::receipt};
    Receipt receipt;
    receipt.header = reader.header();
    receipt.bundle = BundleDigest{reader.take(2, "bundle digest").array_of<32>("bundle digest")};
    receipt.appliance = reader.take(3, "appliance").text("appliance");
    receipt.time = artefacts::read_time(reader.take(4, "time"), "time");
    std::set<RequestDigest> requests;
    for (const auto& result : reader.take(5, "results").array("results")) {
        receipt.results.push_back(read_result(result));
        const auto& request = receipt.results.back().request;
        // A zero digest stands for a request that could not be read; a bundle may carry several.
        if (!request.is_zero() && !requests.insert(request).second)
            throw Error{ErrorCode::malformed, "receipt has two results of one request"};
    }
    receipt.position = charter::Position::decode(reader.take(6, "position"));
    for (const auto& finding : reader.take(7, "findings").array("findings"))
        receipt.findings.push_back(finding.text("finding"));
    receipt.log_size = reader.take(8, "log size").number("log size");
    receipt.log_root = Hash256{reader.take(9, "log root").array_of<32>("log root")};
    if (const auto* consistency = reader.take_optional(10))
        receipt.consistency = read_consistency(*consistency);
    if (const auto* head = reader.take_optional(11)) {
        receipt.head = head->bytes("head");
        if (receipt.head.empty())
            throw Error{ErrorCode::malformed, "head is empty; a receipt without one leaves it out"};
    }
    reader.finish();
    return receipt;
}

} // namespace coffer::bundle
