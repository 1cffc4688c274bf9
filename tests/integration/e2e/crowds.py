#!/usr/bin/python3
"""Usage: crowds.py BUILD_DIR

Many runs at once of what links entries, signs files, takes receipts and signs payments, and locks whose
holders were killed: everything happens once, and nothing that was told is lost.
"""

import collections
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from carrier import decode  # noqa: E402
from cases import Cases, expect  # noqa: E402
from guarded_treasury import PASSPHRASE, GuardedTreasury  # noqa: E402

CROWD = 12
DONE, CONFLICT, UNAVAILABLE = 0, 6, 8  # exit statuses
BUSY = (CONFLICT, "busy")
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


class Crowds(Cases):
    needs = ("faketime",)

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.founded = t = GuardedTreasury(programs, os.path.join(folder, "founded"))
        t.found()
        self.approved = t.copy_as("approved")
        self.request = self.approved.propose("eth-hot", "1", *self.approved.offline_inputs(0))
        self.approved.approve(self.request)
        self.approved.coffer("export", self.request["id"], "--out", "one")

    def all_at_once(self, t, commands):
        """Their exit status and error code, in the order of the commands."""
        running = [subprocess.Popen(command, cwd=t.folder, env=t.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, start_new_session=True) for command in commands]
        said = [process.communicate(timeout=120)[0] for process in running]
        return [(process.returncode, self.code_in(json.loads(text))) for process, text in zip(running, said)]

    def code_in(self, said):
        """Of the command, or of the first request that was refused."""
        return next((item["error"]["code"] for item in [said, *said.get("requests", [])] if item.get("error")), None)

    def coffer(self, t, *args):
        return t.command(self.programs.coffer, *args)

    def events(self, t):
        return collections.Counter(record["type"] for record in t.coffer("audit", "log", "--start", "0")["records"])

    def sound(self, t):
        expect(t.coffer("audit", "verify")["ok"], True)
        t.cold("log", "verify", *PASSPHRASE)

    # Entries.

    def case_a_wallet_is_frozen_once(self):
        """Who comes second is told that it is done, and uses no renewal up."""
        t = self.founded.copy_as("freezing")
        ended = self.all_at_once(t, [self.coffer(t, "freeze", "eth-hot", *t.as_officer(t.officers[i % 4])) for i in range(CROWD)])
        expect(set(ended), {(DONE, None)})
        status = t.coffer("charter", "status")
        expect((status["position"], [(one["wallet"], one["renewed"]) for one in status["frozen"]]), (1, [("eth-hot", False)]))
        t.clock = ["faketime", "-f", "+60s"]
        t.freeze("eth-hot", "alice", "--renew")
        self.sound(t)

    def case_every_entry_is_linked_once(self):
        t = self.founded.copy_as("linking")
        entries = {"suspension": ("officer", "suspend", "dave"), "retirement": ("appliance", "retire", "spare"),
                   "addition": ("destination", "add", "new", "--chain", "local", "--address", ADDRESS)}
        for name, command in entries.items():
            t.coffer(*command, "--out", name, *t.as_officer("alice"))
            for officer in ("bob", "carol"):
                t.coffer("entry", "sign", name, *t.as_officer(officer))
        ended = self.all_at_once(t, [self.coffer(t, *("import", "entry adopt")[i % 2].split(), name) for name in entries for i in range(4)])
        expect(set(ended), {(DONE, None)})
        status = t.coffer("charter", "status")
        expect((status["position"], len(status["suspended"]), len(status["retired"]), len(status["destinations_added"])), (3, 1, 1, 1))
        expect(self.events(t)["entry.linked"], 3)
        t.bring_links()
        expect(t.position(), 3)
        self.sound(t)

    def case_no_signature_in_a_file_is_lost(self):
        t = self.founded.copy_as("signing")
        t.coffer("destination", "add", "new", "--chain", "local", "--address", ADDRESS, "--out", "entry", *t.as_officer("alice"))
        t.amend('name = "Test Treasury"', 'name = "Renamed Treasury"')  # sealed as charter-2
        for command, file, signed in ((("entry", "sign"), "entry", 1), (("charter", "sign"), "charter-2", 0)):
            expect(len(decode(t.read_bytes(file))[3]), signed)
            ended = self.all_at_once(t, [self.coffer(t, *command, file, *t.as_officer(t.officers[i % 4])) for i in range(CROWD)])
            expect(set(ended), {(DONE, None)})
            expect(len(decode(t.read_bytes(file))[3]), 4)
        t.coffer("entry", "adopt", "entry")
        t.coffer("charter", "adopt", "charter-2")
        self.sound(t)

    # Requests and receipts.

    def case_every_message_is_a_request_of_its_own(self):
        t = self.founded.copy_as("saying")
        t.allow_messages()
        ended = self.all_at_once(t, [self.coffer(t, "propose", "message", "--wallet", "eth-hot", "--text", "one", *t.as_officer("carol"))] * CROWD)
        expect(set(ended), {(DONE, None)})
        requests = t.coffer("list")["requests"]
        expect((len(requests), len({one["request_digest"] for one in requests})), (CROWD, CROWD))
        self.sound(t)

    def case_a_receipt_is_taken_once(self):
        t = self.approved.copy_as("taking")
        t.run(t.sign_command("one", "receipt", self.request))
        ended = self.all_at_once(t, [self.coffer(t, "import", "receipt")] * CROWD)
        expect(set(ended), {(DONE, None)})
        events = self.events(t)
        expect((events["receipt.imported"], events["request.pending_broadcast"]), (1, 1))
        self.sound(t)

    def case_bundles_are_whole_however_many_write_them(self):
        t = self.approved.copy_as("exporting")
        ended = self.all_at_once(t, [self.coffer(t, "export", self.request["id"], "--out", "two")] * CROWD)
        expect(set(ended) - {(CONFLICT, "exists")}, {(DONE, None)})
        t.run(t.sign_command("two", "receipt", self.request))
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        self.sound(t)

    # The vault.

    def case_a_vault_signs_once(self):
        t = self.approved.copy_as("vaults")
        ended = self.all_at_once(t, [t.sign_command("one", f"receipt-{i}", self.request) for i in range(CROWD)])
        expect(set(ended) <= {(DONE, None), BUSY}, True)
        t.run(t.sign_command("one", "receipt", self.request))
        receipts = {t.read_bytes(f"receipt-{i}") for i, end in enumerate(ended) if end[0] == DONE}
        expect(receipts <= {t.read_bytes("receipt")}, True)
        expect(t.records().count("signed"), 1)
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        self.sound(t)

    def case_one_nonce_is_signed_for_once(self):
        """Two requests on one nonce, from two homes that know nothing of each other."""
        t = self.approved.copy_as("rivals")
        rival = self.founded.copy_as("rival")
        other = rival.propose("eth-hot", "2", *rival.offline_inputs(0))
        rival.approve(other)
        rival.coffer("export", other["id"], "--out", "two")
        t.write_bytes("two", rival.read_bytes("two"))
        commands = [t.sign_command(*((("one", f"receipt-{i}", self.request), ("two", f"receipt-{i}", other))[i % 2])) for i in range(CROWD)]
        ended = self.all_at_once(t, commands)
        won = {i % 2 for i, end in enumerate(ended) if end == (DONE, None)}
        expect(len(won), 1)
        expect(set(ended) - {(DONE, None), BUSY, (CONFLICT, "nonce_used")}, set())
        expect(t.records().count("signed"), 1)
        self.sound(t)

    # Locks.

    def holder(self, t, lock):
        """Another process that holds this lock, and does nothing."""
        code = "import fcntl, sys, time; file = open(sys.argv[1], 'a'); fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
        process = subprocess.Popen([sys.executable, "-c", code, t.path(lock)], stdout=subprocess.PIPE)
        expect(process.stdout.readline(), b"held\n")
        return process

    def case_a_lock_dies_with_its_holder(self):
        """Who writes waits for it; who only reads does not."""
        t = self.approved.copy_as("locked")
        t.write_bytes("links", b"")
        t.run(self.coffer(t, "export", "--links", "--out", "links", "--force"))
        writers = {"home/coffer.db.lock": self.coffer(t, "freeze", "eth-hot", *t.as_officer("alice")),
                   "vault/ledger.db.lock": t.sign_command("one", "receipt", self.request)}
        for lock, command in writers.items():
            holder = self.holder(t, lock)
            waiting = subprocess.Popen(command, cwd=t.folder, env=t.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(1.0)
            expect((lock, waiting.poll()), (lock, None))
            t.coffer("show", self.request["id"])
            t.cold("status")
            os.kill(holder.pid, signal.SIGKILL)
            holder.communicate()
            waiting.communicate(timeout=20)
            expect((lock, waiting.returncode), (lock, DONE))
        expect((t.coffer("charter", "status")["position"], t.records().count("signed")), (1, 1))
        self.sound(t)

    def case_a_second_broadcast_goes_away_and_a_dead_one_blocks_nobody(self):
        t = self.approved.copy_as("sending")
        t.sign(self.request)
        holder = self.holder(t, "home/broadcast.lock")
        for command in (("broadcast",), ("broadcast", self.request["id"])):
            t.refused(self.coffer(t, *command), "busy", CONFLICT)
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
        t.refused(self.coffer(t, "broadcast"), "rpc", UNAVAILABLE)  # on to the node, which is not there
        self.sound(t)


if __name__ == "__main__":
    Crowds.main()
