#include "formats/inspection.h"

#include "core/artefacts/key_export.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "core/requests/head.h"
#include "core/requests/ceremony.h"
#include "core/requests/judgement.h"
#include "formats/bundle/receipt.h"
#include "formats/share_inspection.h"

#include <algorithm>
#include <array>

namespace coffer::inspection {

namespace {

using artefacts::Artefact;
using artefacts::Kind;

template <typename Tag, std::size_t N>
Document hex_of(const Identifier<Tag, N>& id)
{
    return Document::hex(id.bytes());
}

Document header_of(const Artefact& artefact, const artefacts::BodyHeader& header)
{
    auto document = Document::object();
    return document.set("kind", artefacts::name_of(artefact.kind()))
        .set("environment", artefacts::name_of(header.environment))
        .set("treasury", hex_of(header.treasury))
        .set("hash", Document::hex(artefact.hash()));
}

Document describe(const charter::Position& position)
{
    return Document::object().set("number", position.number).set("link", hex_of(position.link));
}

/// Of bytes that an artefact carries: what is wrong with one of them never hides the others.
template <typename Describe>
Document described(ByteView bytes, Kind kind, Describe describe_one)
{
    try {
        return describe_one(Artefact::decode(bytes, kind));
    } catch (const Error& error) {
        return Document::object()
            .set("kind", artefacts::name_of(kind))
            .set("error", Document::object().set("code", name_of(error.code())).set("message", error.message()));
    }
}

Document describe_head(const Artefact& artefact, const KnownKeys& known)
{
    const auto head = requests::decode_head(artefact);
    auto document = header_of(artefact, head.header);
    return document.set("source", head.source)
        .set("size", head.size)
        .set("root", hex_of(head.root))
        .set("time", head.time)
        .set("signatures", known.verdicts(artefact));
}

Document describe_vote(const Artefact& artefact, const KnownKeys& known)
{
    const auto vote = requests::decode_vote(artefact);
    auto document = header_of(artefact, vote.header);
    document.set("request_digest", hex_of(vote.request))
        .set("fingerprint", requests::fingerprint(vote.request))
        .set("decision", requests::name_of(vote.decision))
        .set("officer", vote.officer)
        .set("time", vote.time)
        .set("charter", hex_of(vote.charter))
        .set("position", describe(vote.position));
    if (vote.comment)
        document.set("comment_hash", hex_of(*vote.comment));
    auto heads = Document::list();
    for (const auto& head : vote.heads)
        heads.add(described(head, Kind::head, [&](const Artefact& inner) { return describe_head(inner, known); }));
    return document.set("heads", std::move(heads)).set("signatures", known.verdicts(artefact));
}

Document describe_request(const Artefact& artefact, const KnownKeys& known)
{
    const auto request = requests::decode_request(artefact);
    const auto digest = requests::digest_of(artefact);
    auto payloads = Document::list();
    for (const auto& payload : request.payloads)
        payloads.add(Document::object().set("digest", hex_of(payload)));
    auto document = header_of(artefact, request.header);
    document.set("id", format_uuid(request.id))
        .set("request_digest", hex_of(digest))
        .set("fingerprint", requests::fingerprint(digest))
        .set("request_kind", charter::name_of(request.kind))
        .set("wallet", request.wallet)
        .set("requester", request.requester)
        .set("created", request.created)
        .set("expires_at", request.expires)
        .set("position", describe(request.position))
        .set("payment_digest", hex_of(request.payment))
        .set("payloads", std::move(payloads));
    if (request.replaces)
        document.set("replaces", hex_of(*request.replaces));
    return document.set("signatures", known.verdicts(artefact));
}

Document describe_amount(const charter::Charter& charter, const Amount& amount)
{
    return Document::object()
        .set("asset", amount.asset().symbol)
        .set("amount", amount.base_units())
        .set("decimals", charter.decimals(amount.asset()));
}

/// What the payloads do, by the charter at hand; throws what the chain's format refuses.
Document describe_payment(const requests::Submission& submission, const requests::Request& request, const charter::Charter& charter)
{
    const auto& wallet = charter.wallet(request.wallet);
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    requests::Payloads payloads;
    for (std::size_t i = 0; i < submission.payloads.size(); ++i) {
        auto payload = requests::decode_payload(submission.payloads[i], {charter, wallet});
        if (i >= request.payloads.size() || payload->digest() != request.payloads[i])
            throw Error{ErrorCode::tx_changed, "payload " + std::to_string(i) + " is not the one that the request names"};
        payloads.push_back(std::move(payload));
    }
    const auto description = requests::describe(payloads, requests::require_ladder_or_apart(payloads));
    auto list = Document::list();
    for (const auto& payment : description.payments) {
        auto item = describe_amount(charter, payment.amount);
        const auto* known = charter.find_destination_at(wallet.chain, payment.destination);
        item.set("destination", format.format_address(payment.destination, chain))
            .set("name", known == nullptr ? Document{} : Document{known->id});
        list.add(std::move(item));
    }
    return Document::object()
        .set("payer", wallet.id)
        .set("payments", std::move(list))
        .set("fee", describe_amount(charter, description.fee.maximum))
        .set("matches_request", payments::payment_digest(description) == request.payment);
}

Document describe_carried(const bundle::CarriedRequest& carried, const KnownKeys& known)
{
    const auto& submission = carried.submission;
    auto document = described(submission.request, Kind::request, [&](const Artefact& artefact) {
        auto made = describe_request(artefact, known);
        if (known.charter() == nullptr)
            return made;
        try {
            made.set("payment", describe_payment(submission, requests::decode_request(artefact), *known.charter()));
        } catch (const Error& error) {
            made.set("error", Document::object().set("code", name_of(error.code())).set("message", error.message()));
        }
        return made;
    });
    auto votes = Document::list();
    for (const auto& vote : submission.votes)
        votes.add(described(vote, Kind::vote, [&](const Artefact& artefact) { return describe_vote(artefact, known); }));
    return document.set("votes", std::move(votes)).set("partial_signatures", std::uint64_t{carried.signatures.size()});
}

/// Charters among the links become known, so that a bundle explains itself.
Document describe_links(const std::vector<charter::Link>& links, KnownKeys& known)
{
    auto list = Document::list();
    for (const auto& link : links) {
        auto item = Document::object();
        item.set("number", link.number).set("hash", hex_of(link.hash()));
        try {
            const auto artefact = Artefact::decode_any(link.artefact);
            item.set("kind", artefacts::name_of(artefact.kind()));
            if (artefact.kind() == Kind::charter)
                known.add_carried(charter::open(artefact));
        } catch (const Error& error) {
            item.set("error", Document::object().set("code", name_of(error.code())).set("message", error.message()));
        }
        list.add(std::move(item));
    }
    return list;
}

Document describe_heads(const std::vector<Bytes>& heads, const KnownKeys& known)
{
    auto list = Document::list();
    for (const auto& head : heads)
        list.add(described(head, Kind::head, [&](const Artefact& inner) { return describe_head(inner, known); }));
    return list;
}

Document describe_bundle(const Artefact& artefact, KnownKeys& known)
{
    const auto carried = bundle::decode_bundle(artefact);
    auto document = header_of(artefact, carried.header);
    document.set("bundle_digest", Document::hex(artefact.hash())).set("links", describe_links(carried.links, known));
    if (!carried.online_head.empty())
        document.set("online_head", described(carried.online_head, Kind::head,
                                              [&](const Artefact& inner) { return describe_head(inner, known); }));
    document.set("heads", describe_heads(carried.heads, known)).set("pool", std::uint64_t{carried.pool.size()});
    auto requests = Document::list();
    for (const auto& request : carried.requests)
        requests.add(describe_carried(request, known));
    return document.set("requests", std::move(requests));
}

Document describe_review(const Artefact& artefact, KnownKeys& known)
{
    const auto review = bundle::decode_review(artefact);
    auto document = header_of(artefact, review.header);
    document.set("links", describe_links(review.links, known)).set("heads", describe_heads(review.heads, known));
    auto requests = Document::list();
    requests.add(describe_carried(review.request, known));
    return document.set("requests", std::move(requests));
}

Document describe_receipt(const Artefact& artefact, const KnownKeys& known)
{
    const auto receipt = bundle::decode_receipt(artefact);
    auto results = Document::list();
    for (const auto& result : receipt.results)
        results.add(Document::object()
                        .set("request_digest", hex_of(result.request))
                        .set("outcome", bundle::name_of(result.outcome))
                        .set("code", result.code)
                        .set("signatures", std::uint64_t{result.signatures.size()}));
    auto findings = Document::list();
    for (const auto& finding : receipt.findings)
        findings.add(finding);
    auto document = header_of(artefact, receipt.header);
    return document.set("bundle_digest", hex_of(receipt.bundle))
        .set("appliance", receipt.appliance)
        .set("time", receipt.time)
        .set("requests", std::move(results))
        .set("position", describe(receipt.position))
        .set("findings", std::move(findings))
        .set("log_size", receipt.log_size)
        .set("log_root", hex_of(receipt.log_root))
        .set("signatures", known.verdicts(artefact));
}

Document describe_sealed_charter(const Artefact& artefact, KnownKeys& known)
{
    const auto opened = charter::open(artefact);
    known.add_carried(opened);
    auto officers = Document::list();
    for (const auto& voter : charter::signers(artefact, opened))
        officers.add(voter.officer);
    auto document = header_of(artefact, opened.header);
    document.set("name", opened.name).set("version", opened.version);
    if (opened.previous)
        document.set("previous", hex_of(*opened.previous));
    if (opened.adopt_before)
        document.set("adopt_before", *opened.adopt_before);
    if (opened.continues)
        document.set("continues", opened.continues->format());
    return document.set("officers", std::uint64_t{opened.officers.size()})
        .set("wallets", std::uint64_t{opened.wallets.size()})
        .set("rules", std::uint64_t{opened.rules.size()})
        .set("signed_by", std::move(officers))
        .set("signatures", known.verdicts(artefact));
}

void add_fields(Document& document, const charter::Cancel& cancel)
{
    document.set("request_digest", hex_of(cancel.request)).set("officer", cancel.officer);
}

void add_fields(Document& document, const charter::Freeze& freeze)
{
    auto wallets = Document::list();
    for (const auto& wallet : freeze.wallets)
        wallets.add(wallet);
    document.set("wallets", std::move(wallets)).set("until", freeze.until);
    document.set(freeze.officer.empty() ? "appliance" : "officer", freeze.maker());
}

void add_fields(Document& document, const charter::Unfreeze& unfreeze)
{
    document.set("freeze", hex_of(unfreeze.freeze));
}

void add_fields(Document& document, const charter::Suspension& suspension)
{
    document.set("officer", suspension.officer)
        .set("key", suspension.key ? Document{suspension.key->format()} : Document{})
        .set("charter", hex_of(suspension.charter));
}

void add_fields(Document& document, const charter::DestinationAdded& added)
{
    document.set("destination", added.destination.id)
        .set("chain_id", added.destination.chain)
        .set("address_bytes", Document::hex(added.destination.address))
        .set("charter", hex_of(added.charter));
}

void add_fields(Document& document, const charter::DestinationRemoved& removed)
{
    document.set("destination", removed.destination).set("officer", removed.officer).set("charter", hex_of(removed.charter));
}

void add_fields(Document& document, const charter::StandingOrder& order)
{
    auto destinations = Document::list();
    for (const auto& destination : order.destinations)
        destinations.add(Document::hex(destination));
    auto officers = Document::list();
    for (const auto& officer : order.officers)
        officers.add(officer);
    document.set("order", order.id)
        .set("wallet", order.wallet)
        .set("appliance", order.appliance)
        .set("appliance_key", order.identity.format())
        .set("asset", order.asset)
        .set("destinations", std::move(destinations))
        .set("per_payment", order.per_payment)
        .set("span_seconds", order.span.seconds)
        .set("per_span", order.per_span)
        .set("total", order.total)
        .set("fee", order.fee)
        .set("total_fee", order.total_fee)
        .set("officers", std::move(officers))
        .set("first", order.first)
        .set("last", order.last)
        .set("charter", hex_of(order.charter));
}

void add_fields(Document& document, const charter::StandingOrderEnded& ended)
{
    document.set("order", hex_of(ended.order)).set("officer", ended.officer).set("charter", hex_of(ended.charter));
}

template <typename ApplianceEntry>
void add_fields(Document& document, const ApplianceEntry& entry)
{
    document.set("appliance", entry.appliance).set("appliance_key", entry.key.format()).set("charter", hex_of(entry.charter));
}

Document describe_entry(const Artefact& artefact, const KnownKeys& known)
{
    const auto entry = charter::decode_entry(artefact);
    auto document = header_of(artefact, charter::header_of(entry));
    document.set("entry", charter::name_of(entry)).set("entry_hash", Document::hex(artefact.hash()));
    std::visit([&](const auto& kind) { add_fields(document, kind); }, entry);
    return document.set("says", charter::in_words(entry))
        .set("time", charter::time_of(entry))
        .set("reason", charter::reason_of(entry))
        .set("signatures", known.verdicts(artefact));
}

Document describe_export(const Artefact& artefact, KnownKeys& known)
{
    const auto key = artefacts::decode_key_export(artefact);
    known.add_carried(key.appliance, "the appliance that it names");
    auto document = header_of(artefact, key.header);
    return document.set("appliance_key", key.appliance.format())
        .set("appliance_fingerprint", hex_of(key.appliance.id()))
        .set("key", key.key)
        .set("origin", key.origin)
        .set("public", key.public_key)
        .set("family", key.family)
        .set("signatures", known.verdicts(artefact));
}

Document describe_transcript(const Artefact& artefact, KnownKeys& known)
{
    const auto drill = artefacts::decode_share_drill(artefact);
    known.add_carried(drill.appliance, "the appliance that it names");
    auto document = header_of(artefact, drill.header);
    describe_share_drill(document, drill);
    return document.set("signatures", known.verdicts(artefact));
}

} // namespace

void KnownKeys::add(const charter::Charter& charter)
{
    add_keys(charter, true);
    if (!m_trusted || m_trusted->version <= charter.version)
        m_trusted = charter;
}

void KnownKeys::add_carried(const charter::Charter& charter)
{
    add_keys(charter, false);
    if (!m_carried || m_carried->version <= charter.version)
        m_carried = charter;
}

void KnownKeys::add_carried(const artefacts::ApprovalKey& key, std::string owner)
{
    add_key(key, std::move(owner), false);
}

void KnownKeys::add_keys(const charter::Charter& charter, bool is_trusted)
{
    for (const auto& officer : charter.officers)
        for (const auto& key : officer.keys)
            add_key(key, officer.id, is_trusted);
    for (const auto& appliance : charter.appliances)
        add_key(appliance.key, "appliance " + appliance.id, is_trusted);
    add_key(charter.audit_key, "audit key", is_trusted);
}

/// A trusted name stays; a carried one gives way to it.
void KnownKeys::add_key(const artefacts::ApprovalKey& key, std::string owner, bool is_trusted)
{
    const auto known = std::ranges::find(m_keys, key, &Known::key);
    if (known == m_keys.end())
        m_keys.push_back({key, std::move(owner), is_trusted});
    else if (is_trusted && !known->is_trusted)
        *known = {key, std::move(owner), true};
}

const charter::Charter* KnownKeys::charter() const
{
    return m_trusted ? &*m_trusted : m_carried ? &*m_carried : nullptr;
}

Document KnownKeys::verdicts(const Artefact& artefact) const
{
    auto list = Document::list();
    for (const auto& signature : artefact.signatures()) {
        const auto known = std::ranges::find_if(m_keys, [&](const Known& one) { return one.key.id() == signature.key; });
        auto item = Document::object();
        item.set("key", hex_of(signature.key));
        if (known == m_keys.end())
            item.set("by", Document{}).set("verifies", Document{}).set("trusted", false);
        else
            item.set("by", known->owner).set("verifies", artefact.is_signed_by(known->key)).set("trusted", known->is_trusted);
        list.add(std::move(item));
    }
    return list;
}

Document inspect_artefact(const Artefact& artefact, KnownKeys& known)
{
    switch (artefact.kind()) {
    case Kind::export_: return describe_export(artefact, known);
    case Kind::charter: return describe_sealed_charter(artefact, known);
    case Kind::entry: return describe_entry(artefact, known);
    case Kind::request: return describe_request(artefact, known);
    case Kind::vote: return describe_vote(artefact, known);
    case Kind::review: return describe_review(artefact, known);
    case Kind::bundle: return describe_bundle(artefact, known);
    case Kind::receipt: return describe_receipt(artefact, known);
    case Kind::head: return describe_head(artefact, known);
    case Kind::transcript: return describe_transcript(artefact, known);
    }
    fatal("artefact of no kind");
}

namespace {

constexpr std::array<std::string_view, 10> own_kinds = {"export",  "charter", "entry", "request", "vote", "review", "bundle", "receipt", "head", "transcript"};
/// Of chains, as what they are: text, or bytes that text may spell.
constexpr std::array<std::string_view, 3> text_kinds = {"address", "descriptor", "extended_key"};
constexpr std::string_view share_kind = "share";
constexpr std::array<std::string_view, 3> byte_kinds = {"psbt", "bitcoin_transaction", "evm_transaction"};

template <typename Kinds>
bool is_one_of(const Kinds& kinds, std::string_view kind)
{
    return std::ranges::find(kinds, kind) != kinds.end();
}

void require_known_kind(const std::string& kind)
{
    if (kind.empty() || kind == share_kind || is_one_of(own_kinds, kind) || is_one_of(text_kinds, kind) || is_one_of(byte_kinds, kind))
        return;
    throw Error{ErrorCode::usage, "--as " + coffer::quoted(kind) + " is no kind that is understood", "there are " + join(kinds(), ", ")};
}

/// The input as it came, as text where it is text, and what that text spells.
struct Input {
    Bytes raw;
    std::string text;             ///< without blanks around it; empty for bytes that are no text
    std::optional<Bytes> hex{};   ///< with or without 0x
    std::optional<Bytes> base64{};
};

std::optional<Bytes> attempt(Bytes (*decode)(std::string_view), std::string_view text)
{
    try {
        return text.empty() ? std::nullopt : std::optional{decode(text)};
    } catch (const Error&) {
        return std::nullopt;
    }
}

bool is_text(const Bytes& raw)
{
    return is_valid_utf8(text_of(raw)) && std::ranges::none_of(raw, [](std::uint8_t byte) {
               return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t';
           });
}

Input read(ByteView raw)
{
    Input input;
    input.raw = to_bytes(raw);
    if (!is_text(input.raw))
        return input;
    input.text = trim(text_of(input.raw));
    std::string_view digits = input.text;
    if (digits.starts_with("0x") || digits.starts_with("0X"))
        digits.remove_prefix(2);
    std::string joined;
    std::ranges::copy_if(digits, std::back_inserter(joined), [](char c) { return c != '\n' && c != '\r' && c != ' '; });
    input.hex = attempt(encoding::decode_hex, joined);
    input.base64 = attempt(encoding::decode_base64, joined);
    return input;
}

std::optional<Bytes> find_artefact_bytes(const Input& input, bool is_demanded)
{
    for (const auto* bytes : {&input.raw, input.hex ? &*input.hex : nullptr, input.base64 ? &*input.base64 : nullptr})
        if (bytes != nullptr && artefacts::Artefact::looks_like_one(*bytes))
            return *bytes;
    if (is_demanded)
        return input.hex ? *input.hex : input.base64 ? *input.base64 : input.raw;
    return std::nullopt;
}

std::optional<Document> inspect_own(const Input& input, const std::string& kind, KnownKeys& known)
{
    const bool is_demanded = is_one_of(own_kinds, kind);
    if (!kind.empty() && !is_demanded)
        return std::nullopt;
    const auto bytes = find_artefact_bytes(input, is_demanded);
    if (!bytes)
        return std::nullopt;
    const auto artefact = artefacts::Artefact::decode_any(*bytes);
    if (is_demanded && artefacts::name_of(artefact.kind()) != kind)
        throw Error{ErrorCode::type, "this is a coffer-" + std::string{artefacts::name_of(artefact.kind())} + ", not a coffer-" + kind};
    return inspect_artefact(artefact, known);
}

std::optional<Document> inspect_for_chains(ByteView bytes, std::string_view text, const std::string& kind)
{
    for (const auto* format : chains::all_formats())
        if (auto document = format->inspect(bytes, text, kind))
            return document;
    return std::nullopt;
}

/// Hex or the bytes themselves; only then base64, since many a word could be that.
std::optional<Document> inspect_for_chains(const Input& input, const std::string& kind)
{
    if (!input.hex && input.base64 && is_one_of(byte_kinds, kind))
        return inspect_for_chains(*input.base64, {}, kind);
    auto document = inspect_for_chains(input.hex ? *input.hex : input.raw, input.text, kind);
    if (!document && input.base64)
        document = inspect_for_chains(*input.base64, {}, kind);
    return document;
}

} // namespace

std::vector<std::string> kinds()
{
    std::vector<std::string> names(text_kinds.begin(), text_kinds.end());
    names.insert(names.end(), byte_kinds.begin(), byte_kinds.end());
    names.emplace_back(share_kind);
    names.insert(names.end(), own_kinds.begin(), own_kinds.end());
    return names;
}

Document inspect(ByteView bytes, const std::string& kind, KnownKeys& known)
{
    require_known_kind(kind);
    if (bytes.empty())
        throw Error{ErrorCode::malformed, "there is nothing to inspect"};
    if (auto share = inspect_share(bytes, kind)) // before copies are made of a secret
        return std::move(*share);
    const auto input = read(bytes);
    auto document = inspect_own(input, kind, known);
    if (!document)
        document = inspect_for_chains(input, kind);
    if (!document)
        throw Error{ErrorCode::malformed, std::to_string(bytes.size()) + " bytes are no artefact that is understood",
                    "--as KIND says what it should be, and then what is wrong with it"};
    return std::move(*document);
}

} // namespace coffer::inspection
