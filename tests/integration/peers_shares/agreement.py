#!/usr/bin/env python3
"""SLIP-39: shares of ours restored by slip39-js and its shares by us, for every shape of a group and many of sets.
Usage: /usr/bin/python3 agreement.py SHARE_SECRET"""

import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../peers_bitcoin"))

from runner import expect, run_cases  # noqa: E402
from bitcoin_node import PEERS  # noqa: E402  runner.py says where it is

SKIPPED = 77
SIZES = range(16, 34, 2)
PASSPHRASES = ("", "TREZOR", "correct horse battery staple", " ~!", "x" * 200)
EVERY_GROUP = [(1, 1)] + [(threshold, count) for count in range(2, 17) for threshold in range(2, count + 1)]
SETS = [
    (1, [(1, 1), (1, 1)]),
    (2, [(1, 1), (1, 1)]),
    (2, [(2, 3), (3, 5)]),
    (1, [(2, 3), (3, 5)]),
    (2, [(1, 1), (1, 1), (3, 5), (2, 6)]),  # the example of the specification
    (3, [(2, 2), (5, 9), (16, 16), (1, 1)]),
    (5, [(2, 3)] * 5),
    (7, [(3, 4)] * 12),
    (16, [(1, 1)] * 16),
    (9, [(2, 16)] * 16),
]


def run(program, orders):
    done = subprocess.run(program, input="".join(json.dumps(order) + "\n" for order in orders), stdout=subprocess.PIPE, text=True,
                          check=True, timeout=240)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    expect(len(answers), len(orders))
    return answers


class Shares:
    def __init__(self, share_secret):
        self.programs = {"ours": [share_secret], "theirs": ["node", os.path.join(PEERS, "share-secret.mjs")]}
        self.random = random.Random(39)

    def order(self, threshold, groups, exponent=0, extendable=True, size=16, passphrase=""):
        return {"secret": self.random.randbytes(size).hex(), "passphrase": passphrase, "threshold": threshold, "groups": groups,
                "exponent": exponent, "extendable": extendable, "identifier": self.random.randrange(1 << 15)}

    def choose(self, order, shares):
        """Any of the groups that it takes, any of their members, in any order."""
        groups = self.random.sample(range(len(shares)), order["threshold"])
        chosen = [words for i in groups for words in self.random.sample(shares[i], order["groups"][i][0])]
        self.random.shuffle(chosen)
        return chosen

    def split(self, maker, orders):
        answers = run(self.programs[maker], orders)
        for order, answer in zip(orders, answers):
            expect((order, [len(group) for group in answer.get("shares", [])]), (order, [count for _, count in order["groups"]]))
        return [answer["shares"] for answer in answers]

    def both_ways(self, orders):
        for maker, restorer in (("ours", "theirs"), ("theirs", "ours"), ("ours", "ours")):
            sets = self.split(maker, orders)
            restoring = [{"shares": self.choose(order, shares), "passphrase": order["passphrase"]} for order, shares in zip(orders, sets)]
            for order, answer in zip(orders, run(self.programs[restorer], restoring)):
                expect((maker, order, answer), (maker, order, {"secret": order["secret"]}))

    def case_every_group_restores(self):
        self.both_ways([self.order(1, [group], size=SIZES[i % len(SIZES)]) for i, group in enumerate(EVERY_GROUP)])

    def case_sets_of_groups_restore(self):
        self.both_ways([self.order(threshold, groups, size=32) for threshold, groups in SETS])

    def case_every_size_flag_and_passphrase_restores(self):
        self.both_ways([self.order(2, [(2, 3), (1, 1)], extendable=extendable, size=size, passphrase=passphrase)
                        for size in SIZES for extendable in (False, True) for passphrase in PASSPHRASES])

    def case_exponents_restore(self):
        self.both_ways([self.order(1, [(2, 2)], exponent=exponent, extendable=extendable, passphrase="p")
                        for exponent in range(6) for extendable in (False, True)])

    def case_both_give_the_same_secret_for_a_wrong_passphrase(self):
        orders = [self.order(1, [(2, 3)], extendable=extendable, size=32, passphrase="right") for extendable in (False, True)]
        for maker in self.programs:
            restoring = [{"shares": shares[0][:2], "passphrase": "wrong"} for shares in self.split(maker, orders)]
            ours, theirs = (run(program, restoring) for program in self.programs.values())
            expect((ours, [order["secret"] in str(ours) for order in orders]), (theirs, [False, False]))

    def case_both_refuse_what_does_not_belong_together(self):
        orders = [self.order(2, [(2, 3), (3, 5)]), self.order(2, [(2, 3), (3, 5)])]
        for maker in self.programs:
            (first, second), (other, _) = self.split(maker, orders)
            refused = {
                "share_threshold": [first[:2], first[:2] + second[:2], first[:1] + second[:3], first + second[:3]],
                "share_index": [[first[0], first[0].upper(), *second[:3]]],
                "share_set": [[first[0], other[1], *second[:3]]],
                "share_checksum": [[first[0] + " ", " ".join(reversed(first[1].split())), *second[:3]]],
            }
            for code, choices in refused.items():
                restoring = [{"shares": shares, "passphrase": ""} for shares in choices]
                ours, theirs = (run(program, restoring) for program in self.programs.values())
                expect((code, ours), (code, [{"error": code}] * len(choices)))
                expect((code, [list(answer) for answer in theirs]), (code, [["error"]] * len(choices)))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not os.path.isdir(os.path.join(PEERS, "node_modules/slip39")):
        print("not installed: tests/peers/node_modules/slip39; run scripts/setup --test", file=sys.stderr)
        return SKIPPED
    return run_cases(Shares(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
