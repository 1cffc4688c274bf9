#include "core/requests/vote.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"

namespace coffer::requests {

namespace {

using cbor::Value;
constexpr std::size_t most_heads = 64;

VoteDecision parse_decision(const std::string& text)
{
    for (const auto decision : {VoteDecision::approve, VoteDecision::reject})
        if (name_of(decision) == text)
            return decision;
    throw Error{ErrorCode::malformed, "decision " + quoted(text) + " is neither approve nor reject"};
}

} // namespace

std::string_view name_of(VoteDecision decision)
{
    return decision == VoteDecision::approve ? "approve" : "reject";
}

artefacts::Artefact encode(const Vote& vote)
{
    Value::Array heads;
    for (const auto& head : vote.heads)
        heads.emplace_back(head);
    Value::Map map{{2, vote.request.bytes()},
                   {3, name_of(vote.decision)},
                   {4, vote.officer},
                   {5, static_cast<std::uint64_t>(vote.time.seconds)},
                   {7, vote.charter.bytes()},
                   {8, vote.position.encode()},
                   {9, std::move(heads)}};
    if (vote.comment)
        map.emplace_back(6, vote.comment->bytes());
    return {artefacts::Kind::vote, artefacts::encode_body(vote.header, std::move(map))};
}

Vote decode_vote(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::vote};
    Vote vote;
    vote.header = reader.header();
    vote.request = RequestDigest{reader.take(2, "request digest").array_of<32>("request digest")};
    vote.decision = parse_decision(reader.take(3, "decision").text("decision"));
    vote.officer = reader.take(4, "officer").text("officer");
    vote.time = artefacts::read_time(reader.take(5, "time"), "time");
    if (const auto* comment = reader.take_optional(6))
        vote.comment = Hash256{comment->array_of<32>("comment hash")};
    vote.charter = CharterHash{reader.take(7, "charter hash").array_of<32>("charter hash")};
    vote.position = charter::Position::decode(reader.take(8, "position"));
    const auto& heads = reader.take(9, "heads").array("heads");
    if (heads.size() > most_heads)
        throw Error{ErrorCode::limit, "vote carries " + std::to_string(heads.size()) + " heads"};
    for (const auto& head : heads)
        vote.heads.push_back(head.bytes("head"));
    reader.finish();
    return vote;
}

Hash256 hash_comment(std::string_view comment)
{
    return Hash256{crypto::sha256(artefacts::domain_separated("comment", bytes_of(comment)))};
}

} // namespace coffer::requests
