#pragma once

#include "cli/home.h"
#include "cli/officer_key.h"
#include "core/charter/policy_chain.h"
#include "core/console/command.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

/// How many must sign an entry of the policy chain.
enum class Signers { one, several };
/// The same with what every command has that makes an entry: --officer, --key and --reason; where several sign, --out for a draft, too.
console::CommandSpec entry_command(Signers signers, console::CommandSpec spec);
std::vector<ExitStatus> entry_exits();
/// --reason, at most 1,000 bytes and in Unicode normal form C.
std::string reason_of(const console::Invocation& invocation);

/// Throws what keeps an entry from following this chain, beyond what the chain itself refuses.
using Precondition = std::function<void(const charter::PolicyChain&)>;

/// Signs the entry with the officer's key. With --out it goes into that file for others to sign; else it is linked, and Error{appr_missing}
/// says whose signatures it lacks. Errors: those of OfficerKey, of the precondition and of PolicyState::apply().
console::CommandResult sign_and_link(console::Invocation& invocation, Home& home, const charter::Entry& entry, const Precondition& precondition = {});

/// Verifies an entry other than a cancel and makes it the next link; of one that is linked already a no-op.
console::CommandResult link_entry(Home& home, const artefacts::Artefact& artefact, const Precondition& precondition = {});

/// Throws Error{appr_role} unless the key is the officer's by the charter in force, and Error{charter_untrusted} when it trusts a charter
/// that is not part of this chain.
void require_signer(const OfficerKey& key, const charter::PolicyChain& chain, const std::string& officer);

/// What an entry says, for people: with the whole address of a destination.
std::vector<std::string> entry_in_words(const charter::Charter& charter, const charter::Entry& entry);
Document describe_entry(const charter::Entry& entry, const EntryHash& hash);

/// Whose signatures the entry carries, by the charter in force.
std::vector<std::string> signers_of(const artefacts::Artefact& artefact, const charter::Charter& charter);
/// In a sentence what keeps the entry from being linked now, and what to run next.
struct Readiness {
    std::string says;
    std::string next;
    bool is_complete = false;
};
Readiness readiness_of(const charter::PolicyChain& chain, const artefacts::Artefact& artefact, UtcTime now, const std::string& file);
/// Why the chain would refuse a link to this entry at that time; none when it can be linked.
std::optional<Error> find_refusal(const charter::PolicyChain& chain, const artefacts::Artefact& artefact, UtcTime now);

} // namespace coffer::cli
