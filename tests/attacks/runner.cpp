#include "tests/attacks/runner.h"

#include "tests/attacks/player.h"
#include "tests/support/harmless.h"

#include <algorithm>
#include <set>

namespace coffer::test::attacks {

namespace {

namespace vault = requests::vault;

/// What the program answered: one error for the whole bundle, or an outcome a request.
struct Answer {
    std::optional<std::string> bundle_error;
    std::vector<std::pair<std::string, std::string>> requests; ///< outcome, code
};

Answer read_answer(const Run& run)
{
    Answer answer;
    const auto json = Json::parse(run.out, nullptr, false);
    if (json.is_discarded()) {
        ADD_FAILURE() << "no JSON: " << run.out;
        return answer;
    }
    if (json.contains("error"))
        answer.bundle_error = json["error"].at("code").get<std::string>();
    for (const auto& request : member(json, "requests"))
        answer.requests.emplace_back(request.at("outcome").get<std::string>(),
                                     request.contains("error") ? request["error"].at("code").get<std::string>()
                                                               : std::string{});
    return answer;
}

std::string shown(const Played& played)
{
    return "\noutput:\n" + played.run.out + played.run.err + "\nscreen:\n" + played.run.screen;
}

RequestDigest digest_of(const PlayedRequest& request)
{
    try {
        return requests::digest_of(
            artefacts::Artefact::decode(request.carried.submission.request, artefacts::Kind::request));
    } catch (const Error&) {
        return {};
    }
}

bool is_refused(const Case& attack, const PlayedRequest& request)
{
    return std::ranges::find(attack.refused, request.name) != attack.refused.end();
}

void expect_said(const Case& attack, const Played& played, std::string_view text)
{
    std::size_t from = 0;
    for (const auto& said : attack.says) {
        const auto at = text.find(said, from);
        EXPECT_NE(at, std::string_view::npos) << "nobody was told, in this order: " << said << shown(played);
        from = at == std::string_view::npos ? from : at + said.size();
    }
}

/// Whatever a bundle carries moves no cursor, hides nothing and turns nothing round.
void expect_harmless(const Played& played)
{
    for (const auto& text : {played.run.screen, played.run.out, played.run.err})
        EXPECT_EQ(first_harm_in(text), "");
}

void expect_only_receipt_written(const Played& played)
{
    EXPECT_EQ(played.before, played.after) << "files were written or changed beside the receipt and the log";
}

/// The log gained valid entries, first sights, rejections, one refusal, and the receipt if there is one.
void expect_log(const Case& attack, const Played& played, bool others_signed)
{
    if (!attack.is_logged && !played.gained)
        return;
    ASSERT_TRUE(played.gained) << "the log cannot be read";
    std::set<std::string> allowed = {"linked", "first_seen", "rejection_seen", "refused"};
    if (played.receipt)
        allowed.insert("receipt_made");
    if (others_signed)
        allowed.insert({"session_begun", "intended", "signed"});
    allowed.insert(attack.also.begin(), attack.also.end());
    std::size_t refusals = 0;
    for (const auto& record : *played.gained) {
        EXPECT_TRUE(allowed.contains(std::string{name_of(record.event)})) << "the log gained " << name_of(record.event);
        if (const auto* refused = std::get_if<vault::Refused>(&record.event)) {
            ++refusals;
            EXPECT_EQ(refused->code, attack.error);
        }
        if (const auto* made = std::get_if<vault::Signed>(&record.event))
            for (const auto& request : played.requests)
                EXPECT_FALSE(is_refused(attack, request) && made->request == digest_of(request)) << "it was signed";
    }
    EXPECT_EQ(refusals, attack.is_logged ? (played.receipt ? attack.refused.size() : 1) : 0);
}

void expect_refused_in_answer(const Case& attack, const Played& played)
{
    const auto answer = read_answer(played.run);
    if (answer.bundle_error) {
        EXPECT_EQ(*answer.bundle_error, attack.error) << shown(played);
        EXPECT_FALSE(played.receipt) << "a refused bundle gave a receipt";
        return;
    }
    ASSERT_EQ(answer.requests.size(), played.requests.size()) << shown(played);
    ASSERT_TRUE(played.receipt) << shown(played);
    ASSERT_EQ(played.receipt->results.size(), played.requests.size());
    for (std::size_t i = 0; i < played.requests.size(); ++i) {
        const auto& result = played.receipt->results[i];
        if (!is_refused(attack, played.requests[i])) {
            EXPECT_EQ(answer.requests[i].first, "signed") << played.requests[i].name << shown(played);
            continue;
        }
        const std::string outcome = attack.error == "declined" ? "declined" : "refused";
        EXPECT_EQ(answer.requests[i], std::pair(outcome, attack.error)) << shown(played);
        EXPECT_EQ(name_of(result.outcome), outcome);
        EXPECT_EQ(result.code, attack.error);
        EXPECT_TRUE(result.signatures.empty());
    }
}

void expect_signed(const Player& player, const Played& played)
{
    ASSERT_EQ(played.run.status, 0) << shown(played);
    ASSERT_TRUE(played.receipt);
    ASSERT_FALSE(played.requests.empty());
    ASSERT_EQ(played.receipt->results.size(), played.requests.size());
    for (std::size_t i = 0; i < played.requests.size(); ++i) {
        EXPECT_EQ(name_of(played.receipt->results[i].outcome), "signed") << played.requests[i].name;
        player.expect_signatures_verify(played, played.requests[i], played.receipt->results[i]);
    }
}

void run_refused(const Case& attack, Player& player)
{
    const auto played = player.play();
    expect_harmless(played);
    EXPECT_EQ(played.run.status, attack.exit) << shown(played);
    expect_refused_in_answer(attack, played);
    const bool others_signed = played.receipt && std::ranges::any_of(played.requests, [&](const auto& request) {
                                   return !is_refused(attack, request);
                               });
    if (!others_signed && std::ranges::find(attack.also, "intended") == attack.also.end())
        EXPECT_EQ(played.signer_was_asked, 0) << "a signer was asked";
    expect_log(attack, played, others_signed);
    expect_only_receipt_written(played);
    expect_said(attack, played, played.run.screen + played.run.out);
}

void run_survived(const Case& attack, Player& player)
{
    const auto played = player.play();
    expect_harmless(played);
    expect_signed(player, played);
    expect_said(attack, played, played.run.screen);
    if (attack.check == "stored_signature") {
        ASSERT_FALSE(player.earlier_receipts().empty());
        const auto earlier = bundle::decode_receipt(
            artefacts::Artefact::decode(player.earlier_receipts().back(), artefacts::Kind::receipt));
        EXPECT_EQ(played.receipt->results.front().signatures, earlier.results.front().signatures);
        EXPECT_EQ(played.signer_was_asked, static_cast<int>(played.requests.size()) - 1) << "a signer was asked again";
    }
    if (attack.check == "receipt_of_twin") {
        EXPECT_EQ(played.receipt_bytes, Player{attack.twin}.play().receipt_bytes) << "the receipt tells something more";
    }
    if (attack.check == "signatures_of_twin") {
        const auto twin = Player{attack.twin}.play();
        EXPECT_EQ(played.receipt->results.front().signatures, twin.receipt->results.front().signatures);
    }
    if (attack.check == "same_receipt") {
        EXPECT_EQ(played.signer_was_asked, 0) << "a signer was asked again";
        ASSERT_FALSE(player.earlier_receipts().empty());
        EXPECT_EQ(played.receipt_bytes, player.earlier_receipts().back());
    }
    expect_only_receipt_written(played);
}

} // namespace

void run_hostile(const Case& attack)
{
    if (attack.elsewhere)
        return run_elsewhere(*attack.elsewhere, attack.elsewhere->hostile);
    Player player{attack.hostile};
    if (attack.expect == Expectation::refuse)
        run_refused(attack, player);
    else
        run_survived(attack, player);
}

void run_twin(const Case& attack)
{
    if (attack.elsewhere)
        return run_elsewhere(*attack.elsewhere, attack.elsewhere->twin);
    Player player{attack.twin};
    const auto played = player.play();
    expect_harmless(played);
    expect_signed(player, played);
}

} // namespace coffer::test::attacks
