#!/usr/bin/env python3
"""What `keys export-public` gives, beside the derivations of others; its texts as the node and Electrum read them.
Usage: with-bitcoin-node /usr/bin/python3 exports.py BUILD"""

import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../peers_bitcoin")]

from runner import expect, given_node, run_cases  # noqa: E402
from bitcoin_node import PEERS, RpcError  # noqa: E402
from treasury import Programs, Treasury  # noqa: E402

NOT_INSTALLED = 8
SKIPPED = 77
WORDS = (
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
)
ALONE = ("44", "49", "84", "86")
ACCOUNTS = (0, 7, 2147483647)
SAME_AS_TESTNET = ("testnet4", "signet")
ELECTRUM_SCRIPTS = {"44": "standard", "49": "p2wpkh-p2sh", "84": "p2wpkh"}  # it knows no taproot


class Exports:
    def __init__(self, node, programs, folder):
        self.call = node.call
        self.vault = Treasury(programs, folder)
        self.vault.write("vault.pass", "passphrase of the vault\n")
        self.vault.cold("init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), "--passphrase-file", "vault.pass")
        for i, words in enumerate(WORDS):
            self.vault.write(f"words{i}", words + "\n")
            self.vault.cold("keys", "import", "--id", f"k{i}", "--mnemonic-file", f"words{i}", "--passphrase-file", "vault.pass")

    def export(self, key, chain, *options):
        return self.vault.cold("keys", "export-public", f"k{key}", "--chain", chain, *options, "--passphrase-file", "vault.pass")

    def text(self, key, purpose, text_format, chain="regtest"):
        """What stands in the file that another program is given."""
        name = f"{key}-{purpose}-{text_format}"
        shown = self.export(key, chain, "--purpose", purpose, "--format", text_format, "--out", name, "--force")
        content = self.vault.read_bytes(name).decode()
        expect(content, shown["text"] + "\n")
        return content.strip()

    def electrum(self, *arguments):
        done = subprocess.run([os.path.join(PEERS, "electrum-wallet"), *arguments], stdout=subprocess.PIPE, text=True, timeout=180, check=False)
        if done.returncode == NOT_INSTALLED:
            sys.exit(SKIPPED)
        done.check_returncode()
        return json.loads(done.stdout)

    def addresses(self, descriptor):
        """The first three for receiving and for change, as `coffer` derives them."""
        def derive(*change):
            command = ("wallet", "addresses", "--descriptor", descriptor, "--chain", "regtest", "--count", "3", *change)
            return [one["address"] for one in self.vault.coffer(*command)["addresses"]]
        return {"receive": derive(), "change": derive("--change")}

    def case_agrees_with_others_on_every_account(self):
        for key, words in enumerate(WORDS):
            for account in ACCOUNTS if key == 0 else ACCOUNTS[:1]:
                order = json.dumps({"words": words, "account": account})
                done = subprocess.run(["node", os.path.join(PEERS, "derive-accounts.mjs")], input=order, stdout=subprocess.PIPE, text=True,
                                      check=True, timeout=60)
                for name, theirs in json.loads(done.stdout).items():
                    chain, purpose = name.split()
                    if chain in SAME_AS_TESTNET and (key, account) != (0, 0):
                        continue
                    ours = self.export(key, chain, "--purpose", purpose, "--account", str(account))
                    found = {field: ours[field] for field in ("origin", "xpub", "public_key", "address") if field in ours}
                    expect((key, account, name, found), (key, account, name, theirs))

    def case_the_node_reads_descriptors_for_core(self):
        for purpose in ALONE:
            expected = self.addresses(self.text(0, purpose, "descriptor"))
            receive, change = json.loads(self.text(0, purpose, "core"))
            for request, branch in ((receive, "receive"), (change, "change")):
                info = self.call("getdescriptorinfo", request["desc"])
                expect((info["descriptor"], info["isrange"], info["issolvable"]), (request["desc"], True, True))
                expect(self.call("deriveaddresses", request["desc"], [0, 2]), expected[branch])
                expect((request["active"], request["internal"], request["range"]), (True, branch == "change", [0, 999]))

    def case_the_node_checks_the_checksum(self):
        for request in json.loads(self.text(0, "84", "core")):
            for broken in (request["desc"][:-1] + ("q" if request["desc"][-1] != "q" else "p"), request["desc"].replace("84h", "85h")):
                try:
                    self.call("deriveaddresses", broken, [0, 2])
                except RpcError as error:
                    expect("checksum" in error.message, True)
                    continue
                raise AssertionError(f"{broken} was not refused")

    def case_the_node_finds_coins_with_what_core_imports(self):
        for purpose in ALONE:
            requests = json.loads(self.text(1, purpose, "core"))
            shown = self.export(1, "regtest", "--purpose", purpose)["address"]
            change = self.addresses(self.text(1, purpose, "descriptor"))["change"][2]
            paid = {self.call("test_fund", address, "0.5")["txid"] for address in (shown, change)}
            scanned = self.call("scantxoutset", "start", [{"desc": one["desc"], "range": [0, 20]} for one in requests])
            expect({coin["txid"] for coin in scanned["unspents"]}, paid)

    def case_electrum_watches_what_sparrow_reads(self):
        for purpose, script in ELECTRUM_SCRIPTS.items():
            account = json.loads(self.text(2, purpose, "sparrow"))
            section = account[f"bip{purpose}"]
            origin = f"[{account['xfp'].lower()}{section['deriv'][1:]}]"
            watched = self.electrum("watch", self.vault.path(f"electrum{purpose}"), "--key", f"{origin}{section['xpub']}", "--script", script)
            expect({branch: watched[branch] for branch in ("receive", "change")}, self.addresses(self.text(2, purpose, "descriptor")))
            expect(watched["receive"][0], section["first"])

    def case_electrum_takes_cosigners_by_their_key_and_by_what_sparrow_reads(self):
        keys = [self.text(key, "48", "descriptor").removesuffix("/<0;1>/*") for key in range(3)]
        for key, expression in enumerate(keys):
            account = json.loads(self.text(key, "48", "sparrow"))
            expect(f"[{account['xfp'].lower()}{account['p2wsh_deriv'][1:]}]{account['p2wsh']}".replace("'", "h"), expression)
        others = [option for key in keys[1:] for option in ("--cosigner", key)]
        wallet = self.electrum("create", self.vault.path("electrum48"), "--seed", self.vault.path("words0"), *others)
        expect(wallet["key"], keys[0])
        whole = ",".join(self.text(key, "48", "descriptor") for key in range(3))
        expect({branch: wallet[branch] for branch in ("receive", "change")}, self.addresses(f"wsh(sortedmulti(2,{whole}))"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="coffer-accounts-") as folder:
        return run_cases(Exports(given_node(), Programs(sys.argv[1]), folder))


if __name__ == "__main__":
    sys.exit(main())
