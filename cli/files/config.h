#pragma once

#include "cli/net/http_client.h"
#include "core/artefacts/artefact.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// `coffer.toml`: where the nodes are and who usually acts. It holds no secret but what URLs may
/// carry, and nothing that protects anything.
///
///     environment = "test"
///     [officer]
///     id = "alice"
///     key = "alice.key"                        # from the folder of this file
///     [rpc]
///     ethereum = ["http://127.0.0.1:8545"]     # chain id of the charter, endpoints in order
///     [rpc_tls.ethereum]                       # for all endpoints of the chain
///     ca_file = "ca.pem"
///     public_key = "sha256//…"
///     [rpc_auth."http://127.0.0.1:8332"]       # for this endpoint alone
///     cookie_file = "/var/lib/bitcoind/.cookie" # or: user = "coffer", password_file = "node.password"
struct Config {
    struct Officer {
        std::string id;
        std::string key_file;
        bool operator==(const Officer&) const = default;
    };

    artefacts::Environment environment = artefacts::Environment::production;
    Officer officer; ///< members that are not given are empty
    std::map<std::string, std::vector<HttpEndpoint>> rpc;
    bool operator==(const Config&) const = default;

    /// Throws Error{usage} that names the chain and what to add.
    const std::vector<HttpEndpoint>& endpoints(std::string_view chain) const;
};

/// Strict: unknown keys, other types and endpoints that HttpClient would refuse are reported with
/// their lines, all in one Error; `file` names the text there. Relative paths of files start at `folder`.
Config parse_config(std::string_view text, std::string_view file, const std::filesystem::path& folder);
/// Reads and parses. Errors of storage::read_file, of parse_config.
Config load_config(const std::filesystem::path& path);

/// What parse_config reads back; for `init`.
std::string write_config(const Config& config);

} // namespace coffer::cli
