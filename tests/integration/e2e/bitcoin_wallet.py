#!/usr/bin/python3
"""Usage: bitcoin_wallet.py BUILD_DIR [CASE...]

A 2-of-3 on Bitcoin, from keys to addresses: two appliances and Electrum agree on them.
"""

import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, Skipped, expect  # noqa: E402
from treasury import OFFICERS, PEERS, Failed, Treasury  # noqa: E402

POLICY = "wsh(sortedmulti(2,vault-a,vault-b,electrum))"
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
# What Electrum shows of that seed at m/48h/1h/0h/2h, for where it is not installed.
THIRD_KEY = ("[b8688df1/48h/1h/0h/2h]"
             "tpubDEfobrrtptRTbKf4gysDhoabneABDTAcdj3Vbn4XwPsLE2pmqpizSPRG6zHsbAMuiSgWmWPsYCLHTKTPpyrGJ5rAoTpKoQNZcxodiPf2tSJ")
NOT_INSTALLED = 8
COUNT = 3


class BitcoinWallet(Cases):
    needs = ()

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(self.treasury.folder)
        self.treasury.write("seed", SEED + "\n")
        self.homes = {"vault-a": "vault", "vault-b": "vault-b"}
        self.exports = {vault: self.make_appliance(vault) for vault in self.homes}
        self.is_electrum_here = self.electrum("export", "seed") is not None
        self.write_third_key()
        self.wallet = self.create()
        self.found()

    # The parties.

    def cold(self, vault, *args, accept=(0,)):
        return self.treasury.cold("--home", self.treasury.path(self.homes[vault]), *args, "--passphrase-file", "vault.pass", accept=accept)

    def make_appliance(self, vault):
        self.treasury.write("vault.pass", "passphrase of the vault\n")
        self.cold(vault, "init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()))
        self.cold(vault, "keys", "generate", "--id", "k1")
        return self.cold(vault, "keys", "export-public", "k1", "--chain", "regtest", "--cosigner", "--out", f"{vault}.export")

    def electrum(self, *args):
        """What electrum-wallet prints; none where Electrum is not installed."""
        done = subprocess.run([os.path.join(PEERS, "electrum-wallet"), *args], cwd=self.treasury.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=180, check=False)
        if done.returncode == NOT_INSTALLED:
            return None
        if done.returncode != 0:
            raise Failed(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def write_third_key(self):
        shown = self.electrum("export", "seed")
        self.treasury.write("electrum.txt", (shown["key"] if shown else THIRD_KEY) + "\n")

    # The wallet.

    def create(self):
        keys = [argument for vault in self.homes for argument in ("--key", f"{vault}={vault}.export")]
        return self.treasury.coffer("wallet", "create", "--id", "btc-cold", "--policy", POLICY, *keys, "--key", "electrum=electrum.txt",
                                    "--chain", "regtest")

    def found(self):
        treasury = self.treasury
        public = {}
        for officer in OFFICERS:
            treasury.write(f"{officer}.pass", f"passphrase of {officer}\n")
            public[officer] = treasury.coffer("officer", "keygen", "--id", officer, "--out", f"{officer}.key",
                                              "--passphrase-file", f"{officer}.pass")["public_key"]
        treasury.coffer("init", "--environment", "test")
        treasury.write("charter.toml", self.charter(public))
        sealed = treasury.coffer("charter", "seal", "charter.toml", "--out", "charter.sealed")
        for officer in OFFICERS:
            treasury.coffer("charter", "sign", "charter.sealed", *treasury.as_officer(officer))
        treasury.coffer("charter", "adopt", "charter.sealed")
        self.pinned = {vault: self.cold(vault, "pin", "charter.sealed", "--hash", sealed["hash"]) for vault in self.homes}

    def charter(self, public):
        audit = self.treasury.coffer("config", "show")["audit_key"]
        officers = "".join(f'[[officer]]\nid = "{officer}"\nroles = ["finance", "admin"]\nkeys = ["{public[officer]}"]\n'
                           for officer in OFFICERS)
        drafted = self.treasury.coffer("wallet", "import", "vault-a.export", "vault-b.export")["toml"]
        return f'''format = 1
name = "Test Treasury"
treasury = "{"11" * 32}"
environment = "test"
version = 1
[amendment]
approvals = "3 of admin"
{officers}{drafted}[audit]
key = "{audit}"
[[chain]]
id = "regtest"
family = "bitcoin"
network = "regtest"
{self.wallet["toml"]}[[destination]]
id = "exchange"
chain = "regtest"
address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
[[rule]]
id = "to-exchange"
wallets = "any"
assets = ["BTC"]
amount = ["0", "1.5"]
destinations = "whitelist"
approvals = "2 of finance"
max_fee = "0.001"
max_feerate = "100 sat/vB"
'''

    def addresses(self, *options):
        shown = self.treasury.coffer("wallet", "addresses", *options, "--count", str(COUNT))
        return [one["address"] for one in shown["addresses"]]

    # What has to agree.

    def case_every_appliance_derives_what_coffer_does(self):
        expected = self.addresses("btc-cold")
        for vault in self.homes:
            derived = [self.cold(vault, "address", "btc-cold", "--index", str(index)) for index in range(COUNT)]
            expect([one["address"] for one in derived], expected)
            expect([one["own_key"] for one in derived], [True] * COUNT)

    def case_pin_and_create_print_the_first_address(self):
        first = self.addresses("btc-cold")[0]
        expect(self.wallet["address"], first)
        for pinned in self.pinned.values():
            expect(pinned["addresses"], [{"wallet": "btc-cold", "address": first}])

    def case_status_lists_the_first_addresses(self):
        home = self.treasury.path(self.homes["vault-b"])
        status = self.treasury.cold("--home", home, "status")
        expect((status["authenticated"], status["addresses"]), (False, self.pinned["vault-b"]["addresses"]))

    def case_address_says_who_holds_which_key(self):
        home = self.treasury.path(self.homes["vault-b"])
        shown = self.treasury.run([self.treasury.programs.cold, "--home", home, "address", "btc-cold", "--passphrase-file", "vault.pass"])["text"]
        for line in ["key  vault-a k1  " + self.exports["vault-a"]["origin"], "key  vault-b k1  " + self.exports["vault-b"]["origin"],
                     "key  outside, electrum  "]:
            expect((line, line in shown), (line, True))

    def case_descriptor_alone_gives_the_same(self):
        for branch in ([], ["--change"]):
            expect(self.addresses("--descriptor", self.wallet["descriptor"], "--chain", "regtest", *branch), self.addresses("btc-cold", *branch))

    def case_wallet_show_says_who_holds_which_key(self):
        shown = self.treasury.coffer("wallet", "show", "btc-cold")
        expect([key.get("appliance", key.get("outside")) for key in shown["keys"]], ["vault-a", "vault-b", "electrum"])
        expect([key["public"] for key in shown["keys"][:2]], [self.exports[vault]["xpub"] for vault in self.homes])
        expect(shown["descriptor"], self.wallet["descriptor"])
        expect(shown["address"], self.addresses("btc-cold")[0])

    def case_electrum_derives_the_same(self):
        if not self.is_electrum_here:
            raise Skipped("Electrum is not installed")
        keys = [self.exports[vault]["origin"] + self.exports[vault]["xpub"] for vault in self.homes]
        cosigners = [argument for key in keys for argument in ("--cosigner", key)]
        made = self.electrum("create", "electrum", "--seed", "seed", *cosigners, "--count", str(COUNT))
        expect(made["receive"], self.addresses("btc-cold"))
        expect(made["change"], self.addresses("btc-cold", "--change"))


if __name__ == "__main__":
    BitcoinWallet.main()
