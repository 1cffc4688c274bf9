#include "cli/files/config.h"

#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <fstream>

namespace coffer::cli {
namespace {

constexpr std::string_view sample = R"(environment = "test"
[officer]
id = "alice"
key = "keys/alice.key"
[rpc]
ethereum = ["http://127.0.0.1:8545", "https://node.example.org/v3/key"]
base = ["http://localhost:8546"]
[rpc_tls.ethereum]
ca_file = "/etc/ca.pem"
public_key = "sha256//AAAA"
[rpc_auth."http://localhost:8546"]
cookie_file = ".cookie"
[rpc_auth."http://127.0.0.1:8545"]
user = "coffer"
password_file = "/etc/password"
)";

Config parse(std::string_view text)
{
    return parse_config(text, "coffer.toml", "/home/treasury");
}

std::string message_of(std::string_view text)
{
    try {
        parse(text);
        return "";
    } catch (const Error& error) {
        return std::string{name_of(error.code())} + " " + error.message();
    }
}

TEST(Config, ReadsEveryKey)
{
    const auto config = parse(sample);
    EXPECT_EQ(config.environment, artefacts::Environment::test);
    EXPECT_EQ(config.officer.id, "alice");
    EXPECT_EQ(config.officer.key_file, "/home/treasury/keys/alice.key");
    ASSERT_EQ(config.endpoints("ethereum").size(), 2u);
    EXPECT_EQ(config.endpoints("ethereum")[1],
              (HttpEndpoint{"https://node.example.org/v3/key", "/etc/ca.pem", "sha256//AAAA"}));
    EXPECT_EQ(config.endpoints("base")[0], (HttpEndpoint{"http://localhost:8546", "", "", {"", "/home/treasury/.cookie"}}));
    EXPECT_EQ(config.endpoints("ethereum")[0].login, (HttpLogin{"coffer", "/etc/password"}));
    EXPECT_EQ(config.endpoints("ethereum")[1].login, HttpLogin{});
    EXPECT_ERROR(config.endpoints("bitcoin"), ErrorCode::usage);
    EXPECT_EQ(parse("environment = \"production\"\n").rpc.size(), 0u);
}

TEST(Config, WritesWhatItReads)
{
    const auto config = parse(sample);
    EXPECT_EQ(parse(write_config(config)), config);
    Config least;
    least.environment = artefacts::Environment::rehearsal;
    EXPECT_EQ(parse(write_config(least)), least);
}

TEST(Config, RefusesWhatItDoesNotKnow)
{
    const auto refused = [](const std::string& from, const std::string& to, const std::string& message) {
        std::string text{sample};
        text.replace(text.find(from), from.size(), to);
        EXPECT_EQ(message_of(text), message);
    };
    refused("id = \"alice\"", "idd = \"alice\"", "malformed coffer.toml:3: officer: unknown key `idd`, did you mean id");
    refused("[officer]", "[officers]", "malformed coffer.toml:2: unknown key `officers`, did you mean officer");
    refused("ca_file", "ca", "malformed coffer.toml:9: rpc_tls.ethereum: unknown key `ca`");
    refused("environment = \"test\"\n", "", "malformed coffer.toml:1: environment is missing");
    refused("\"test\"", "\"prod\"", message_of("environment = \"prod\"\n"));
    refused("[\"http://localhost:8546\"]", "\"http://localhost:8546\"", "malformed coffer.toml:7: rpc: base is text, not a list");
    refused("[\"http://localhost:8546\"]", "[]", "malformed coffer.toml:7: rpc: `base` has no endpoint");
    refused("http://localhost:8546", "http://10.0.0.1:8546",
            "malformed coffer.toml:7: rpc: http://10.0.0.1:8546: plain http is for this machine only (127.0.0.0/8, ::1, localhost)");
    refused("base =", "\"Ba se\" =", "malformed coffer.toml:7: rpc: `Ba se` is no chain id");
    refused("rpc_tls.ethereum", "rpc_tls.bitcoin",
            "malformed coffer.toml:8: rpc_tls: chain `bitcoin` has no endpoint in [rpc]");
    refused("sha256//AAAA", "key.pem",
            "malformed coffer.toml:6: rpc: http://127.0.0.1:8545: the pinned public key is not sha256//BASE64; "
            "coffer.toml:6: rpc: https://node.example.org: the pinned public key is not sha256//BASE64");
    const std::string bad_login = "rpc_auth: a login is cookie_file, or user and password_file";
    refused("user = \"coffer\"\n", "", "malformed coffer.toml:13: " + bad_login);
    refused("password_file = \"/etc/password\"\n", "", "malformed coffer.toml:13: " + bad_login);
    refused("cookie_file = \".cookie\"", "cookie_file = \"\"", "malformed coffer.toml:11: " + bad_login);
    refused("cookie_file = \".cookie\"", "cookie_file = \"a\"\nuser = \"b\"", "malformed coffer.toml:11: " + bad_login);
    refused("cookie_file", "cookie", "malformed coffer.toml:12: rpc_auth: unknown key `cookie`; coffer.toml:11: " + bad_login);
    refused("rpc_auth.\"http://localhost:8546\"", "rpc_auth.\"http://me:hunter2@localhost:8546\"",
            "malformed coffer.toml:11: rpc_auth: a login is for a URL that no chain has in [rpc]");
    refused("base = [\"http://localhost:8546\"]", "base = [\"http://localhost:8547\"]",
            "malformed coffer.toml:11: rpc_auth: a login is for a URL that no chain has in [rpc]");
    EXPECT_EQ(message_of("environment = \"test\"\nrpc = 1\n"), "malformed coffer.toml:2: rpc: this is a number, not a table");
    EXPECT_EQ(message_of("environment = \"prod\"\n").find("malformed coffer.toml:1: environment: "), 0u);
    EXPECT_EQ(message_of("x").find("malformed coffer.toml: line 1: not TOML: "), 0u);
}

TEST(Config, NeverRepeatsAUrl)
{
    const auto message = message_of("environment = \"test\"\n[rpc]\nethereum = [\"http://me:hunter2@10.0.0.1/hunter2\"]\n");
    EXPECT_NE(message, "");
    EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
}

TEST(Config, ReadsAFile)
{
    const coffer::test::ScratchDirectory scratch;
    std::ofstream{scratch / "coffer.toml"} << sample;
    EXPECT_EQ(load_config(scratch / "coffer.toml").officer.key_file, (scratch / "keys/alice.key").string());
    EXPECT_ERROR(load_config(scratch / "none.toml"), ErrorCode::not_found);
    EXPECT_ERROR(load_config(scratch.path()), ErrorCode::file_type);
    std::ofstream{scratch / "big.toml"} << std::string(70'000, '\n');
    EXPECT_ERROR(load_config(scratch / "big.toml"), ErrorCode::limit);
}

} // namespace
} // namespace coffer::cli
