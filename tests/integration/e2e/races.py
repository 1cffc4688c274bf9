#!/usr/bin/python3
"""Usage: races.py BUILD_DIR

32 processes at once in one home: one outcome, no vote lost, none counted twice (E15).
"""

import collections
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import Treasury  # noqa: E402

PROCESSES = 32


class Races(Cases):
    needs = ()

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()

    def propose(self, nonce):
        return self.treasury.propose("eth-hot", "1", *self.treasury.offline_inputs(nonce))

    def cancel_command(self, request):
        return self.treasury.command(self.programs.coffer, "cancel", request["id"], *self.treasury.as_officer("carol"))

    def reject_command(self, officer, request):
        return self.treasury.command(self.programs.coffer, "reject", request["id"], "--reason", "no", "--confirm", request["request_digest"],
                                     *self.treasury.as_officer(officer))

    def all_at_once(self, commands):
        """Their exit status and error code, in the order of the commands."""
        running = [subprocess.Popen(command, cwd=self.treasury.folder, env=self.treasury.environment(), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) for command in commands]
        said = [process.communicate(timeout=120)[0] for process in running]
        return [(process.returncode, (json.loads(text).get("error") or {}).get("code")) for process, text in zip(running, said)]

    def events(self, request):
        records = self.treasury.coffer("audit", "log", "--start", "0")["records"]
        return collections.Counter(record["type"] for record in records if record["request"] == request["id"])

    def sound(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)

    def case_decides_by_one_vote_after_the_other(self):
        request = self.propose(2)
        self.treasury.approve(request)
        shown = self.treasury.show(request)
        expect((shown["status"], shown["approvals"]["have"]), ("pending_signature", 2))
        self.treasury.run(self.cancel_command(request))
        expect(self.treasury.show(request)["status"], "cancelled")
        events = self.events(request)
        expect((events["vote.recorded"], events["request.pending_signature"], events["request.cancelled"]), (2, 1, 1))
        self.sound()

    def case_counts_the_last_vote_once(self):
        request = self.propose(0)
        ended = self.all_at_once([self.treasury.approve_command(("alice", "bob")[i % 2], request) for i in range(PROCESSES)])
        expect(set(ended), {(0, None)})
        shown = self.treasury.show(request)
        expect((shown["status"], shown["approvals"]["have"]), ("pending_signature", 2))
        expect(sorted(vote["officer"] for vote in shown["votes"]), ["alice", "bob"])
        events = self.events(request)
        expect((events["vote.recorded"], events["request.pending_signature"]), (2, 1))
        self.sound()

    def case_ends_cancelled_whatever_else_happens(self):
        request = self.propose(1)
        commands = [self.cancel_command(request) if i % 4 == 3 else self.treasury.approve_command(("alice", "bob")[i % 2], request)
                    for i in range(PROCESSES)]
        ended = self.all_at_once(commands)
        expect(set(ended) <= {(0, None), (6, "request_cancelled")}, True)
        expect(all(status == (0, None) for i, status in enumerate(ended) if i % 4 == 3), True)
        shown = self.treasury.show(request)
        expect(shown["status"], "cancelled")
        events = self.events(request)
        expect((events["request.cancel_linked"], events["request.cancelled"]), (1, 1))
        # Whoever was told that the vote is recorded finds it there, once.
        told = {("alice", "bob")[i % 2] for i, status in enumerate(ended) if i % 4 != 3 and status == (0, None)}
        expect(sorted(vote["officer"] for vote in shown["votes"]), sorted(told))
        expect(events["vote.recorded"], len(told))
        self.sound()

    def case_lets_a_rejection_outrank(self):
        request = self.propose(1)
        commands = [self.reject_command("alice", request) if i % 2 else self.treasury.approve_command(("alice", "bob")[i // 2 % 2], request)
                    for i in range(PROCESSES)]
        ended = self.all_at_once(commands)
        expect({status for status, _ in ended} <= {0, 6}, True)
        expect(all(status == (0, None) for i, status in enumerate(ended) if i % 2), True)
        shown = self.treasury.show(request)
        expect(shown["status"], "rejected")
        cast = [(vote["officer"], vote["decision"]) for vote in shown["votes"]]
        expect(len(cast), len(set(cast)))
        expect(("alice", "reject") in cast, True)
        expect((self.events(request)["vote.recorded"], self.events(request)["request.rejected"]), (len(cast), 1))
        self.sound()

    def case_opens_every_proposal_with_a_slot_of_its_own(self):
        """The account nonce is taken by one; --offline-inputs gives all of them the same."""
        self.treasury.offline_inputs(1)
        command = self.treasury.command(self.programs.coffer, "propose", "transfer", "--wallet", "eth-hot", "--to", "exchange", "--amount", "2",
                                        "--offline-inputs", "inputs.json", *self.treasury.as_officer("carol"))
        ended = self.all_at_once([command] * 8)
        open_ones = [one for one in self.treasury.coffer("list", "--status", "pending_review")["requests"]]
        slots = [self.treasury.show(one)["payloads"][0]["nonce"] for one in open_ones]
        expect(len(slots), len(set(slots)))
        expect(sum(status == 0 for status, _ in ended), len(open_ones))
        self.sound()


if __name__ == "__main__":
    Races.main()
