#!/usr/bin/python3
"""Usage: terminal.py BUILD_DIR

The shipped programs at a real terminal: tmux, 80 columns and 24 rows. What a person sees, types and
does not see; what ends a prompt and what does not.
"""

import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from pane import CHALLENGE, PAGES, PATIENCE, Pane, answer  # noqa: E402
from treasury import EXCHANGE, Treasury  # noqa: E402


class AtTheTerminal(Cases):
    needs = ("tmux", "ps", "stty")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()
        self.panes = []
        self.nonce = 0

    def close(self):
        for pane in self.panes:
            pane.close()

    def pane(self):
        self.panes.append(Pane(self.treasury, os.path.join(self.folder, f"tmux-{len(self.panes)}")))
        return self.panes[-1]

    def propose(self):
        request = self.treasury.propose("eth-cold", "1.5", *self.treasury.offline_inputs(self.nonce))
        self.nonce += 1
        return request

    def approve(self, pane, request, officer):
        pane.run(self.programs.coffer, "approve", request["id"], "--officer", officer, "--key", f"{officer}.key")

    def case_an_officer_approves(self):
        request = self.propose()
        pane = self.pane()
        self.approve(pane, request, "alice")
        secret = "passphrase of alice"
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.type(secret)
        _, found = pane.page_through()
        expect(request["fingerprint"] in pane.everything(), True)
        pane.type(answer(found, EXCHANGE, "1.5"))
        pane.see(r"Approved by alice")
        pane.ended(0)
        expect(secret in pane.everything(), False)
        expect(self.treasury.show(request)["approvals"]["have"], 1)

    def case_a_wrong_answer_approves_nothing(self):
        request = self.propose()
        pane = self.pane()
        self.approve(pane, request, "alice")
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.type("passphrase of alice")
        pane.page_through()
        pane.type("000000 1.5")
        pane.see(r"(wrong|does not|not what|again)")
        pane.call("send-keys", "C-c")
        time.sleep(0.3)
        text = pane.everything()
        pane.type("", enter=True)
        expect(self.treasury.show(request)["approvals"]["have"], 0)
        expect("Approved" in text, False)

    def case_a_signal_at_a_prompt_leaves_nothing_half_done(self):
        for at, number in (("passphrase", signal.SIGTERM), ("challenge", signal.SIGTERM), ("challenge", signal.SIGHUP),
                           ("passphrase", signal.SIGINT)):
            request = self.propose()
            pane = self.pane()
            self.approve(pane, request, "alice")
            pane.see(r"[Pp]assphrase[^\n]*:\s*$")
            if at == "challenge":
                pane.type("passphrase of alice")
                pane.page_through()
            os.kill(pane.process("coffer"), number)
            pane.see(r"ready>$")
            time.sleep(0.2)
            pane.ended(10)
            expect(self.treasury.show(request)["approvals"]["have"], 0)
            self.treasury.run(self.treasury.approve_command("alice", request))  # and the vote still works

    def case_a_closed_pane_leaves_nothing_half_done(self):
        request = self.propose()
        pane = self.pane()
        self.approve(pane, request, "bob")
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.type("passphrase of bob")
        pane.page_through()
        pid = pane.process("coffer")
        pane.close()
        until = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{pid}") and time.monotonic() < until:
            time.sleep(0.05)
        expect(os.path.exists(f"/proc/{pid}"), False)
        expect(self.treasury.show(request)["approvals"]["have"], 0)
        self.treasury.run(self.treasury.approve_command("bob", request))

    def case_what_was_typed_before_the_question_does_not_answer_it(self):
        """M08: all of it is queued while the program still opens the key."""
        request = self.propose()
        pane = self.pane()
        self.approve(pane, request, "alice")
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.call("send-keys", "-l", "passphrase of alice")
        pane.call("send-keys", "Enter", "Space", "Space", "Space", "y", "Enter", "y", "Enter")
        found = pane.see(f"{PAGES}$|{CHALLENGE}\\s*$")
        time.sleep(0.5)
        expect(bool(re.search(f"{PAGES}$|{CHALLENGE}\\s*$", pane.everything().rstrip())), True)
        expect(self.treasury.show(request)["approvals"]["have"], 0)
        if not found["first"]:
            _, found = pane.page_through()
        pane.type(answer(found, EXCHANGE, "1.5"))
        pane.see(r"Approved by alice")
        pane.ended(0)

    def case_the_vault_signs(self):
        """A batch, so that the review has several pages; declined first."""
        self.treasury.write("payments.csv", "address,amount,asset,memo\n" + f"{EXCHANGE},0.1,ETH,\n" * 15)
        request = self.treasury.coffer("propose", "batch", "--wallet", "eth-cold", "--file", "payments.csv", *self.treasury.as_officer("carol"),
                                       *self.treasury.offline_inputs(self.nonce))
        self.nonce += 15
        self.treasury.approve(request)
        self.treasury.coffer("export", request["id"], "--out", "to-vault")
        for session in (1, 2):
            pane = self.pane()
            pane.run(self.programs.cold, "sign", "to-vault", "--out", f"from-vault-{session}")
            pane.see(r"[Pp]assphrase[^\n]*:\s*$")
            pane.type("passphrase of the vault")
            pane.see(r"is that the date\? \[y/N\]")
            pane.type("y")
            if session == 2:
                pane.see(r"paper log say the same\? \[y/N\]")
                pane.type("y")
            pages, found = pane.page_through()
            expect(pages >= 1, True)
            expect("1.5 ETH" in pane.everything(), True)
            expect(request["fingerprint"] in pane.everything(), True)
            expect("passphrase of the vault" in pane.everything(), False)
            if session == 1:
                pane.type("n")  # declined
                pane.see(r"Paper log: record \d+, head")
                pane.ended(10)
                expect([r["type"] for r in self.treasury.cold("log", "show")["records"]].count("signed"), 0)
            else:
                pane.type(answer(found, EXCHANGE, "1.5"))
                pane.see(r"Signed 1 of 1")
                pane.see(r"Paper log: record \d+, head")
                pane.ended(0)
                expect("passphrase of the vault" in pane.everything(), False)
        self.treasury.coffer("import", "from-vault-2")
        expect(self.treasury.show(request)["status"], "pending_broadcast")

    def case_the_vault_refuses_another_date(self):
        request = self.propose()
        self.treasury.approve(request)
        self.treasury.coffer("export", request["id"], "--out", "dated")
        pane = self.pane()
        pane.run(self.programs.cold, "sign", "dated", "--out", "none")
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.type("passphrase of the vault")
        pane.see(r"is that the date\? \[y/N\]")
        pane.type("")
        pane.see(r"ready>$")
        pane.ended(9)
        expect(os.path.exists(self.treasury.path("none")), False)

    def case_a_signal_at_the_vaults_prompt(self):
        request = self.propose()
        self.treasury.approve(request)
        self.treasury.coffer("export", request["id"], "--out", "signalled")
        pane = self.pane()
        pane.run(self.programs.cold, "sign", "signalled", "--out", "signalled-receipt")
        pane.see(r"[Pp]assphrase[^\n]*:\s*$")
        pane.type("passphrase of the vault")
        pane.see(r"is that the date\? \[y/N\]")
        os.kill(pane.process("coffer-cold"), signal.SIGTERM)
        time.sleep(0.3)
        pane.ended(10)
        expect(os.path.exists(self.treasury.path("signalled-receipt")), False)
        self.treasury.cold("log", "verify", "--passphrase-file", "vault.pass")


if __name__ == "__main__":
    AtTheTerminal.main()
