#!/usr/bin/env python3
"""Every kind of wallet: our addresses, digests, signatures and transactions beside those of bitcoinjs-lib and
@scure/btc-signer, and the node's word on what we signed. Usage: with-bitcoin-node /usr/bin/python3 agreement.py SIGN_PSBT"""

import json
import os
import subprocess
import sys

from runner import expect, given_node, run_cases
from bitcoin_node import PEERS  # runner.py says where it is

WORDS = (
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
)
SINGLE = ("pkh", "wpkh", "sh(wpkh)", "tr")
MULTISIG = ("sh(multi)", "wsh(multi)", "wsh(sortedmulti)", "sh(wsh(sortedmulti))")
LIBRARIES = ("bitcoinjs", "scure")
ADDRESSES = 5
PLACES = ((0, 0), (1, 3))  # branch and index of the coins that are spent
EXCHANGE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's key on regtest
VALUE = 10_000_000
PAID = 6_000_000  # of each coin
FEE = 5_000


class Refused(Exception):
    pass


def signers_of(kind):
    """The first and the third of three: the second's place in the script stays empty."""
    return [0] if kind in SINGLE else [0, 2]


def judge(command, kind, **order):
    program = ["node", os.path.join(PEERS, "judge-bitcoin.mjs"), command, kind]
    order = json.dumps({"words": WORDS, **order})
    done = subprocess.run(program, input=order, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise Refused(f"judge-bitcoin.mjs {command} {kind}: {done.stderr}")
    return json.loads(done.stdout)


class Agreement:
    def __init__(self, node, sign_psbt):
        self.call, self.post = node.call, node.post
        self.sign_psbt = sign_psbt
        self.wallets = {kind: judge("wallet", kind, count=ADDRESSES) for kind in SINGLE + MULTISIG}

    def ours(self, command, kind, *arguments, text=""):
        program = [self.sign_psbt, command, "regtest", self.wallets[kind]["descriptor"], *arguments]
        done = subprocess.run(program, input=text, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
        return [line.split() for line in done.stdout.splitlines()]

    def coins(self, kind, places=PLACES):
        addresses = self.wallets[kind]["bitcoinjs"]
        coins = []
        for branch, index in places:
            funded = self.call("test_fund", addresses["change" if branch else "receive"][index], VALUE / 100_000_000)
            coins.append({"branch": branch, "index": index, "value": VALUE, **{key: funded[key] for key in ("txid", "vout", "hex")}})
        return coins

    def psbt(self, kind, coins):
        paid = len(coins) * PAID
        change = {"index": 7, "value": len(coins) * VALUE - paid - FEE}
        return judge("psbt", kind, coins=coins, payments=[{"address": EXCHANGE, "value": paid}], change=change)

    def sign(self, kind, psbt):
        lines = self.ours("sign", kind, *(WORDS[i] for i in signers_of(kind)), text=psbt)
        return {
            "digests": [line[2] for line in lines if line[0] == "digest"],
            "signatures": {f"{line[1]} {line[2]}": line[3] for line in lines if line[0] == "signature"},
            "transaction": next(line[1] for line in lines if line[0] == "transaction"),
        }

    def signed(self, kind, places=PLACES):
        psbt = self.psbt(kind, self.coins(kind, places))
        return self.sign(kind, psbt)["transaction"]

    def case_agrees_on_addresses(self):
        for kind, wallet in self.wallets.items():
            found = {"receive": [], "change": []}
            for branch, _, address in self.ours("addresses", kind, str(ADDRESSES)):
                found[branch].append(address)
            for library in LIBRARIES:
                expect((kind, library, found), (kind, library, wallet[library]))

    def case_agrees_on_digests_signatures_and_transactions(self):
        for kind in self.wallets:
            coins = self.coins(kind)
            psbt = self.psbt(kind, coins)
            ours = self.sign(kind, psbt)
            expect(len(ours["signatures"]), len(PLACES) * len(signers_of(kind)))
            for library in LIBRARIES:
                theirs = judge(library, kind, coins=coins, psbt=psbt, signers=signers_of(kind))
                expect((kind, library, ours), (kind, library, theirs))
            expect(judge("verify", kind, coins=coins, psbt=psbt, signatures=ours["signatures"]), ours["transaction"])

    def case_the_judge_tells_a_wrong_signature(self):
        for kind in ("wpkh", "tr"):
            coins = self.coins(kind)
            psbt = self.psbt(kind, coins)
            signatures = self.sign(kind, psbt)["signatures"]
            first, second = signatures
            signatures[first] = signatures[second]
            try:
                judge("verify", kind, coins=coins, psbt=psbt, signatures=signatures)
            except Refused as reason:
                expect("a signature is not valid" in str(reason), True)
                continue
            raise AssertionError(f"{kind}: a signature of another input was not refused")

    def case_the_node_takes_what_we_sign(self):
        for kind in self.wallets:
            txid = self.call("sendrawtransaction", self.signed(kind))
            (block,) = self.call("test_mine", 1)
            expect((kind, txid in self.call("getblock", block)["tx"]), (kind, True))

    def case_the_node_refuses_it_with_one_bit_changed(self):
        for kind in self.wallets:
            transaction = bytes.fromhex(self.signed(kind, PLACES[:1]))
            changed = []
            for position in range(len(transaction)):
                copy = bytearray(transaction)
                copy[position] ^= 1 << (position % 8)
                changed.append(copy.hex())
            calls = [{"id": i, "method": "testmempoolaccept", "params": [[one]]} for i, one in enumerate([transaction.hex(), *changed])]
            answers = json.loads(self.post(json.dumps(calls))[1])
            allowed = [answer["id"] for answer in answers if not answer["error"] and answer["result"][0]["allowed"]]
            expect((kind, len(answers), allowed), (kind, len(transaction) + 1, [0]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    return run_cases(Agreement(given_node(), sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
