#include "cli/sealed_charter.h"

#include "cli/files/charter_file.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/output.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

using charter::Charter;
using charter::DestinationClass;
using charter::Rule;
using encoding::encode_hex;

std::string format_address(const Charter& charter, const std::string& chain_id, const Bytes& address)
{
    const auto* chain = charter.find_chain(chain_id);
    const auto* format = chain == nullptr ? nullptr : chains::find_format(chain->family);
    return format == nullptr ? encode_hex(address) : format->format_address(address, *chain);
}

Document text_list(const std::vector<std::string>& texts)
{
    auto list = Document::list();
    for (const auto& text : texts)
        list.add(text);
    return list;
}

Document selector(const charter::Selector<std::string>& names)
{
    return names ? text_list(*names) : Document{"any"};
}

Document destination_class(const DestinationClass& destinations)
{
    switch (destinations.kind) {
    case DestinationClass::Kind::any: return "any";
    case DestinationClass::Kind::whitelist: return "whitelist";
    case DestinationClass::Kind::internal: return destinations.names.empty() ? Document{"internal"} : text_list(destinations.names);
    case DestinationClass::Kind::listed: return text_list(destinations.names);
    }
    fatal("destination class without a name");
}

/// The one asset of a rule with an amount, for its decimals.
std::optional<AssetId> asset_of(const Charter& charter, const Rule& rule)
{
    if (!rule.assets || rule.assets->size() != 1)
        return std::nullopt;
    for (const auto& chain : charter.chains) {
        const AssetId asset{chain.id, rule.assets->front()};
        const bool is_wanted = !rule.chains || std::ranges::find(*rule.chains, chain.id) != rule.chains->end();
        if (is_wanted && (chain.symbol == asset.symbol || charter.find_token(asset) != nullptr))
            return asset;
    }
    return std::nullopt;
}

std::string amount_text(const Charter& charter, const Rule& rule)
{
    if (!rule.amount)
        return "any";
    const auto asset = asset_of(charter, rule);
    const auto decimals = asset ? charter.decimals(*asset) : 0;
    return format_decimal(rule.amount->least, decimals) + " to " + format_decimal(rule.amount->most, decimals) +
           (asset ? " " + asset->symbol : " base units");
}

Document describe_rule(const Charter& charter, const Rule& rule)
{
    auto kinds = Document::list();
    for (const auto kind : rule.kinds)
        kinds.add(charter::name_of(kind));
    auto document = Document::object();
    document.set("id", rule.id)
        .set("wallets", selector(rule.wallets))
        .set("kinds", std::move(kinds))
        .set("chains", selector(rule.chains))
        .set("assets", selector(rule.assets))
        .set("amount", amount_text(charter, rule))
        .set("destinations", destination_class(rule.destinations))
        .set("approvals", rule.approvals.text())
        .set("requester_may_approve", rule.requester_may_approve)
        .set("expires_seconds", rule.expires.seconds)
        .set("delay_seconds", rule.delay.seconds);
    if (rule.max_fee)
        document.set("max_fee", *rule.max_fee);
    if (rule.max_feerate)
        document.set("max_feerate", *rule.max_feerate);
    if (rule.max_priority_feerate)
        document.set("max_priority_feerate", *rule.max_priority_feerate);
    return document;
}

Document describe_limit(const Charter& charter, const charter::Limit& limit)
{
    auto per = Document::list();
    for (const auto one : limit.per)
        per.add(charter::name_of(one));
    auto document = Document::object();
    document.set("id", limit.id)
        .set("wallets", selector(limit.wallets))
        .set("assets", selector(limit.assets))
        .set("destinations", selector(limit.destinations))
        .set("requesters", selector(limit.requesters))
        .set("per", std::move(per))
        .set("span_seconds", limit.span.seconds)
        .set("ceiling", charter::ceiling_in_words(charter, limit));
    if (limit.amount)
        document.set("amount", *limit.amount);
    if (limit.count)
        document.set("count", *limit.count);
    return document;
}

/// `vault-a/k1/0/0`, without a path where a descriptor says it; `outside electrum`.
std::string holder_in_words(const charter::WalletKey& key)
{
    if (!key.outside.empty())
        return "outside " + key.outside;
    return key.appliance + "/" + key.key + (key.path.empty() ? "" : "/" + key.path);
}

/// What is compared with every other signer of the wallet. Empty for a wallet that derives none.
std::string first_address(const Charter& charter, const charter::Wallet& wallet)
{
    try {
        const auto& chain = charter.chain(wallet.chain);
        const auto& format = chains::format_of(chain);
        return format.format_address(format.derive_address(charter, wallet, chains::Branch::receive, 0), chain);
    } catch (const Error&) {
        return {}; // `charter check` says what is wrong with it
    }
}

Document describe_wallet(const Charter& charter, const charter::Wallet& wallet)
{
    auto keys = Document::list();
    for (const auto& key : wallet.keys)
        keys.add(holder_in_words(key));
    auto document = Document::object();
    document.set("id", wallet.id)
        .set("chain", wallet.chain)
        .set("tier", charter::name_of(wallet.tier))
        .set("mode", charter::name_of(wallet.mode))
        .set("presence", charter::name_of(wallet.presence))
        .set("confirmations", wallet.confirmations);
    if (wallet.descriptor.empty())
        document.set("address", format_address(charter, wallet.chain, wallet.address));
    else
        document.set("descriptor", wallet.descriptor).set("first_address", first_address(charter, wallet));
    return document.set("keys", std::move(keys));
}

std::string any_or(const charter::Selector<std::string>& names, std::string_view what)
{
    return names ? join(*names, ", ") : "any " + std::string{what};
}

std::string destinations_in_words(const DestinationClass& destinations)
{
    switch (destinations.kind) {
    case DestinationClass::Kind::any: return "any destination";
    case DestinationClass::Kind::whitelist: return "the address book";
    case DestinationClass::Kind::internal:
        return destinations.names.empty() ? "own wallets, as cold or colder" : "own wallets " + join(destinations.names, ", ");
    case DestinationClass::Kind::listed: return "entries of the address book " + join(destinations.names, ", ");
    }
    fatal("destination class without a name");
}

/// A chain whose units the rule's fee ceilings are in: a charter that was checked has one meaning for them.
const charter::Chain* chain_of(const Charter& charter, const Rule& rule)
{
    for (const auto& wallet : charter.wallets)
        if ((!rule.wallets || std::ranges::find(*rule.wallets, wallet.id) != rule.wallets->end()) &&
            (!rule.chains || std::ranges::find(*rule.chains, wallet.chain) != rule.chains->end()))
            if (const auto* chain = charter.find_chain(wallet.chain))
                return chain;
    return nullptr;
}

std::string fees_in_words(const Charter& charter, const Rule& rule)
{
    const auto* chain = chain_of(charter, rule);
    const auto* format = chain == nullptr ? nullptr : chains::find_format(chain->family);
    const auto rate = [&](const Uint256& of) { return format == nullptr ? of.decimal() + " base units" : format->format_feerate(of); };
    std::vector<std::string> ceilings;
    if (rule.max_fee)
        ceilings.push_back("fee at most " + (chain == nullptr ? rule.max_fee->decimal() + " base units"
                                                              : format_decimal(*rule.max_fee, chain->decimals) + " " + chain->symbol));
    if (rule.max_feerate)
        ceilings.push_back("fee rate at most " + rate(*rule.max_feerate));
    if (rule.max_priority_feerate)
        ceilings.push_back("priority fee rate at most " + rate(*rule.max_priority_feerate));
    if (rule.max_fee_share)
        ceilings.push_back("fee at most " + format_decimal(Uint256{*rule.max_fee_share}, 3) + " % of the payment");
    return ceilings.empty() ? "no ceiling for fees" : join(ceilings, ", ");
}

void rules_in_words(std::vector<std::string>& lines, const Charter& charter)
{
    std::vector<std::string> order;
    for (const auto& rule : charter.rules) {
        order.push_back(rule.id);
        std::vector<std::string> kinds;
        for (const auto kind : rule.kinds)
            kinds.emplace_back(charter::name_of(kind));
        const auto name = "rule \"" + rule.id + "\"";
        lines.push_back(name + ": " + rule.approvals.text() + " for " + any_or(rule.assets, "asset") + " from " +
                        any_or(rule.wallets, "wallet") + ", amount " + amount_text(charter, rule) + ", to " +
                        destinations_in_words(rule.destinations));
        lines.push_back("  " + name + " covers " + join(kinds, ", ") + " on " + any_or(rule.chains, "chain") + "; lives " +
                        format_duration(rule.expires) + ", delay " + format_duration(rule.delay) +
                        (rule.requester_may_approve ? ", the requester may approve" : ""));
        lines.push_back("  " + name + " has " + fees_in_words(charter, rule));
    }
    lines.push_back("the first rule that fits decides: " + join(order, ", "));
}

void wallet_in_words(std::vector<std::string>& lines, const Charter& charter, const charter::Wallet& wallet)
{
    lines.push_back("wallet " + wallet.id + " on " + wallet.chain + " (" + std::string{charter::name_of(wallet.tier)} + ", " +
                    std::string{charter::name_of(wallet.mode)} + ", presence " + std::string{charter::name_of(wallet.presence)} + "): " +
                    (wallet.descriptor.empty() ? format_address(charter, wallet.chain, wallet.address) : escaped(wallet.descriptor)));
    if (!wallet.descriptor.empty())
        lines.push_back("  wallet " + wallet.id + " receives first at " + first_address(charter, wallet));
    std::vector<std::string> keys;
    for (const auto& key : wallet.keys)
        keys.push_back(holder_in_words(key));
    lines.push_back("  wallet " + wallet.id + " is signed for by " + escaped(join(keys, ", ")) + "; final after " +
                    std::to_string(wallet.confirmations) + " confirmations, first nonce " + std::to_string(wallet.first_nonce));
}

void appliance_in_words(std::vector<std::string>& lines, const charter::Appliance& appliance)
{
    lines.push_back("appliance " + appliance.id + (appliance.state == charter::Appliance::State::active ? ", active" : ", standby") +
                    (appliance.accepts_swap ? ", keys may be opened while swap is active" : ""));
    lines.push_back("  identity of " + appliance.id + " " + appliance.key.format());
    for (const auto& key : appliance.keys)
        lines.push_back("  key " + key.id + " of " + appliance.id + " " + escaped(key.origin) + escaped(key.extended_public));
}

} // namespace

SealedCharter open_sealed_charter(ByteView bytes)
{
    auto artefact = artefacts::Artefact::decode(bytes, artefacts::Kind::charter);
    auto opened = charter::open(artefact);
    const auto hash = charter::hash_of(artefact);
    return {std::move(artefact), std::move(opened), hash};
}

SealedCharter load_sealed_charter(const console::Invocation& invocation, const std::filesystem::path& file)
{
    const auto bytes = console::read_input(invocation, file, console::most_artefact_bytes);
    if (!artefacts::Artefact::looks_like_one(bytes))
        throw Error{ErrorCode::type, coffer::quoted(file.string()) + " is not a sealed charter",
                    "coffer charter seal FILE --out SEALED makes one from TOML"};
    return open_sealed_charter(bytes);
}

CheckedCharter check_charter_file(const console::Invocation& invocation, const std::filesystem::path& file)
{
    const auto bytes = console::read_input(invocation, file, console::most_artefact_bytes);
    if (artefacts::Artefact::looks_like_one(bytes))
        throw Error{ErrorCode::type, coffer::quoted(file.string()) + " is sealed already", "coffer charter show FILE says what it holds"};
    auto read = parse_charter_file(text_of(bytes));
    CheckedCharter checked{.problems = read.problems};
    if (!read.charter)
        return checked;
    for (const auto& problem : find_problems(*read.charter))
        checked.problems.push_back(read.locate(problem));
    std::ranges::stable_sort(checked.problems, {}, &FileProblem::line);
    if (checked.problems.empty())
        checked.sealed = open_sealed_charter(charter::seal(*read.charter).encode());
    return checked;
}

Document warn_of_weaknesses(console::Invocation& invocation, const SealedCharter& sealed)
{
    auto list = Document::list();
    for (const auto& weakness : charter::find_weaknesses(sealed.charter)) {
        invocation.output().warning(weakness.place + ": " + weakness.message);
        list.add(Document::object().set("place", weakness.place).set("message", weakness.message));
    }
    return list;
}

console::CommandResult report_problems(const std::string& name, const std::vector<FileProblem>& problems)
{
    console::CommandResult result;
    auto list = Document::list();
    for (const auto& problem : problems) {
        list.add(Document::object()
                     .set("line", std::uint64_t{problem.line})
                     .set("place", problem.place)
                     .set("code", name_of(problem.code))
                     .set("message", problem.message));
        result.text.push_back(format_problem(name, problem));
    }
    const auto count = std::to_string(problems.size()) + (problems.size() == 1 ? " problem" : " problems");
    result.first_refusal = Error{problems.front().code, count + " in " + coffer::quoted(name)};
    result.document.set("problems", std::move(list)).set("error", *console::describe_error(*result.first_refusal).find("error"));
    return result;
}

SealedCharter load_any_charter(const console::Invocation& invocation, const std::filesystem::path& file)
{
    const auto bytes = console::read_input(invocation, file, console::most_artefact_bytes);
    if (artefacts::Artefact::looks_like_one(bytes))
        return open_sealed_charter(bytes);
    const auto read = parse_charter_file(text_of(bytes));
    if (!read.charter)
        throw as_error(escaped(file.filename().string()), read.problems);
    return open_sealed_charter(charter::seal(*read.charter).encode());
}

Document SignatureTally::describe() const
{
    return Document::object().set("have", std::uint64_t{have}).set("need", text_list(need));
}

SignatureTally tally_signatures(const SealedCharter& sealed, const Charter* predecessor)
{
    if (sealed.charter.version > 1) {
        const auto& by = predecessor == nullptr ? sealed.charter : *predecessor;
        const auto tally = by.amendment.tally(charter::signers(sealed.artefact, by));
        return {tally.filled, tally.missing, tally.reached};
    }
    const auto present = charter::signers(sealed.artefact, sealed.charter);
    SignatureTally tally{.have = present.size()};
    for (const auto& officer : sealed.charter.officers)
        if (std::ranges::find(present, officer.id, &charter::Quorum::Voter::officer) == present.end())
            tally.need.push_back(officer.id);
    tally.reached = tally.need.empty();
    return tally;
}

std::vector<charter::Problem> find_problems(const Charter& charter)
{
    auto problems = charter::check(charter);
    for (auto& problem : find_chain_problems(charter))
        problems.push_back(std::move(problem));
    return problems;
}

std::vector<charter::Problem> find_chain_problems(const Charter& charter)
{
    std::vector<charter::Problem> problems;
    std::set<std::string> families;
    for (const auto& chain : charter.chains) {
        if (!families.insert(chain.family).second)
            continue;
        const auto* format = chains::find_format(chain.family);
        if (format == nullptr) {
            problems.push_back({"chain \"" + escaped(chain.id) + "\"", ErrorCode::chain,
                                "family " + coffer::quoted(chain.family) + " is not built in"});
            continue;
        }
        for (auto& problem : format->check_charter(charter))
            problems.push_back(std::move(problem));
    }
    return problems;
}

Document describe_charter(const Charter& charter, const CharterHash& hash)
{
    auto document = Document::object();
    document.set("hash", Document::hex(hash.bytes()))
        .set("name", charter.name)
        .set("version", charter.version)
        .set("environment", artefacts::name_of(charter.header.environment))
        .set("treasury", Document::hex(charter.header.treasury.bytes()));
    if (charter.previous)
        document.set("previous", Document::hex(charter.previous->bytes()));
    if (charter.adopt_before)
        document.set("adopt_before", *charter.adopt_before);
    if (charter.continues)
        document.set("continues", charter.continues->format());
    document.set("amendment", charter.amendment.text());
    if (!charter.freeze_role.empty())
        document.set("freeze_role", charter.freeze_role);
    document.set("cooldown_seconds", charter.cooldown_in_force().seconds);
    document.set("shares", Document::object()
                               .set("least_threshold", std::uint64_t{charter.shares.least_threshold})
                               .set("most_shares", std::uint64_t{charter.shares.most_shares}));
    if (!charter.lifts.empty()) {
        auto lifts = Document::list();
        for (const auto& entry : charter.lifts)
            lifts.add(Document::hex(entry.bytes()));
        document.set("lifts", std::move(lifts));
    }

    auto officers = Document::list();
    for (const auto& officer : charter.officers) {
        auto keys = Document::list();
        for (const auto& key : officer.keys)
            keys.add(key.format());
        officers.add(Document::object().set("id", officer.id).set("roles", text_list(officer.roles)).set("keys", std::move(keys)));
    }
    auto vetoes = Document::list();
    for (const auto& role : charter.roles)
        if (role.veto)
            vetoes.add(role.id);
    auto appliances = Document::list();
    for (const auto& appliance : charter.appliances) {
        auto keys = Document::list();
        for (const auto& key : appliance.keys)
            keys.add(Document::object().set("id", key.id).set("origin", key.origin).set("public", key.extended_public));
        appliances.add(Document::object()
                           .set("id", appliance.id)
                           .set("key", appliance.key.format())
                           .set("state", appliance.state == charter::Appliance::State::active ? "active" : "standby")
                           .set("keys", std::move(keys)));
    }
    auto chains = Document::list();
    for (const auto& chain : charter.chains) {
        auto item = Document::object();
        item.set("id", chain.id).set("family", chain.family).set("symbol", chain.symbol).set("decimals", chain.decimals);
        if (chain.network.empty())
            item.set("chain_id", chain.chain_id);
        else
            item.set("network", chain.network);
        chains.add(std::move(item));
    }
    auto tokens = Document::list();
    for (const auto& token : charter.tokens)
        tokens.add(Document::object()
                       .set("id", token.id)
                       .set("chain", token.chain)
                       .set("address", format_address(charter, token.chain, token.address))
                       .set("decimals", token.decimals));
    auto wallets = Document::list();
    for (const auto& wallet : charter.wallets)
        wallets.add(describe_wallet(charter, wallet));
    auto destinations = Document::list();
    for (const auto& destination : charter.destinations)
        destinations.add(Document::object()
                             .set("id", destination.id)
                             .set("chain", destination.chain)
                             .set("address", format_address(charter, destination.chain, destination.address)));
    auto rules = Document::list();
    for (const auto& rule : charter.rules)
        rules.add(describe_rule(charter, rule));
    auto limits = Document::list();
    for (const auto& limit : charter.limits)
        limits.add(describe_limit(charter, limit));
    return document.set("veto_roles", std::move(vetoes))
        .set("officers", std::move(officers))
        .set("appliances", std::move(appliances))
        .set("audit_key", charter.audit_key.format())
        .set("chains", std::move(chains))
        .set("tokens", std::move(tokens))
        .set("wallets", std::move(wallets))
        .set("destinations", std::move(destinations))
        .set("rules", std::move(rules))
        .set("limits", std::move(limits));
}

std::vector<std::string> charter_in_words(const Charter& charter)
{
    std::vector<std::string> lines;
    lines.push_back(coffer::quoted(charter.name) + ", version " + std::to_string(charter.version) + ", environment " +
                    std::string{artefacts::name_of(charter.header.environment)});
    lines.push_back("treasury " + encode_hex(charter.header.treasury.bytes()));
    lines.push_back("an amendment needs " + charter.amendment.text());
    lines.push_back(charter.freeze_role.empty() ? std::string{"any officer may freeze a wallet"}
                                                : "an officer with " + charter.freeze_role + " may freeze a wallet");
    lines.push_back("a destination that an entry adds counts after " + format_duration(charter.cooldown_in_force()));
    lines.push_back("shares of a key are made by vote: no fewer than " + std::to_string(charter.shares.least_threshold) + " restore it, at most " +
                    std::to_string(charter.shares.most_shares) + " are made");
    for (const auto& entry : charter.lifts)
        lines.push_back("ends what entry " + encode_hex(entry.bytes()) + " took away");
    for (const auto& role : charter.roles)
        lines.push_back(role.veto ? "one rejection by " + role.id + " ends a request" : "role " + role.id + " has no veto");
    for (const auto& officer : charter.officers) {
        lines.push_back("officer " + officer.id + ": " + join(officer.roles, ", "));
        for (const auto* keys : {&officer.keys, &officer.suspended})
            for (const auto& key : *keys)
                lines.push_back("  key of " + officer.id + " " + key.format());
    }
    for (const auto& appliance : charter.appliances)
        appliance_in_words(lines, appliance);
    lines.push_back("audit key of the online side " + charter.audit_key.format());
    for (const auto& chain : charter.chains)
        lines.push_back("chain " + chain.id + ": " + escaped(chain.family) + " " +
                        (chain.network.empty() ? "chain id " + std::to_string(chain.chain_id) : escaped(chain.network)) + ", " +
                        escaped(chain.symbol) + " with " + std::to_string(chain.decimals) + " decimals");
    for (const auto& token : charter.tokens)
        lines.push_back("token " + token.id + " on " + token.chain + ": " + format_address(charter, token.chain, token.address) + ", " +
                        std::to_string(token.decimals) + " decimals");
    for (const auto& wallet : charter.wallets)
        wallet_in_words(lines, charter, wallet);
    for (const auto& destination : charter.destinations)
        lines.push_back("destination " + destination.id + " on " + destination.chain + ": " +
                        format_address(charter, destination.chain, destination.address));
    rules_in_words(lines, charter);
    for (const auto& limit : charter.limits)
        lines.push_back(charter::limit_in_words(charter, limit));
    return lines;
}

std::vector<std::string> changes_in_words(const Charter& before, const Charter& after)
{
    auto lines = charter::describe_changes(before, after);
    const auto old_words = charter_in_words(before);
    const auto new_words = charter_in_words(after);
    const auto add_missing = [&](const std::vector<std::string>& from, const std::vector<std::string>& in, std::string_view sign) {
        for (const auto& line : from)
            if (std::ranges::find(in, line) == in.end())
                lines.push_back(std::string{sign} + " " + std::string{trim(line)});
    };
    add_missing(old_words, new_words, "-");
    add_missing(new_words, old_words, "+");
    return lines;
}

std::string shortened(ByteView hash)
{
    const auto text = encode_hex(hash);
    return text.size() <= 8 ? text : text.substr(0, 4) + "…" + text.substr(text.size() - 4);
}

} // namespace coffer::cli
