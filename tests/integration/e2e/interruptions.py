#!/usr/bin/python3
"""Usage: interruptions.py BUILD_DIR

Signals and closed terminals at every question of the commands that link entries, open requests and sign:
nothing is half done, the terminal is as it was, and the next run goes through.
"""

import itertools
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, Skipped, expect  # noqa: E402
from guarded_treasury import PASSPHRASE, GuardedTreasury  # noqa: E402
from pane import PATIENCE, Pane, answer  # noqa: E402
from treasury import EXCHANGE, PEERS, Node  # noqa: E402

ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, "closed")
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
ASKS_PASSPHRASE = r"[Pp]assphrase[^\n]*:\s*$"
ASKS_DATE = r"is that the date\? \[y/N\]\s*$"
ASKS_TO_FREEZE = r"Freeze eth-cold until[^\n]*\[y/N\]\s*$"
POLICY, CONFLICT, PERSON = 4, 6, 10  # exit statuses


class Interruptions(Cases):
    needs = ("tmux", "ps", "stty")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.founded = GuardedTreasury(programs, os.path.join(folder, "founded"))
        self.founded.found()
        self.panes = []

    def close(self):
        for pane in self.panes:
            pane.close()

    def pane(self, t):
        self.panes.append(Pane(t, os.path.join(self.folder, f"tmux-{len(self.panes)}")))
        return self.panes[-1]

    def end(self, pane, program, ending):
        """By a signal or with its terminal; it leaves with the status of somebody who is waited for."""
        pid = pane.process(program)
        if ending == "closed":
            pane.close()
            until = time.monotonic() + PATIENCE
            while os.path.exists(f"/proc/{pid}") and time.monotonic() < until:
                time.sleep(0.05)
            expect(os.path.exists(f"/proc/{pid}"), False)
            return
        os.kill(pid, ending)
        pane.see(r"ready>$")
        pane.ended(PERSON)

    # What the officers run.

    def state(self, t):
        """What a command could have changed online."""
        status = t.coffer("charter", "status")
        requests = [(one["id"], one["status"]) for one in t.coffer("list")["requests"]]
        files = {name: t.read_bytes(name) for name in sorted(os.listdir(t.folder)) if os.path.isfile(t.path(name))}
        return status["position"], requests, files

    def breaks_off(self, t, commands):
        """Each at the question for the passphrase; then it goes through with a file for it."""
        endings = itertools.cycle(ENDINGS)
        for command in commands:
            before = self.state(t)
            pane = self.pane(t)
            pane.run(self.programs.coffer, *command, "--officer", "carol", "--key", "carol.key")
            pane.see(ASKS_PASSPHRASE)
            self.end(pane, "coffer", next(endings))
            pane.close()
            expect((command[0], self.state(t) == before), (command[0], True))
            t.coffer(*command, *t.as_officer("carol"))
            expect((command[0], self.state(t) == before), (command[0], False))

    def case_entries(self):
        t = self.founded.copy_as("entries")
        t.coffer("officer", "suspend", "dave", "--out", "entry", *t.as_officer("alice"))
        t.coffer("charter", "adopt", *t.amend("[audit]", "[audit]"))
        t.amend("[audit]", "[audit]")  # sealed as charter-3
        self.breaks_off(t, [
            ("freeze", "eth-cold"),
            ("unfreeze", "eth-cold", "--out", "unfreeze"),
            ("destination", "add", "new", "--chain", "local", "--address", ADDRESS, "--out", "addition"),
            ("destination", "remove", "broker"),
            ("officer", "suspend", "dave", "--out", "suspension"),
            ("appliance", "retire", "spare", "--out", "retirement"),
            ("entry", "sign", "entry"),
            ("charter", "sign", "charter-3"),
        ])
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_requests(self):
        t = self.founded.copy_as("requests")
        t.allow_messages()
        request = t.propose("eth-hot", "1", *t.offline_inputs(0))
        self.breaks_off(t, [
            ("propose", "message", "--wallet", "eth-hot", "--text", "one"),
            ("propose", "transfer", "--wallet", "eth-hot", "--to", EXCHANGE, "--amount", "1", *t.offline_inputs(1)),
            ("cancel", request["id"]),
        ])
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_a_bump(self):
        if not os.path.isdir(os.path.join(PEERS, "node_modules")):
            raise Skipped("tests/peers/node_modules")
        t = self.founded.copy_as("bumping")
        node = Node(self.folder)
        t.write("home/coffer.toml", t.read_bytes("home/coffer.toml").decode().replace(t.rpc, node.url))
        node.peer("fund.mjs", node.url, node.token["address"], t.addresses["eth-hot"], "100", "5000")
        node.call("evm_setAutomine", False)
        request = t.propose("eth-hot", "1")
        t.approve(request)
        t.sign(request)
        t.coffer("broadcast")
        self.breaks_off(t, [("bump", request["id"])])
        node.stop()

    def case_import_from_a_terminal(self):
        t = self.founded.copy_as("importing")
        for ending in (signal.SIGTERM, signal.SIGINT):
            before = self.state(t)
            pane = self.pane(t)
            pane.run(self.programs.coffer, "import", "-")
            pid = pane.process("coffer")
            time.sleep(0.3)
            os.kill(pid, ending)
            pane.see(r"ready>$")
            pane.ended(128 + ending)
            pane.close()
            expect(self.state(t), before)

    # What the person at the vault runs.

    def case_a_freeze_at_the_vault(self):
        t = self.founded.copy_as("freezing")
        questions = (ASKS_PASSPHRASE, ASKS_DATE, ASKS_TO_FREEZE)
        answers = ("passphrase of the vaults", "y", "y")
        for number, ending in ((0, signal.SIGTERM), (1, signal.SIGHUP), (1, "closed"), (2, signal.SIGTERM), (2, signal.SIGINT), (2, "closed")):
            before = t.records()
            pane = self.pane(t)
            pane.run(self.programs.cold, "freeze", "eth-cold", "--out", "freeze")
            for question, words in itertools.islice(zip(questions, answers), number):
                pane.see(question)
                pane.type(words)
            pane.see(questions[number])
            self.end(pane, "coffer-cold", ending)
            pane.close()
            expect((t.records(), os.path.exists(t.path("freeze")), t.cold("status")["frozen"]), (before, False, []))
        pane = self.pane(t)
        pane.run(self.programs.cold, "freeze", "eth-cold", "--out", "freeze")
        for question, words in zip(questions, answers):
            pane.see(question)
            pane.type(words)
        pane.see(r"ready>$")
        pane.ended(0)
        expect([one["wallet"] for one in t.cold("status")["frozen"]], ["eth-cold"])
        t.coffer("import", "freeze")
        expect([one["by"] for one in t.coffer("charter", "status")["frozen"]], ["vault-a"])
        t.refused(t.command(self.programs.coffer, "propose", "transfer", "--wallet", "eth-cold", "--to", EXCHANGE, "--amount", "1",
                            *t.offline_inputs(0), *t.as_officer("carol")), "frozen", POLICY)
        t.cold("log", "verify", *PASSPHRASE)

    def signing(self, t, bundle, receipt):
        """A pane whose session stands at the first page of the review."""
        pane = self.pane(t)
        pane.run(self.programs.cold, "sign", bundle, "--out", receipt)
        pane.see(ASKS_PASSPHRASE)
        pane.type("passphrase of the vaults")
        pane.see(ASKS_DATE)
        pane.type("y")
        return pane

    def approved(self, t, wallet, nonce):
        request = t.propose(wallet, "1.5", *t.offline_inputs(nonce))
        t.approve(request)
        t.coffer("export", request["id"], "--out", wallet, "--force")
        return request

    def case_a_review_at_the_vault(self):
        t = self.founded.copy_as("reviewing")
        request = self.approved(t, "eth-cold", 0)
        for at, ending in (("page", signal.SIGTERM), ("challenge", signal.SIGHUP), ("challenge", signal.SIGINT), ("challenge", "closed")):
            pane = self.signing(t, "eth-cold", "receipt")
            pane.see(r"page 1 of \d+")
            if at == "challenge":
                pane.page_through()
            self.end(pane, "coffer-cold", ending)
            pane.close()
            expect([one for one in t.records() if one in ("intended", "signed", "receipt_made", "session_begun")], [])
            expect(os.path.exists(t.path("receipt")), False)
        pane = self.signing(t, "eth-cold", "receipt")
        _, found = pane.page_through()
        pane.type(answer(found, EXCHANGE, "1.5"))
        pane.see(r"Signed 1 of 1")
        pane.ended(0)
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        expect(t.show(request)["status"], "pending_broadcast")

    def case_two_sessions_of_one_vault(self):
        """One is at its question while the other signs: what the first one has judged by is old."""
        t = self.founded.copy_as("two-sessions")
        self.approved(t, "eth-cold", 0)
        hot = self.approved(t, "eth-hot", 0)
        pane = self.signing(t, "eth-cold", "receipt")
        _, found = pane.page_through()
        t.run(t.sign_command("eth-hot", "hot.receipt", hot))
        pane.type(answer(found, EXCHANGE, "1.5"))
        pane.see(r"ready>$")
        pane.ended(CONFLICT)
        expect((t.records().count("signed"), os.path.exists(t.path("receipt"))), (1, False))
        t.coffer("import", "hot.receipt")
        pane.close()
        pane = self.signing(t, "eth-cold", "receipt")
        pane.see(r"paper log say the same\? \[y/N\]")
        pane.type("y")
        os.kill(pane.process("coffer-cold"), signal.SIGKILL)  # and leaves no lock behind
        pane.close()
        pane = self.signing(t, "eth-cold", "receipt")
        pane.see(r"paper log say the same\? \[y/N\]")
        pane.type("y")
        _, found = pane.page_through()
        pane.type(answer(found, EXCHANGE, "1.5"))
        pane.see(r"Signed 1 of 1")
        pane.ended(0)
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        t.cold("log", "verify", *PASSPHRASE)

    def case_a_cooldown_begins_with_an_answer(self):
        t = self.founded.copy_as("cooling")
        t.agree(("alice", "bob", "carol"), "destination", "add", "new", "--chain", "local", "--address", ADDRESS)
        t.export_links()
        for ending in (signal.SIGTERM, "closed", None):
            pane = self.pane(t)
            pane.run(self.programs.cold, "verify", "links")
            pane.see(ASKS_PASSPHRASE)
            pane.type("passphrase of the vaults")
            pane.see(ASKS_DATE)
            if ending:
                self.end(pane, "coffer-cold", ending)
                pane.close()
                expect(t.records().count("entry_seen"), 0)
        pane.type("y")
        pane.see(r"Nothing was signed")
        pane.ended(0)
        expect(t.records().count("entry_seen"), 1)


if __name__ == "__main__":
    Interruptions.main()
