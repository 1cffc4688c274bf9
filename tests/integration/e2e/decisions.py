#!/usr/bin/python3
"""Usage: decisions.py BUILD_DIR

Votes, amendments, cancels, expiry and forged files with the shipped programs; no node, no network.
"""

import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import EXCHANGE, Failed, Treasury  # noqa: E402


class Machine:
    """An officer's own: a key, its passphrase, and no home; without network where that can be had."""

    def __init__(self, treasury, officer, folder):
        self.treasury, self.officer, self.folder = treasury, officer, folder
        os.mkdir(folder, 0o700)
        for end in ("key", "pass"):
            shutil.copy2(treasury.path(f"{officer}.{end}"), self.path(f"own.{end}"))
        can = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
        self.prefix = ["unshare", "-rn"] if can else []

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args, accept=(0,)):
        done = subprocess.run([*self.prefix, self.treasury.programs.coffer, "--json", *args, "--key", "own.key", "--passphrase-file", "own.pass"],
                              cwd=self.folder, env={"PATH": os.environ["PATH"], "HOME": self.folder}, stdin=subprocess.DEVNULL,
                              capture_output=True, start_new_session=True, timeout=60, check=False)
        self.treasury.printed += [done.stdout, done.stderr]
        if done.returncode not in accept:
            raise Failed(f"{args}: {done.returncode} {done.stdout.decode()}{done.stderr.decode()}")
        return json.loads(done.stdout)


class Decisions(Cases):
    needs = ()

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()
        self.nonce = 0

    def propose(self, *options, nonce=None):
        inputs = self.treasury.offline_inputs(self.nonce if nonce is None else nonce)
        return self.treasury.propose("eth-hot", "1", *inputs, *options)

    def votes(self, request):
        return [(vote["officer"], vote["counts"]) for vote in self.treasury.show(request)["votes"]]

    def export(self, request, name):
        return self.treasury.coffer("export", request["id"], "--out", name, "--force")

    def case_takes_a_vote_from_an_officers_own_machine(self):
        t = self.treasury
        request = self.propose()
        t.coffer("export", request["id"], "--format", "review", "--out", "review")
        machine = Machine(t, "alice", os.path.join(self.folder, "alice"))
        shutil.copy(t.path("review"), machine.path("review"))
        machine.run("approve", "review", "--out", "vote", "--confirm", "00" * 32, accept=(5, 9))
        expect(machine.run("approve", "review", "--out", "vote", accept=(10,))["error"]["code"], "presence")
        expect(os.path.exists(machine.path("vote")), False)
        voted = machine.run("approve", "review", "--out", "vote", "--confirm", request["request_digest"])
        expect(voted["fingerprint"], request["fingerprint"])
        expect(sorted(os.listdir(machine.folder)), ["own.key", "own.pass", "review", "vote"])
        t.coffer("import", machine.path("vote"))
        t.coffer("import", machine.path("vote"))  # once more does nothing
        expect(self.votes(request), [("alice", True)])
        t.approve(request, ["bob"])
        t.sign(request)
        expect(t.show(request)["status"], "pending_broadcast")
        self.nonce += 1

    def case_refuses_a_forged_review(self):
        t = self.treasury
        request = self.propose()
        t.coffer("export", request["id"], "--format", "review", "--out", "review", "--force")
        forge(t.path("review"), t.path("forged-review"))
        machine = Machine(t, "bob", os.path.join(self.folder, "bob"))
        shutil.copy(t.path("forged-review"), machine.path("review"))
        said = machine.run("approve", "review", "--out", "vote", "--confirm", request["request_digest"], accept=(3, 4, 5, 9))
        expect(said["error"]["code"], "tx_changed")
        expect(os.path.exists(machine.path("vote")), False)
        t.coffer("cancel", request["id"], *t.as_officer("carol"))

    def case_refuses_a_forged_bundle(self):
        t = self.treasury
        request = self.propose()
        t.approve(request)
        self.export(request, "good")
        forge(t.path("good"), t.path("forged"))
        t.refused(t.sign_command("forged", "forged-receipt", request), "tx_changed")
        records = t.cold("log", "show")["records"]
        expect([one for one in records if one["type"] in ("intended", "signed") and one["request_digest"] == request["request_digest"]], [])
        t.coffer("import", "forged-receipt", accept=None)
        expect(t.show(request)["status"], "pending_signature")
        t.run(t.sign_command("good", "receipt", request))  # the honest one still goes through
        t.coffer("import", "receipt")
        expect(t.show(request)["status"], "pending_broadcast")
        self.nonce += 1

    def case_voids_votes_by_an_amendment(self):
        t = self.treasury
        request = self.propose()
        t.coffer("export", request["id"], "--format", "review", "--out", "review", "--force")
        machine = Machine(t, "bob", os.path.join(self.folder, "bob-before"))
        shutil.copy(t.path("review"), machine.path("review"))
        machine.run("approve", "review", "--out", "vote", "--confirm", request["request_digest"])
        t.approve(request, ["alice"])
        t.coffer("charter", "adopt", *t.amend('max_fee = "1"', 'max_fee = "0.5"'))
        expect(t.show(request)["approvals"], {"have": 0, "need": ["2 of finance"]})
        expect(self.votes(request), [("alice", False)])
        t.refused(t.command(t.programs.coffer, "import", machine.path("vote")), "policy_mismatch")
        t.refused(t.command(t.programs.coffer, "export", request["id"], "--out", "early"), "policy_mismatch")
        t.approve(request)
        expect(t.show(request)["approvals"]["need"], [])
        t.sign(request)
        expect(t.show(request)["status"], "pending_broadcast")
        expect(t.cold("status")["charter"], t.coffer("charter", "status")["hash"])
        self.nonce += 1

    def case_cancels(self):
        t = self.treasury
        request = self.propose()
        t.approve(request, ["alice"])
        t.coffer("cancel", request["id"], "--reason", "the invoice was wrong", *t.as_officer("carol"))
        expect(t.show(request)["status"], "cancelled")
        t.coffer("cancel", request["id"], *t.as_officer("carol"))
        t.refused(t.approve_command("bob", request), "request_cancelled")
        t.refused(t.command(t.programs.coffer, "export", request["id"], "--out", "none"), "request_cancelled")

    def case_brings_a_cancel_to_the_vault(self):
        """A bundle made before is refused once the vault has heard of the cancel."""
        t = self.treasury
        first = self.propose()
        t.approve(first)
        self.export(first, "before")
        t.coffer("cancel", first["id"], *t.as_officer("carol"))
        second = self.propose()
        t.approve(second)
        t.sign(second)
        t.refused(t.sign_command("before", "none", first), "request_cancelled")
        self.nonce += 1

    def case_rejects(self):
        t = self.treasury
        request = self.propose()
        t.approve(request, ["bob"])
        rejection = ("reject", request["id"], "--reason", "not today", "--confirm", request["request_digest"], *t.as_officer("alice"))
        t.coffer(*rejection)  # carol asked, so two of finance cannot be reached any more
        t.coffer(*rejection)
        expect(t.show(request)["status"], "rejected")
        t.refused(t.approve_command("alice", request), "state")
        t.refused(t.command(t.programs.coffer, "export", request["id"], "--out", "none"), "appr_rejected")

    def case_expires(self):
        t = self.treasury
        request = self.propose("--expires", "3s")
        began = time.monotonic()
        t.approve(request)
        self.export(request, "late")
        time.sleep(max(0.0, 4.2 - (time.monotonic() - began)))
        t.refused(t.sign_command("late", "late-receipt", request), "appr_expired")
        expect(t.show(request)["status"], "expired")
        t.refused(t.command(t.programs.coffer, "export", request["id"], "--out", "none"), "appr_expired")

    def case_says_no_to_strangers(self):
        t = self.treasury
        stranger = "0x000000000000000000000000000000000000dEaD"
        said = t.coffer("propose", "transfer", "--wallet", "eth-hot", "--to", stranger, "--amount", "1", *t.as_officer("carol"),
                        *t.offline_inputs(self.nonce), accept=(4,))
        expect(said["error"]["code"], "dest_unknown")
        request = self.propose()
        t.refused(t.approve_command("carol", request), "appr_self")
        t.refused(t.command(t.programs.coffer, "export", request["id"], "--out", "early"), "appr_missing")

    def case_leaves_a_sound_record(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)
        self.treasury.cold("log", "verify", "--passphrase-file", "vault.pass")


def forge(source, target):
    """The last time that the destination stands there is in the payload."""
    with open(source, "rb") as file:
        data = file.read()
    place = data.rindex(bytes.fromhex(EXCHANGE[2:]))
    with open(target, "wb") as file:
        file.write(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])


if __name__ == "__main__":
    Decisions.main()
