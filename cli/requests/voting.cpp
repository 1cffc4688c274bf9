#include "cli/requests/voting.h"

#include "cli/files/config.h"
#include "cli/officer_key.h"
#include "cli/requests/asking.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/request_document.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "formats/bundle/bundle.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using charter::PolicyChain;
using requests::CheckedRequest;
using requests::Judgement;
using requests::RequestService;
using requests::VoteDecision;

/// An id in digits and dashes; everything else is a file.
bool looks_like_id(std::string_view text)
{
    constexpr std::size_t longest_id = 36;
    return text.size() <= longest_id && text != "-" && std::ranges::all_of(text, [](char c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

std::string_view purpose_of(VoteDecision decision)
{
    return decision == VoteDecision::approve ? "to approve" : "to reject";
}

void require_no_rejection(const Judgement& judgement, const std::string& officer)
{
    if (RequestService::has_voted(judgement, officer, VoteDecision::reject))
        throw Error{ErrorCode::state, officer + " has rejected this request, which stands",
                    "propose it anew if the reason is gone"};
}

/// Said before anybody is asked anything; whether the signed vote counts is judged again.
void require_may_vote(const Judgement& judgement, const charter::Officer& officer, VoteDecision decision)
{
    if (decision == VoteDecision::reject)
        return;
    requests::require_takes_approvals(judgement);
    requests::require_not_frozen(judgement);
    require_no_rejection(judgement, officer.id);
    if (!policy::vote_counts(judgement.decision, officer))
        throw Error{ErrorCode::appr_role, officer.id + " (" + join(officer.roles, ", ") + ") has no role that the deciding rule asks for"};
    const auto rules = judgement.decision.rules();
    if (officer.id == judgement.open.request.requester &&
        std::ranges::none_of(rules, [](const auto* rule) { return rule->requester_may_approve; }))
        throw Error{ErrorCode::appr_self, officer.id + " requested it and may not approve it"};
}

Bytes sign_vote(const OfficerKey& key, const std::string& officer, const Judgement& judgement, const PolicyChain& chain,
                VoteDecision decision, const std::string& comment, std::vector<Bytes> heads, UtcTime now)
{
    auto artefact = encode(requests::Vote{.header = chain.charter().header,
                                          .request = judgement.open.digest,
                                          .decision = decision,
                                          .officer = officer,
                                          .time = now,
                                          .comment = comment.empty() ? std::nullopt : std::optional{requests::hash_comment(comment)},
                                          .charter = chain.charter_hash(),
                                          .position = chain.position(),
                                          .heads = std::move(heads)});
    key.sign(artefact);
    return artefact.encode();
}

std::string outcome_line(const std::string& officer, VoteDecision decision, bool is_new)
{
    const auto verb = decision == VoteDecision::approve ? std::string{"approved"} : std::string{"rejected"};
    return is_new ? static_cast<char>(verb[0] - 'a' + 'A') + verb.substr(1) + " by " + officer + "." : officer + " has " + verb + " it already.";
}

console::CommandResult result_of(const CheckedRequest& checked, const charter::Charter& charter, const std::string& officer,
                                 VoteDecision decision, bool is_new)
{
    console::CommandResult result;
    result.document = describe_request(checked, charter);
    result.document.set("officer", officer).set("decision", name_of(decision));
    result.text = {outcome_line(officer, decision, is_new) + " " +
                   (requests::is_open(checked.status) ? approvals_in_words(checked)
                                                      : "The request is " + std::string{name_of(checked.status)} + ".")};
    return result;
}

console::RequestReviewFacts review_facts(const CheckedRequest& checked, const PolicyChain& chain, UtcTime now)
{
    console::RequestReviewFacts facts{.now = now, .in_address_book_since = added_since(chain), .in_address_book_by = address_book_versions(chain)};
    for (const auto& use : checked.windows)
        facts.rows.push_back({.label = "limit", .value = policy::left_in_words(chain.charter(), use)});
    if (checked.order_use)
        facts.rows.push_back({.label = "limit", .value = policy::left_in_words(chain.charter(), *checked.order_use)});
    return facts;
}

console::CommandResult vote_on(const RequestId& id, console::Invocation& invocation, Home& home, RequestService& service,
                               VoteDecision decision, const std::string& comment)
{
    const auto officer = officer_id(invocation, &home.config());
    const auto file = officer_key_file(invocation, &home.config());
    {
        const auto checked = service.find(id);
        if (RequestService::has_voted(checked.judgement, officer, decision))
            return result_of(checked, home.chain().charter(), officer, decision, false);
        if (checked.judgement.refused)
            throw *checked.judgement.refused;
        if (decision == VoteDecision::approve)
            require_no_rejection(checked.judgement, officer);
        requests::require_of_today(checked);
        requests::require_open(checked);
        if (const auto* known = home.chain().charter().find_officer(officer))
            require_may_vote(checked.judgement, *known, decision);
    }

    auto key = OfficerKey::open(invocation, file);
    std::vector<Bytes> heads;
    for (auto& [appliance, head] : service.known_heads())
        heads.push_back(head);
    // From here on one view of chain and request: the vote names what was shown.
    const auto checked = service.find(id);
    const auto& chain = home.chain();
    const auto anchor = key.verify(chain, heads);
    require_may_vote(checked.judgement, key.require_officer(chain.charter(), officer), decision);
    require_person(invocation, checked.judgement, chain.charter(), review_facts(checked, chain, home.now()), purpose_of(decision));
    const auto vote = sign_vote(key, officer, checked.judgement, chain, decision, comment, std::move(heads), home.now());
    key.trust(anchor);
    const auto recorded = service.record(vote, comment);
    auto result = result_of(recorded, home.chain().charter(), officer, decision, true);
    if (recorded.status == requests::Status::pending_signature)
        result.next = {"coffer export " + short_id(service, id) + " --out FILE"};
    return result;
}

console::CommandResult vote_at_home(console::Invocation& invocation, VoteDecision decision, const std::string& comment)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    RequestService service{books};
    const auto id = service.find_id(invocation.text("REQUEST"));
    return recording_refusals(home, invocation.command().name, id,
                              [&] { return vote_on(id, invocation, home, service, decision, comment); });
}

/// The chain of a review file, from its first charter on; what it is worth the anchor says.
PolicyChain chain_of(const bundle::Review& review)
{
    if (review.links.empty() || review.links.front().number != 0)
        throw Error{ErrorCode::policy_gap, "the review file does not hold the policy chain from its first charter on"};
    auto chain = PolicyChain::found(review.links.front().artefact);
    for (const auto& link : review.links)
        chain.apply(link, std::nullopt);
    artefacts::require_header(review.header, chain.charter().header, "review file");
    return chain;
}

console::CommandResult vote_on_review(console::Invocation& invocation, VoteDecision decision, const std::string& comment)
{
    const auto out = invocation.find("out");
    if (!out)
        throw Error{ErrorCode::usage, "a vote on a review file needs --out FILE", "`coffer import FILE` takes it at home"};
    const auto file = console::path_of(invocation, invocation.text("REQUEST"));
    const auto bytes = console::read_input(invocation, file, console::most_large_artefact_bytes);
    const auto review = bundle::decode_review(artefacts::Artefact::decode(bytes, artefacts::Kind::review));
    const auto now = invocation.environment().clock.now();

    auto key = OfficerKey::open(invocation, officer_key_file(invocation, nullptr));
    const auto officer = invocation.has("officer") ? officer_id(invocation, nullptr) : key.officer();
    const auto chain = chain_of(review);
    const auto anchor = key.verify(chain, review.heads);
    const auto& charter = chain.charter();
    const auto& known = key.require_officer(charter, officer);

    auto submission = review.request.submission;
    const requests::Circumstances circumstances{.clock = now, .latest = now, .known_for = {}, .earlier_rejections = {}};
    const auto judgement = requests::judge(chain, submission, circumstances);
    for (const auto& ending : {judgement.rejected, judgement.cancelled, judgement.expired})
        if (ending)
            throw *ending;
    require_may_vote(judgement, known, decision);
    require_person(invocation, judgement, charter, {.now = now, .in_address_book_since = added_since(chain), .in_address_book_by = address_book_versions(chain)},
                   purpose_of(decision));
    const auto vote = sign_vote(key, officer, judgement, chain, decision, comment, review.heads, now);
    submission.votes = {vote};
    const auto alone = requests::judge(chain, submission, circumstances);
    if (!RequestService::has_voted(alone, officer, decision))
        throw alone.discounted ? *alone.discounted : Error{ErrorCode::appr_role, "the vote of " + officer + " would not count"};
    key.trust(anchor);
    console::write_output(invocation, invocation.path("out"), vote);

    auto need = Document::list();
    for (const auto& missing : judgement.approvals.need)
        need.add(missing);
    console::CommandResult result;
    result.document.set("id", format_uuid(judgement.open.request.id))
        .set("status", name_of(judgement.approvals.reached ? requests::Status::pending_signature : requests::Status::pending_review))
        .set("approvals", Document::object().set("have", std::uint64_t{judgement.approvals.have}).set("need", std::move(need)))
        .set("request_digest", Document::hex(judgement.open.digest.bytes()))
        .set("fingerprint", requests::fingerprint(judgement.open.digest))
        .set("officer", officer)
        .set("decision", name_of(decision))
        .set("file", *out);
    result.text = {outcome_line(officer, decision, true) + " The vote is in " + escaped(*out) + "."};
    result.next = {"coffer import " + escaped(*out) + "    (where the home is)"};
    return result;
}

} // namespace

std::vector<console::OptionSpec> voting_options()
{
    std::vector<console::OptionSpec> options{
        confirm_option(),
        console::out_option("where the vote on a review file goes", console::Presence::optional),
        console::force_option(),
    };
    for (auto& option : officer_options())
        options.push_back(std::move(option));
    return options;
}

console::CommandResult cast_vote(console::Invocation& invocation, VoteDecision decision, const std::string& comment)
{
    if (looks_like_id(invocation.text("REQUEST")))
        return vote_at_home(invocation, decision, comment);
    return vote_on_review(invocation, decision, comment);
}

} // namespace coffer::cli
