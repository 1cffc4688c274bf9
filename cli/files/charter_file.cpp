#include "cli/files/charter_file.h"

#include "cli/files/limit_reader.h"
#include "cli/files/rule_reader.h"
#include "cli/files/toml.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::ApprovalKey;

constexpr std::uint64_t format_version = 1;
constexpr std::uint64_t most_of_a_count = 1'000'000'000;

template <typename Name>
Name parse_name(const std::string& text, std::initializer_list<Name> all)
{
    std::vector<std::string> names;
    for (const auto one : all) {
        names.emplace_back(charter::name_of(one));
        if (names.back() == text)
            return one;
    }
    throw Error{ErrorCode::policy_invalid, quoted(text, 40) + " is none of " + join(names, ", ")};
}

charter::Mode parse_mode(const std::string& text)
{
    return parse_name(text, {charter::Mode::governed, charter::Mode::personal});
}

charter::Presence parse_presence(const std::string& text)
{
    return parse_name(text, {charter::Presence::person, charter::Presence::none});
}

charter::Appliance::State parse_state(const std::string& text)
{
    if (text == "active")
        return charter::Appliance::State::active;
    if (text == "standby")
        return charter::Appliance::State::standby;
    throw Error{ErrorCode::policy_invalid, quoted(text, 40) + " is none of active, standby"};
}

charter::Charter empty_charter()
{
    return {{}, {}, 1, {}, {}, {}, {}, {}, {}, {}, stand_in_key(), {}, {}, {}, {}, {}, {}};
}

class CharterReader {
public:
    CharterFile run(const Toml& file)
    {
        TomlReader top{file, "charter", ErrorCode::policy_invalid, m_problems};
        m_lines["charter"] = top.line();
        read_head(top);
        for (const auto* table : top.tables("role"))
            read_role(*table);
        for (const auto* table : top.tables("officer"))
            read_officer(*table);
        for (const auto* table : top.tables("appliance"))
            read_appliance(*table);
        // Addresses and amounts need the chains, amounts the tokens, too, and rules the wallets.
        for (const auto* table : top.tables("chain"))
            read_chain(*table);
        for (const auto* table : top.tables("token"))
            read_token(*table);
        for (const auto* table : top.tables("wallet"))
            read_wallet(*table);
        for (const auto* table : top.tables("destination"))
            read_destination(*table);
        for (const auto* table : top.tables("rule")) {
            begin(*table, "rule");
            m_charter.rules.push_back(read_rule(*table, m_charter, m_problems));
        }
        for (const auto* table : top.tables("limit")) {
            begin(*table, "limit");
            m_charter.limits.push_back(read_limit(*table, m_charter, m_problems));
        }
        top.finish();
        std::ranges::stable_sort(m_problems, {}, &FileProblem::line);

        CharterFile result;
        if (m_problems.empty())
            result.charter = std::move(m_charter);
        result.lines = std::move(m_lines);
        result.problems = std::move(m_problems);
        return result;
    }

private:
    TomlReader begin(const Toml& table, std::string_view sort)
    {
        auto place = place_of(sort, id_of(table));
        m_lines.emplace(place, table.line());
        return {table, std::move(place), ErrorCode::policy_invalid, m_problems};
    }

    void read_head(TomlReader& top)
    {
        const auto format = top.number("format");
        if (format && *format != format_version)
            top.report(top.line(), "format is " + std::to_string(*format) + ", this program reads " +
                                       std::to_string(format_version));
        m_charter.name = top.text("name").value_or("");
        if (!is_nfc(m_charter.name))
            top.report(top.line(), "name is not in Unicode Normalization Form C");
        if (const auto treasury = top.parsed("treasury", Presence::required, [](const std::string& text) {
                return TreasuryId::from(encoding::decode_hex(text));
            }))
            m_charter.header.treasury = *treasury;
        if (const auto environment = top.parsed("environment", Presence::required, &artefacts::parse_environment))
            m_charter.header.environment = *environment;
        m_charter.version = top.number("version").value_or(1);
        m_charter.previous = top.parsed("previous", Presence::optional, [](const std::string& text) {
            return CharterHash::from(encoding::decode_hex(text));
        });
        m_charter.adopt_before = top.time("adopt_before", Presence::optional);
        m_charter.continues = top.parsed("continues", Presence::optional, &charter::Position::parse);
        for (const auto& text : top.texts("lifts", Presence::optional).value_or(std::vector<std::string>{}))
            if (const auto entry = top.attempt(top.line(), "lifts", [&] { return EntryHash::from(encoding::decode_hex(text)); }))
                m_charter.lifts.push_back(*entry);
        read_powers(top);

        if (const auto* table = top.take("amendment", Presence::required)) {
            m_lines["amendment"] = table->line();
            TomlReader reader{*table, "amendment", ErrorCode::policy_invalid, m_problems};
            if (const auto quorum = reader.parsed("approvals", Presence::required, &charter::Quorum::parse))
                m_charter.amendment = *quorum;
            reader.finish();
        }
        if (const auto* table = top.take("audit", Presence::required)) {
            m_lines["audit"] = table->line();
            TomlReader reader{*table, "audit", ErrorCode::policy_invalid, m_problems};
            if (const auto key = reader.parsed("key", Presence::required, &ApprovalKey::parse))
                m_charter.audit_key = *key;
            reader.finish();
        }
    }

    void read_powers(TomlReader& top)
    {
        if (const auto* table = top.take("freeze", Presence::optional)) {
            m_lines["freeze"] = table->line();
            TomlReader reader{*table, "freeze", ErrorCode::policy_invalid, m_problems};
            m_charter.freeze_role = reader.text("role").value_or("");
            reader.finish();
        }
        if (const auto* table = top.take("address_book", Presence::optional)) {
            m_lines["address_book"] = table->line();
            TomlReader reader{*table, "address_book", ErrorCode::policy_invalid, m_problems};
            m_charter.cooldown = reader.parsed("cooldown", Presence::required, &parse_duration);
            reader.finish();
        }
        if (const auto* table = top.take("shares", Presence::optional)) {
            m_lines["shares"] = table->line();
            TomlReader reader{*table, "shares", ErrorCode::policy_invalid, m_problems};
            constexpr std::uint64_t most = 256; // 16 groups of 16 (SLIP-39)
            m_charter.shares.least_threshold =
                static_cast<unsigned>(std::min(reader.number("least_threshold").value_or(m_charter.shares.least_threshold), most + 1));
            m_charter.shares.most_shares = static_cast<unsigned>(std::min(reader.number("most_shares").value_or(m_charter.shares.most_shares), most));
            reader.finish();
        }
    }

    void read_role(const Toml& table)
    {
        auto reader = begin(table, "role");
        m_charter.roles.push_back({reader.text("id").value_or(""), reader.boolean("veto", Presence::optional).value_or(false)});
        reader.finish();
    }

    void read_officer(const Toml& table)
    {
        auto reader = begin(table, "officer");
        charter::Officer officer;
        officer.id = reader.text("id").value_or("");
        officer.roles = reader.texts("roles").value_or(std::vector<std::string>{});
        for (const auto& text : reader.texts("keys").value_or(std::vector<std::string>{}))
            if (const auto key = reader.attempt(table.line(), "keys", [&] { return ApprovalKey::parse(text); }))
                officer.keys.push_back(*key);
        m_charter.officers.push_back(std::move(officer));
        reader.finish();
    }

    void read_appliance(const Toml& table)
    {
        auto reader = begin(table, "appliance");
        charter::Appliance appliance{reader.text("id").value_or(""), stand_in_key(), charter::Appliance::State::active, {}, false};
        if (const auto key = reader.parsed("key", Presence::required, &ApprovalKey::parse))
            appliance.key = *key;
        if (const auto state = reader.parsed("state", Presence::optional, &parse_state))
            appliance.state = *state;
        appliance.accepts_swap = reader.boolean("accepts_swap", Presence::optional).value_or(false);
        for (const auto* item : reader.tables("keys")) {
            TomlReader key{*item, reader.place() + " key \"" + escaped(id_of(*item)) + "\"", ErrorCode::policy_invalid, m_problems};
            appliance.keys.push_back({key.text("id").value_or(""), key.text("origin").value_or(""), key.text("public").value_or("")});
            key.finish();
        }
        m_charter.appliances.push_back(std::move(appliance));
        reader.finish();
    }

    void read_chain(const Toml& table)
    {
        auto reader = begin(table, "chain");
        charter::Chain chain;
        chain.id = reader.text("id").value_or("");
        chain.family = reader.text("family").value_or("");
        chain.chain_id = reader.number("chain_id", Presence::optional).value_or(0);
        chain.network = reader.text("network", Presence::optional).value_or("");
        const auto* format = chains::find_format(chain.family);
        if (format == nullptr && !chain.family.empty())
            reader.report(table.line(), "family " + quoted(chain.family, 40) + " is not built in; there are " + families());
        const auto symbol = reader.text("symbol", Presence::optional);
        chain.symbol = symbol.value_or(format != nullptr ? std::string{format->native_symbol()} : std::string{});
        const auto decimals = count(reader, "decimals", Presence::optional);
        chain.decimals = decimals ? static_cast<unsigned>(*decimals) : format != nullptr ? format->native_decimals() : 0;
        m_charter.chains.push_back(std::move(chain));
        reader.finish();
    }

    static std::string families()
    {
        std::vector<std::string> names;
        for (const auto* format : chains::all_formats())
            names.emplace_back(format->family());
        return join(names, ", ");
    }

    void read_token(const Toml& table)
    {
        auto reader = begin(table, "token");
        charter::Token token;
        token.id = reader.text("id").value_or("");
        token.chain = reader.text("chain").value_or("");
        token.address = address(reader, token.chain, Presence::required);
        token.decimals = static_cast<unsigned>(count(reader, "decimals", Presence::required).value_or(0));
        m_charter.tokens.push_back(std::move(token));
        reader.finish();
    }

    void read_wallet(const Toml& table)
    {
        auto reader = begin(table, "wallet");
        charter::Wallet wallet;
        wallet.id = reader.text("id").value_or("");
        wallet.chain = reader.text("chain").value_or("");
        if (const auto tier = reader.parsed("tier", Presence::required, &parse_tier))
            wallet.tier = *tier;
        if (const auto mode = reader.parsed("mode", Presence::optional, &parse_mode))
            wallet.mode = *mode;
        wallet.address = address(reader, wallet.chain, Presence::optional);
        wallet.descriptor = reader.text("descriptor", Presence::optional).value_or("");
        for (const auto* item : reader.tables("keys"))
            wallet.keys.push_back(read_wallet_key(*item, reader.place()));
        if (const auto presence = reader.parsed("presence", Presence::optional, &parse_presence))
            wallet.presence = *presence;
        wallet.confirmations = static_cast<std::uint32_t>(count(reader, "confirmations", Presence::required).value_or(1));
        wallet.first_nonce = reader.number("first_nonce", Presence::optional).value_or(0);
        m_charter.wallets.push_back(std::move(wallet));
        reader.finish();
    }

    charter::WalletKey read_wallet_key(const Toml& table, const std::string& wallet)
    {
        TomlReader reader{table, wallet + " keys", ErrorCode::policy_invalid, m_problems};
        charter::WalletKey key;
        if (const auto outside = reader.text("outside", Presence::optional)) {
            key.outside = *outside;
        } else {
            key.appliance = reader.text("appliance").value_or("");
            key.key = reader.text("key").value_or("");
            key.path = reader.text("path", Presence::optional).value_or("");
        }
        reader.finish();
        return key;
    }

    void read_destination(const Toml& table)
    {
        auto reader = begin(table, "destination");
        charter::Destination destination;
        destination.id = reader.text("id").value_or("");
        destination.chain = reader.text("chain").value_or("");
        destination.address = address(reader, destination.chain, Presence::required);
        m_charter.destinations.push_back(std::move(destination));
        reader.finish();
    }

    /// Empty when there is none, or when it is a problem.
    Bytes address(TomlReader& reader, const std::string& chain_id, Presence presence)
    {
        return reader
            .parsed("address", presence,
                    [&](const std::string& text) {
                        const auto* chain = m_charter.find_chain(chain_id);
                        if (chain == nullptr)
                            throw Error{ErrorCode::policy_invalid, "chain " + quoted(chain_id, 40) + " is not in the charter"};
                        return chains::format_of(*chain).parse_address(text, *chain);
                    })
            .value_or(Bytes{});
    }

    static std::optional<std::uint64_t> count(TomlReader& reader, std::string_view name, Presence presence)
    {
        auto number = reader.number(name, presence);
        if (number && *number > most_of_a_count) {
            reader.report(reader.line(), std::string{name} + " is " + std::to_string(*number) + ", over " +
                                             std::to_string(most_of_a_count));
            number.reset();
        }
        return number;
    }

    charter::Charter m_charter = empty_charter();
    std::map<std::string, std::size_t> m_lines;
    std::vector<FileProblem> m_problems;
};

} // namespace

charter::Tier parse_tier(const std::string& text)
{
    return parse_name(text, {charter::Tier::cold, charter::Tier::warm, charter::Tier::hot});
}

ApprovalKey stand_in_key()
{
    return ApprovalKey::parse("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"); // RFC 8032, 7.1, test 1
}

std::size_t CharterFile::line_of(const std::string& place) const
{
    const auto found = lines.find(place);
    return found != lines.end() ? found->second : 0;
}

FileProblem CharterFile::locate(const charter::Problem& problem) const
{
    return {line_of(problem.place), problem.place, problem.code, problem.message};
}

CharterFile parse_charter_file(std::string_view text)
{
    try {
        const auto file = Toml::parse(text);
        return CharterReader{}.run(file);
    } catch (const Error& error) {
        CharterFile result;
        result.problems.push_back({0, "", error.code(), error.message()});
        return result;
    }
}

} // namespace coffer::cli
