#include "cli/files/config.h"

#include "cli/files/toml.h"
#include "core/base/text.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::size_t most_bytes = 64u << 10;

std::string from_folder(const std::filesystem::path& folder, const std::string& file)
{
    return file.empty() ? file : (folder / file).lexically_normal().string();
}

struct Tls {
    std::string ca_file;
    std::string public_key;
};

std::map<std::string, Tls> read_tls(const Toml* value, const std::filesystem::path& folder, std::vector<FileProblem>& problems)
{
    std::map<std::string, Tls> all;
    if (value == nullptr)
        return all;
    TomlReader chains{*value, "rpc_tls", ErrorCode::malformed, problems};
    if (const auto* table = value->as<Toml::Table>())
        for (const auto& field : *table) {
            TomlReader reader{*chains.take(field.name, Presence::required), "rpc_tls." + escaped(field.name),
                              ErrorCode::malformed, problems};
            auto& tls = all[field.name];
            tls.ca_file = from_folder(folder, reader.text("ca_file", Presence::optional).value_or(""));
            tls.public_key = reader.text("public_key", Presence::optional).value_or("");
            reader.finish();
        }
    return all;
}

/// By the URL of the endpoint that the login is for.
std::map<std::string, HttpLogin> read_logins(const Toml* value, const std::filesystem::path& folder, std::vector<FileProblem>& problems)
{
    std::map<std::string, HttpLogin> all;
    if (value == nullptr)
        return all;
    TomlReader urls{*value, "rpc_auth", ErrorCode::malformed, problems};
    const auto* table = value->as<Toml::Table>();
    if (table == nullptr)
        return all;
    for (const auto& field : *table) {
        TomlReader reader{*urls.take(field.name, Presence::required), "rpc_auth", ErrorCode::malformed, problems};
        const auto cookie_file = reader.text("cookie_file", Presence::optional);
        const auto user = reader.text("user", Presence::optional);
        const auto password_file = reader.text("password_file", Presence::optional);
        reader.finish();
        const auto is_cookie = cookie_file && !cookie_file->empty() && !user && !password_file;
        const auto is_user = !cookie_file && user && !user->empty() && password_file && !password_file->empty();
        if (!is_cookie && !is_user)
            reader.report(field.line, "a login is cookie_file, or user and password_file");
        all[field.name] = {user.value_or(""), from_folder(folder, is_cookie ? *cookie_file : password_file.value_or(""))};
    }
    return all;
}

void require_used(const std::map<std::string, HttpLogin>& logins, const Config& config, const Toml& value, std::vector<FileProblem>& problems)
{
    for (const auto& [url, unused] : logins) {
        const auto is_used = std::ranges::any_of(config.rpc, [&](const auto& chain) {
            return std::ranges::find(chain.second, url, &HttpEndpoint::url) != chain.second.end();
        });
        if (!is_used)
            problems.push_back({value.line(), "rpc_auth", ErrorCode::malformed, "a login is for a URL that no chain has in [rpc]"});
    }
}

void read_rpc(const Toml* value, const std::map<std::string, Tls>& tls, const std::map<std::string, HttpLogin>& logins, Config& config, std::vector<FileProblem>& problems)
{
    if (value == nullptr)
        return;
    TomlReader reader{*value, "rpc", ErrorCode::malformed, problems};
    const auto* table = value->as<Toml::Table>();
    if (table == nullptr)
        return;
    for (const auto& field : *table) {
        if (!is_identifier(field.name))
            reader.report(field.line, quoted(field.name, 60) + " is no chain id");
        const auto own = tls.find(field.name);
        const auto urls = reader.texts(field.name);
        if (urls && urls->empty())
            reader.report(field.line, quoted(field.name, 60) + " has no endpoint");
        for (const auto& url : urls.value_or(std::vector<std::string>{})) {
            const auto login = logins.find(url);
            const HttpEndpoint endpoint{url, own != tls.end() ? own->second.ca_file : "",
                                        own != tls.end() ? own->second.public_key : "",
                                        login != logins.end() ? login->second : HttpLogin{}};
            try {
                require_endpoint(endpoint);
                config.rpc[field.name].push_back(endpoint);
            } catch (const Error& error) {
                reader.report(field.line, error.message());
            }
        }
    }
}

bool has_member(const Toml* value, std::string_view name)
{
    const auto* table = value != nullptr ? value->as<Toml::Table>() : nullptr;
    return table != nullptr && std::ranges::find(*table, name, &Toml::Field::name) != table->end();
}

} // namespace

const std::vector<HttpEndpoint>& Config::endpoints(std::string_view chain) const
{
    const auto found = rpc.find(std::string{chain});
    if (found == rpc.end())
        throw Error{ErrorCode::usage, "no endpoint is configured for chain " + quoted(chain, 40),
                    "add it to [rpc] in coffer.toml: " + escaped(chain) + " = [\"http://127.0.0.1:8545\"]"};
    return found->second;
}

Config parse_config(std::string_view text, std::string_view file, const std::filesystem::path& folder)
{
    const auto toml = [&] {
        try {
            return Toml::parse(text);
        } catch (const Error& error) {
            throw error.in(escaped(file));
        }
    }();
    Config config;
    std::vector<FileProblem> problems;
    TomlReader reader{toml, "", ErrorCode::malformed, problems};
    if (const auto environment = reader.parsed("environment", Presence::required, &artefacts::parse_environment))
        config.environment = *environment;
    if (const auto* value = reader.take("officer", Presence::optional)) {
        TomlReader officer{*value, "officer", ErrorCode::malformed, problems};
        config.officer.id = officer.text("id", Presence::optional).value_or("");
        config.officer.key_file = from_folder(folder, officer.text("key", Presence::optional).value_or(""));
        officer.finish();
    }
    const auto* rpc = reader.take("rpc", Presence::optional);
    const auto tls = read_tls(reader.take("rpc_tls", Presence::optional), folder, problems);
    const auto* auth = reader.take("rpc_auth", Presence::optional);
    const auto logins = read_logins(auth, folder, problems);
    read_rpc(rpc, tls, logins, config, problems);
    if (problems.empty() && auth != nullptr)
        require_used(logins, config, *auth, problems);
    for (const auto& [chain, unused] : tls)
        if (!has_member(rpc, chain))
            problems.push_back({reader.take("rpc_tls", Presence::optional)->line(), "rpc_tls", ErrorCode::malformed,
                                "chain " + quoted(chain, 40) + " has no endpoint in [rpc]"});
    reader.finish();
    if (!problems.empty())
        throw as_error(file, problems);
    return config;
}

Config load_config(const std::filesystem::path& path)
{
    const auto bytes = storage::read_file(path, most_bytes);
    return parse_config(text_of(bytes), path.string(), path.parent_path());
}

std::string write_config(const Config& config)
{
    std::string out = "# Configuration of coffer(1).\n\nenvironment = " +
                      toml_string(artefacts::name_of(config.environment)) + "\n";
    if (!config.officer.id.empty() || !config.officer.key_file.empty()) {
        out += "\n# Who acts where --officer and --key are not given.\n[officer]\n";
        if (!config.officer.id.empty())
            out += "id = " + toml_string(config.officer.id) + "\n";
        if (!config.officer.key_file.empty())
            out += "key = " + toml_string(config.officer.key_file) + "\n";
    }
    out += "\n# Nodes, by the charter's chain id, in the order in which they are asked. Plain http to this\n"
           "# machine only. With two or more, the first two must agree before anything is built.\n[rpc]\n";
    for (const auto& [chain, endpoints] : config.rpc) {
        std::vector<std::string> urls;
        for (const auto& endpoint : endpoints)
            urls.push_back(toml_string(endpoint.url));
        out += toml_string(chain) + " = [" + join(urls, ", ") + "]\n";
    }
    for (const auto& [chain, endpoints] : config.rpc) {
        const auto& first = endpoints.front();
        if (first.ca_file.empty() && first.pinned_public_key.empty())
            continue;
        out += "\n[rpc_tls." + toml_string(chain) + "]\n";
        if (!first.ca_file.empty())
            out += "ca_file = " + toml_string(first.ca_file) + "\n";
        if (!first.pinned_public_key.empty())
            out += "public_key = " + toml_string(first.pinned_public_key) + "\n";
    }
    std::map<std::string, HttpLogin> logins;
    for (const auto& [chain, endpoints] : config.rpc)
        for (const auto& endpoint : endpoints)
            if (!endpoint.login.password_file.empty())
                logins[endpoint.url] = endpoint.login;
    for (const auto& [url, login] : logins) {
        out += "\n[rpc_auth." + toml_string(url) + "]\n";
        if (login.user.empty())
            out += "cookie_file = " + toml_string(login.password_file) + "\n";
        else
            out += "user = " + toml_string(login.user) + "\npassword_file = " + toml_string(login.password_file) + "\n";
    }
    return out;
}

} // namespace coffer::cli
