#include "appliance/ceremony/voted_ceremony.h"

#include "appliance/ceremony/presence.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/streams.h"
#include "core/requests/ceremony.h"
#include "core/storage/file.h"

#include <algorithm>
#include <array>

namespace coffer::appliance {

namespace {

using Operation = payments::Ceremony::Operation;

/// What the identity key says stands for the wallet key.
class CeremonySigner final : public keys::Signer {
public:
    explicit CeremonySigner(const crypto::Ed25519PrivateKey& identity) : m_identity{identity} {}

    std::vector<payments::TaskSignature> sign(std::span<const payments::SigningTask> tasks) override
    {
        std::vector<payments::TaskSignature> signatures;
        for (const auto& task : tasks)
            signatures.push_back(requests::sign_ceremony(task, m_identity));
        return signatures;
    }

private:
    const crypto::Ed25519PrivateKey& m_identity;
};

} // namespace

std::vector<console::OptionSpec> voted_ceremony_options()
{
    return {{.name = "bundle", .metavar = "FILE", .help = "the request that officers voted for, as `coffer export` made it: for a key that a charter names",
             .completes = console::Completes::file},
            console::out_option("where the receipt goes, with --bundle", console::Presence::optional),
            console::force_option()};
}

VotedCeremony::VotedCeremony(console::Invocation& invocation, Session& session, Operation operation, const std::string& key)
    : m_invocation{invocation}, m_session{session},
      m_examination{examine(session.ledger(), console::read_input(invocation, invocation.path("bundle"), console::most_large_artefact_bytes),
                            session.now(invocation.environment().clock))}
{
    if (!invocation.has("out"))
        throw Error{ErrorCode::usage, "--bundle needs --out: the receipt tells the officers that it was done"};
    try {
        hold(operation, key);
    } catch (const Error& error) {
        // What was asked wrongly, and a person who declines or goes away, refuses nothing.
        constexpr std::array asked = {ErrorCode::usage, ErrorCode::exists, ErrorCode::presence, ErrorCode::declined, ErrorCode::interrupted};
        if (std::ranges::find(asked, error.code()) == asked.end())
            record_refusal(session, error, m_examination.now);
        throw;
    }
}

void VotedCeremony::hold(Operation operation, const std::string& key)
{
    auto& terminal = m_invocation.environment().terminal;
    if (m_examination.verdicts.size() != 1 && !m_examination.refused)
        throw Error{ErrorCode::usage, "the bundle carries " + std::to_string(m_examination.verdicts.size()) + " requests, not one ceremony", "export it alone"};
    if (!m_examination.refused && was_signed())
        return;
    if (std::filesystem::exists(m_invocation.path("out")) && !m_invocation.has("force"))
        throw Error{ErrorCode::exists, "file " + storage::quoted(m_invocation.path("out")) + " is there already", "--force replaces it"};
    console::require_terminal(terminal, "a key ceremony");
    begin_ceremony(terminal, m_session, m_examination);
    latch(m_session, m_examination, Date::confirmed);
    if (m_examination.refused)
        throw *m_examination.refused;
    if (verdict().refusal)
        throw *verdict().refusal;
    require_of(operation, key);
    if (ask_person(m_invocation.environment(), m_session.ledger(), m_examination).empty()) {
        require_not_expired();
        return;
    }
    const auto made = sign_examined(m_session, m_examination, {request()}, nullptr);
    console::write_output(m_invocation, m_invocation.path("out"), made.artefact);
    throw Error{ErrorCode::declined, "declined at the terminal"};
}

void VotedCeremony::require_not_expired() const
{
    const auto expires = verdict().judgement->open.request.expires;
    const auto now = m_session.now(m_invocation.environment().clock);
    if (expires <= now)
        throw Error{ErrorCode::appr_expired, "request expired " + format_time(expires) + " while it was reviewed, it is " + format_time(now)};
}

const payments::Ceremony& VotedCeremony::ceremony() const
{
    return *verdict().judgement->open.ceremony();
}

void VotedCeremony::require_of(Operation operation, const std::string& key) const
{
    const auto* asked = verdict().judgement->open.ceremony();
    if (asked == nullptr)
        throw Error{ErrorCode::usage, "the request of the bundle is no key ceremony", "coffer-cold sign signs it"};
    const auto* self = m_session.ledger().self();
    if (asked->appliance != self->id)
        throw Error{ErrorCode::usage, "the ceremony is one of appliance " + coffer::quoted(asked->appliance) + ", this is " + self->id};
    const auto& own = m_session.own_key(*self->find_key(asked->key));
    if (own.id != key || asked->operation != operation)
        throw Error{ErrorCode::usage, "officers voted for " + std::string{name_of(asked->operation)} + " of key " + own.id + ", not for " +
                                          std::string{name_of(operation)} + " of " + key};
}

void VotedCeremony::finish(console::CommandResult& result)
{
    const auto made = sign_examined(m_session, m_examination, {}, [](const Session& session, const charter::ApplianceKey&) {
        return std::make_unique<CeremonySigner>(session.identity());
    });
    const auto file = m_invocation.path("out");
    console::write_output(m_invocation, file, made.artefact);
    const auto head = m_session.ledger().head();
    result.document.set("receipt", file.string()).set("log_size", head.size).set("head", short_head(head));
    result.text.push_back("Receipt: " + file.string());
    result.text.push_back("Paper log: record " + std::to_string(head.size) + ", head " + short_head(head));
    result.next.push_back("coffer import " + file.filename().string());
}

void require_free(const Session& session, const std::string& key, Operation operation)
{
    const auto* known = session.ledger().find_key(key);
    if (known != nullptr && session.ledger().has_named(*known))
        throw Error{ErrorCode::appr_missing, "key " + coffer::quoted(key) + " is bound by the charter: to " + std::string{name_of(operation)} +
                                                 " its shares needs the votes of officers",
                    "coffer propose ceremony --operation " + std::string{name_of(operation)} + ", then --bundle FILE --out RECEIPT here"};
}

} // namespace coffer::appliance
