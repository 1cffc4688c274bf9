#include "appliance/ceremony/voted_ceremony.h"

#include "appliance/ceremony/presence.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/streams.h"
#include "core/requests/ceremony.h"
#include "core/storage/file.h"
#include "formats/bundle/bundle.h"

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

/// What refuses the whole bundle is logged, as `sign` does.
Examination examine_recording(Session& session, ByteView bundle, UtcTime now)
{
    try {
        return examine(session.ledger(), bundle, now);
    } catch (const Error& error) {
        record_refusal(session, error, now);
        throw;
    }
}

[[noreturn]] void refuse_other_request()
{
    throw Error{ErrorCode::usage, "the request of the bundle is no key ceremony", "coffer-cold sign signs it"};
}

/// Of a bundle whose request was done before, and is not judged again: what the ledger knows is the request, which names its payload.
payments::Ceremony read_done_ceremony(ByteView bytes)
{
    const auto bundle = bundle::decode_bundle(artefacts::Artefact::decode(bytes, artefacts::Kind::bundle));
    const auto& submission = bundle.requests.front().submission;
    const auto request = requests::decode_request(artefacts::Artefact::decode(submission.request, artefacts::Kind::request));
    if (submission.payloads.size() != 1 || !payments::is_ceremony(submission.payloads.front()))
        refuse_other_request();
    auto ceremony = payments::decode_ceremony(submission.payloads.front());
    if (request.payloads != std::vector{payments::ceremony_digest(ceremony)})
        throw Error{ErrorCode::tx_changed, "the ceremony of the bundle is not the one that its request names"};
    return ceremony;
}

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
      m_bundle{console::read_input(invocation, invocation.path("bundle"), console::most_large_artefact_bytes)},
      m_examination{examine_recording(session, m_bundle, session.now(invocation.environment().clock))}
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
    if (m_examination.refused) {
        latch(m_session, m_examination, Date::unconfirmed);
        throw *m_examination.refused;
    }
    if (m_examination.verdicts.size() != 1)
        throw Error{ErrorCode::usage, "the bundle carries " + std::to_string(m_examination.verdicts.size()) + " requests, not one ceremony", "export it alone"};
    if (was_signed()) {
        require_of(read_done_ceremony(m_bundle), operation, key);
        return;
    }
    console::require_free_output(m_invocation, m_invocation.path("out"));
    console::require_terminal(terminal, "a key ceremony");
    begin_ceremony(terminal, m_session, m_examination);
    latch(m_session, m_examination, Date::confirmed);
    if (verdict().refusal)
        throw *verdict().refusal;
    const auto* asked = verdict().judgement->open.ceremony();
    if (asked == nullptr)
        refuse_other_request();
    require_of(*asked, operation, key);
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

void VotedCeremony::require_of(const payments::Ceremony& asked, Operation operation, const std::string& key) const
{
    const auto* self = m_session.ledger().self();
    if (self == nullptr || asked.appliance != self->id)
        throw Error{ErrorCode::usage, "the ceremony is one of appliance " + coffer::quoted(asked.appliance) + ", this is " +
                                          (self == nullptr ? "none of the charter in force" : self->id)};
    const auto* named = self->find_key(asked.key);
    if (named == nullptr)
        throw Error{ErrorCode::fingerprint, "the charter in force names no key " + coffer::quoted(asked.key) + " of " + self->id};
    const auto own = own_id(*named, operation);
    if (own != key || asked.operation != operation)
        throw Error{ErrorCode::usage, "officers voted for " + std::string{name_of(asked.operation)} + " of key " + own + ", not for " +
                                          std::string{name_of(operation)} + " of " + key};
}

/// A key that this home never had is put together under the id that the charter gives it.
std::string VotedCeremony::own_id(const charter::ApplianceKey& named, Operation operation) const
{
    if (operation == Operation::combine && m_session.find_own_key(named) == nullptr)
        return named.id;
    return m_session.own_key(named).id;
}

void VotedCeremony::finish(console::CommandResult& result)
{
    const auto file = m_invocation.path("out");
    if (const auto* stored = m_session.ledger().find_complete_receipt(m_examination.digest)) {
        console::write_output(m_invocation, file, stored->receipt);
    } else {
        const auto made = sign_examined(m_session, m_examination, {}, [](const Session& session, const charter::ApplianceKey&) {
            return std::make_unique<CeremonySigner>(session.identity());
        });
        console::write_output(m_invocation, file, made.artefact);
    }
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
        throw Error{ErrorCode::appr_missing, "key " + coffer::quoted(key) + " is bound by the charter: " +
                                                 (operation == Operation::words ? "showing its words" : "to " + std::string{name_of(operation)} + " its shares") +
                                                 " needs the votes of officers",
                    "coffer propose ceremony --operation " + std::string{name_of(operation)} + ", then --bundle FILE --out RECEIPT here"};
}

} // namespace coffer::appliance
