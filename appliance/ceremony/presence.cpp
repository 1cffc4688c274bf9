#include "appliance/ceremony/presence.h"

#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/request_review.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::appliance {

console::Review review_of(const Examination& examination, const requests::VaultLedger& ledger, const Verdict& verdict,
                          std::string title)
{
    console::RequestReviewFacts facts{.now = examination.now};
    facts.title = std::move(title);
    facts.in_address_book_since = ledger.address_book_since();
    const auto needed = verdict.judgement->open.payloads.front()->signers_needed();
    if (needed > 1)
        facts.rows.push_back({.label = "signatures", .value = std::to_string(verdict.carried_signers) + " of " + std::to_string(needed) +
                                                              " came along, verified"});
    for (const auto& left : verdict.limits)
        facts.rows.push_back({.label = "limit", .value = left});
    if (ledger.clock_was_set())
        facts.warnings.push_back({"Clock was set", "this appliance's clock differs from the machine's by " +
                                                       std::to_string(ledger.clock_offset().seconds) + " seconds"});
    return console::describe_for_review(*verdict.judgement, examination.chain.charter(), facts);
}

void require_charter_hash(console::Terminal& terminal, const std::optional<std::string>& given, const CharterHash& hash)
{
    const auto expected = encoding::encode_hex(hash.bytes());
    if (!given) {
        console::require_typed(terminal, "Type the whole hash of the charter, from where the officers published it: ", expected);
        return;
    }
    if (to_lower_ascii(*given) != expected)
        throw Error{ErrorCode::binding, "this charter has the hash " + expected + ", not " + coffer::quoted(*given)};
}

std::string short_head(const audit::Head& head)
{
    const auto text = encoding::encode_hex(head.root.bytes());
    return text.substr(0, 4) + "-" + text.substr(4, 4);
}

void require_date(console::Terminal& terminal, UtcTime now, std::string_view context)
{
    if (!console::confirm_date(terminal, now, context))
        throw Error{ErrorCode::clock, "the person at the vault says that the date is wrong",
                    "set it: coffer-cold clock set TIME"};
}

void begin_ceremony(console::Terminal& terminal, const Session& session, const Examination& examination)
{
    const auto& ledger = session.ledger();
    // Of the chain that the bundle continues: the charter in the ledger may not name a restored appliance yet.
    const auto& chain = examination.chain;
    const auto self = std::ranges::find(chain.charter().appliances, ledger.identity(), &charter::Appliance::key);
    require(self != chain.charter().appliances.end(), "an appliance that its charter does not name asks a person");
    const auto hash = encoding::encode_hex(chain.charter_hash().bytes());
    const auto context = self->id + " · charter " + std::to_string(chain.charter().version) + " (" + hash.substr(0, 4) +
                         "…" + hash.substr(60) + ")";
    require_date(terminal, examination.now, context);
    const auto size = ledger.size_after_last_session();
    if (size == 0)
        return;
    const auto question = "Last session: " + format_time(ledger.last_time()).substr(0, 10) + ", record " + std::to_string(size) +
                          ", head " + short_head(ledger.head_at(size)) + ". Does your paper log say the same?";
    if (!console::ask_yes_no(terminal, question))
        throw Error{ErrorCode::ledger_rollback, "the paper log says something else than this appliance",
                    "an older image of the appliance may have been put back; sign nothing and tell compliance"};
}

std::set<RequestDigest> ask_person(console::Environment& environment, const requests::VaultLedger& ledger,
                                   const Examination& examination)
{
    std::set<RequestDigest> declined;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(examination.verdicts, &Verdict::asks_a_person));
    std::size_t number = 0;
    for (const auto& verdict : examination.verdicts) {
        if (!verdict.asks_a_person())
            continue;
        const auto title = "Request " + std::to_string(++number) + " of " + std::to_string(count);
        try {
            console::show_review(environment.terminal, review_of(examination, ledger, verdict, title));
            console::require_challenge(environment.terminal, environment.random,
                                       console::challenge_content(*verdict.judgement, examination.chain.charter()), "to sign");
        } catch (const Error& error) {
            if (error.code() != ErrorCode::declined)
                throw;
            declined.insert(verdict.digest);
        }
    }
    return declined;
}

} // namespace coffer::appliance
