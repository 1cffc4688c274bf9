#!/usr/bin/env python3
"""Electrum as a third party: its addresses, what it signs, what it builds, judged by the node.
Usage: with-bitcoin-node /usr/bin/python3 electrum_wallet.py"""

import json
import os
import subprocess
import sys
import tempfile

from runner import expect, given_node, run_cases
from bitcoin_node import PEERS  # runner.py says where it is

NOT_INSTALLED = 8
SKIPPED = 77
SEEDS = (
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
)
ACCOUNT = (
    "[73c5da0a/48h/1h/0h/2h]"
    "tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ"
)
FEE = 3_000
VALUE = 10_000_000
PAID = 4_000_000


class Electrum:
    def __init__(self, node, folder):
        self.call = node.call
        self.folder = folder
        for i, words in enumerate(SEEDS):
            with open(self.path(f"seed{i}"), "w", encoding="utf-8") as file:
                file.write(words + "\n")
        self.keys = [self.run("export", self.path(f"seed{i}"))["key"] for i in range(3)]
        self.wallets = [self.create(i) for i in range(3)]

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments, text=""):
        command = [os.path.join(PEERS, "electrum-wallet"), *arguments]
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, timeout=180)
        if done.returncode == NOT_INSTALLED:
            sys.exit(SKIPPED)
        done.check_returncode()
        return json.loads(done.stdout)

    def create(self, own):
        others = [option for i in range(3) if i != own for option in ("--cosigner", self.keys[i])]
        return self.run("create", self.path(f"wallet{own}"), "--seed", self.path(f"seed{own}"), *others)

    def descriptor(self, branch):
        keys = ",".join(f"{key}/{branch}/*" for key in self.keys)
        return self.call("getdescriptorinfo", f"wsh(sortedmulti(2,{keys}))")["descriptor"]

    def make(self, maker):
        """A transaction that wallet `maker` built and signed, of a coin on its first address."""
        funded = self.call("test_fund", self.wallets[0]["receive"][0], VALUE / 100_000_000)
        order = {
            "coins": [{"txid": funded["txid"], "vout": funded["vout"], "hex": funded["hex"]}],
            "outputs": [{"address": self.wallets[0]["receive"][2], "value": PAID}],
            "fee": FEE,
        }
        return self.run("make", self.path(f"wallet{maker}"), "--json", text=json.dumps(order))

    def sign(self, wallet, psbt):
        return self.run("sign", self.path(f"wallet{wallet}"), "--json", text=psbt)

    def case_exports_the_key_that_bip32_derives(self):
        expect(self.keys[0], ACCOUNT)

    def case_agrees_on_addresses_whoever_makes_the_wallet(self):
        for branch, name in enumerate(("receive", "change")):
            expected = self.call("deriveaddresses", self.descriptor(branch), [0, 2])
            expect([wallet[name] for wallet in self.wallets], [expected] * 3)

    def case_shows_what_it_created(self):
        expect(self.run("show", self.path("wallet1")), self.wallets[1])

    def case_signs_half_and_the_other_half(self):
        half = self.make(0)
        expect((half["complete"], half["signatures"], half["hex"]), (False, [1], None))
        again = self.sign(0, half["psbt"])
        expect((again["complete"], again["signatures"]), (False, [1]))
        whole = self.sign(2, half["psbt"])
        expect((whole["complete"], whole["signatures"]), (True, [2]))
        decoded = self.call("decoderawtransaction", whole["hex"])
        paid = {output["scriptPubKey"]["address"]: int(output["value"] * 100_000_000) for output in decoded["vout"]}
        expect(paid, {self.wallets[0]["receive"][2]: PAID, self.wallets[0]["change"][0]: VALUE - PAID - FEE})
        txid = self.call("sendrawtransaction", whole["hex"])
        (block,) = self.call("test_mine", 1)
        expect(txid in self.call("getblock", block)["tx"], True)

    def case_does_not_sign_for_another_wallet(self):
        self.run("create", self.path("other"), "--seed", self.path("seed0"), "--path", "m/48h/1h/7h/2h",
                 "--cosigner", self.keys[1], "--cosigner", self.keys[2])
        half = self.make(1)
        refused = self.run("sign", self.path("other"), "--json", text=half["psbt"])
        expect((refused["complete"], refused["signatures"]), (False, [1]))


def main():
    with tempfile.TemporaryDirectory(prefix="coffer-electrum-") as folder:
        return run_cases(Electrum(given_node(), folder))


if __name__ == "__main__":
    sys.exit(main())
