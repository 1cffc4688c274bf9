#!/usr/bin/python3
"""Usage: histories.py BUILD_DIR

Histories of the policy chain with both programs: entries that a carrier withholds, repeats, reorders and
forges, and two branches of one chain. What is refused, with which code, and what goes on working.
"""

import datetime
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from carrier import Bundle, decode, encode, linked, request_in_review, with_body  # noqa: E402
from cases import Cases, expect  # noqa: E402
from guarded_treasury import GuardedTreasury  # noqa: E402

POLICY, VOTE, CONFLICT, INTEGRITY, PERSON = 4, 5, 6, 9, 10  # exit statuses
FREEZE_WALLETS, FREEZE_UNTIL = 3, 7  # in its body


class Histories(Cases):
    needs = ("faketime",)

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.founded = GuardedTreasury(programs, os.path.join(folder, "founded"))
        self.founded.found()
        self.request = self.founded.propose("eth-hot", "1", *self.founded.offline_inputs(0))
        self.approved = self.founded.copy_as("approved")
        self.approved.approve(self.request)
        self.approved.coffer("export", self.request["id"], "--out", "early")

    def sign_command(self, t, bundle):
        return t.sign_command(bundle, f"{bundle}.receipt", self.request)

    def signs(self, t, bundle):
        expect(t.run(self.sign_command(t, bundle))["requests"][0]["outcome"], "signed")
        expect(t.coffer("import", f"{bundle}.receipt")["requests"][0]["status"], "pending_broadcast")

    def refuses_request(self, t, bundle, code, status):
        """By `verify` and by `sign`; the receipt says so, and leaves the request as it was."""
        before = t.show(self.request)["status"]
        t.refused(t.verify_command(bundle), code, status)
        t.refused(self.sign_command(t, bundle), code, status)
        said = t.coffer("import", f"{bundle}.receipt")["requests"][0]
        expect((said["outcome"], said["code"], said["status"]), ("refused", code, before))
        expect([record for record in t.records() if record in ("intended", "signed")], [])

    def refuses_bundle(self, t, bundle, code, status):
        """Nothing of it is remembered, and no receipt written."""
        before = t.records()
        t.refused(t.verify_command(bundle), code, status)
        t.refused(self.sign_command(t, bundle), code, status)
        expect(t.records(), before)
        expect(os.path.exists(t.path(f"{bundle}.receipt")), False)

    def with_links(self, t, source, change, name="changed"):
        """A bundle whose links somebody has changed."""
        bundle = Bundle(t.path(source))
        bundle.links = change(bundle.links)
        bundle.write(t.path(name))
        return name

    # Withheld.

    def case_votes_count_nothing_without_the_entries_that_they_name(self):
        """Each entry leaves this request alone, so that only what was withheld decides."""
        entries = {
            "freeze": lambda t: t.freeze("eth-cold"),
            "suspension": lambda t: t.agree(["alice", "carol"], "officer", "suspend", "dave"),
            "amendment": lambda t: t.rename(),
            "removal": lambda t: t.remove("broker"),
            "retirement": lambda t: t.agree(["alice", "dave"], "appliance", "retire", "spare"),
        }
        for name, enter in entries.items():
            t = self.founded.copy_as(f"withheld-{name}")
            enter(t)
            t.approve(self.request)
            t.coffer("export", self.request["id"], "--out", "whole")
            self.with_links(t, "whole", lambda links: links[:-1], "withheld")
            self.refuses_request(t, "withheld", "policy_behind", INTEGRITY)
            expect((name, t.position()), (name, 0))
            t.coffer("export", self.request["id"], "--out", "again")
            self.signs(t, "again")
            expect((name, t.position()), (name, 1))

    def case_what_was_approved_before_an_entry_is_refused_once_the_vault_has_it(self):
        """Withheld together with every later vote it binds nobody: the same bundle, before and after."""
        entries = {
            "freeze": (lambda t: t.freeze("eth-hot"), "frozen", POLICY),
            "suspension": (lambda t: t.agree(["alice", "dave"], "officer", "suspend", "bob"), "appr_role", VOTE),
            "amendment": (lambda t: t.rename(), "policy_mismatch", VOTE),
            "removal": (lambda t: t.remove("exchange"), "dest_unknown", POLICY),
            "cancel": (lambda t: t.coffer("cancel", self.request["id"], *t.as_officer("carol")), "request_cancelled", CONFLICT),
        }
        for name, (enter, code, status) in entries.items():
            t = self.approved.copy_as(f"before-{name}")
            enter(t)
            unaware = t.copy_as("unaware")
            expect((name, unaware.run(self.sign_command(unaware, "early"))["requests"][0]["outcome"]), (name, "signed"))
            t.bring_links()
            expect((name, t.position()), (name, 1))
            self.refuses_request(t, "early", code, status)

    def case_a_retired_vault_signs_nothing_whatever_the_next_bundle_leaves_out(self):
        t = self.approved.copy_as("retired")
        unaware = t.copy_as("unaware")
        t.agree(["alice", "dave"], "appliance", "retire", "vault-a")
        t.refused(t.verify_command(t.export_links()), "appliance_inactive", POLICY)
        expect((t.position(), t.cold("status")["state"]), (1, "retired"))
        self.refuses_bundle(t, "early", "appliance_inactive", POLICY)
        self.signs(unaware, "early")

    def case_a_freeze_ends_by_the_quorum(self):
        t = self.approved.copy_as("frozen")
        t.freeze("eth-hot")
        t.refused(t.approve_command("dave", self.request), "frozen", POLICY)
        t.refused(t.command(self.programs.coffer, "export", self.request["id"], "--out", "none"), "frozen", POLICY)
        t.bring_links()
        two = self.founded.officers[:2]
        t.coffer("unfreeze", "eth-hot", "--out", "unfreeze", *t.as_officer(two[0]))
        t.coffer("entry", "sign", "unfreeze", *t.as_officer(two[1]))
        t.refused(t.command(self.programs.coffer, "entry", "adopt", "unfreeze"), "appr_missing", PERSON)
        too_few = t.read_bytes("unfreeze")
        forged = self.with_links(t, t.export_links("until-here", "--all-links"), lambda links: links + linked([too_few], after=links[-1]))
        self.refuses_bundle(t, forged, "appr_missing", PERSON)
        self.refuses_request(t, "early", "frozen", POLICY)
        t.coffer("entry", "sign", "unfreeze", *t.as_officer("carol"))
        t.coffer("entry", "adopt", "unfreeze")
        t.coffer("export", self.request["id"], "--out", "lifted")
        self.signs(t, "lifted")

    def case_a_suspended_officers_old_vote_opens_nothing(self):
        """Bob voted before; the carrier puts his vote back beside one that knows of the suspension."""
        t = self.founded.copy_as("suspended")
        t.approve(self.request, ["bob"])
        t.agree(["alice", "dave"], "officer", "suspend", "bob")
        t.approve(self.request, ["alice"])
        t.refused(t.approve_command("bob", self.request), "appr_role", VOTE)
        t.refused(t.command(self.programs.coffer, "export", self.request["id"], "--out", "none"), "appr_role", VOTE)
        t.coffer("export", self.request["id"], "--format", "review", "--out", "review")
        bundle = Bundle(t.path(t.export_links()))
        bundle.requests.append(request_in_review(t.path("review")))
        expect(len(bundle.requests[0][2]), 2)
        bundle.write(t.path("with-bob"))
        self.with_links(t, "with-bob", lambda links: links[:-1], "without-the-suspension")
        self.refuses_request(t.copy_as("without-it"), "without-the-suspension", "policy_behind", INTEGRITY)
        self.refuses_request(t, "with-bob", "appr_role", VOTE)
        t.approve(self.request, ["dave"])
        t.coffer("export", self.request["id"], "--out", "honest")
        self.signs(t, "honest")

    # An officer's own machine, and a home put back.

    def case_an_officers_key_remembers_what_it_has_seen(self):
        t = self.founded.copy_as("remembering")
        t.coffer("export", self.request["id"], "--format", "review", "--out", "old-review")
        shutil.copytree(t.path("home"), t.path("home-before"))
        t.freeze("eth-cold")
        t.approve(self.request, ["alice"])
        t.coffer("export", self.request["id"], "--format", "review", "--out", "review")
        vote = ("--out", "vote", "--confirm", self.request["request_digest"])
        old = t.command(self.programs.coffer, "approve", "old-review", *vote, *t.as_officer("alice"))
        t.refused(old, "charter_untrusted", INTEGRITY)
        expect(os.path.exists(t.path("vote")), False)
        t.coffer("approve", "review", *vote, *t.as_officer("alice"))
        os.rename(t.path("home"), t.path("home-today"))
        os.rename(t.path("home-before"), t.path("home"))
        t.refused(t.approve_command("alice", self.request), "charter_untrusted", INTEGRITY)
        expect(t.show(self.request)["approvals"]["have"], 0)
        t.approve(self.request, ["bob"])  # who has not seen the freeze
        shutil.rmtree(t.path("home"))
        os.rename(t.path("home-today"), t.path("home"))
        t.approve(self.request, ["bob"])

    # Repeated, reordered, forged.

    def case_no_entry_counts_twice(self):
        t = self.approved.copy_as("repeated")
        address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        t.agree(["alice", "bob", "carol"], "destination", "add", "new", "--chain", "local", "--address", address)
        t.remove("new")
        t.freeze("eth-cold")
        t.rename()
        t.export_links("whole", "--all-links")
        for repeated in range(1, 5):
            again = self.with_links(t, "whole", lambda links, n=repeated: links + linked([links[n][2]], after=links[-1]), f"again-{repeated}")
            self.refuses_bundle(t, again, "policy_rollback", INTEGRITY)
        t.run(t.verify_command("whole"))
        expect(t.position(), 4)
        for repeated in range(1, 5):
            self.refuses_bundle(t, f"again-{repeated}", "policy_rollback", INTEGRITY)
        first = self.with_links(t, "whole", lambda links: links + linked([links[0][2]], after=links[-1]), "first-charter")
        self.refuses_bundle(t, first, "policy_rollback", INTEGRITY)
        t.run(t.verify_command("whole"))  # what is held already does nothing
        expect(t.position(), 4)

    def case_the_online_side_links_nothing_twice(self):
        t = self.approved.copy_as("linked")
        address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        entry = t.agree(["alice", "bob", "carol"], "destination", "add", "new", "--chain", "local", "--address", address)
        t.remove("new")
        old = [f"charter.{officer}" for officer in t.officers]
        amendment = t.amend('name = "Test Treasury"', 'name = "Renamed Treasury"')
        t.coffer("charter", "adopt", *amendment)
        before = t.coffer("charter", "status")
        for take in (("import", entry), ("entry", "adopt", entry), ("charter", "adopt", *amendment)):
            t.coffer(*take)
        t.coffer("charter", "adopt", *old, accept=(0, INTEGRITY))
        after = t.coffer("charter", "status")
        expect((after["version"], after["position"], after["destinations_added"]), (2, before["position"], []))
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_links_fit_together_or_are_refused(self):
        t = self.approved.copy_as("unfit")
        t.freeze("eth-cold")
        t.remove("broker")
        t.rename()
        t.export_links("whole", "--all-links")
        other = bytes(range(32))
        changes = {
            "left out": lambda links: links[:1] + links[2:],
            "swapped": lambda links: [links[0], links[2], links[1], links[3]],
            "another predecessor": lambda links: links[:1] + [[1, other, links[1][2]]] + links[2:],
            "another number": lambda links: links[:1] + [[7, links[1][1], links[1][2]]],
        }
        for name, change in changes.items():
            expect((name, self.with_links(t, "whole", change)), (name, "changed"))
            self.refuses_bundle(t, "changed", "policy_gap", INTEGRITY)
        renamed = self.with_links(t, "whole", lambda links: [[0, bytes(32), with_body(links[0][2], lambda body: body.update({2: "Other"}))]])
        self.refuses_bundle(t, renamed, "charter_fork", INTEGRITY)
        t.run(t.verify_command("whole"))
        expect(t.position(), 3)

    def case_nothing_forged_becomes_part_of_the_chain(self):
        t = self.approved.copy_as("forging")
        maker = t.copy_as("maker")
        maker.freeze("eth-cold", "dave", "--for", "1h")
        shutil.copy(maker.path(maker.export_links("whole", "--all-links")), t.path("whole"))
        freeze = Bundle(t.path("whole")).links[1][2]
        envelope = decode(freeze)
        key, signature = envelope[3][0]
        forged = {
            "longer": with_body(freeze, lambda body: body.update({FREEZE_UNTIL: body[FREEZE_UNTIL] + 3600})),
            "another wallet": with_body(freeze, lambda body: body.update({FREEZE_WALLETS: ["eth-hot"]})),
            "a bit of the signature": encode(envelope | {3: [[key, signature[:9] + bytes([signature[9] ^ 1]) + signature[10:]]]}),
            "unsigned": encode(envelope | {3: []}),
        }
        for name, entry in forged.items():
            t.write_bytes(name, entry)
            t.refused(t.command(self.programs.coffer, "import", name), "appr_role", VOTE)
            self.with_links(t, "whole", lambda links, one=entry: links[:1] + linked([one], after=links[0]))
            self.refuses_bundle(t, "changed", "appr_role", VOTE)
        expect(t.coffer("charter", "status")["position"], 0)
        t.write_bytes("freeze", freeze)
        t.coffer("import", "freeze")
        t.bring_links()
        expect((t.coffer("charter", "status")["position"], t.position()), (1, 1))

    def case_nothing_forged_amends(self):
        t = self.approved.copy_as("forging-an-amendment")
        amendment = t.amend('approvals = "2 of finance"', 'approvals = "1 of finance"')
        t.refused(t.command(self.programs.coffer, "charter", "adopt", *amendment[:2]), "appr_missing", PERSON)
        t.export_links("before", "--all-links")
        signed_by_one = t.read_bytes(amendment[0])
        self.with_links(t, "before", lambda links: links + linked([signed_by_one], after=links[-1]))
        self.refuses_bundle(t, "changed", "appr_missing", PERSON)
        self.signs(t, "early")  # under the charter that it was approved by

    # Two branches.

    def branched(self, name):
        """The carrier has linked two valid entries the other way round, and the vault has taken that."""
        t = self.founded.copy_as(name)
        t.freeze("eth-cold")
        t.remove("broker")
        t.export_links("whole", "--all-links")
        self.with_links(t, "whole", lambda links: linked([links[0][2], links[2][2], links[1][2]]), "reordered")
        t.run(t.verify_command("reordered"))
        expect(t.position(), 2)
        return t

    def case_another_order_is_a_fork_that_an_amendment_ends(self):
        t = self.branched("reordered")
        self.refuses_bundle(t, "whole", "charter_fork", INTEGRITY)
        t.approve(self.request)
        t.coffer("export", self.request["id"], "--out", "to-vault")
        self.refuses_bundle(t, "to-vault", "charter_fork", INTEGRITY)
        self.refuses_request(t, self.with_links(t, "to-vault", lambda links: [], "no-links"), "policy_behind", INTEGRITY)
        undecided = t.copy_as("undecided")
        undecided.rename()
        self.refuses_bundle(undecided, undecided.export_links("undecided", "--all-links"), "charter_fork", INTEGRITY)
        self.end_fork(t)
        t.approve(self.request)
        t.coffer("export", self.request["id"], "--out", "decided")
        self.signs(t, "decided")
        expect((t.position(), t.records().count("branch_taken")), (3, 1))
        t.cold("log", "verify", "--passphrase-file", "vault.pass")

    def end_fork(self, t):
        """An amendment that changes nothing and says which link it continues."""
        here = t.coffer("charter", "status")
        t.coffer("charter", "adopt", *t.amend("[audit]", "[audit]", says=[f'continues = "{here["position"]}:{here["link"]}"']))

    def case_two_successors_of_one_charter_are_a_fork(self):
        """A home that was put back amends the same charter again."""
        t = self.founded.copy_as("successors")
        other = t.copy_as("other")
        t.rename()
        t.bring_links()
        expect(t.position(), 1)
        other.coffer("charter", "adopt", *other.amend('max_fee = "1"', 'max_fee = "0.5"'))
        other.export_links("other-branch")
        shutil.copy(other.path("other-branch"), t.path("other-branch"))
        self.refuses_bundle(t, "other-branch", "charter_fork", INTEGRITY)
        for officer in t.officers:
            shutil.copy(other.path(f"charter-2.{officer}"), t.path(f"other.{officer}"))
        adopt = t.command(self.programs.coffer, "charter", "adopt", *[f"other.{officer}" for officer in t.officers])
        t.refused(adopt, "charter_fork", INTEGRITY)
        branch = Bundle(t.path("other-branch")).links[1]
        late = self.with_links(t, t.export_links("own", "--all-links"), lambda links: links + linked([branch[2]], after=links[-1]), "second")
        self.refuses_bundle(t, late, "charter_fork", INTEGRITY)
        t.approve(self.request)
        t.coffer("export", self.request["id"], "--out", "own-branch")
        self.signs(t, "own-branch")

    def case_the_other_successor_is_followed_when_both_quorums_say_so(self):
        t = self.founded.copy_as("left")
        t.rename()
        t.bring_links()
        other = self.founded.copy_as("taken")
        shutil.rmtree(other.path("vault"))
        shutil.copytree(t.path("vault"), other.path("vault"))
        other.coffer("charter", "adopt", *other.amend('max_fee = "1"', 'max_fee = "0.5"'))
        self.refuses_bundle(other, other.export_links(), "charter_fork", INTEGRITY)
        self.end_fork(other)
        other.approve(self.request)
        other.coffer("export", self.request["id"], "--out", "decided")
        self.signs(other, "decided")
        expect((other.position(), other.cold("status")["version"]), (2, 3))

    def case_an_older_branch_decides_nothing(self):
        """An amendment that was never adopted says what it continues; the vault has a newer one."""
        t = self.founded.copy_as("newer")
        other = t.copy_as("older")
        self.end_fork(other)
        t.rename()
        t.coffer("charter", "adopt", *t.amend("[audit]", "[audit]"))
        t.bring_links()
        t.write_bytes("older", other.read_bytes(other.export_links("older", "--all-links")))
        self.refuses_bundle(t, "older", "charter_fork", INTEGRITY)
        t.approve(self.request)
        t.coffer("export", self.request["id"], "--out", "newest")
        self.signs(t, "newest")

    def case_an_amendment_has_its_term(self):
        """It is too late for it online; and at a vault which is visited late, until a later one vouches for it."""
        t = self.founded.copy_as("stale")
        late = t.amend('name = "Test Treasury"', 'name = "Late Treasury"', term=datetime.timedelta(hours=1))
        timely = t.copy_as("timely")
        timely.coffer("charter", "adopt", *late)
        t.clock = timely.clock = ["faketime", "-f", "+2h"]
        t.refused(t.command(self.programs.coffer, "charter", "adopt", *late), "charter_stale", POLICY)
        expect(t.coffer("charter", "status")["version"], 1)
        self.refuses_bundle(timely, timely.export_links(), "charter_stale", POLICY)
        timely.coffer("charter", "adopt", *timely.amend("[audit]", "[audit]"))
        timely.bring_links()
        expect((timely.position(), timely.cold("status")["version"]), (2, 3))
        timely.approve(self.request)
        timely.coffer("export", self.request["id"], "--out", "in-time")
        self.signs(timely, "in-time")


if __name__ == "__main__":
    Histories.main()
