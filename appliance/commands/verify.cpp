#include "appliance/ceremony/presence.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/examined.h"
#include "core/base/text.h"
#include "core/console/passphrase.h"
#include "core/console/request_review.h"
#include "core/console/streams.h"

namespace coffer::appliance {

namespace {

console::CommandResult verify(console::Invocation& invocation, const Parts& parts)
{
    auto session = open_session(invocation);
    require_self_tests(parts.self_tests);
    const auto bytes = console::read_input(invocation, console::path_of(invocation, invocation.text("BUNDLE")),
                                           console::most_large_artefact_bytes);
    const auto examination = examine(session.ledger(), bytes, session.now(invocation.environment().clock));
    const bool begins_a_delay = begins_delay_here(invocation, examination);
    if (begins_a_delay)
        require_date(invocation.environment().terminal, examination.now);
    latch(session, examination, begins_a_delay ? Date::confirmed : Date::unconfirmed);
    if (examination.refused)
        throw *examination.refused;

    console::CommandResult result;
    result.document.set("bundle_digest", Document::hex(examination.digest.bytes()));
    auto requests = Document::list();
    std::size_t number = 0;
    for (const auto& verdict : examination.verdicts) {
        ++number;
        const auto title = "Request " + std::to_string(number) + " of " + std::to_string(examination.verdicts.size());
        if (verdict.refusal) {
            const auto refusal = in_request(verdict, *verdict.refusal);
            requests.add(describe_verdict(verdict, "refused", refusal));
            result.text.push_back(title + "  refused: " + refusal.message() + " (" + std::string{name_of(refusal.code())} + ")");
            if (!result.first_refusal)
                result.first_refusal = refusal;
            continue;
        }
        requests.add(describe_verdict(verdict, verdict.stored != nullptr ? "signed" : "approved", std::nullopt));
        if (verdict.stored != nullptr) {
            result.text.push_back(title + "  was signed before");
            continue;
        }
        for (const auto& page : console::render(review_of(examination, session.ledger(), verdict, title), {.columns = 80, .rows = 1000}))
            result.text.insert(result.text.end(), page.begin(), page.end());
    }
    result.document.set("requests", std::move(requests)).set("receipt", Document{});
    result.text.push_back("Nothing was signed.");
    return result;
}

} // namespace

console::Command verify_command(const Parts& parts)
{
    return {{.name = "verify",
             .summary = "everything that sign would check and show; signs nothing",
             .description = "Records valid entries of the policy chain, valid rejections and when a request was first seen.",
             .arguments = {{.name = "BUNDLE", .help = "what `coffer export` made, or -", .completes = console::Completes::file}},
             .options = console::secret_options(),
             .exits = session_exits()},
            [parts](console::Invocation& invocation) { return verify(invocation, parts); }};
}

} // namespace coffer::appliance
