# A treasury with three officers and one appliance, for transcripts: sourced in an empty folder.
set -e
for name in alice bob carol vault; do echo "test passphrase of $name" >$name.pass; done
# The words of BIP-39's own test vector: a known key, so that addresses and payloads are the same in every run.
echo "$(printf 'abandon %.0s' {1..23})art" >words

coffer-cold init --environment test --date "$(date -u +%F)" --passphrase-file vault.pass
coffer-cold keys import --id k1 --mnemonic-file words --passphrase-file vault.pass
export=$(coffer-cold --json keys export-public k1 --chain evm --out k1.export --passphrase-file vault.pass)
coffer init --environment test --rpc ethereum=http://127.0.0.1:9
for officer in alice bob carol; do
    coffer --json officer keygen --id $officer --out $officer.key --passphrase-file $officer.pass >$officer.json
done

exchange=0x8b3392483Ba26d65E331dB86D4f430E9B3814512
cat >charter.toml <<TOML
format = 1
name = "Example Treasury"
treasury = "$(coffer --json charter new | jq -r .treasury)"
environment = "test"
version = 1

[amendment]
approvals = "3 of admin"

[[role]]
id = "compliance"
veto = true

[[officer]]
id = "alice"
roles = ["finance", "admin"]
keys = ["$(jq -r .public_key alice.json)"]

[[officer]]
id = "bob"
roles = ["finance", "admin"]
keys = ["$(jq -r .public_key bob.json)"]

[[officer]]
id = "carol"
roles = ["compliance", "finance", "admin"]
keys = ["$(jq -r .public_key carol.json)"]

[[appliance]]
id = "vault-a"
key = "$(jq -r .identity <<<"$export")"
state = "active"
keys = [{ id = "k1", origin = "$(jq -r .origin <<<"$export")", public = "$(jq -r .xpub <<<"$export")" }]

[audit]
key = "$(coffer --json config show | jq -r .audit_key)"

[[chain]]
id = "ethereum"
family = "evm"
chain_id = 1

[[token]]
id = "USDC"
chain = "ethereum"
address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
decimals = 6

[[wallet]]
id = "eth-cold"
chain = "ethereum"
tier = "${tier:-cold}"
mode = "governed"
address = "$(jq -r .address <<<"$export")"
keys = [{ appliance = "vault-a", key = "k1", path = "0/0" }]
presence = "${presence:-person}"
confirmations = 12
first_nonce = 41

[[destination]]
id = "exchange-eth"
chain = "ethereum"
address = "$exchange"

[[rule]]
id = "to-exchange"
wallets = ["eth-cold"]
assets = ["ETH", "USDC"]
amount = "any"
destinations = "whitelist"
approvals = "1 of finance and 1 of compliance"
max_fee = "0.05"
$more_rules
TOML

coffer charter seal charter.toml --out charter.sealed
hash=$(coffer --json charter show charter.sealed | jq -r .hash)
for officer in alice bob carol; do
    coffer charter sign charter.sealed --officer $officer --key $officer.key --passphrase-file $officer.pass
done
coffer charter adopt charter.sealed
for officer in alice bob carol; do
    coffer officer trust charter.sealed --hash "$hash" --key $officer.key --passphrase-file $officer.pass
done
coffer-cold pin charter.sealed --hash "$hash" --passphrase-file vault.pass

cat >inputs.json <<JSON
{"nonce": 41, "gas_limit": 65000, "base_fee": "20000000000", "balance": "500000000000000000000", "block": 19000000}
JSON
# as OFFICER COMMAND...: the command with that officer's key.
as() {
    local officer=$1
    shift
    "$@" --officer $officer --key $officer.key --passphrase-file $officer.pass
}
# digest REQUEST: the request digest of a request of this home.
digest() { coffer --json show "$1" | jq -r .request_digest; }
set +e
