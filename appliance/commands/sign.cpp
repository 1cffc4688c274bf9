#include "appliance/ceremony/presence.h"
#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/examined.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"

#include <algorithm>
#include <map>
#include <type_traits>

namespace coffer::appliance {

namespace {

constexpr std::size_t most_confirm_file_bytes = 1024 * 1024;

/// The request digests that --confirm and --confirm-file name.
std::set<RequestDigest> confirmed_digests(const console::Invocation& invocation)
{
    auto lines = invocation.all("confirm");
    if (invocation.has("confirm-file")) {
        const auto content = storage::read_file(invocation.path("confirm-file"), most_confirm_file_bytes);
        for (auto& line : split(text_of(content), '\n'))
            if (!trim(line).empty())
                lines.emplace_back(trim(line));
    }
    std::set<RequestDigest> digests;
    for (const auto& line : lines)
        digests.insert(RequestDigest::from(encoding::decode_hex(line)));
    return digests;
}

/// Who may be asked: a wallet with `presence = "none"` signs what was confirmed by its digest;
/// everything else needs a person at the terminal (PROTOCOL 9).
void require_presence(Examination& examination, const std::set<RequestDigest>& confirmed, bool has_terminal)
{
    for (auto& verdict : examination.verdicts) {
        if (!verdict.judgement)
            continue;
        const auto digest = encoding::encode_hex(verdict.digest.bytes());
        if (verdict.judgement->open.ceremony() != nullptr)
            verdict.refusal = Error{ErrorCode::presence, "is a key ceremony, which is held and not signed",
                                    "coffer-cold shares --help: the command that holds it takes this bundle with --bundle"};
        else if (verdict.asks_a_person() && !has_terminal)
            verdict.refusal =
                Error{ErrorCode::presence,
                      "wallet " + verdict.judgement->open.wallet->id + " asks for a person at the terminal",
                      "run this where a person can answer; --confirm is for wallets with presence = \"none\""};
        else if (!verdict.asks_a_person() && !confirmed.contains(verdict.digest))
            verdict.refusal = Error{ErrorCode::presence, "request is not confirmed", "confirm it: --confirm " + digest};
        if (verdict.refusal)
            verdict.judgement.reset();
    }
}

/// Keys that rest nowhere are entered by their shares once it is clear that something is signed with them.
void unlock_keys(console::Invocation& invocation, Session& session, Examination& examination, const std::set<RequestDigest>& declined)
{
    const auto* self = session.ledger().self();
    for (auto& verdict : examination.verdicts) {
        if (!verdict.judgement || declined.contains(verdict.digest))
            continue;
        try {
            for (const auto& payload : verdict.judgement->open.payloads)
                for (const auto& task : payload->signing_tasks())
                    if (task.appliance == self->id)
                        unlock_key(invocation, session, session.own_key(*self->find_key(task.key)).id);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::interrupted)
                throw;
            verdict.refusal = error;
            verdict.judgement.reset();
        }
    }
}

/// A person may take hours to answer, and what expires meanwhile is not signed (PROTOCOL 7).
void refuse_expired(Examination& examination, const std::set<RequestDigest>& declined, UtcTime now)
{
    for (auto& verdict : examination.verdicts) {
        if (!verdict.judgement || declined.contains(verdict.digest) || now < verdict.judgement->open.request.expires)
            continue;
        verdict.refusal = Error{ErrorCode::appr_expired, "request expired " + format_time(verdict.judgement->open.request.expires) +
                                                             " while it was reviewed, it is " + format_time(now)};
        verdict.judgement.reset();
    }
}

class SignCommand {
public:
    SignCommand(console::Invocation& invocation, const Parts& parts)
        : m_invocation{invocation}, m_parts{parts}, m_session{open_session(invocation)}
    {
    }

    console::CommandResult run()
    {
        require_self_tests(m_parts.self_tests);
        const auto bundle =
            console::read_input(m_invocation, console::path_of(m_invocation, m_invocation.text("BUNDLE")),
                                console::most_large_artefact_bytes);
        const auto now = m_session.now(m_invocation.environment().clock);
        if (const auto stored = recording_refusal(now, [&] { return find_complete_receipt(bundle); }))
            return hand_out_again(*stored, bundle);
        console::require_free_output(m_invocation, m_invocation.path("out"));
        auto examination = recording_refusal(now, [&] { return examine(m_session.ledger(), bundle, now); });
        require_presence(examination, confirmed_digests(m_invocation), m_invocation.environment().terminal.present());
        const bool asks_a_person = !examination.refused && std::ranges::any_of(examination.verdicts, &Verdict::asks_a_person);
        const bool begins_a_delay = begins_delay_here(m_invocation, examination);
        // Nothing is remembered under a date that the person in the room calls wrong.
        if (asks_a_person || begins_a_delay)
            recording_refusal(now, [&] { begin_ceremony(m_invocation.environment().terminal, m_session, examination); });
        recording_refusal(now, [&] { keep(examination, asks_a_person || begins_a_delay ? Date::confirmed : Date::unconfirmed); });

        std::set<RequestDigest> declined;
        if (asks_a_person)
            declined = ask_person(m_invocation.environment(), m_session.ledger(), examination);
        unlock_keys(m_invocation, m_session, examination, declined);
        refuse_expired(examination, declined, m_session.now(m_invocation.environment().clock));
        const auto made = sign_examined(m_session, examination, declined, m_parts.make_signer);
        console::write_output(m_invocation, m_invocation.path("out"), made.artefact);
        return describe(made.receipt, &examination);
    }

private:
    /// The stored receipt when everything in this very bundle was signed before.
    std::optional<Bytes> find_complete_receipt(ByteView bundle) const
    {
        const auto digest = BundleDigest{artefacts::Artefact::decode(bundle, artefacts::Kind::bundle).hash()};
        const auto* stored = m_session.ledger().find_complete_receipt(digest);
        return stored == nullptr ? std::nullopt : std::optional{stored->receipt};
    }

    console::CommandResult hand_out_again(const Bytes& artefact, ByteView bundle)
    {
        for (const auto& carried : bundle::decode_bundle(artefacts::Artefact::decode(bundle, artefacts::Kind::bundle)).requests) {
            const auto request = artefacts::Artefact::decode(carried.submission.request, artefacts::Kind::request);
            m_ids.emplace(requests::digest_of(request), requests::decode_request(request).id);
        }
        console::write_output(m_invocation, m_invocation.path("out"), artefact);
        m_invocation.output().message("Everything in this bundle was signed before; this is the same receipt.");
        return describe(bundle::decode_receipt(artefacts::Artefact::decode(artefact, artefacts::Kind::receipt)),
                        nullptr);
    }

    /// What the bundle proved stays, also when it is refused.
    void keep(const Examination& examination, Date date)
    {
        latch(m_session, examination, date);
        if (examination.refused)
            throw *examination.refused;
    }

    /// What refuses the whole bundle is logged before it is told. A terminal that went away refuses nothing.
    template <typename Step>
    std::invoke_result_t<Step> recording_refusal(UtcTime now, Step step)
    {
        try {
            return step();
        } catch (const Error& error) {
            if (error.code() == ErrorCode::interrupted)
                throw;
            record_refusal(m_session, error, now);
            throw error.with_hint(error.hint().empty() ? "nothing was signed" : "nothing was signed; " + error.hint());
        }
    }

    console::CommandResult describe(const bundle::Receipt& receipt, const Examination* examination)
    {
        console::CommandResult result;
        auto requests = Document::list();
        std::size_t signed_count = 0;
        for (std::size_t i = 0; i < receipt.results.size(); ++i) {
            const auto& outcome = receipt.results[i];
            Verdict verdict{.digest = outcome.request};
            if (const auto known = m_ids.find(outcome.request); known != m_ids.end())
                verdict.id = known->second;
            std::optional<Error> refusal;
            if (examination) {
                verdict.id = examination->verdicts[i].id;
                refusal = examination->verdicts[i].refusal;
            }
            if (outcome.outcome == bundle::Outcome::signed_)
                ++signed_count;
            else if (!refusal)
                refusal =
                    Error{find_error_code(outcome.code).value_or(ErrorCode::internal),
                          outcome.outcome == bundle::Outcome::declined ? "declined at the terminal" : "was not signed"};
            if (refusal) {
                refusal = in_request(verdict, *refusal);
                // The first one is told in full as the error of the whole run.
                const auto what = result.first_refusal ? refusal->message() : request_name(verdict);
                result.text.push_back(std::string{name_of(outcome.outcome)} + ": " + what + " (" + outcome.code + ")");
                if (!result.first_refusal)
                    result.first_refusal = refusal;
            }
            requests.add(describe_verdict(verdict, name_of(outcome.outcome), refusal));
        }
        const auto file = m_invocation.path("out");
        // A receipt that is handed out again may have records of `verify` after it; the next session asks for this one.
        const auto head = m_session.ledger().head_at(m_session.ledger().size_after_last_session());
        result.document.set("bundle_digest", Document::hex(receipt.bundle.bytes()))
            .set("requests", std::move(requests))
            .set("receipt", file.string())
            .set("log_size", head.size)
            .set("head", short_head(head));
        result.text.push_back("Signed " + std::to_string(signed_count) + " of " +
                              std::to_string(receipt.results.size()) + ". Receipt: " + file.string());
        result.text.push_back("Paper log: record " + std::to_string(head.size) + ", head " + short_head(head));
        result.next = {"coffer import " + file.filename().string()};
        return result;
    }

    console::Invocation& m_invocation;
    const Parts& m_parts;
    Session m_session;
    std::map<RequestDigest, RequestId> m_ids; ///< of a bundle whose receipt is handed out again
};

} // namespace

console::Command sign_command(const Parts& parts)
{
    console::CommandSpec spec{
        .name = "sign",
        .summary = "review, ask, and sign what a bundle carries",
        .description =
            "Every vote is verified against the pinned policy, every payload decoded, and a person asked at the terminal. "
            "The same bundle again gives the same receipt.",
        .arguments = {{.name = "BUNDLE",
                       .help = "what `coffer export` made, or -",
                       .completes = console::Completes::file}},
        .options = with_shares({}),
        .exits = session_exits(),
        .examples = {{"coffer-cold sign /media/stick/to-vault.coffer --out /media/stick/from-vault.coffer", ""}}};
    spec.options.push_back(console::out_option("where the receipt goes"));
    spec.options.push_back(console::force_option());
    spec.options.push_back({.name = "confirm",
                            .metavar = "REQUEST_DIGEST",
                            .help = "sign this request unattended; only for wallets with presence = \"none\"",
                            .occurs = console::Occurs::repeatedly});
    spec.options.push_back({.name = "confirm-file",
                            .metavar = "FILE",
                            .help = "the same, one digest a line",
                            .completes = console::Completes::file});
    return {std::move(spec), [parts](console::Invocation& invocation) { return SignCommand{invocation, parts}.run(); }};
}

} // namespace coffer::appliance
