#!/usr/bin/python3
"""Usage: clocks.py BUILD_DIR

Both programs under clocks that say 1970, 2038 or 2106, and that jump there and back: a right clock of any
year works, a wrong one is called one and leaves nothing behind.
"""

import datetime
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from guarded_treasury import PASSPHRASE, GuardedTreasury  # noqa: E402
from treasury import EXCHANGE  # noqa: E402

POLICY, VOTE, INTEGRITY = 4, 5, 9  # exit statuses
OVERFLOWS = ("2038-01-19 03:14:08", "2106-02-07 06:28:16")  # of 32 bits, signed and unsigned
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
WRONG = ("1970-01-01 00:00:01", *OVERFLOWS)


def offset_to(time):
    """So that from now on the programs' clock runs from that time."""
    then = datetime.datetime.strptime(time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return ["faketime", "-f", f"{int((then - datetime.datetime.now(datetime.timezone.utc)).total_seconds()):+d}s"]


class DatedTreasury(GuardedTreasury):
    """Founded under a clock of its own."""

    def cold(self, *args, accept=(0,)):
        if args[0] == "init":
            args = ("init", "--environment", "test", "--date", self.day, *PASSPHRASE)
        return super().cold(*args, accept=accept)


class Clocks(Cases):
    needs = ("faketime",)

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.founded = t = GuardedTreasury(programs, os.path.join(folder, "founded"))
        t.found()
        self.request = t.propose("eth-hot", "1", *t.offline_inputs(0))
        t.approve(self.request)
        t.coffer("export", self.request["id"], "--out", "one")

    def sign_command(self, t):
        return t.sign_command("one", "receipt", self.request)

    def goes_through(self, t):
        t.clock = []
        expect(t.run(self.sign_command(t))["requests"][0]["outcome"], "signed")
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        expect(t.coffer("audit", "verify")["ok"], True)
        t.cold("log", "verify", *PASSPHRASE)

    def case_a_treasury_lives_across_each_overflow(self):
        """Founded a moment before it; what is signed, linked and told comes after."""
        for overflow in OVERFLOWS:
            last = datetime.datetime.strptime(overflow, "%Y-%m-%d %H:%M:%S") - datetime.timedelta(seconds=1)
            t = DatedTreasury(self.programs, os.path.join(self.folder, f"at-{overflow[:4]}"))
            t.clock, t.day = offset_to(str(last)), overflow[:10]
            t.found()
            request = t.propose("eth-hot", "1", *t.offline_inputs(0))
            expect(request["created_at"][:10], overflow[:10])
            t.approve(request)
            freeze = t.freeze("eth-cold")
            expect(freeze["time"][:10], overflow[:10])
            t.agree(("alice", "bob", "carol"), "destination", "add", "new", "--chain", "local", "--address", ADDRESS)
            expect(t.sign(request)["requests"][0]["status"], "pending_broadcast")
            expect((t.position(), t.cold("clock", "show")["now"][:10]), (2, overflow[:10]))
            expect(t.coffer("charter", "status")["frozen"][0]["until"][:7], overflow[:7])
            expect(t.coffer("audit", "verify")["ok"], True)
            t.cold("log", "verify", *PASSPHRASE)

    def case_the_vault_signs_nothing_under_a_wrong_clock(self):
        t = self.founded.copy_as("wrong-vault")
        before = t.records()
        for time in WRONG:
            t.clock = offset_to(time)
            t.refused(t.verify_command("one"), "clock", INTEGRITY)
            t.refused(self.sign_command(t), "clock", INTEGRITY)
            t.refused(t.command(self.programs.cold, "freeze", "eth-cold", "--out", "freeze", *PASSPHRASE), "clock", INTEGRITY)
            expect(t.cold("clock", "show")["machine"][:10], time[:10])
            t.cold("log", "verify", *PASSPHRASE)
            t.cold("status")
        expect((t.records(), os.path.exists(t.path("receipt")), os.path.exists(t.path("freeze"))), (before, False, False))
        self.goes_through(t)

    def case_the_online_side_judges_nothing_under_a_wrong_clock(self):
        t = self.founded.copy_as("wrong-home")
        for time in WRONG:
            t.clock = offset_to(time)
            code, status = ("appr_future", VOTE) if time.startswith("1970") else ("appr_expired", VOTE)
            t.refused(t.approve_command("dave", self.request), code, status)
            t.refused(t.command(self.programs.coffer, "export", self.request["id"], "--out", "none"), code, status)
            t.coffer("list")
            t.coffer("charter", "status")
        t.clock = offset_to(WRONG[0])
        expect(t.coffer("audit", "verify", accept=(INTEGRITY,))["error"]["code"], "clock")
        t.clock = []
        expect(t.show(self.request)["status"], "pending_signature")
        expect(os.path.exists(t.path("none")), False)
        self.goes_through(t)

    def case_what_was_made_under_a_clock_ahead_is_called_so(self):
        t = self.founded.copy_as("ahead")
        t.clock = ["faketime", "-f", "+2d"]
        early = t.propose("eth-hot", "1", *t.offline_inputs(1))
        t.clock = []
        expect(t.coffer("audit", "verify", accept=(INTEGRITY,))["error"]["code"], "clock")
        expect(t.show(early)["status"], "pending_review")
        t.refused(t.approve_command("alice", early), "appr_future", VOTE)
        expect(t.coffer("audit", "verify")["ok"], True)  # that refusal stands under the right date
        t.run(self.sign_command(t))
        expect(t.coffer("import", "receipt")["requests"][0]["status"], "pending_broadcast")
        t.clock = ["faketime", "-f", "+2d"]
        t.approve(early)
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_a_vault_whose_clock_jumped_ahead_refuses_and_then_signs(self):
        """What expired by its clock is not signed; when the clock is right again it is."""
        t = self.founded.copy_as("jumped")
        t.clock = ["faketime", "-f", "+2d"]
        t.refused(self.sign_command(t), "appr_expired", VOTE)
        expect([record for record in t.records() if record in ("intended", "signed")], [])
        t.clock = []
        t.coffer("export", self.request["id"], "--out", "one", "--force")
        self.goes_through(t)

    def case_a_vault_that_signed_under_a_clock_ahead_goes_not_back_by_itself(self):
        t = self.founded.copy_as("back")
        t.clock = ["faketime", "-f", "+12h"]
        t.run(self.sign_command(t))
        t.clock = []
        second = t.propose("eth-hot", "1", *t.offline_inputs(1))
        t.approve(second)
        t.coffer("import", "receipt")
        t.coffer("export", second["id"], "--out", "two")
        t.refused(t.sign_command("two", "none", second), "clock", INTEGRITY)
        expect(os.path.exists(t.path("none")), False)
        t.clock = ["faketime", "-f", "+13h"]  # without `clock set` it signs when that time has come
        expect(t.run(t.sign_command("two", "two.receipt", second))["requests"][0]["outcome"], "signed")
        expect(t.coffer("import", "two.receipt")["requests"][0]["status"], "pending_broadcast")
        t.cold("log", "verify", *PASSPHRASE)

    def case_a_freeze_ends_by_the_clock_of_each_side(self):
        """It is 72 hours, whatever the other side's clock says."""
        t = self.founded.copy_as("frozen")
        t.freeze("eth-hot")
        t.bring_links()
        t.refused(self.sign_command(t), "frozen", POLICY)
        online = t.copy_as("frozen-online")
        online.clock = ["faketime", "-f", "+71h"]
        propose = ("propose", "transfer", "--wallet", "eth-hot", "--to", EXCHANGE, "--amount", "1", *online.as_officer("carol"))
        online.refused(online.command(self.programs.coffer, *propose, *online.offline_inputs(1)), "frozen", POLICY)
        online.clock = ["faketime", "-f", "+73h"]
        later = online.coffer(*propose, *online.offline_inputs(1))
        online.approve(later)
        online.coffer("export", later["id"], "--out", "later")
        online.clock = []
        online.refused(online.sign_command("later", "none", later), "appr_future", VOTE)
        online.clock = ["faketime", "-f", "+73h"]
        expect(online.run(online.sign_command("later", "none", later))["requests"][0]["outcome"], "signed")


if __name__ == "__main__":
    Clocks.main()
