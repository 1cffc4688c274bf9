#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/policy_chain.h"
#include "core/console/command.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

struct Config;

/// What an officer's key file remembers of a treasury, authenticated: from here every policy
/// chain is verified (PROTOCOL 3, "An officer's own machine").
struct TrustAnchor {
    artefacts::BodyHeader header;
    CharterHash charter;                       ///< the one that was compared by the person
    std::optional<charter::Position> position; ///< the newest seen; none until a chain was verified
    std::vector<Bytes> heads;                  ///< the newest `coffer-head` seen of each appliance
    bool operator==(const TrustAnchor&) const = default;
};

/// --officer and --key, and the sources of the passphrase.
std::vector<console::OptionSpec> officer_options();

/// --officer, else the configuration's. Throws Error{usage}.
std::string officer_id(const console::Invocation& invocation, const Config* config);
/// --key, else the configuration's. Throws Error{usage}.
std::filesystem::path officer_key_file(const console::Invocation& invocation, const Config* config);

/// An officer's software approval key: a sealed file, opened.
class OfficerKey {
public:
    /// Makes a key and writes it, sealed, to a new file. Throws Error{exists}.
    static OfficerKey generate(const console::Invocation& invocation, const std::string& officer,
                               const std::filesystem::path& file);
    /// Asks for the passphrase, or reads it from where the invocation says. Throws
    /// Error{not_found}, Error{file_perm}, Error{wrong_passphrase}, Error{type} for a file that is no officer's key.
    static OfficerKey open(const console::Invocation& invocation, const std::filesystem::path& file);

    OfficerKey(OfficerKey&&) noexcept;
    OfficerKey& operator=(OfficerKey&&) noexcept;
    ~OfficerKey();

    const std::string& officer() const;
    const artefacts::ApprovalKey& public_key() const;

    const std::optional<TrustAnchor>& anchor() const;
    /// Replaces the anchor and seals the file anew, atomically; nothing is written when it is the same.
    void trust(const TrustAnchor& anchor);
    /// What every `approve` and `reject` does before it judges: the chain must contain the
    /// anchored charter and the position seen last (or have ended a fork since), and `heads`
    /// (artefacts) must be signed by their appliances and never go back. Returns the anchor that a vote
    /// moves to: one that was only looked at leaves the key as it was.
    ///
    /// Throws Error{charter_untrusted} without an anchor (hint: `coffer officer trust`) and for a
    /// chain that the anchor does not belong to; Error{ledger_rollback}.
    TrustAnchor verify(const charter::PolicyChain& chain, const std::vector<Bytes>& heads) const;

    /// Throws Error{appr_role} unless the charter gives this key to `officer`.
    const charter::Officer& require_officer(const charter::Charter& charter, const std::string& officer) const;
    void sign(artefacts::Artefact& artefact) const;

private:
    struct Parts;
    explicit OfficerKey(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace coffer::cli
