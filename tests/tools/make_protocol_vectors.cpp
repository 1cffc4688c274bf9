// Usage: make_protocol_vectors DIRECTORY             writes the vector set of coffer-protocol(5)
//        make_protocol_vectors --check DIRECTORY     exit status 1 when a file there differs
//
// Deterministic: keys are SHA-256 of published names, and nothing else is drawn.

#include "core/base/document.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bundle/receipt.h"
#include "tests/support/drafts.h"

#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace coffer {
namespace {

using artefacts::Artefact;
using charter::PolicyChain;

Document hex(ByteView bytes)
{
    return Document::hex(bytes);
}

Document seconds(UtcTime time)
{
    return time.seconds;
}

template <typename Item, typename Write>
Document list(const std::vector<Item>& items, Write write)
{
    auto list = Document::list();
    for (const auto& item : items)
        list.add(write(item));
    return list;
}

Document texts(const std::vector<std::string>& items)
{
    return list(items, [](const auto& item) { return Document{item}; });
}

Document blobs(const std::vector<Bytes>& items)
{
    return list(items, [](const auto& item) { return hex(item); });
}

template <typename Item, typename Write>
Document maybe(const std::optional<Item>& item, Write write)
{
    return item ? write(*item) : Document{};
}

Document object(std::initializer_list<std::pair<std::string_view, Document>> members)
{
    auto object = Document::object();
    for (const auto& [name, value] : members)
        object.set(name, value);
    return object;
}

Document header(const artefacts::BodyHeader& header, std::initializer_list<std::pair<std::string_view, Document>> members)
{
    auto fields = object({{"environment", name_of(header.environment)}, {"treasury", hex(header.treasury.bytes())}});
    for (const auto& [name, value] : members)
        fields.set(name, value);
    return fields;
}

Document position(const charter::Position& position)
{
    return object({{"number", position.number}, {"link", hex(position.link.bytes())}});
}

Document asset(const AssetId& asset)
{
    return object({{"chain", asset.chain}, {"symbol", asset.symbol}});
}

Document wallet_key(const charter::WalletKey& key)
{
    return object({{"appliance", key.appliance}, {"key", key.key}, {"path", key.path}, {"outside", key.outside}});
}

Document selector(const charter::Selector<std::string>& selector)
{
    return maybe(selector, texts);
}

std::string_view name_of(charter::DestinationClass::Kind kind)
{
    constexpr std::array<std::string_view, 4> names{"any", "whitelist", "internal", "listed"};
    return names[static_cast<std::size_t>(kind)];
}

Document fields_of(const charter::Rule& rule)
{
    const auto amount = [](const Uint256& value) { return Document{value}; };
    return object({{"id", rule.id},
                   {"wallets", selector(rule.wallets)},
                   {"kinds", list(rule.kinds, [](auto kind) { return Document{charter::name_of(kind)}; })},
                   {"chains", selector(rule.chains)},
                   {"assets", selector(rule.assets)},
                   {"amount", maybe(rule.amount, [](const auto& range) { return object({{"least", range.least}, {"most", range.most}}); })},
                   {"destinations", object({{"class", name_of(rule.destinations.kind)}, {"names", texts(rule.destinations.names)}})},
                   {"approvals", rule.approvals.text()},
                   {"requester_may_approve", rule.requester_may_approve},
                   {"expires_seconds", rule.expires.seconds},
                   {"delay_seconds", rule.delay.seconds},
                   {"max_fee", maybe(rule.max_fee, amount)},
                   {"max_feerate", maybe(rule.max_feerate, amount)},
                   {"max_priority_feerate", maybe(rule.max_priority_feerate, amount)},
                   {"max_fee_share", maybe(rule.max_fee_share, [](std::uint64_t share) { return Document{share}; })}});
}

Document fields_of(const charter::Charter& charter)
{
    return header(
        charter.header,
        {{"name", charter.name},
         {"version", charter.version},
         {"previous", maybe(charter.previous, [](const auto& hash) { return hex(hash.bytes()); })},
         {"adopt_before", maybe(charter.adopt_before, seconds)},
         {"amendment", charter.amendment.text()},
         {"roles", list(charter.roles, [](const auto& role) { return object({{"id", role.id}, {"veto", role.veto}}); })},
         {"officers", list(charter.officers,
                           [](const auto& officer) {
                               return object({{"id", officer.id},
                                              {"roles", texts(officer.roles)},
                                              {"keys", list(officer.keys, [](const auto& key) { return Document{key.format()}; })}});
                           })},
         {"appliances", list(charter.appliances,
                             [](const auto& appliance) {
                                 return object({{"id", appliance.id},
                                                {"key", appliance.key.format()},
                                                {"state", appliance.state == charter::Appliance::State::active ? "active" : "standby"},
                                                {"keys", list(appliance.keys,
                                                              [](const auto& key) {
                                                                  return object({{"id", key.id}, {"origin", key.origin}, {"public", key.extended_public}});
                                                              })},
                                                {"accepts_swap", appliance.accepts_swap}});
                             })},
         {"audit", charter.audit_key.format()},
         {"chains", list(charter.chains,
                         [](const auto& chain) {
                             return object({{"id", chain.id}, {"family", chain.family}, {"chain_id", chain.chain_id}, {"network", chain.network},
                                            {"symbol", chain.symbol}, {"decimals", chain.decimals}});
                         })},
         {"tokens", list(charter.tokens,
                         [](const auto& token) {
                             return object({{"id", token.id}, {"chain", token.chain}, {"address", hex(token.address)}, {"decimals", token.decimals}});
                         })},
         {"wallets", list(charter.wallets,
                          [](const auto& wallet) {
                              return object({{"id", wallet.id}, {"chain", wallet.chain}, {"tier", charter::name_of(wallet.tier)},
                                             {"mode", charter::name_of(wallet.mode)}, {"address", hex(wallet.address)},
                                             {"descriptor", wallet.descriptor}, {"keys", list(wallet.keys, wallet_key)},
                                             {"presence", charter::name_of(wallet.presence)}, {"confirmations", wallet.confirmations},
                                             {"first_nonce", wallet.first_nonce}});
                          })},
         {"destinations", list(charter.destinations,
                               [](const auto& entry) {
                                   return object({{"id", entry.id}, {"chain", entry.chain}, {"address", hex(entry.address)}});
                               })},
         {"rules", list(charter.rules, [](const auto& rule) { return fields_of(rule); })}});
}

Document fields_of(const requests::Request& request)
{
    return header(request.header,
                  {{"position", position(request.position)},
                   {"id", hex(request.id.bytes())},
                   {"kind", charter::name_of(request.kind)},
                   {"wallet", request.wallet},
                   {"payload_digests", list(request.payloads, [](const auto& digest) { return hex(digest.bytes()); })},
                   {"payment_digest", hex(request.payment.bytes())},
                   {"replaces", maybe(request.replaces, [](const auto& digest) { return hex(digest.bytes()); })},
                   {"height", maybe(request.height, [](std::uint64_t height) { return Document{height}; })},
                   {"requester", request.requester},
                   {"created", seconds(request.created)},
                   {"expires", seconds(request.expires)}});
}

Document fields_of(const requests::Vote& vote)
{
    return header(vote.header, {{"request_digest", hex(vote.request.bytes())},
                                {"decision", requests::name_of(vote.decision)},
                                {"officer", vote.officer},
                                {"time", seconds(vote.time)},
                                {"comment_hash", maybe(vote.comment, [](const auto& hash) { return hex(hash.bytes()); })},
                                {"charter_hash", hex(vote.charter.bytes())},
                                {"position", position(vote.position)},
                                {"heads", blobs(vote.heads)}});
}

Document fields_of(const requests::Head& head)
{
    return header(head.header, {{"source", head.source}, {"size", head.size}, {"root", hex(head.root.bytes())}, {"time", seconds(head.time)}});
}

Document fields_of(const charter::Cancel& cancel)
{
    return header(cancel.header, {{"request_digest", hex(cancel.request.bytes())}, {"officer", cancel.officer}, {"time", seconds(cancel.time)},
                                  {"reason", cancel.reason}});
}

Document fields_of(const charter::Link& link)
{
    return object({{"number", link.number}, {"previous", hex(link.previous.bytes())}, {"artefact", hex(link.artefact)}});
}

Document fields_of(const bundle::CarriedSignature& signature)
{
    return object({{"payload", signature.payload}, {"input", signature.signature.input}, {"public_key", hex(signature.signature.public_key)},
                   {"signature", hex(signature.signature.signature)}});
}

Document signatures(const std::vector<bundle::CarriedSignature>& items)
{
    return list(items, [](const auto& item) { return fields_of(item); });
}

Document fields_of(const bundle::CarriedRequest& carried)
{
    return object({{"request", hex(carried.submission.request)}, {"payloads", blobs(carried.submission.payloads)},
                   {"votes", blobs(carried.submission.votes)}, {"signatures", signatures(carried.signatures)}});
}

Document links(const std::vector<charter::Link>& items)
{
    return list(items, [](const auto& item) { return fields_of(item); });
}

Document fields_of(const bundle::Bundle& bundle)
{
    return header(bundle.header, {{"links", links(bundle.links)},
                                  {"online_head", bundle.online_head.empty() ? Document{} : hex(bundle.online_head)},
                                  {"heads", blobs(bundle.heads)},
                                  {"pool", blobs(bundle.pool)},
                                  {"requests", list(bundle.requests, [](const auto& item) { return fields_of(item); })}});
}

Document fields_of(const bundle::Review& review)
{
    return header(review.header, {{"links", links(review.links)}, {"heads", blobs(review.heads)}, {"request", fields_of(review.request)}});
}

Document fields_of(const bundle::Receipt& receipt)
{
    return header(receipt.header,
                  {{"bundle_digest", hex(receipt.bundle.bytes())},
                   {"appliance", receipt.appliance},
                   {"time", seconds(receipt.time)},
                   {"results", list(receipt.results,
                                    [](const auto& result) {
                                        return object({{"request_digest", hex(result.request.bytes())}, {"outcome", bundle::name_of(result.outcome)},
                                                       {"code", result.code}, {"signatures", signatures(result.signatures)}});
                                    })},
                   {"position", position(receipt.position)},
                   {"findings", texts(receipt.findings)},
                   {"log_size", receipt.log_size},
                   {"log_root", hex(receipt.log_root.bytes())},
                   {"consistency", maybe(receipt.consistency,
                                         [](const auto& proof) {
                                             return object({{"from_size", proof.from_size},
                                                            {"path", list(proof.path, [](const auto& hash) { return hex(hash.bytes()); })}});
                                         })},
                   {"head", receipt.head.empty() ? Document{} : hex(receipt.head)}});
}

/// An artefact of ours with its fields, its bytes, and the seeds of who signed it.
Document vector_of(std::string_view name, const Document& fields, Artefact artefact, const std::vector<std::string>& signers)
{
    artefact = test::signed_by(std::move(artefact), signers);
    const auto seeds = list(signers, [](const std::string& signer) { return hex(crypto::sha256(bytes_of(signer))); });
    return object({{"kind", artefacts::name_of(artefact.kind())}, {"name", name}, {"valid", true}, {"fields", fields}, {"body", hex(artefact.body())},
                   {"hash", hex(artefact.hash())}, {"seeds", seeds},
                   {"signatures", list(artefact.signatures(),
                                       [](const auto& signature) {
                                           return object({{"key_id", hex(signature.key.bytes())}, {"signature", hex(signature.signature)}});
                                       })},
                   {"artefact", hex(artefact.encode())}});
}

Document key_id_vector(const std::string& name)
{
    const auto key = test::approval_key_named(name);
    const auto body = cbor::encode(cbor::Value{cbor::Value::Array{"ed25519", key.ed25519().bytes()}});
    return object({{"kind", "key_id"}, {"valid", true}, {"fields", object({{"algorithm", "ed25519"}, {"public_key", hex(key.ed25519().bytes())}})},
                   {"body", hex(body)}, {"hash", hex(crypto::sha256(artefacts::domain_separated("key", body)))},
                   {"seed", hex(crypto::sha256(bytes_of(name)))}, {"key_id", hex(key.id().bytes())}});
}

Document payload_vector(std::string_view name, const test::Transfer& transfer, const PolicyChain& chain, const std::string& wallet_id)
{
    const auto& wallet = chain.charter().wallet(wallet_id);
    const auto& network = chain.charter().chain(wallet.chain);
    const auto bytes = test::payload_of(transfer, chain.charter());
    const auto payload = chains::format_of(network).decode(bytes, {chain.charter(), wallet});
    const auto body = cbor::encode(cbor::Value{cbor::Value::Array{"evm", network.chain_id, wallet.address, payload->chain_hash()}});
    require(payload->digest().bytes() == crypto::sha256(artefacts::domain_separated("payload", body)), "payload digest of another body");
    return object({{"kind", "payload"}, {"name", name}, {"valid", true}, {"payload", hex(bytes)},
                   {"fields", object({{"family", "evm"}, {"chain_id", network.chain_id}, {"sender", hex(wallet.address)},
                                      {"signing_hash", hex(payload->chain_hash())}})},
                   {"body", hex(body)}, {"hash", hex(payload->digest().bytes())}});
}

template <typename Item>
Document payment_items(const std::vector<Item>& items)
{
    return list(items, [](const auto& item) {
        return object({{"asset", asset(item.amount.asset())}, {"destination", hex(item.destination)}, {"amount", item.amount.base_units()}});
    });
}

cbor::Value payment_values(const auto& items)
{
    cbor::Value::Array values;
    for (const auto& item : items)
        values.push_back(cbor::Value::Array{cbor::Value::Array{item.amount.asset().chain, item.amount.asset().symbol}, item.destination,
                                            item.amount.base_units().minimal_big_endian()});
    return values;
}

Document payment_vector(std::string_view name, const payments::Description& description)
{
    const auto& fee = description.fee.maximum;
    const auto body = cbor::encode(cbor::Value{cbor::Value::Array{
        1, description.payer, payment_values(description.payments), payment_values(description.change),
        cbor::Value::Array{cbor::Value::Array{fee.asset().chain, fee.asset().symbol}, fee.base_units().minimal_big_endian()}}});
    return object({{"kind", "payment"}, {"name", name}, {"valid", true},
                   {"fields", object({{"payer", description.payer}, {"payments", payment_items(description.payments)},
                                      {"change", payment_items(description.change)},
                                      {"fee", object({{"asset", asset(description.fee.maximum.asset())},
                                                      {"amount", description.fee.maximum.base_units()}})}})},
                   {"body", hex(body)}, {"hash", hex(payments::payment_digest(description).bytes())}});
}

Document link_vector(std::string_view name, const charter::Link& link)
{
    const auto entry = link.entry_hash();
    const auto body = cbor::encode(cbor::Value{cbor::Value::Array{link.number, link.previous.bytes(), entry.bytes()}});
    return object({{"kind", "link"}, {"name", name}, {"valid", true},
                   {"fields", object({{"number", link.number}, {"previous", hex(link.previous.bytes())}, {"entry_hash", hex(entry.bytes())}})},
                   {"body", hex(body)}, {"hash", hex(link.hash().bytes())}, {"artefact", hex(link.artefact)}});
}

/// The example treasury with every optional member in use.
charter::Charter second_charter(const PolicyChain& chain)
{
    return test::amended(chain, [](charter::Charter& charter) {
        charter.name = "Tr\xc3\xa9sor \xe2\x82\xac";
        charter.appliances[1].accepts_swap = true;
        charter.wallets[1].keys.push_back({"", "", "", "trezor"});
        charter.wallets[0].first_nonce = 4'294'967'296;
        auto& rule = charter.rules[0];
        rule.chains = {{"ethereum"}};
        rule.max_priority_feerate = Uint256{2'000'000'000};
        rule.max_fee_share = 1500;
        charter.rules[2].kinds = {charter::RequestKind::transfer, charter::RequestKind::void_};
    });
}

/// Artefacts that must be refused, and the code: one fault each in a good one.
Document refused_vectors(const requests::Request& good)
{
    auto vectors = Document::list();
    const auto refused = [&](std::string_view name, artefacts::Kind kind, ByteView bytes, ErrorCode code) {
        vectors.add(object({{"kind", artefacts::name_of(kind)}, {"case", name}, {"valid", false}, {"artefact", hex(bytes)}, {"error", name_of(code)}}));
    };
    const auto request = [&](std::string_view name, ByteView bytes, ErrorCode code) { refused(name, artefacts::Kind::request, bytes, code); };
    const auto edited = [&](const std::function<void(requests::Request&)>& edit) {
        auto copy = good;
        edit(copy);
        return test::signed_by(encode(copy), {"alice"}).encode();
    };
    const auto body_with = [&](const std::function<void(cbor::Value::Map&)>& edit) {
        const auto body = cbor::decode(encode(good).body());
        auto fields = body.map_entries("body");
        edit(fields);
        return test::signed_by({artefacts::Kind::request, cbor::encode(cbor::Value::map(std::move(fields)))}, {"alice"}).encode();
    };
    using cbor::Value;
    const auto bytes = edited([](auto&) {});
    const Value pair{Value::Array{Bytes(16, 2), Bytes(64)}};
    const Value earlier{Value::Array{Bytes(16, 1), Bytes(64)}};
    const auto envelope = [&](Value type, Value version, Value signatures) {
        return cbor::encode(Value::map({{0, std::move(type)}, {1, std::move(version)}, {2, encode(good).body()}, {3, std::move(signatures)}}));
    };
    auto longer = bytes;
    longer.push_back(0);
    request("a byte is left over", longer, ErrorCode::malformed);
    request("the last byte is missing", ByteView{bytes}.first(bytes.size() - 1), ErrorCode::cbor_length);
    request("another type", envelope("coffer-vote", 1, Value::Array{}), ErrorCode::type);
    request("an unknown type", envelope("coffer-wish", 1, Value::Array{}), ErrorCode::type);
    request("an unknown version", envelope("coffer-request", 2, Value::Array{}), ErrorCode::type);
    request("signatures are not sorted", envelope("coffer-request", 1, Value::Array{pair, earlier}), ErrorCode::canon);
    request("two signatures of one key", envelope("coffer-request", 1, Value::Array{pair, pair}), ErrorCode::canon);
    request("an unknown field", body_with([](auto& fields) { fields.emplace_back(13, 0); }), ErrorCode::malformed);
    request("a field is missing", body_with([](auto& fields) { fields.pop_back(); }), ErrorCode::malformed);
    request("a treasury of zero", edited([](auto& r) { r.header.treasury = TreasuryId{}; }), ErrorCode::malformed);
    request("text in another normal form", edited([](auto& r) { r.wallet = "e\xcc\x81"; }), ErrorCode::canon);
    request("an id that is no UUIDv7", edited([](auto& r) { r.id = RequestId{}; }), ErrorCode::malformed);
    request("a payload named twice", edited([](auto& r) { r.payloads.push_back(r.payloads[0]); }), ErrorCode::malformed);
    request("no payload", edited([](auto& r) { r.payloads.clear(); }), ErrorCode::malformed);
    request("it expires when it is created", edited([](auto& r) { r.expires = r.created; }), ErrorCode::malformed);
    request("it expires after the year 9999", edited([](auto& r) { r.expires = {253402300800}; }), ErrorCode::malformed);
    auto long_form = bytes; // a4 00 6e "coffer-request" 01 01: the second 01 as 18 01
    long_form.insert(long_form.begin() + 18, 0x18);
    request("an integer in a longer form", long_form, ErrorCode::canon);
    auto indefinite = bytes;
    indefinite[0] = 0xbf;
    indefinite.push_back(0xff);
    request("a map of indefinite length", indefinite, ErrorCode::canon);
    request("an array that the input does not hold", encoding::decode_hex("a4006e636f666665722d7265717565737401010241a0039affffffff"),
            ErrorCode::cbor_length);
    request("arrays nested 30 deep", Bytes(30, 0x81), ErrorCode::cbor_depth);
    return vectors;
}

/// File name to its vectors.
std::map<std::string, Document> make_sets()
{
    const std::vector<std::string> admins{"alice", "bob", "dave"};
    const auto first = test::example_charter();
    auto chain = test::founded(first);
    const auto second = second_charter(chain);
    std::map<std::string, Document> sets;
    const auto add = [&](const std::string& set, Document vector) { sets.try_emplace(set, Document::list()).first->second.add(std::move(vector)); };

    for (const auto* name : {"alice", "vault-a", "audit"})
        add("key_id", key_id_vector(name));

    add("charter", vector_of("first", fields_of(first), seal(first), test::officer_ids(first)));
    add("charter", vector_of("amendment", fields_of(second), seal(second), admins));

    const test::Transfer coin;
    const test::Transfer token{.to = "supplier", .amount = Uint256{1'250'000}, .token = "USDC", .nonce = 1};
    add("payload_digest", payload_vector("five ETH", coin, chain, "eth-cold"));
    add("payload_digest", payload_vector("1.25 USDC", token, chain, "eth-cold"));
    add("payload_digest", payload_vector("the same transfer on another chain", {.to = "pol-exchange", .chain_id = 137}, chain, "pol-cold"));

    const AssetId eth{"ethereum", "ETH"};
    const AssetId btc{"bitcoin", "BTC"};
    add("payment_digest", payment_vector("one payment", {"eth-cold", {{test::address_named("exchange"), {eth, test::ether(5)}}}, {}, {{eth, 1'200'000'000'000'000}, {}, {}}}));
    add("payment_digest", payment_vector("nothing", {"eth-cold", {}, {}, {{eth, 0}, {}, {}}}));
    add("payment_digest", payment_vector("payments and change", {"btc-cold",
                                                                 {{test::address_named("a"), {btc, 255}}, {test::address_named("b"), {btc, 256}}},
                                                                 {{test::address_named("c"), {btc, Uint256::from_big_endian(Bytes(32, 0xff))}, 3}},
                                                                 {{btc, 1}, {}, {}}}));

    const auto decoded = [](const requests::Submission& submission) {
        return requests::decode_request(Artefact::decode(submission.request, artefacts::Kind::request));
    };
    const auto plain = decoded(test::submission(chain));
    auto full = decoded(test::submission(chain, {.transfers = {coin, token}}));
    full.replaces = RequestDigest{encode(plain).hash()};
    full.kind = charter::RequestKind::bump;
    auto bare = plain;
    bare.height.reset();
    add("request", vector_of("one payload", fields_of(plain), encode(plain), {"alice"}));
    add("request", vector_of("two payloads in place of another request", fields_of(full), encode(full), {"alice"}));
    add("request", vector_of("without a height", fields_of(bare), encode(bare), {"alice"}));

    const requests::Head head{test::example_header, "vault-a", 23, Hash256{crypto::sha256(bytes_of("root"))}, test::working_day};
    const requests::Head online{test::example_header, std::string{requests::online_source}, 24, Hash256{}, test::working_day};
    const auto signed_head = test::signed_by(encode(head), {"vault-a"}).encode();
    add("head", vector_of("of an appliance", fields_of(head), encode(head), {"vault-a"}));
    add("head", vector_of("of the online side", fields_of(online), encode(online), {"audit"}));

    const auto digest = RequestDigest{encode(plain).hash()};
    requests::Vote yes{test::example_header, digest, requests::VoteDecision::approve, "bob", test::working_day, std::nullopt, chain.charter_hash(), chain.position(), {}};
    auto no = yes;
    no.decision = requests::VoteDecision::reject;
    no.officer = "dave";
    no.comment = requests::hash_comment("wrong invoice");
    no.heads = {signed_head};
    add("vote", vector_of("approve", fields_of(yes), encode(yes), {"bob"}));
    add("vote", vector_of("reject with a comment and a head", fields_of(no), encode(no), {"dave"}));

    const charter::Cancel cancel{test::example_header, digest, "alice", test::working_day, "typo in the amount"};
    add("cancel", vector_of("by the requester", fields_of(cancel), encode_cancel(cancel), {"alice"}));
    test::append(chain, encode_cancel(cancel), {"alice"});
    test::append(chain, seal(second), admins);
    add("link", link_vector("the first charter", chain.links()[0]));
    add("link", link_vector("a cancel", chain.links()[1]));
    add("link", link_vector("an amendment", chain.links()[2]));

    const bundle::CarriedSignature signature{0, {0, Bytes(33, 2), Bytes(64, 1)}};
    const bundle::CarriedRequest carried{{test::signed_by(encode(plain), {"alice"}).encode(), {test::payload_of(coin, first)}, {test::signed_by(encode(yes), {"bob"}).encode()}}, {signature}};
    const bundle::Bundle whole{test::example_header, {chain.links()[1]}, test::signed_by(encode(online), {"audit"}).encode(), {signed_head}, {{0xca, 0xfe}}, {carried}};
    const bundle::Bundle empty{test::example_header, {}, {}, {}, {}, {}};
    const bundle::Review review{test::example_header, chain.links(), {signed_head}, carried};
    add("bundle", vector_of("everything", fields_of(whole), encode(whole), {}));
    add("bundle", vector_of("nothing", fields_of(empty), encode(empty), {}));
    add("review", vector_of("one request", fields_of(review), encode(review), {}));

    const BundleDigest carried_by{encode(whole).hash()};
    bundle::Receipt receipt{test::example_header, carried_by, "vault-a", test::working_day,
                            {{digest, bundle::Outcome::signed_, "", {signature}}, {RequestDigest{}, bundle::Outcome::refused, "fee_cap", {}}},
                            chain.position(), {"the clock was set"}, 23, head.root, bundle::Consistency{7, {Hash256{}}}, signed_head};
    auto short_receipt = receipt;
    short_receipt.results = {{digest, bundle::Outcome::declined, "declined", {}}};
    short_receipt.findings.clear();
    short_receipt.consistency.reset();
    short_receipt.head.clear();
    add("receipt", vector_of("signed and refused", fields_of(receipt), encode(receipt), {"vault-a"}));
    add("receipt", vector_of("declined", fields_of(short_receipt), encode(short_receipt), {"vault-a"}));
    sets.emplace("refused", refused_vectors(plain));
    return sets;
}

/// JSON that people can read: what fits on a line stands on one.
void write_pretty(std::ostream& out, const Document& document, std::size_t indent)
{
    constexpr std::size_t width = 120;
    const auto line = document.to_json();
    if (line.size() + indent <= width || (!document.is_object() && !document.is_list())) {
        out << line;
        return;
    }
    const std::string margin(indent + 1, ' ');
    auto between = [&, is_first = true]() mutable {
        out << (std::exchange(is_first, false) ? "\n" : ",\n") << margin;
    };
    out << (document.is_object() ? '{' : '[');
    if (document.is_object())
        for (const auto& [name, value] : document.fields()) {
            between();
            out << Document{name}.to_json() << ": ";
            write_pretty(out, value, indent + 1);
        }
    else
        for (const auto& item : document.items()) {
            between();
            write_pretty(out, item, indent + 1);
        }
    out << '\n' << std::string(indent, ' ') << (document.is_object() ? '}' : ']');
}

std::string file_content(const Document& vectors)
{
    const auto file = object({{"source", "tests/tools/make_protocol_vectors.cpp; checked by tests/peers/check-protocol-vectors.mjs"},
                              {"spec", "coffer-protocol(5)"},
                              {"note", "the seed of a key is SHA-256 of its owner's name; null: the field is left out, but a rule's selectors mean `any` by CBOR's null"},
                              {"vectors", vectors}});
    std::ostringstream out;
    write_pretty(out, file, 0);
    out << '\n';
    return out.str();
}

std::string read_file(const std::string& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

int run(const std::vector<std::string>& arguments)
{
    const bool is_check = arguments.size() == 2 && arguments[0] == "--check";
    if (!is_check && (arguments.size() != 1 || arguments[0].starts_with('-'))) {
        std::cerr << "usage: make_protocol_vectors [--check] DIRECTORY\n";
        return 2;
    }
    int status = 0;
    for (const auto& [set, vectors] : make_sets()) {
        const auto path = arguments.back() + "/" + set + ".json";
        const auto content = file_content(vectors);
        if (!is_check) {
            std::ofstream{path, std::ios::binary} << content;
        } else if (read_file(path) != content) {
            std::cerr << path << " is not what the program makes; a change here voids signatures (PROTOCOL 1)\n";
            status = 1;
        }
    }
    return status;
}

} // namespace
} // namespace coffer

int main(int count, char** arguments)
{
    return coffer::run({arguments + 1, arguments + count});
}
