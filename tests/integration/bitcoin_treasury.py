"""A treasury with a 2-of-3 on Bitcoin, made with the shipped programs: two appliances and Electrum.

Everything lies below one folder. The node is tests/peers/bitcoin-node, whose coins are its own.
"""

import json
import os
import subprocess
import time
from decimal import Decimal

from treasury import OFFICERS, PEERS, Failed, Treasury

ELECTRUM = os.path.join(PEERS, "electrum-wallet")
# Published words of BIP-39's test vectors: Electrum's key of the wallet.
ELECTRUM_WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
EXCHANGE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's key on regtest
VAULTS = ("vault-a", "vault-b")


def electrum(*args, text=None):
    done = subprocess.run([ELECTRUM, *args], input=text, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode == 8:
        raise SystemExit(77)
    if done.returncode != 0:
        raise Failed(f"electrum-wallet {' '.join(args)}: {done.stdout}{done.stderr}")
    return done.stdout


class BitcoinTreasury(Treasury):
    """`btc-cold` is wsh(sortedmulti(2, vault-a, vault-b, electrum)) on regtest."""

    def __init__(self, programs, folder, node):
        super().__init__(programs, folder, node.description["url"])
        self.node = node

    def vault(self, name, *args, accept=(0,)):
        return self.run(["env", f"COFFER_COLD_HOME={self.path(name)}", *self.command(self.programs.cold, *args)], accept)

    def found(self):
        self.write("vault.pass", "passphrase of the vaults\n")
        self.write("electrum.words", ELECTRUM_WORDS + "\n")
        keys, exports = [], []
        for name in VAULTS:
            self.vault(name, "init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), "--passphrase-file", "vault.pass")
            self.vault(name, "keys", "generate", "--id", "k1", "--passphrase-file", "vault.pass")
            exports.append(self.vault(name, "keys", "export-public", "k1", "--chain", "regtest", "--cosigner", "--out", f"{name}.export",
                                      "--passphrase-file", "vault.pass"))
            keys.append(exports[-1]["origin"] + exports[-1]["xpub"])
        self.write("electrum.txt", json.loads(electrum("export", self.path("electrum.words")))["key"] + "\n")
        self.electrum = json.loads(electrum("create", self.path("electrum"), "--seed", self.path("electrum.words"),
                                            "--cosigner", keys[0], "--cosigner", keys[1]))
        public = {}
        for officer in OFFICERS:
            self.write(f"{officer}.pass", f"passphrase of {officer}\n")
            public[officer] = self.coffer("officer", "keygen", "--id", officer, "--out", f"{officer}.key",
                                          "--passphrase-file", f"{officer}.pass")["public_key"]
        self.coffer("init", "--environment", "test", "--rpc", f"regtest={self.rpc}")
        with open(self.path("home", "coffer.toml"), "a", encoding="utf-8") as config:
            config.write(f'\n[rpc_auth."{self.rpc}"]\ncookie_file = "{self.node.description["cookie_file"]}"\n')
        wallet = self.coffer("wallet", "create", "--id", "btc-cold", "--chain", "regtest",
                             "--policy", "wsh(sortedmulti(2,vault-a,vault-b,electrum))",
                             "--key", "vault-a=vault-a.export", "--key", "vault-b=vault-b.export", "--key", "electrum=electrum.txt")["toml"]
        self.write("charter.toml", self.charter(public, exports, wallet))
        sealed = self.coffer("charter", "seal", "charter.toml", "--out", "charter.sealed")
        for officer in OFFICERS:
            self.coffer("charter", "sign", "charter.sealed", *self.as_officer(officer), "--out", f"charter.{officer}")
        signed = [f"charter.{officer}" for officer in OFFICERS]
        self.coffer("charter", "adopt", *signed)
        for officer in OFFICERS:
            self.coffer("officer", "trust", "charter.sealed", "--hash", sealed["hash"], "--key", f"{officer}.key",
                        "--passphrase-file", f"{officer}.pass")
        for name in VAULTS:
            self.vault(name, "pin", *signed, "--hash", sealed["hash"], "--passphrase-file", "vault.pass")

    def charter(self, public, exports, wallet):
        audit = self.coffer("config", "show")["audit_key"]
        officers = "".join(f'[[officer]]\nid = "{officer}"\nroles = ["finance", "admin"]\nkeys = ["{public[officer]}"]\n' for officer in OFFICERS)
        vaults = "".join(f'''[[appliance]]
id = "{name}"
key = "{export["identity"]}"
state = "active"
keys = [{{ id = "k1", origin = "{export["origin"]}", public = "{export["xpub"]}" }}]
''' for name, export in zip(VAULTS, exports))
        # For tests without a terminal; a cold wallet never signs without a person.
        wallet = wallet.replace('tier = "cold"', 'tier = "warm"').replace('presence = "person"', 'presence = "none"')
        wallet = "\n".join("confirmations = 2" if line.startswith("confirmations") else line for line in wallet.splitlines())
        return f'''format = 1
name = "Test Treasury"
treasury = "{"22" * 32}"
environment = "test"
version = 1
[amendment]
approvals = "3 of admin"
{officers}{vaults}[audit]
key = "{audit}"
[[chain]]
id = "regtest"
family = "bitcoin"
network = "regtest"
{wallet}
[[destination]]
id = "exchange"
chain = "regtest"
address = "{EXCHANGE}"
[[rule]]
id = "to-exchange"
wallets = "any"
kinds = ["transfer", "bump"]
assets = ["BTC"]
amount = "any"
destinations = "whitelist"
approvals = "2 of finance"
requester_may_approve = false
max_fee = "0.01"
max_feerate = "500 sat/vB"
expires = "24h"
delay = "0s"
[[rule]]
id = "tidying"
wallets = "any"
kinds = ["consolidate", "void"]
assets = ["BTC"]
amount = "any"
destinations = "any"
approvals = "2 of finance"
requester_may_approve = false
max_fee = "0.01"
max_feerate = "500 sat/vB"
expires = "24h"
delay = "0s"
'''

    # The main path.

    def fund(self, *amounts, start=0):
        """One coin each on the first receive addresses."""
        addresses = self.coffer("wallet", "addresses", "btc-cold", "--count", str(start + len(amounts)))["addresses"][start:]
        coins = self.node.call("test_fundmany", [[one["address"], str(Decimal(amount))] for one, amount in zip(addresses, amounts)])
        self.node.call("test_mine", 1)
        return coins

    def propose_command(self, amount="1", *options):
        return self.command(self.programs.coffer, "propose", "transfer", "--wallet", "btc-cold", "--to", "exchange", "--amount", amount,
                            "--feerate", "5 sat/vB", *self.as_officer("carol"), *options)

    def propose(self, amount="1", *options):
        return self.run(self.propose_command(amount, *options))

    def sign_command(self, name, bundle, receipt, *requests):
        confirmed = [argument for request in requests for argument in ("--confirm", request["request_digest"])]
        return ["env", f"COFFER_COLD_HOME={self.path(name)}",
                *self.command(self.programs.cold, "sign", bundle, "--out", receipt, "--force", "--passphrase-file", "vault.pass", *confirmed)]

    def sign_in(self, name, *requests):
        """Over to one vault and back."""
        self.coffer("export", *[request["id"] for request in requests], "--out", f"{name}.bundle", "--force")
        self.run(self.sign_command(name, f"{name}.bundle", f"{name}.receipt", *requests))
        return self.coffer("import", f"{name}.receipt")

    def sign_by_electrum(self, request, payload=0):
        self.coffer("export", request["id"], "--format", "psbt-base64", "--payload", str(payload), "--out", "outside.psbt", "--force")
        with open(self.path("outside.psbt"), encoding="ascii") as psbt:
            self.write("signed.psbt", electrum("sign", self.path("electrum"), text=psbt.read()))
        return self.coffer("import", "signed.psbt")

    def approved(self, amount="1", *options):
        request = self.propose(amount, *options)
        self.approve(request)
        return request
