#!/usr/bin/env python3
"""UR: messages shown by us and received by @ngraveio/bc-ur and the reverse, whole and in parts, with losses and disorder.
Usage: /usr/bin/python3 exchange.py UR_FRAMES"""

import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../peers_bitcoin"))

from runner import expect, run_cases  # noqa: E402
from bitcoin_node import PEERS  # noqa: E402  runner.py says where it is

SKIPPED = 77
SIZES = (1, 23, 24, 99, 100, 101, 255, 256, 1000, 4321, 20000)
FRAGMENTS = (20, 50, 100, 333, 1000)
TYPES = ("bytes", "crypto-psbt", "psbt", "hdkey", "crypto-account", "coffer-bundle")
MOST_PARTS_OF_THEIRS = 200  # their receiver takes long for more


def run(program, orders):
    done = subprocess.run(program, input="".join(json.dumps(order) + "\n" for order in orders), stdout=subprocess.PIPE, text=True,
                          check=True, timeout=240)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    expect(len(answers), len(orders))
    return answers


def byte_string(content):
    """Its CBOR."""
    size = len(content)
    if size < 24:
        return bytes([0x40 + size]) + content
    if size < 256:
        return bytes([0x58, size]) + content
    return bytes([0x59]) + size.to_bytes(2, "big") + content


class Exchange:
    def __init__(self, ur_frames):
        self.programs = {"ours": [ur_frames], "theirs": ["node", os.path.join(PEERS, "ur-frames.mjs")]}
        self.random = random.Random(2020005)

    def message(self, size, kind="bytes"):
        return {"type": kind, "cbor": byte_string(self.random.randbytes(size)).hex()}

    def orders(self, sizes=SIZES, fragments=FRAGMENTS, first=1, times=1, extra=0):
        """Every size in fragments of every length, `times` as many frames as it has fragments and `extra` more."""
        orders = []
        for size in sizes:
            for most in fragments:
                message = self.message(size)
                count = -(-len(message["cbor"]) // 2 // most)
                if count <= MOST_PARTS_OF_THEIRS:
                    orders.append({**message, "most": most, "first": first, "count": count * times + extra})
        return orders

    def send(self, sender, orders):
        return [answer["frames"] for answer in run(self.programs[sender], orders)]

    def arrive(self, orders, change, receivers=("ours", "theirs")):
        """Frames of either, as `change` leaves them, give every receiver the message."""
        for sender in self.programs:
            shown = [change(frames) for frames in self.send(sender, orders)]
            for receiver in receivers:
                answers = run(self.programs[receiver], [{"frames": frames} for frames in shown])
                for order, answer in zip(orders, answers):
                    expect((sender, receiver, order["most"], answer.get("type"), answer.get("cbor"), answer.get("error")),
                           (sender, receiver, order["most"], order["type"], order["cbor"], None))

    def shuffled(self, frames):
        return self.random.sample(frames, len(frames))

    def case_both_show_the_same_frames(self):
        for first in (1, 7, 1000, 2**32 - 200):
            orders = self.orders(first=first, extra=20, fragments=(20, 50, 100, 333) if first > 1 else FRAGMENTS)
            expect(self.send("ours", orders), self.send("theirs", orders))

    def case_whole_messages_of_every_type_arrive(self):
        self.arrive([{**self.message(size, kind), "most": 2000, "first": 1, "count": 1} for kind in TYPES for size in (1, 40, 1500)], list)

    def case_parts_arrive_in_order(self):
        self.arrive(self.orders(), list)

    def case_parts_arrive_in_upper_case(self):
        self.arrive(self.orders(sizes=(100, 1000)), lambda frames: [frame.upper() for frame in frames])

    def case_parts_arrive_shuffled_and_twice(self):
        self.arrive(self.orders(), lambda frames: self.shuffled(frames + frames))

    def case_parts_arrive_from_the_middle_with_a_third_lost(self):
        def lost(frames):
            return [frame for frame in frames if self.random.random() > 0.3]
        self.arrive(self.orders(sizes=(1000, 4321), fragments=(50, 100, 333), first=5, times=5, extra=60), lost)

    def case_mixed_parts_alone_arrive(self):
        self.arrive(self.orders(sizes=(1000, 4321), fragments=(50, 100, 333), first=500, times=5, extra=60), list)

    def case_we_need_no_more_parts_than_they_do(self):
        orders = self.orders(sizes=(1000, 4321), fragments=(50, 100, 333), first=300, times=5, extra=60)
        shown = [{"frames": self.shuffled(frames)} for frames in self.send("theirs", orders)]
        ours, theirs = (run(program, shown) for program in self.programs.values())
        fewer = [mine["used"] for mine, other in zip(ours, theirs) if mine["used"] <= other["used"]]
        expect(len(fewer), len(shown))

    def case_neither_completes_with_too_few(self):
        orders = self.orders(sizes=(1000,), fragments=(100, 333))
        shown = [{"frames": frames[1:]} for frames in self.send("ours", orders)]
        for order, ours, theirs in zip(orders, *(run(program, shown) for program in self.programs.values())):
            expect((ours, theirs), ({"received": order["count"] - 1, "needed": order["count"]}, {"needed": order["count"]}))

    def case_neither_takes_a_changed_letter(self):
        frames = self.send("theirs", self.orders(sizes=(100, 1000), fragments=(50, 2000), extra=3))
        changed = []
        for frame in (frame for of_message in frames for frame in of_message):
            place = self.random.randrange(frame.rindex("/") + 1, len(frame))
            letter = self.random.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != frame[place]])
            changed.append({"frames": [frame[:place] + letter + frame[place + 1:]]})
        ours, theirs = (run(program, changed) for program in self.programs.values())
        expect({answer.get("error") in ("qr_enc", "qr_crc") for answer in ours}, {True})
        expect({"cbor" in answer for answer in theirs}, {False})


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not os.path.isdir(os.path.join(PEERS, "node_modules/@ngraveio/bc-ur")):
        print("not installed: tests/peers/node_modules/@ngraveio/bc-ur; run scripts/setup --test", file=sys.stderr)
        return SKIPPED
    return run_cases(Exchange(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
