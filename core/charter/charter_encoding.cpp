// The sealed form of a charter: a CBOR map with integer keys (coffer-charter(5), SEALED FORM).

#include "core/charter/charter.h"

#include "core/base/text.h"

namespace coffer::charter {

namespace {

using cbor::MapReader;
using cbor::Value;

constexpr std::uint64_t format_version = 1;
constexpr std::size_t most_items = 10'000;

Value texts(const std::vector<std::string>& items)
{
    Value::Array array;
    for (const auto& item : items)
        array.emplace_back(item);
    return array;
}

std::vector<std::string> read_texts(const Value& value, std::string_view what)
{
    std::vector<std::string> items;
    for (const auto& item : value.array(what))
        items.push_back(item.text(what));
    return items;
}

/// `any` is null.
Value selector(const Selector<std::string>& selector)
{
    return selector ? texts(*selector) : Value{};
}

Selector<std::string> read_selector(const Value& value, std::string_view what)
{
    if (value.is_null())
        return std::nullopt;
    return read_texts(value, what);
}

template <typename Item, typename Encode>
Value list(const std::vector<Item>& items, Encode encode)
{
    Value::Array array;
    for (const auto& item : items)
        array.push_back(encode(item));
    return array;
}

template <typename Item, typename Decode>
std::vector<Item> read_list(const Value& value, std::string_view what, Decode decode)
{
    const auto& array = value.array(what);
    if (array.size() > most_items)
        throw Error{ErrorCode::limit, std::string{what} + ": " + std::to_string(array.size()) + " items are over the limit of " +
                                          std::to_string(most_items)};
    std::vector<Item> items;
    for (const auto& item : array)
        items.push_back(decode(item));
    return items;
}

template <typename Enum>
Enum read_enum(const Value& value, std::string_view what, std::uint64_t last)
{
    const auto number = value.number(what);
    if (number > last)
        throw Error{ErrorCode::malformed, std::string{what} + " " + std::to_string(number) + " is unknown"};
    return static_cast<Enum>(number);
}

template <typename Enum>
Value number_of(Enum value)
{
    return static_cast<std::uint64_t>(value);
}

std::uint32_t read_u32(const Value& value, std::string_view what)
{
    const auto number = value.number(what);
    if (number > 0xffffffffU)
        throw Error{ErrorCode::malformed, std::string{what} + " " + std::to_string(number) + " is over 32 bits"};
    return static_cast<std::uint32_t>(number);
}

Duration read_duration(const Value& value, std::string_view what)
{
    return {artefacts::read_time(value, what).seconds}; // far beyond what check() allows
}

Value encode_role(const Role& role)
{
    return Value::map({{0, role.id}, {1, role.veto}});
}

Role decode_role(const Value& value)
{
    MapReader reader{value, "role"};
    Role role{reader.take(0, "id").text("role id"), reader.take(1, "veto").boolean("veto")};
    reader.finish();
    return role;
}

Value encode_officer(const Officer& officer)
{
    return Value::map({{0, officer.id},
                       {1, texts(officer.roles)},
                       {2, list(officer.keys, [](const auto& key) { return Value{key.format()}; })}});
}

Officer decode_officer(const Value& value)
{
    MapReader reader{value, "officer"};
    Officer officer;
    officer.id = reader.take(0, "id").text("officer id");
    officer.roles = read_texts(reader.take(1, "roles"), "role");
    officer.keys = read_list<artefacts::ApprovalKey>(reader.take(2, "keys"), "keys", [](const Value& key) {
        return artefacts::ApprovalKey::parse(key.text("key"));
    });
    reader.finish();
    return officer;
}

Value encode_appliance(const Appliance& appliance)
{
    return Value::map({{0, appliance.id},
                       {1, appliance.key.format()},
                       {2, number_of(appliance.state)},
                       {4, appliance.accepts_swap},
                       {3, list(appliance.keys, [](const ApplianceKey& key) {
                            return Value::map({{0, key.id}, {1, key.origin}, {2, key.extended_public}});
                        })}});
}

Appliance decode_appliance(const Value& value)
{
    MapReader reader{value, "appliance"};
    Appliance appliance{.id = reader.take(0, "id").text("appliance id"),
                        .key = artefacts::ApprovalKey::parse(reader.take(1, "key").text("key")),
                        .state = read_enum<Appliance::State>(reader.take(2, "state"), "appliance state", 1),
                        .keys = {},
                        .accepts_swap = reader.take(4, "accepts_swap").boolean("accepts_swap")};
    appliance.keys = read_list<ApplianceKey>(reader.take(3, "keys"), "keys", [](const Value& item) {
        MapReader key_reader{item, "appliance key"};
        ApplianceKey key{key_reader.take(0, "id").text("key id"), key_reader.take(1, "origin").text("origin"),
                         key_reader.take(2, "public").text("public key")};
        key_reader.finish();
        return key;
    });
    reader.finish();
    return appliance;
}

Value encode_chain(const Chain& chain)
{
    return Value::map({{0, chain.id},
                       {1, chain.family},
                       {2, chain.chain_id},
                       {3, chain.network},
                       {4, chain.symbol},
                       {5, std::uint64_t{chain.decimals}}});
}

Chain decode_chain(const Value& value)
{
    MapReader reader{value, "chain"};
    Chain chain;
    chain.id = reader.take(0, "id").text("chain id");
    chain.family = reader.take(1, "family").text("family");
    chain.chain_id = reader.take(2, "chain_id").number("chain_id");
    chain.network = reader.take(3, "network").text("network");
    chain.symbol = reader.take(4, "symbol").text("symbol");
    chain.decimals = read_u32(reader.take(5, "decimals"), "decimals");
    reader.finish();
    return chain;
}

Value encode_token(const Token& token)
{
    return Value::map({{0, token.id}, {1, token.chain}, {2, token.address}, {3, std::uint64_t{token.decimals}}});
}

Token decode_token(const Value& value)
{
    MapReader reader{value, "token"};
    Token token;
    token.id = reader.take(0, "id").text("token id");
    token.chain = reader.take(1, "chain").text("chain");
    token.address = reader.take(2, "address").bytes("address");
    token.decimals = read_u32(reader.take(3, "decimals"), "decimals");
    reader.finish();
    return token;
}

Value encode_wallet(const Wallet& wallet)
{
    return Value::map({{0, wallet.id},
                       {1, wallet.chain},
                       {2, number_of(wallet.tier)},
                       {3, number_of(wallet.mode)},
                       {4, wallet.address},
                       {5, wallet.descriptor},
                       {6, list(wallet.keys,
                                [](const WalletKey& key) {
                                    return Value{Value::Array{key.appliance, key.key, key.path, key.outside}};
                                })},
                       {7, number_of(wallet.presence)},
                       {8, std::uint64_t{wallet.confirmations}},
                       {9, wallet.first_nonce}});
}

WalletKey decode_wallet_key(const Value& value)
{
    const auto& parts = value.array("wallet key");
    if (parts.size() != 4)
        throw Error{ErrorCode::malformed, "wallet key has " + std::to_string(parts.size()) + " parts, not 4"};
    return {parts[0].text("appliance"), parts[1].text("key"), parts[2].text("path"),
            parts[3].text("outside")};
}

Wallet decode_wallet(const Value& value)
{
    MapReader reader{value, "wallet"};
    Wallet wallet;
    wallet.id = reader.take(0, "id").text("wallet id");
    wallet.chain = reader.take(1, "chain").text("chain");
    wallet.tier = read_enum<Tier>(reader.take(2, "tier"), "tier", 2);
    wallet.mode = read_enum<Mode>(reader.take(3, "mode"), "mode", 1);
    wallet.address = reader.take(4, "address").bytes("address");
    wallet.descriptor = reader.take(5, "descriptor").text("descriptor");
    wallet.keys = read_list<WalletKey>(reader.take(6, "keys"), "keys", decode_wallet_key);
    wallet.presence = read_enum<Presence>(reader.take(7, "presence"), "presence", 1);
    wallet.confirmations = read_u32(reader.take(8, "confirmations"), "confirmations");
    wallet.first_nonce = reader.take(9, "first_nonce").number("first_nonce");
    reader.finish();
    return wallet;
}

Value encode_destination(const Destination& destination)
{
    return Value::map({{0, destination.id}, {1, destination.chain}, {2, destination.address}});
}

Destination decode_destination(const Value& value)
{
    MapReader reader{value, "destination"};
    Destination destination;
    destination.id = reader.take(0, "id").text("destination id");
    destination.chain = reader.take(1, "chain").text("chain");
    destination.address = reader.take(2, "address").bytes("address");
    reader.finish();
    return destination;
}

Value encode_rule(const Rule& rule)
{
    Value::Map map{{0, rule.id},
                   {1, selector(rule.wallets)},
                   {2, list(rule.kinds, [](RequestKind kind) { return Value{name_of(kind)}; })},
                   {3, selector(rule.chains)},
                   {4, selector(rule.assets)},
                   {6, Value::Array{number_of(rule.destinations.kind), texts(rule.destinations.names)}},
                   {7, rule.approvals.text()},
                   {8, rule.requester_may_approve},
                   {9, static_cast<std::uint64_t>(rule.expires.seconds)},
                   {10, static_cast<std::uint64_t>(rule.delay.seconds)}};
    if (rule.amount)
        map.emplace_back(5, Value::Array{rule.amount->least.minimal_big_endian(), rule.amount->most.minimal_big_endian()});
    if (rule.max_fee)
        map.emplace_back(11, rule.max_fee->minimal_big_endian());
    if (rule.max_feerate)
        map.emplace_back(12, rule.max_feerate->minimal_big_endian());
    if (rule.max_priority_feerate)
        map.emplace_back(13, rule.max_priority_feerate->minimal_big_endian());
    if (rule.max_fee_share)
        map.emplace_back(14, *rule.max_fee_share);
    return Value::map(std::move(map));
}

Uint256 read_amount(const Value& value, std::string_view what)
{
    return Uint256::from_minimal_big_endian(value.bytes(what));
}

Quorum read_quorum(const Value& value, std::string_view what)
{
    const auto& text = value.text(what);
    auto quorum = Quorum::parse(text);
    if (quorum.text() != text)
        throw Error{ErrorCode::canon, std::string{what} + " " + quoted(text) + " is not in its one form " + quoted(quorum.text())};
    return quorum;
}

DestinationClass decode_destination_class(const Value& value)
{
    const auto& parts = value.array("destinations");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "destinations have " + std::to_string(parts.size()) + " parts, not 2"};
    return {read_enum<DestinationClass::Kind>(parts[0], "destination class", 3), read_texts(parts[1], "destination")};
}

Rule decode_rule(const Value& value)
{
    MapReader reader{value, "rule"};
    Rule rule;
    rule.id = reader.take(0, "id").text("rule id");
    rule.wallets = read_selector(reader.take(1, "wallets"), "wallet");
    rule.kinds = read_list<RequestKind>(reader.take(2, "kinds"), "kinds",
                                        [](const Value& kind) { return parse_request_kind(kind.text("kind")); });
    rule.chains = read_selector(reader.take(3, "chains"), "chain");
    rule.assets = read_selector(reader.take(4, "assets"), "asset");
    if (const auto* amount = reader.take_optional(5)) {
        const auto& bounds = amount->array("amount");
        if (bounds.size() != 2)
            throw Error{ErrorCode::malformed, "amount has " + std::to_string(bounds.size()) + " bounds, not 2"};
        rule.amount = AmountRange{read_amount(bounds[0], "amount"), read_amount(bounds[1], "amount")};
    }
    rule.destinations = decode_destination_class(reader.take(6, "destinations"));
    rule.approvals = read_quorum(reader.take(7, "approvals"), "approvals");
    rule.requester_may_approve = reader.take(8, "requester_may_approve").boolean("requester_may_approve");
    rule.expires = read_duration(reader.take(9, "expires"), "expires");
    rule.delay = read_duration(reader.take(10, "delay"), "delay");
    if (const auto* fee = reader.take_optional(11))
        rule.max_fee = read_amount(*fee, "max_fee");
    if (const auto* rate = reader.take_optional(12))
        rule.max_feerate = read_amount(*rate, "max_feerate");
    if (const auto* rate = reader.take_optional(13))
        rule.max_priority_feerate = read_amount(*rate, "max_priority_feerate");
    if (const auto* share = reader.take_optional(14))
        rule.max_fee_share = share->number("max_fee_share");
    reader.finish();
    return rule;
}

Value encode_limit(const Limit& limit)
{
    Value::Map map{{0, limit.id},
                   {1, selector(limit.wallets)},
                   {2, selector(limit.assets)},
                   {3, selector(limit.destinations)},
                   {4, selector(limit.requesters)},
                   {5, list(limit.per, [](LimitPer per) { return Value{name_of(per)}; })},
                   {6, static_cast<std::uint64_t>(limit.span.seconds)}};
    if (limit.amount)
        map.emplace_back(7, limit.amount->minimal_big_endian());
    if (limit.count)
        map.emplace_back(8, *limit.count);
    return Value::map(std::move(map));
}

Limit decode_limit(const Value& value)
{
    MapReader reader{value, "limit"};
    Limit limit;
    limit.id = reader.take(0, "id").text("limit id");
    limit.wallets = read_selector(reader.take(1, "wallets"), "wallet");
    limit.assets = read_selector(reader.take(2, "assets"), "asset");
    limit.destinations = read_selector(reader.take(3, "destinations"), "destination");
    limit.requesters = read_selector(reader.take(4, "requesters"), "requester");
    limit.per = read_list<LimitPer>(reader.take(5, "per"), "per", [](const Value& per) { return parse_limit_per(per.text("per")); });
    limit.span = read_duration(reader.take(6, "span"), "span");
    if (const auto* amount = reader.take_optional(7))
        limit.amount = read_amount(*amount, "amount");
    if (const auto* count = reader.take_optional(8))
        limit.count = count->number("count");
    reader.finish();
    return limit;
}

ShareLimits decode_share_limits(const Value& value)
{
    constexpr std::uint64_t most = 256; // 16 groups of 16 (SLIP-39)
    const auto& parts = value.array("share limits");
    if (parts.size() != 2 || parts[0].number("least threshold") > most || parts[1].number("most shares") > most)
        throw Error{ErrorCode::malformed, "the limits of shares are no least threshold and greatest count"};
    return {static_cast<unsigned>(parts[0].number("least threshold")), static_cast<unsigned>(parts[1].number("most shares"))};
}

} // namespace

artefacts::Artefact seal(const Charter& charter)
{
    Value::Map map{{2, format_version},
                   {3, charter.name},
                   {4, charter.version},
                   {7, charter.amendment.text()},
                   {8, list(charter.roles, encode_role)},
                   {9, list(charter.officers, encode_officer)},
                   {10, list(charter.appliances, encode_appliance)},
                   {11, charter.audit_key.format()},
                   {12, list(charter.chains, encode_chain)},
                   {13, list(charter.tokens, encode_token)},
                   {14, list(charter.wallets, encode_wallet)},
                   {15, list(charter.destinations, encode_destination)},
                   {16, list(charter.rules, encode_rule)}};
    if (charter.previous)
        map.emplace_back(5, charter.previous->bytes());
    if (charter.adopt_before)
        map.emplace_back(6, static_cast<std::uint64_t>(charter.adopt_before->seconds));
    if (charter.continues)
        map.emplace_back(17, charter.continues->encode());
    if (!charter.limits.empty()) // left out, so that charters of before keep their hash
        map.emplace_back(18, list(charter.limits, encode_limit));
    if (!charter.freeze_role.empty())
        map.emplace_back(20, charter.freeze_role);
    if (charter.cooldown)
        map.emplace_back(21, static_cast<std::uint64_t>(charter.cooldown->seconds));
    if (charter.shares != ShareLimits{})
        map.emplace_back(23, Value::Array{charter.shares.least_threshold, charter.shares.most_shares});
    if (!charter.lifts.empty())
        map.emplace_back(22, list(charter.lifts, [](const EntryHash& entry) { return Value{entry.bytes()}; }));
    return {artefacts::Kind::charter, artefacts::encode_body(charter.header, std::move(map))};
}

Charter open(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::charter};
    const auto format = reader.take(2, "format").number("format");
    if (format != format_version)
        throw Error{ErrorCode::schema, "charter format " + std::to_string(format) + " is unknown",
                    "a newer program sealed it; this one understands format 1"};
    Charter charter{.header = reader.header(),
                    .name = reader.take(3, "name").text("name"),
                    .version = reader.take(4, "version").number("version"),
                    .previous = std::nullopt,
                    .adopt_before = std::nullopt,
                    .amendment = read_quorum(reader.take(7, "amendment"), "amendment"),
                    .roles = read_list<Role>(reader.take(8, "roles"), "roles", decode_role),
                    .officers = read_list<Officer>(reader.take(9, "officers"), "officers", decode_officer),
                    .appliances = read_list<Appliance>(reader.take(10, "appliances"), "appliances", decode_appliance),
                    .audit_key = artefacts::ApprovalKey::parse(reader.take(11, "audit").text("audit key")),
                    .chains = read_list<Chain>(reader.take(12, "chains"), "chains", decode_chain),
                    .tokens = read_list<Token>(reader.take(13, "tokens"), "tokens", decode_token),
                    .wallets = read_list<Wallet>(reader.take(14, "wallets"), "wallets", decode_wallet),
                    .destinations =
                        read_list<Destination>(reader.take(15, "destinations"), "destinations", decode_destination),
                    .rules = read_list<Rule>(reader.take(16, "rules"), "rules", decode_rule)};
    if (const auto* previous = reader.take_optional(5))
        charter.previous = CharterHash{previous->array_of<32>("previous")};
    if (const auto* adopt_before = reader.take_optional(6))
        charter.adopt_before = artefacts::read_time(*adopt_before, "adopt_before");
    if (const auto* continues = reader.take_optional(17))
        charter.continues = Position::decode(*continues);
    if (const auto* limits = reader.take_optional(18))
        charter.limits = read_list<Limit>(*limits, "limits", decode_limit);
    if (const auto* role = reader.take_optional(20))
        charter.freeze_role = role->text("freeze role");
    if (const auto* cooldown = reader.take_optional(21))
        charter.cooldown = read_duration(*cooldown, "cooldown");
    if (const auto* shares = reader.take_optional(23))
        charter.shares = decode_share_limits(*shares);
    if (const auto* lifts = reader.take_optional(22))
        charter.lifts = read_list<EntryHash>(*lifts, "lifts",
                                             [](const Value& entry) { return EntryHash{entry.array_of<32>("lifted entry")}; });
    reader.finish();
    if (seal(charter).body() != artefact.body())
        throw Error{ErrorCode::canon, "charter is not in its one encoding"};
    return charter;
}

} // namespace coffer::charter
