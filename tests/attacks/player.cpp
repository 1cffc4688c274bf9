#include "tests/attacks/player.h"

#include "tests/attacks/entry_maker.h"

#include "core/encoding/hex.h"
#include "core/requests/head.h"
#include "core/storage/file.h"
#include "tests/attacks/bitcoin_keys.h"
#include "tests/attacks/charter_patch.h"
#include "tests/attacks/faults.h"
#include "tests/attacks/forgery.h"
#include "tests/attacks/payload_maker.h"
#include "tests/attacks/person.h"
#include "tests/support/described.h"

#include <algorithm>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

void require_step(const Json& step, std::string_view what)
{
    require_known(step,
                  {"do", "at", "chain", "entries", "requests", "bundle", "person", "confirm", "faults", "tamper",
                   "args", "charter", "pin", "second_charter", "earlier"},
                  what);
}

/// What decoding would say, for a payload that it refuses.
payments::Description pretended_description(const Json& payload, const charter::Charter& charter,
                                            const charter::Wallet& wallet)
{
    const auto native = charter.chain(wallet.chain).native();
    payments::Description description{wallet.id, {}, {}, {{native, 0}, 0, 0}};
    if (payload.contains("to") && wallet.descriptor.empty())
        description.payments.push_back({address_in(charter, payload.at("to").get<std::string>()), {native, 1}});
    return description;
}

/// The payloads of a request in the order of their names; {"repeat": 3} stands for as many of them, with nonces that
/// follow each other.
std::vector<Json> payloads_of(const Json& request)
{
    std::vector<Json> payloads;
    for (const auto& [part, given] : request.at("payloads").items()) {
        if (given.is_null())
            continue;
        auto payload = given;
        const auto copies = get<std::uint64_t>(payload, "repeat", 1);
        payload.erase("repeat");
        const auto nonce = get<std::uint64_t>(payload, "nonce", 0);
        for (std::uint64_t i = 0; i < copies; ++i) {
            if (copies > 1)
                payload["nonce"] = nonce + i;
            payloads.push_back(payload);
        }
    }
    return payloads;
}

} // namespace

Player::Player(const Json& scenario) : m_scenario(scenario)
{
    require_step(scenario, "scenario");
    const bool is_pin_judged = scenario.contains("pin");
    m_vault =
        std::make_unique<TestVault>([&](charter::Charter& charter) { patch(charter, member(scenario, "charter")); },
                                    founding_day + hours(2), is_pin_judged ? TestVault::Pin::no : TestVault::Pin::yes);
    m_start = m_vault->now();
}

Run Player::pin()
{
    const auto& how = m_scenario.at("pin");
    require_known(how, {"edit", "signers"}, "pin");
    const auto sealed = seal(m_vault->first_charter());
    const artefacts::Artefact body{sealed.kind(), edited(sealed.body(), member(how, "edit"))};
    return m_vault->pin(
        signed_by(body, get<std::vector<std::string>>(how, "signers", officer_ids(m_vault->first_charter()))));
}

Played Player::play()
{
    Played played;
    if (m_scenario.contains("pin")) {
        played.before = files_in(m_vault->file("."));
        const auto had = records_of(m_vault->home()).value();
        played.run = pin();
        if (played.run.status != 0) {
            played.after = files_in(m_vault->file("."));
            const auto has = records_of(m_vault->home()).value();
            played.gained.emplace(has.begin() + static_cast<std::ptrdiff_t>(had.size()), has.end());
            return played;
        }
    }
    m_states = {m_vault->chain()};
    m_links = m_vault->chain().links();
    for (const auto& [name, step] : member(m_scenario, "earlier").items())
        play_earlier(step);

    set_time(m_scenario);
    played.requests = build(m_scenario);
    tamper(m_vault->home(), member(m_scenario, "tamper"));
    std::filesystem::remove(m_vault->receipt_file());
    *m_signer_was_asked = 0;
    played.before = files_in(m_vault->file("."));
    const auto had = records_of(m_vault->home());
    played.run = run(m_scenario, played.requests);
    played.after = files_in(m_vault->file("."));
    const auto has = records_of(m_vault->home());
    if (had && has)
        played.gained.emplace(has->begin() + static_cast<std::ptrdiff_t>(had->size()), has->end());
    played.signer_was_asked = *m_signer_was_asked;
    if (std::filesystem::exists(m_vault->receipt_file())) {
        played.receipt_bytes = storage::read_file(m_vault->receipt_file(), 1 << 20);
        played.receipt = m_vault->receipt();
    }
    return played;
}

void Player::play_earlier(const Json& step)
{
    if (step.is_null())
        return;
    require_step(step, "step");
    set_time(step);
    const auto action = get<std::string>(step, "do", "sign");
    if (action == "keep_image")
        return m_vault->keep_image("image");
    if (action == "put_back_image")
        return m_vault->put_back_image("image");
    const auto requests = build(step);
    std::filesystem::remove(m_vault->receipt_file());
    const auto status = run(step, requests).status;
    EXPECT_EQ(status, get<int>(member(step, "person"), "exit", 0))
        << "an earlier step of the scenario went wrong: " << step.dump();
    tamper(m_vault->home(), member(step, "tamper"));
    if (std::filesystem::exists(m_vault->receipt_file()))
        m_receipts.push_back(storage::read_file(m_vault->receipt_file(), 1 << 20));
}

void Player::set_time(const Json& step)
{
    const auto at = get<std::string>(step, "at", "0s");
    m_vault->set_now(at.find('T') != std::string::npos ? parse_time(at) : m_start + signed_duration(at));
}

std::vector<PlayedRequest> Player::build(const Json& step)
{
    if (get<std::string>(step, "chain", "") == "founding") {
        m_states.resize(1, m_states.front());
        m_links.resize(1);
        m_withheld.clear();
    }
    const auto& entries = member(step, "entries");
    const auto is_late = [](const Json& entry) { return entry.contains("cancel") || get(entry, "late", false); };
    for (const auto& [name, entry] : entries.items())
        if (!entry.is_null() && !is_late(entry))
            build_entry(entry);
    m_vault->chain() = chain();
    std::vector<PlayedRequest> requests;
    for (const auto& [name, request] : member(step, "requests").items())
        if (!request.is_null())
            requests.push_back(m_known.insert_or_assign(name, build_request(name, request)).first->second);
    for (const auto& [name, entry] : entries.items())
        if (!entry.is_null() && is_late(entry))
            build_entry(entry);
    for (auto& request : requests)
        add_votes(request, member(member(step, "requests").at(request.name), "votes"));
    for (const auto& request : requests)
        m_known.insert_or_assign(request.name, request);
    m_vault->chain() = chain();
    return requests;
}

/// {"amend": changes, "signers", "adopt_before", "version", "previous": number of the charter amended}, what entry_maker.h makes, or
/// {"cancel": request, "officer", "signers", "age"}; "withheld" leaves the link out of bundles, "link": {"number",
/// "previous"} breaks it, "again": N repeats the entry of link N.
void Player::build_entry(const Json& entry)
{
    require_known(entry,
                  {"amend", "cancel", "signers", "adopt_before", "version", "previous", "officer", "age", "withheld",
                   "late", "link", "again", "header", "freeze", "for", "unfreeze", "suspend", "add", "address", "remove",
                   "enrol", "retire", "key", "on", "reason"},
                  "entry");
    std::optional<artefacts::Artefact> artefact;
    if (entry.contains("cancel")) {
        const auto officer = entry.at("officer").get<std::string>();
        artefact =
            signed_by(charter::encode_cancel(
                          {.header = header(member(entry, "header")),
                           .request = requests::digest_of(m_known.at(entry.at("cancel").get<std::string>()).artefact),
                           .officer = officer,
                           .time = m_vault->now() - signed_duration(get<std::string>(entry, "age", "10m")),
                           .reason = "no longer wanted"}),
                      get<std::vector<std::string>>(entry, "signers", {officer}));
    } else if (auto made = make_entry(chain(), entry, m_vault->now())) {
        artefact = std::move(made);
    } else if (entry.contains("again")) {
        artefact = artefacts::Artefact::decode_any(m_links.at(entry.at("again").get<std::size_t>()).artefact);
    } else {
        auto next = amended(chain(), [&](charter::Charter& charter) { patch(charter, entry.at("amend")); });
        next.adopt_before = m_vault->now() + signed_duration(get<std::string>(entry, "adopt_before", "7d"));
        next.version = get<std::uint64_t>(entry, "version", next.version);
        if (entry.contains("previous"))
            next.previous = m_states.at(entry.at("previous").get<std::size_t>()).charter_hash();
        artefact = signed_by(seal(next), get<std::vector<std::string>>(entry, "signers", {"alice", "bob", "dave"}));
    }
    auto link = chain().next(artefact->encode());
    link.number = get<std::uint64_t>(member(entry, "link"), "number", link.number);
    if (get<std::string>(member(entry, "link"), "previous", "") == "zero")
        link.previous = LinkHash{};
    auto continued = chain();
    try {
        continued.apply(link, m_vault->now());
        m_states.push_back(std::move(continued));
    } catch (const Error&) {
        // The officers' side refuses it, too; the bundle carries it all the same.
    }
    if (get(entry, "withheld", false))
        m_withheld.insert(m_links.size());
    m_links.push_back(std::move(link));
}

artefacts::BodyHeader Player::header(const Json& changes) const
{
    require_known(changes, {"environment", "treasury"}, "header");
    auto header = m_states.front().charter().header;
    if (changes.contains("environment"))
        header.environment = artefacts::parse_environment(changes.at("environment").get<std::string>());
    if (changes.contains("treasury"))
        header.treasury = TreasuryId{crypto::sha256(bytes_of(changes.at("treasury").get<std::string>()))};
    return header;
}

/// Of the officers' chain by its number, or {"number", "link": "zero"}.
charter::Position Player::position(const Json& value) const
{
    if (value.is_number())
        return m_states.at(value.get<std::size_t>()).position();
    require_known(value, {"number"}, "position");
    return {value.at("number").get<std::uint64_t>(), LinkHash{crypto::sha256(bytes_of("a link that nobody has seen"))}};
}

RequestDraft Player::draft_request(const Json& request) const
{
    require_known(request, {"number",     "id_of",     "kind",     "wallet",    "requester",       "signers",
                            "age",        "life",      "position", "replaces",  "header",          "payloads",
                            "carried",    "votes",     "edit",     "body_edit", "body_edit_after", "payment_of",
                            "digests_of", "signatures", "predecessors"},
                  "request");
    const auto requester = get<std::string>(request, "requester", "carol");
    RequestDraft draft{
        .header = header(member(request, "header")),
        .id = make_request_id(founding_day, {0, 0, 0, 0, 0, 0, 0, 0, 0, get<std::uint8_t>(request, "number", 1)}),
        .kind = charter::parse_request_kind(get<std::string>(request, "kind", "transfer")),
        .wallet = get<std::string>(request, "wallet", "eth-cold"),
        .payloads = {},
        .requester = requester,
        .signers = get<std::vector<std::string>>(request, "signers", {requester}),
        .age = signed_duration(get<std::string>(request, "age", "1h")),
        .life = signed_duration(get<std::string>(request, "life", "12h")),
        .position = request.contains("position") ? position(request.at("position")) : chain().position()};
    if (request.contains("id_of"))
        draft.id = requests::decode_request(m_known.at(request.at("id_of").get<std::string>()).artefact).id;
    if (request.contains("replaces"))
        draft.replaces = requests::digest_of(m_known.at(request.at("replaces").get<std::string>()).artefact);
    if (request.contains("body_edit"))
        draft.edit = [edits = request.at("body_edit")](Bytes body) { return edited(std::move(body), edits); };
    return draft;
}

PlayedRequest Player::build_request(const std::string& name, const Json& request)
{
    if (request.contains("again")) {
        require_known(request, {"again", "votes", "signatures"}, "request");
        auto same = m_known.at(request.at("again").get<std::string>());
        same.name = name;
        add_signatures(same, member(request, "signatures"));
        if (request.contains("votes"))
            same.carried.submission.votes.clear();
        return same;
    }
    auto draft = draft_request(request);
    const auto* known = chain().charter().find_wallet(draft.wallet);
    const auto& wallet = known != nullptr ? *known : chain().charter().wallets.front();
    std::vector<PayloadDigest> digests;
    std::vector<payments::Description> parts;
    requests::Payloads decoded;
    for (const auto& payload : payloads_of(request)) {
        draft.payloads.push_back(make_payload(payload, chain().charter(), wallet));
        try {
            decoded.push_back(m_vault->decode(draft.payloads.back(), wallet.id));
            digests.push_back(decoded.back()->digest());
            parts.push_back(decoded.back()->description());
        } catch (const Error&) {
            digests.push_back(digest_without_decoding(draft.payloads.back(), get<std::uint64_t>(payload, "chain_id", 1),
                                                      wallet.address));
            parts.push_back(pretended_description(payload, chain().charter(), wallet));
        }
    }
    draft.payload_digests = digests;
    draft.payment = payments::payment_digest(decoded.size() == parts.size() ? described(decoded) : payments::combine(parts));
    if (request.contains("digests_of"))
        draft.payload_digests =
            requests::decode_request(m_known.at(request.at("digests_of").get<std::string>()).artefact).payloads;
    if (request.contains("payment_of"))
        draft.payment =
            requests::decode_request(m_known.at(request.at("payment_of").get<std::string>()).artefact).payment;

    PlayedRequest built{name, with_body(m_vault->request(draft), member(request, "body_edit_after")), {}, wallet.id};
    built.carried.submission.request = edited(built.artefact.encode(), member(request, "edit"));
    built.carried.submission.payloads = draft.payloads;
    if (request.contains("carried")) {
        built.carried.submission.payloads.clear();
        for (const auto& [part, payload] : request.at("carried").items())
            if (!payload.is_null())
                built.carried.submission.payloads.push_back(make_payload(payload, chain().charter(), wallet));
    }
    carry_predecessors(built, request);
    add_signatures(built, member(request, "signatures"));
    return built;
}

/// What a bump or void replaces: the request that it names, unless "predecessors" lists others, the newest first: names, or
/// {"request": name, "payloads": others, "signed_by": null for what no appliance has signed}.
void Player::carry_predecessors(PlayedRequest& request, const Json& json) const
{
    auto listed = member(json, "predecessors");
    if (!json.contains("predecessors") && json.contains("kind") && json.contains("replaces"))
        listed = Json::array({json.at("replaces")});
    for (const auto& item : listed) {
        const auto& name = item.is_string() ? item : item.at("request");
        const auto& replaced = m_known.at(name.get<std::string>());
        auto& predecessor = request.carried.submission.predecessors.emplace_back(
            requests::Predecessor{.request = replaced.carried.submission.request, .payloads = replaced.carried.submission.payloads, .signatures = {}});
        const bool is_signed = item.is_string() || !item.contains("signed_by") || !item.at("signed_by").is_null();
        for (const auto& bytes : predecessor.payloads)
            if (is_signed)
                predecessor.signatures.push_back(sign_as("vault-a", *m_vault->decode(bytes, replaced.wallet), chain().charter()));
        if (item.is_string() || !item.contains("payloads"))
            continue;
        predecessor.payloads.clear();
        for (const auto& payload : payloads_of(item))
            predecessor.payloads.push_back(
                make_payload(payload, chain().charter(), chain().charter().wallet(replaced.wallet)));
    }
}

/// {"payload": 0, "input": 0, "public_key": hex, "signature": hex}, or {"payload": 0, "of": an appliance, "spoil": true},
/// which signed it or "by_payload" another one
void Player::add_signatures(PlayedRequest& request, const Json& signatures) const
{
    for (const auto& signature : signatures) {
        require_known(signature, {"payload", "input", "public_key", "signature", "of", "by_payload", "spoil"}, "carried signature");
        const auto number = get<std::uint32_t>(signature, "payload", 0);
        if (!signature.contains("of")) {
            request.carried.signatures.push_back(
                {number,
                 {get<std::uint32_t>(signature, "input", 0), hex_bytes(signature.at("public_key").get<std::string>()),
                  hex_bytes(signature.at("signature").get<std::string>())}});
            continue;
        }
        const auto& charter = chain().charter();
        const auto bytes = signature.contains("by_payload")
                               ? make_payload(signature.at("by_payload"), charter, charter.wallet(request.wallet))
                               : request.carried.submission.payloads.at(number);
        const auto payload = m_vault->decode(bytes, request.wallet);
        for (auto& made : sign_as(signature.at("of").get<std::string>(), *payload, charter)) {
            if (get(signature, "spoil", false))
                made.signature.back() ^= 1;
            request.carried.signatures.push_back({number, std::move(made)});
        }
    }
}

/// A member's name up to a dot is the officer, unless it names one.
void Player::add_votes(PlayedRequest& request, const Json& votes) const
{
    for (const auto& [name, vote] : votes.items()) {
        if (vote.is_null())
            continue;
        require_known(vote,
                      {"officer", "signers", "decision", "age", "request", "charter", "position", "heads", "header",
                       "edit", "body_edit", "body_edit_after", "malleate", "of", "number"},
                      "vote");
        if (vote.contains("of")) { // a whole vote that was cast on another request
            const auto& other = m_known.at(vote.at("of").get<std::string>());
            request.carried.submission.votes.push_back(
                other.carried.submission.votes.at(get<std::size_t>(vote, "number", 0)));
            continue;
        }
        VoteDraft draft{.officer = get<std::string>(vote, "officer", name.substr(0, name.find('.'))),
                        .decision = get<std::string>(vote, "decision", "approve") == "reject"
                                        ? requests::VoteDecision::reject
                                        : requests::VoteDecision::approve,
                        .signers = get<std::vector<std::string>>(vote, "signers", {}),
                        .age = signed_duration(get<std::string>(vote, "age", "30m")),
                        .charter = m_states.at(get<std::size_t>(vote, "charter", m_states.size() - 1)).charter_hash(),
                        .position = vote.contains("position") ? position(vote.at("position")) : chain().position(),
                        .heads = heads(member(vote, "heads")),
                        .header = header(member(vote, "header"))};
        if (vote.contains("request"))
            draft.request = requests::digest_of(m_known.at(vote.at("request").get<std::string>()).artefact);
        if (vote.contains("body_edit"))
            draft.edit = [edits = vote.at("body_edit")](Bytes body) { return edited(std::move(body), edits); };
        auto artefact = with_body(m_vault->vote(request.artefact, draft), member(vote, "body_edit_after"));
        if (get(vote, "malleate", false))
            artefact = malleated(artefact);
        request.carried.submission.votes.push_back(edited(artefact.encode(), member(vote, "edit")));
    }
}

/// "last_receipt", or {"source", "size", "signer"}: a head that the appliance itself did not sign.
std::vector<Bytes> Player::heads(const Json& list) const
{
    std::vector<Bytes> heads;
    for (const auto& item : list) {
        if (item == "last_receipt") {
            const auto artefact =
                artefacts::Artefact::decode(m_receipts.at(m_receipts.size() - 1), artefacts::Kind::receipt);
            heads.push_back(bundle::decode_receipt(artefact).head);
            continue;
        }
        require_known(item, {"source", "size", "signer"}, "head");
        heads.push_back(signed_by(encode(requests::Head{.header = m_states.front().charter().header,
                                                        .source = get<std::string>(item, "source", "vault-a"),
                                                        .size = get<std::uint64_t>(item, "size", 3),
                                                        .root = Hash256{crypto::sha256(bytes_of("some root"))},
                                                        .time = m_vault->now()}),
                                  {get<std::string>(item, "signer", "olga")})
                            .encode());
    }
    return heads;
}

Bytes Player::build_bundle(const Json& changes, const std::vector<PlayedRequest>& requests) const
{
    require_known(changes, {"header", "links", "withhold", "heads", "edit", "repeat"}, "bundle");
    bundle::Bundle bundle{.header = header(member(changes, "header")),
                          .links = {},
                          .online_head = {},
                          .heads = heads(member(changes, "heads")),
                          .pool = {},
                          .requests = {}};
    const auto withheld = get<std::vector<std::size_t>>(changes, "withhold", {});
    for (std::size_t i = 0; i < m_links.size(); ++i)
        if (get<std::string>(changes, "links", "all") == "all" && !m_withheld.contains(i) &&
            std::ranges::find(withheld, i) == withheld.end())
            bundle.links.push_back(m_links[i]);
    for (const auto& request : requests)
        for (int copies = get(changes, "repeat", 1); copies > 0; --copies)
            bundle.requests.push_back(request.carried);
    return edited(encode(bundle).encode(), member(changes, "edit"));
}

void Player::prepare(const Json& step, const std::vector<PlayedRequest>& requests)
{
    const auto& manners = member(step, "person");
    require_known(manners, {"present", "date", "paper_log", "challenge", "wrong_answers", "close_at", "exit", "type_ahead", "paste"}, "person");
    const auto& faults = member(step, "faults");
    require_known(faults, {"signer", "self_test", "random"}, "faults");
    m_vault->parts = appliance::real_parts();
    m_vault->parts.make_signer = counting_signers(m_signer_was_asked, get<std::string>(faults, "signer", ""));
    if (get(faults, "self_test", false))
        m_vault->parts.self_tests.push_back({"keccak-256", [] { return false; }});

    if (faults.contains("random"))
        m_vault->environment->random = ScriptedRandom{faults.at("random").get<std::uint64_t>()};

    auto& terminal = m_vault->environment->terminal;
    if (!get(manners, "present", true)) {
        terminal.detach();
        return;
    }
    Person person{chain().charter(), manners};
    for (const auto& request : requests) {
        Person::Content content{{},
                                request.wallet,
                                requests::fingerprint(requests::digest_of(request.artefact))};
        requests::Payloads payloads;
        for (const auto& payload : request.carried.submission.payloads)
            try {
                payloads.push_back(m_vault->decode(payload, request.wallet));
            } catch (const Error&) {
                continue; // never shown either
            }
        if (!payloads.empty())
            content.payments = described(payloads).payments;
        try {
            person.learn(format_uuid(requests::decode_request(request.artefact).id), std::move(content));
        } catch (const Error&) {
            continue;
        }
    }
    terminal.answer_otherwise([person, &terminal, paste = member(manners, "paste")](const std::string& prompt,
                                                                                    const std::string& transcript) {
        auto answer = person(prompt, transcript);
        for (const auto& [at, lines] : paste.items())
            if (prompt.find(at) != std::string::npos)
                for (const auto& line : lines)
                    terminal.type_ahead(line.get<std::string>());
        return answer;
    });
    if (manners.contains("close_at"))
        terminal.expect_and_close(manners.at("close_at").get<std::string>());
    for (const auto& line : member(manners, "type_ahead"))
        terminal.type_ahead(line.get<std::string>());
}

std::vector<std::string> Player::arguments(const Json& step, const std::vector<PlayedRequest>& requests) const
{
    std::vector<std::string> options = {"--json"};
    for (const auto& name : member(step, "confirm"))
        for (const auto& request : requests)
            if (request.name == name)
                options.insert(options.end(),
                               {"--confirm", encoding::encode_hex(requests::digest_of(request.artefact).bytes())});
    for (const auto& argument : member(step, "args"))
        options.push_back(argument.get<std::string>());
    return options;
}

Run Player::run(const Json& step, const std::vector<PlayedRequest>& requests)
{
    const auto action = get<std::string>(step, "do", "sign");
    prepare(step, requests);
    if (action == "clock_set")
        return m_vault->run({"clock", "set", format_time(m_vault->now()), "--json"});
    if (action == "backup" || action == "selftest")
        return m_vault->run({action, "--json"});
    if (action == "pin") {
        auto second = m_vault->first_charter();
        patch(second, member(step, "second_charter"));
        return m_vault->pin(signed_by(seal(second), officer_ids(second)));
    }
    const auto bundle = build_bundle(member(step, "bundle"), requests);
    if (action == "sign")
        return m_vault->sign(bundle, arguments(step, requests));
    if (action != "verify")
        throw std::runtime_error{"step does " + action};
    storage::write_file_atomically(m_vault->file("bundle"), bundle, 0600, storage::Overwrite::yes);
    return m_vault->run({"verify", m_vault->file("bundle").string(), "--json"});
}

void Player::expect_signatures_verify(const Played& played, const PlayedRequest& request,
                                      const bundle::Result& result) const
{
    const auto& payloads = request.carried.submission.payloads;
    std::vector<std::vector<payments::TaskSignature>> made(payloads.size());
    for (const auto& signature : result.signatures)
        made.at(signature.payload).push_back(signature.signature);
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        SCOPED_TRACE("payload " + std::to_string(i));
        const auto payload = m_vault->decode(payloads[i], request.wallet);
        const auto is_own = [](const payments::SigningTask& task) { return task.appliance == "vault-a"; };
        const auto tasks = payload->signing_tasks();
        EXPECT_EQ(made[i].size(), static_cast<std::size_t>(std::ranges::count_if(tasks, is_own))) << played.run.out;
        for (const auto& signature : made[i])
            EXPECT_NO_THROW(payload->verify(signature));
        if (payload->signers_needed() > 1)
            for (auto& other : sign_as("vault-b", *payload, m_vault->charter()))
                made[i].push_back(std::move(other));
        EXPECT_NO_THROW(static_cast<void>(payload->finalize(made[i])));
    }
}

} // namespace coffer::test::attacks
