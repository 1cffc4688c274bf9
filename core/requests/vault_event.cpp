#include "core/requests/vault_event.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/requests/outflow.h"

#include <array>

namespace coffer::requests::vault {

namespace {

using cbor::Value;

// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<Event>> names = {
    "home_made", "pinned", "key_made", "linked",  "first_seen", "rejection_seen", "session_begun",
    "intended",  "signed", "refused",  "declined", "receipt_made", "clock_set",   "restored", "branch_taken",
    "entry_seen", "frozen_here", "share_set_begun", "share_set_kept", "shares_drilled", "words_shown"};

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>; // clang 14 does not deduce it for aggregates

/// The fields of an event, read one after the other.
class Fields {
public:
    explicit Fields(const Value::Array& parts) : m_parts{parts} {}

    const Value& next()
    {
        if (m_next == m_parts.size())
            throw Error{ErrorCode::malformed, "record of the log has too few fields"};
        return m_parts[m_next++];
    }
    std::string text() { return next().text("field"); }
    Bytes bytes() { return next().bytes("field"); }
    std::uint64_t number() { return next().number("field"); }
    template <typename Id>
    Id id()
    {
        return Id{next().array_of<Id::size>("field")};
    }
    bool has_more() const { return m_next < m_parts.size(); }
    void finish() const
    {
        if (m_next != m_parts.size())
            throw Error{ErrorCode::malformed, "record of the log has too many fields"};
    }

private:
    const Value::Array& m_parts;
    std::size_t m_next = 2; // name and time
};

Value encode_slot(const payments::SpendSlot& slot)
{
    return Value::Array{slot.owner, slot.sequence ? Value{*slot.sequence} : Value{}};
}

payments::SpendSlot decode_slot(const Value& value)
{
    const auto& parts = value.array("slot");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "slot has " + std::to_string(parts.size()) + " parts, not 2"};
    payments::SpendSlot slot{.owner = parts[0].bytes("slot owner"), .sequence = std::nullopt};
    if (!parts[1].is_null())
        slot.sequence = parts[1].number("slot sequence");
    return slot;
}

Value encode_signature(const payments::TaskSignature& signature)
{
    return Value::Array{std::uint64_t{signature.input}, signature.public_key, signature.signature};
}

payments::TaskSignature decode_signature(const Value& value)
{
    const auto& parts = value.array("signature");
    if (parts.size() != 3)
        throw Error{ErrorCode::malformed, "signature has " + std::to_string(parts.size()) + " parts, not 3"};
    return {static_cast<std::uint32_t>(parts[0].number("input")), parts[1].bytes("public key"), parts[2].bytes("signature")};
}

/// CBOR without negative integers: sign first.
Value encode_signed_number(std::int64_t number)
{
    return Value::Array{number < 0, static_cast<std::uint64_t>(number < 0 ? -number : number)};
}

std::int64_t decode_signed_number(const Value& value)
{
    const auto& parts = value.array("number");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "signed number has " + std::to_string(parts.size()) + " parts, not 2"};
    const auto magnitude = static_cast<std::int64_t>(parts[1].number("number"));
    return parts[0].boolean("sign") ? -magnitude : magnitude;
}

void encode_fields(Value::Array& out, const Event& event)
{
    std::visit(Overloaded{
                   [&](const HomeMade& e) { out.insert(out.end(), {e.environment, e.identity}); },
                   [&](const Pinned& e) { out.insert(out.end(), {e.appliance, e.charter}); },
                   [&](const KeyMade& e) {
                       out.insert(out.end(), {e.id, e.fingerprint, e.source});
                       if (e.scheme != keys::SeedScheme::bip39 || e.rest != KeyRest::sealed) // records of before there were others
                           out.insert(out.end(), {name_of(e.scheme), name_of(e.rest)});
                   },
                   [&](const ShareSetBegun& e) { out.push_back(encode(e.set)); },
                   [&](const ShareSetKept& e) { out.emplace_back(e.set.bytes()); },
                   [&](const SharesDrilled& e) {
                       Value::Array shown;
                       for (const auto& [share, person] : e.shown)
                           shown.push_back(Value::Array{share.bytes(), person});
                       out.insert(out.end(), {e.set.bytes(), std::move(shown)});
                   },
                   [&](const WordsShown& e) {
                       out.insert(out.end(), {e.key, e.request ? Value{e.request->bytes()} : Value{}});
                   },
                   [&](const Linked& e) { out.push_back(e.link.encode()); },
                   [&](const FirstSeen& e) { out.emplace_back(e.request.bytes()); },
                   [&](const RejectionSeen& e) { out.insert(out.end(), {e.request.bytes(), e.officer, e.vote}); },
                   [&](const SessionBegun& e) { out.emplace_back(e.number); },
                   [&](const Intended& e) {
                       Value::Array payloads;
                       for (const auto& digest : e.payloads)
                           payloads.emplace_back(digest.bytes());
                       Value::Array slots;
                       for (const auto& slot : e.slots)
                           slots.push_back(encode_slot(slot));
                       out.insert(out.end(), {e.request.bytes(), e.id.bytes(), std::move(payloads), std::move(slots)});
                       if (e.change)
                           out.push_back(Value::Array{e.change->wallet, std::uint64_t{e.change->index}});
                       else if (e.outflow)
                           out.emplace_back();
                       if (e.outflow)
                           out.push_back(encode_outflow(*e.outflow));
                   },
                   [&](const Signed& e) {
                       Value::Array payloads;
                       for (const auto& list : e.signatures) {
                           Value::Array signatures;
                           for (const auto& signature : list)
                               signatures.push_back(encode_signature(signature));
                           payloads.emplace_back(std::move(signatures));
                       }
                       out.insert(out.end(), {e.request.bytes(), std::move(payloads)});
                   },
                   [&](const Refused& e) { out.insert(out.end(), {e.request.bytes(), e.code}); },
                   [&](const Declined& e) { out.emplace_back(e.request.bytes()); },
                   [&](const ReceiptMade& e) { out.insert(out.end(), {e.bundle.bytes(), e.receipt, e.all_signed}); },
                   [&](const ClockSet& e) { out.push_back(encode_signed_number(e.offset_seconds)); },
                   [&](const Restored& e) { out.emplace_back(e.identity); },
                   [&](const EntrySeen& e) { out.emplace_back(e.entry.bytes()); },
                   [&](const FrozenHere& e) { out.emplace_back(e.entry); },
                   [&](const BranchTaken& e) {
                       Value::Array links;
                       for (const auto& link : e.links)
                           links.push_back(link.encode());
                       out.emplace_back(std::move(links));
                   },
               },
               event);
}

KeyMade decode_key_made(Fields& fields)
{
    KeyMade event{fields.text(), fields.text(), fields.text()};
    if (fields.has_more()) {
        event.scheme = keys::parse_seed_scheme(fields.text());
        event.rest = parse_key_rest(fields.text());
    }
    return event;
}

SharesDrilled decode_shares_drilled(Fields& fields)
{
    SharesDrilled event{.set = fields.id<Hash256>(), .shown = {}};
    for (const auto& shown : fields.next().array("shares")) {
        const auto& parts = shown.array("share");
        if (parts.size() != 2)
            throw Error{ErrorCode::malformed, "share has " + std::to_string(parts.size()) + " parts, not 2"};
        event.shown.emplace_back(parts[0].array_of<32>("hash of a share"), parts[1].text("person"));
    }
    return event;
}

WordsShown decode_words_shown(Fields& fields)
{
    WordsShown event{.key = fields.text(), .request = {}};
    if (const auto& request = fields.next(); !request.is_null())
        event.request = RequestDigest{request.array_of<32>("request")};
    return event;
}

Intended decode_intended(Fields& fields)
{
    Intended event{.request = fields.id<RequestDigest>(), .id = fields.id<RequestId>(), .payloads = {}, .slots = {}};
    for (const auto& digest : fields.next().array("payloads"))
        event.payloads.emplace_back(digest.array_of<32>("payload digest"));
    for (const auto& slot : fields.next().array("slots"))
        event.slots.push_back(decode_slot(slot));
    const auto* change = fields.has_more() ? &fields.next() : nullptr;
    if (fields.has_more())
        event.outflow = decode_outflow(fields.next());
    if (change != nullptr && !(change->is_null() && event.outflow)) {
        const auto& parts = change->array("change");
        if (parts.size() != 2 || parts[1].number("change index") > 0x7fffffffU)
            throw Error{ErrorCode::malformed, "change of a request is no wallet and index"};
        event.change = Intended::ChangeIndex{parts[0].text("wallet"), static_cast<std::uint32_t>(parts[1].number("change index"))};
    }
    return event;
}

Signed decode_signed(Fields& fields)
{
    Signed event{.request = fields.id<RequestDigest>(), .signatures = {}};
    for (const auto& list : fields.next().array("payloads")) {
        auto& signatures = event.signatures.emplace_back();
        for (const auto& signature : list.array("signatures"))
            signatures.push_back(decode_signature(signature));
    }
    return event;
}

BranchTaken decode_branch_taken(Fields& fields)
{
    BranchTaken event;
    for (const auto& link : fields.next().array("links"))
        event.links.push_back(charter::Link::decode(link));
    if (event.links.empty())
        throw Error{ErrorCode::malformed, "branch of the policy chain has no links"};
    return event;
}

Event decode_event(std::string_view name, Fields& fields)
{
    if (name == "home_made")
        return HomeMade{fields.text(), fields.text()};
    if (name == "pinned")
        return Pinned{fields.text(), fields.bytes()};
    if (name == "key_made")
        return decode_key_made(fields);
    if (name == "share_set_begun")
        return ShareSetBegun{decode_share_set(fields.next())};
    if (name == "share_set_kept")
        return ShareSetKept{fields.id<Hash256>()};
    if (name == "shares_drilled")
        return decode_shares_drilled(fields);
    if (name == "words_shown")
        return decode_words_shown(fields);
    if (name == "linked")
        return Linked{charter::Link::decode(fields.next())};
    if (name == "first_seen")
        return FirstSeen{fields.id<RequestDigest>()};
    if (name == "rejection_seen")
        return RejectionSeen{fields.id<RequestDigest>(), fields.text(), fields.bytes()};
    if (name == "session_begun")
        return SessionBegun{fields.number()};
    if (name == "intended")
        return decode_intended(fields);
    if (name == "signed")
        return decode_signed(fields);
    if (name == "refused")
        return Refused{fields.id<RequestDigest>(), fields.text()};
    if (name == "declined")
        return Declined{fields.id<RequestDigest>()};
    if (name == "receipt_made")
        return ReceiptMade{fields.id<BundleDigest>(), fields.bytes(), fields.next().boolean("all_signed")};
    if (name == "clock_set")
        return ClockSet{decode_signed_number(fields.next())};
    if (name == "restored")
        return Restored{fields.text()};
    if (name == "branch_taken")
        return decode_branch_taken(fields);
    if (name == "entry_seen")
        return EntrySeen{fields.id<EntryHash>()};
    if (name == "frozen_here")
        return FrozenHere{fields.bytes()};
    throw Error{ErrorCode::schema, "record " + quoted(name) + " of the log is unknown; a newer program wrote it"};
}

} // namespace

std::string_view name_of(const Event& event)
{
    return names[event.index()];
}

std::string_view name_of(KeyRest rest)
{
    return rest == KeyRest::sealed ? "sealed" : "none";
}

KeyRest parse_key_rest(std::string_view name)
{
    for (const auto rest : {KeyRest::sealed, KeyRest::none})
        if (name_of(rest) == name)
            return rest;
    throw Error{ErrorCode::malformed, quoted(name) + " is no way for a key to rest: sealed or none"};
}

Bytes encode(const Record& record)
{
    Value::Array parts{std::string{name_of(record.event)}, static_cast<std::uint64_t>(record.time.seconds)};
    encode_fields(parts, record.event);
    return cbor::encode(Value{std::move(parts)});
}

Record decode_record(ByteView bytes)
{
    const auto value = cbor::decode(bytes, {.most_bytes = 128 * 1024 * 1024, .most_depth = 8});
    const auto& parts = value.array("record");
    if (parts.size() < 2)
        throw Error{ErrorCode::malformed, "record of the log has no name and time"};
    Fields fields{parts};
    Record record{.time = {static_cast<std::int64_t>(parts[1].number("time"))},
                  .event = decode_event(parts[0].text("name"), fields)};
    fields.finish();
    return record;
}

} // namespace coffer::requests::vault
