#include "cli/requests/asking.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

console::OptionSpec confirm_option()
{
    return {.name = "confirm",
            .metavar = "REQUEST_DIGEST",
            .help = "what is agreed to where there is no terminal; a person at a terminal is asked all the same"};
}

void require_person(const console::Invocation& invocation, const requests::Judgement& judgement, const charter::Charter& charter,
                    const console::RequestReviewFacts& facts, std::string_view purpose)
{
    const auto digest = encoding::encode_hex(judgement.open.digest.bytes());
    const auto confirmed = invocation.find("confirm");
    if (confirmed && to_lower_ascii(*confirmed) != digest)
        throw Error{ErrorCode::appr_binding, "--confirm names " + coffer::quoted(*confirmed) + ", the request's digest is " + digest};
    auto& environment = invocation.environment();
    if (!environment.terminal.present()) {
        if (confirmed)
            return;
        throw Error{ErrorCode::presence, "there is no terminal to ask a person at", "without one, say what is agreed to: --confirm " + digest};
    }
    show_review(environment.terminal, describe_for_review(judgement, charter, facts));
    environment.terminal.write_line("Compare with the other screens:  " + requests::fingerprint(judgement.open.digest));
    require_challenge(environment.terminal, environment.random, console::challenge_content(judgement, charter), purpose);
}

std::map<std::string, UtcTime> added_since(const charter::PolicyChain& chain)
{
    std::map<std::string, UtcTime> since;
    for (const auto& [id, added] : chain.added())
        since.emplace(id, added.time);
    return since;
}

std::map<std::string, std::uint64_t> address_book_versions(const charter::PolicyChain& chain)
{
    std::map<std::string, std::pair<Bytes, std::uint64_t>> known;
    for (const auto& link : chain.links()) {
        const auto artefact = artefacts::Artefact::decode_any(link.artefact);
        if (artefact.kind() != artefacts::Kind::charter)
            continue;
        const auto charter = charter::open(artefact);
        std::map<std::string, std::pair<Bytes, std::uint64_t>> now;
        for (const auto& entry : charter.destinations) {
            const auto before = known.find(entry.id);
            const bool is_same = before != known.end() && before->second.first == entry.address;
            now.emplace(entry.id, std::pair{entry.address, is_same ? before->second.second : charter.version});
        }
        known = std::move(now);
    }
    std::map<std::string, std::uint64_t> versions;
    for (const auto& [id, entry] : known)
        if (!chain.added().contains(id))
            versions.emplace(id, entry.second);
    return versions;
}

} // namespace coffer::cli
