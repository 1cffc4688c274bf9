#pragma once

#include "cli/net/json.h"
#include "cli/program.h"
#include "core/base/error.h"
#include "core/charter/charter.h"
#include "core/chains/payload_format.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"
#include "core/keys/sealed_key.h"
#include "core/storage/file.h"
#include "tests/support/exits.h"
#include "tests/support/scratch.h"
#include "tests/support/test_environment.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace coffer::test {

/// What one run of `coffer` left.
struct CliRun {
    int status = 0;
    std::string out;
    std::string err;

    /// The whole of `out` as JSON.
    cli::Json json() const { return cli::Json::parse(out); }
    /// A member as text: `signatures.need.0`, `problems.1.line`; "null", "true" for those. A
    /// missing one fails the test.
    std::string field(const std::string& path) const
    {
        try {
            auto value = json();
            for (const auto& name : split(path, '.')) {
                const cli::Json* next = nullptr;
                if (const auto* list = std::as_const(value).list()) {
                    const auto index = std::stoul(name);
                    next = index < list->size() ? &(*list)[index] : nullptr;
                } else {
                    next = value.find(name);
                }
                if (next == nullptr) {
                    ADD_FAILURE() << "no " << path << " in " << out;
                    return {};
                }
                value = cli::Json{*next};
            }
            if (value.is_null())
                return "null";
            if (value.boolean())
                return *value.boolean() ? "true" : "false";
            if (value.number() != nullptr)
                return *value.number();
            return value.text() != nullptr ? *value.text() : "(a list or object)";
        } catch (const std::exception& error) {
            ADD_FAILURE() << "no JSON: " << error.what() << "\n" << out;
            return {};
        }
    }
    /// The code of the error that --json reports.
    std::string error_code() const { return field("error.code"); }
};

/// `coffer` in an empty folder with a fixed clock, scripted randomness and a scripted terminal.
class CliSandbox {
public:
    CliSandbox()
    {
        environment.working_directory = scratch.path();
        environment.variables["COFFER_HOME"] = (scratch / "home").string();
        environment.variables["USER"] = "tester";
    }

    /// Runs the whole program. Without a terminal unless the test keeps it: see `environment.terminal`.
    CliRun run(const std::vector<std::string>& args, const std::string& input = {})
    {
        environment.in = std::istringstream{input};
        environment.out.str({});
        environment.err.str({});
        auto parts = environment.environment();
        const int status = cli::run(parts, args);
        expect_declared_exit(cli::make_program(), args, status);
        return {status, environment.out.str(), environment.err.str()};
    }
    /// Demands exit status 0.
    CliRun run_well(const std::vector<std::string>& args, const std::string& input = {})
    {
        auto result = run(args, input);
        EXPECT_EQ(result.status, 0) << "coffer " << join(args, " ") << "\n" << result.out << result.err;
        return result;
    }

    std::filesystem::path path(const std::string& name) const { return scratch / name; }
    void write(const std::string& name, ByteView content, mode_t mode = 0644)
    {
        storage::write_file_atomically(path(name), content, mode, storage::Overwrite::yes);
    }
    void write(const std::string& name, std::string_view content) { write(name, bytes_of(content)); }
    Bytes read(const std::string& name) const { return storage::read_file(path(name), 64u << 20); }

    ScratchDirectory scratch;
    TestEnvironment environment;
};

/// A treasury with a home: officers alice (finance, admin), bob (finance, admin) and carol
/// (compliance with veto, admin), appliance `vault-a` with key `k1`, wallet `eth-cold` on chain `ethereum` (EVM, chain
/// id 31337), token `USDC` (6 decimals), destination `exchange-eth`, rules `small-eth` (to 10 ETH, 1 of finance and 1
/// of compliance), `large-eth` (to 1000 ETH, 2 of finance and 1 of compliance) and `small-usdc`
/// (to 1000), amendments by 3 of admin. Its charter is sealed as `charter.coffer`, signed and adopted.
///
/// Everything is the same in every run; key files are made once a process, since Argon2 takes its time.
class CliTreasury : public CliSandbox {
public:
    static constexpr std::string_view passphrase = "correct horse battery";
    static constexpr std::string_view exchange = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    CliTreasury()
    {
        run_well({"init", "--environment", "test"});
        for (const auto& officer : officers())
            write_officer(officer);
        charter = make_charter();
        sealed = charter::seal(*charter);
        for (const auto& officer : officers())
            sealed->sign(key(officer));
        write("charter.coffer", sealed->encode());
        run_well({"charter", "adopt", "charter.coffer"});
    }

    static const std::vector<std::string>& officers()
    {
        static const std::vector<std::string> names{"alice", "bob", "carol"};
        return names;
    }

    /// The officer's approval key itself, to sign artefacts without the program.
    static const crypto::Ed25519PrivateKey& key(const std::string& officer) { return made_officer(officer).key; }
    /// The appliance's identity key.
    static const crypto::Ed25519PrivateKey& identity()
    {
        static const crypto::Ed25519PrivateKey made{SecretBytes::copy_of(Bytes(32, 0x5a))};
        return made;
    }
    /// The wallet's account key, m/44h/60h/0h; the wallet is 0/0 below it.
    static const keys::ExtendedPrivateKey& account_key()
    {
        static const auto made = master_key().derive(keys::DerivationPath::parse("m/44h/60h/0h"));
        return made;
    }

    /// Options by which `officer` acts: --officer, --key, --passphrase-file.
    std::vector<std::string> as(const std::string& officer) const
    {
        return {"--officer", officer, "--key", officer + ".key", "--passphrase-file", officer + ".pass"};
    }
    CliRun run_as(const std::string& officer, std::vector<std::string> args, const std::string& input = {})
    {
        const auto options = as(officer);
        args.insert(args.end(), options.begin(), options.end());
        return run(args, input);
    }

    /// The officer's key comes to trust the charter in force, as `officer trust` does it.
    void trust(const std::string& officer)
    {
        static std::map<std::pair<std::string, CharterHash>, Bytes> trusting;
        const auto hash = charter::hash_of(*sealed);
        auto& known = trusting[{officer, hash}];
        if (known.empty()) {
            run_well({"officer", "trust", "charter.coffer", "--hash", encoding::encode_hex(hash.bytes()), "--key", officer + ".key",
                      "--passphrase-file", officer + ".pass"});
            known = read(officer + ".key");
        }
        write(officer + ".key", known, storage::private_mode);
    }
    void trust_all()
    {
        for (const auto& officer : officers())
            trust(officer);
    }

    /// The next charter as `change` makes it of the one in force: unsigned, not adopted.
    charter::Charter amended(const std::function<void(charter::Charter&)>& change) const
    {
        auto next = *charter;
        next.version = charter->version + 1;
        next.previous = charter::hash_of(*sealed);
        next.adopt_before = environment.clock.now() + days(10);
        change(next);
        return next;
    }
    /// Signs it by these officers and writes the file.
    artefacts::Artefact write_charter(const std::string& file, const charter::Charter& next, const std::vector<std::string>& signers)
    {
        auto artefact = charter::seal(next);
        for (const auto& officer : signers)
            artefact.sign(key(officer));
        write(file, artefact.encode());
        return artefact;
    }
    /// Signed by all and adopted.
    void amend(const std::function<void(charter::Charter&)>& change)
    {
        auto next = amended(change);
        sealed = write_charter("amendment.coffer", next, officers());
        charter = std::move(next);
        run_well({"charter", "adopt", "amendment.coffer"});
    }

    std::optional<charter::Charter> charter;       ///< in force
    std::optional<artefacts::Artefact> sealed; ///< in force, with its signatures

private:
    struct MadeOfficer {
        Bytes file;
        crypto::Ed25519PrivateKey key;
    };

    static keys::ExtendedPrivateKey master_key() { return keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, 0x42))); }

    /// Makes the key by the program itself, once a process.
    static const MadeOfficer& made_officer(const std::string& officer)
    {
        static std::map<std::string, MadeOfficer> made;
        const auto found = made.find(officer);
        if (found != made.end())
            return found->second;
        CliSandbox sandbox;
        sandbox.environment.random = ScriptedRandom{std::hash<std::string>{}(officer)};
        sandbox.write("pass", bytes_of(passphrase), storage::private_mode);
        sandbox.run_well({"officer", "keygen", "--id", officer, "--out", "key", "--passphrase-file", "pass"});
        auto file = sandbox.read("key");
        const auto open = keys::open(file, "officer", SecretBytes::copy_of(bytes_of(passphrase)));
        return made.emplace(officer, MadeOfficer{std::move(file), crypto::Ed25519PrivateKey{open.secret}}).first->second;
    }

    void write_officer(const std::string& officer)
    {
        write(officer + ".key", made_officer(officer).file, storage::private_mode);
        write(officer + ".pass", bytes_of(passphrase), storage::private_mode);
    }

    charter::Charter make_charter() const
    {
        const charter::Chain chain{"ethereum", "evm", 31337, "", "ETH", 18};
        const auto& format = *chains::find_format("evm");
        const auto extended = account_key().extended_public_key().format();
        const auto audit_seed = storage::read_secret_file(path("home") / "audit.key", 32);

        charter::Charter made{.header = {artefacts::Environment::test, TreasuryId{ByteArray<32>{0x11, 0x22}}},
                              .name = "Example Treasury",
                              .version = 1,
                              .previous = {},
                              .adopt_before = {},
                              .amendment = charter::Quorum::parse("3 of admin"),
                              .roles = {{"compliance", true}},
                              .officers = {},
                              .appliances = {},
                              .audit_key = artefacts::ApprovalKey{crypto::Ed25519PrivateKey{audit_seed}.public_key()},
                              .chains = {chain},
                              .tokens = {{"USDC", "ethereum", format.parse_address("0x5FbDB2315678afecb367f032d93F642f64180aa3", chain), 6}},
                              .wallets = {},
                              .destinations = {{"exchange-eth", "ethereum", format.parse_address(exchange, chain)}},
                              .rules = {}};
        made.officers = {officer("alice", {"finance", "admin"}), officer("bob", {"finance", "admin"}),
                         officer("carol", {"compliance", "admin"})};
        made.appliances.push_back(
            {.id = "vault-a",
             .key = artefacts::ApprovalKey{identity().public_key()},
             .keys = {{"k1",
                       keys::KeyOrigin{master_key().fingerprint(), keys::DerivationPath::parse("m/44h/60h/0h")}.format(), extended}}});
        charter::Wallet wallet;
        wallet.id = "eth-cold";
        wallet.chain = "ethereum";
        wallet.address = format.derive_address(chain, extended, "0/0");
        wallet.keys = {{"vault-a", "k1", "0/0", ""}};
        wallet.confirmations = 3;
        made.wallets = {wallet};
        const auto ether = Uint256::from_decimal("1000000000000000000");
        made.rules = {rule("small-eth", "ETH", ether * 10, "1 of finance and 1 of compliance"),
                      rule("large-eth", "ETH", ether * 1000, "2 of finance and 1 of compliance"),
                      rule("small-usdc", "USDC", Uint256{1'000'000'000}, "1 of finance and 1 of compliance")};
        return made;
    }

    static charter::Officer officer(const std::string& id, const std::vector<std::string>& roles)
    {
        return {id, roles, {artefacts::ApprovalKey{key(id).public_key()}}};
    }

    static charter::Rule rule(const std::string& id, const std::string& asset, const Uint256& most, const std::string& approvals)
    {
        charter::Rule made;
        made.id = id;
        made.wallets = {{"eth-cold"}};
        made.kinds = {charter::RequestKind::transfer};
        made.assets = {{asset}};
        made.amount = charter::AmountRange{0, most};
        made.destinations.kind = charter::DestinationClass::Kind::whitelist;
        made.approvals = charter::Quorum::parse(approvals);
        made.max_fee = Uint256::from_decimal("50000000000000000"); // 0.05 ETH
        return made;
    }
};

} // namespace coffer::test
