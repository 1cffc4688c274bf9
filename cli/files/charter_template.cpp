#include "cli/files/charter_file.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

constexpr std::string_view head = R"(# The charter: who may move what, and how many must agree. coffer-charter(5) explains every key.
#
# 1. Fill in everything below; whatever says FILL IN does not pass `coffer charter check`.
# 2. coffer charter check charter.toml
# 3. coffer charter seal charter.toml --out charter.sealed     prints the hash to read aloud
# 4. every officer: coffer charter sign charter.sealed --officer ID --key FILE
# 5. coffer charter adopt charter.sealed, and coffer-cold pin charter.sealed on every appliance

format = 1
name = ""                         # FILL IN: what the treasury is called
)";

constexpr std::string_view body = R"(version = 1
# From version 2 on, what is amended and until when it may be adopted (30 days at most):
# previous = "<64 hex digits: hash of the charter in force>"
# adopt_before = 2026-12-20T00:00:00Z
# continues = "<NUMBER:HASH>"     # only to end a fork: `coffer charter status` prints it

# Who must agree to change this charter: at least as many as the strongest rule asks for.
[amendment]
approvals = "FILL IN"             # "3 of admin", "2 of finance and 1 of compliance", ...

# Roles need a block only to give one officer of the role a veto.
# [[role]]
# id = "compliance"
# veto = true

# One block an officer. The key is the line that `coffer officer keygen` prints.
[[officer]]
id = "FILL IN"                    # small letters, digits, dashes
roles = []                        # ["finance", "admin"]
keys = []                         # ["ed25519:<64 hex digits>"]

# One block an appliance: `coffer-cold init` prints its identity key, `coffer-cold keys
# export-public` what stands in `keys`.
[[appliance]]
id = "FILL IN"
key = "FILL IN"                   # "ed25519:<64 hex digits>"
state = "active"                  # or "standby"
keys = []                         # [{ id = "k1", origin = "[d34db33f/44h/60h/0h]", public = "xpub..." }]

# The online side's key; `coffer init` prints it. It orders records and moves no money.
[audit]
key = "FILL IN"                   # "ed25519:<64 hex digits>"

[[chain]]
id = "ethereum"
family = "evm"
chain_id = 1
# symbol = "ETH"                  # of the native asset, unless it is the family's usual one
# decimals = 18

# [[chain]]
# id = "bitcoin"
# family = "bitcoin"
# network = "mainnet"             # or testnet, testnet4, signet, regtest

# Tokens that may move; any other contract is refused.
# [[token]]
# id = "USDC"
# chain = "ethereum"
# address = "0x..."
# decimals = 6

# `coffer wallet import` and `coffer wallet create` draft these blocks from the appliances' exports.
[[wallet]]
id = "eth-cold"
chain = "ethereum"
tier = "cold"                     # or "warm", "hot"
mode = "governed"                 # or "personal", for ever
address = "FILL IN"
keys = [{ appliance = "FILL IN", key = "k1", path = "0/0" }]
presence = "person"               # or "none" for warm and hot wallets that sign unattended
confirmations = 12                # until a payment counts as done
# first_nonce = 0                 # of an account that has been used before

# A wallet of several keys, and whose they are: in the order of the descriptor.
# [[wallet]]
# id = "btc-cold"
# chain = "bitcoin"
# tier = "cold"
# descriptor = "wsh(sortedmulti(2,[...]xpub.../<0;1>/*,...))#..."
# keys = [{ appliance = "vault-a", key = "k1" }, { appliance = "vault-b", key = "k1" }, { outside = "electrum" }]
# confirmations = 6

# The address book: what destinations = "whitelist" means.
# [[destination]]
# id = "exchange"
# chain = "ethereum"
# address = "0x..."

# Until a destination that an entry adds counts; 24h without this table.
# [address_book]
# cooldown = "24h"

# Shares of keys that are made by vote: how many restore a key, at least, and how many there are, at most.
# [shares]
# least_threshold = 2
# most_shares = 16

# Who may freeze a wallet; any officer without this table.
# [freeze]
# role = "compliance"

# Rules in order; the first that fits decides. wallets, kinds, chains, assets, amount and
# destinations select, the rest restricts. A selector is a list or "any".
[[rule]]
id = "small"
wallets = ["eth-cold"]
# kinds = ["transfer"]
# chains = "any"
assets = ["ETH"]
amount = ["0", "1.5"]             # inclusive, in the asset's unit; or "any"
destinations = "whitelist"        # or "any", "internal", { internal = ["cold"] }, or a list of ids
approvals = "FILL IN"             # "2 of finance and 1 of compliance"
requester_may_approve = false
max_fee = "0.01"                  # over the whole request, in the native asset's unit
max_feerate = "100 gwei"          # of Bitcoin: "100 sat/vB"
# max_priority_feerate = "5 gwei"
# max_fee_share = "1%"            # of the payments, where both are the native asset
expires = "24h"
delay = "0s"

# Sliding windows: beside the rules, every limit that a request falls under must hold.
# [[limit]]
# id = "week"
# wallets = ["eth-cold"]          # or "any", as in the next three
# assets = ["ETH"]                # exactly one where there is an amount
# destinations = "any"            # or a list of ids of the address book
# requesters = "any"              # or a list of officers
# per = ["wallet"]                # a window of its own for each: "wallet", "destination", "requester"
# span = "7d"
# amount = "500"                  # the most that may leave in any span, fees of the native asset included
# count = 20                      # the most requests
)";

} // namespace

std::string charter_template(const TreasuryId& treasury, artefacts::Environment environment)
{
    return std::string{head} + "treasury = \"" + encoding::encode_hex(treasury.bytes()) + "\"\nenvironment = \"" +
           std::string{artefacts::name_of(environment)} + "\"            # production, test or rehearsal\n" + std::string{body};
}

} // namespace coffer::cli
