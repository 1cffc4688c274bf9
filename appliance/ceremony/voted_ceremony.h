#pragma once

#include "appliance/guard/signing.h"
#include "core/console/command.h"
#include "core/payments/ceremony.h"

#include <string>
#include <vector>

namespace coffer::appliance {

/// --bundle FILE and --out RECEIPT.
std::vector<console::OptionSpec> voted_ceremony_options();

/// A ceremony with a bound key, which officers voted for: a bundle with that one request, examined, reviewed and confirmed as `sign` does.
class VotedCeremony {
public:
    /// Judges the bundle and asks the people in the room. Throws what refuses it, Error{usage} for a bundle of something else,
    /// Error{declined}.
    VotedCeremony(console::Invocation& invocation, Session& session, payments::Ceremony::Operation operation, const std::string& key);

    const payments::Ceremony& ceremony() const;
    const RequestDigest& request() const { return m_examination.verdicts.front().digest; }
    /// True when it was done, and only the receipt has to be written again.
    bool was_signed() const { return m_examination.verdicts.front().stored != nullptr; }

    /// Signs that it was done and writes the receipt.
    void finish(console::CommandResult& result);

private:
    const Verdict& verdict() const { return m_examination.verdicts.front(); }
    void hold(payments::Ceremony::Operation operation, const std::string& key);
    void require_of(const payments::Ceremony& asked, payments::Ceremony::Operation operation, const std::string& key) const;
    std::string own_id(const charter::ApplianceKey& named, payments::Ceremony::Operation operation) const;
    /// A person may take hours to read (PROTOCOL 7).
    void require_not_expired() const;

    console::Invocation& m_invocation;
    Session& m_session;
    Bytes m_bundle;
    Examination m_examination;
};

/// Throws Error{appr_missing} for a key that a charter has named: what reveals it is voted on.
void require_free(const Session& session, const std::string& key, payments::Ceremony::Operation operation);

} // namespace coffer::appliance
