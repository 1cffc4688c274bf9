#!/usr/bin/python3
"""Usage: appliances.py BUILD_DIR

Homes of appliances that were put back from an image, copied, restored, on standby, replaced: which of them
signs, what both programs say of the others, and that nothing is signed twice.
"""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from carrier import Bundle, decode  # noqa: E402
from cases import Cases, expect  # noqa: E402
from guarded_treasury import PASSPHRASE, GuardedTreasury  # noqa: E402

POLICY, VOTE, CONFLICT, INTEGRITY = 4, 5, 6, 9  # exit statuses
ADMINS = ("alice", "bob", "carol")


class Appliances(Cases):
    needs = ("faketime",)

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.founded = t = GuardedTreasury(programs, os.path.join(folder, "founded"))
        t.found()
        self.bare = t.copy_as("bare")
        self.first, self.second = [t.propose("eth-hot", "1", *t.offline_inputs(nonce)) for nonce in (0, 1)]
        t.approve(self.first)
        t.approve(self.second)
        t.coffer("export", self.first["id"], "--out", "one")
        t.coffer("export", self.second["id"], "--out", "two")

    def put_back(self, t, image, vault="vault"):
        shutil.rmtree(t.path(vault))
        shutil.copytree(t.path(image), t.path(vault))

    def sign(self, t, bundle, request):
        said = t.run(t.sign_command(bundle, f"{bundle}.receipt", request))
        expect(said["requests"][0]["outcome"], "signed")

    def signs(self, t, bundle, request):
        self.sign(t, bundle, request)
        expect(t.coffer("import", f"{bundle}.receipt")["requests"][0]["status"], "pending_broadcast")

    def refuses(self, t, bundle, request, code, status):
        """The bundle: no receipt, no record of it."""
        receipt = t.path("none")
        before = t.records()
        t.refused(t.verify_command(bundle), code, status)
        t.refused(t.sign_command(bundle, receipt, request), code, status)
        expect((t.records(), os.path.exists(receipt)), (before, False))

    def not_taken(self, t, receipt, request, code):
        before = t.show(request)
        t.refused(t.command(self.programs.coffer, "import", receipt), code, INTEGRITY if code == "ledger_rollback" else VOTE)
        expect(t.show(request), before)

    def signatures(self, t, receipt):
        """Of the first request in a receipt."""
        body = decode(decode(t.read_bytes(receipt))[2])
        return next(item for item in body.values() if isinstance(item, list) and item and isinstance(item[0], list))[0][-1]

    # Images.

    def case_an_image_from_before_a_signature_signs_nothing_more(self):
        t = self.founded.copy_as("image")
        shutil.copytree(t.path("vault"), t.path("image"))
        self.signs(t, "one", self.first)
        shutil.copytree(t.path("vault"), t.path("today"))
        t.coffer("export", self.second["id"], "--out", "two", "--force")
        self.put_back(t, "image")
        self.refuses(t, "two", self.second, "ledger_rollback", INTEGRITY)
        third = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.approve(third)  # whose votes say which head they have seen
        t.coffer("export", third["id"], "--out", "three")
        bundle = Bundle(t.path("three"))
        bundle.strip_heads()
        bundle.write(t.path("three-without-heads"))
        self.refuses(t, "three-without-heads", third, "ledger_rollback", INTEGRITY)
        self.put_back(t, "today")
        self.signs(t, "two", self.second)
        t.coffer("export", third["id"], "--out", "three", "--force")
        self.signs(t, "three", third)

    def case_an_image_repeats_a_signature_and_makes_no_other(self):
        """The bundle from before shows no head yet; the online side knows better."""
        t = self.founded.copy_as("repeating")
        shutil.copytree(t.path("vault"), t.path("image"))
        self.signs(t, "one", self.first)
        self.put_back(t, "image")
        shutil.copy(t.path("one"), t.path("one-again"))
        t.clock = ["faketime", "-f", "+60s"]
        self.sign(t, "one-again", self.first)
        expect(self.signatures(t, "one-again.receipt"), self.signatures(t, "one.receipt"))
        self.not_taken(t, "one-again.receipt", self.first, "ledger_rollback")
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_an_image_that_signs_what_was_under_way_is_found_out_by_the_next_bundle(self):
        """Its receipt could be one of two bundles that were out at once; what it is shown next is not."""
        t = self.founded.copy_as("under-way")
        shutil.copytree(t.path("vault"), t.path("image"))
        self.signs(t, "one", self.first)
        shutil.copytree(t.path("vault"), t.path("today"))
        self.put_back(t, "image")
        t.clock = ["faketime", "-f", "+60s"]
        self.sign(t, "one", self.first)
        self.signs(t, "two", self.second)
        third = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.approve(third)
        t.coffer("export", third["id"], "--out", "three")
        self.refuses(t, "three", third, "ledger_rollback", INTEGRITY)
        self.put_back(t, "today")
        self.signs(t, "three", third)

    def rival_of(self, t, name):
        """Another home of the treasury, which proposes on the nonce of the first request."""
        rival = self.bare.copy_as(name)
        other = rival.propose("eth-hot", "2", *rival.offline_inputs(0))
        expect(other["payloads"][0]["nonce"], t.show(self.first)["payloads"][0]["nonce"])
        return rival, other

    def case_one_nonce_is_signed_for_once(self):
        t = self.founded.copy_as("one-nonce")
        rival, other = self.rival_of(t, "rival")
        rival.approve(other)
        rival.coffer("export", other["id"], "--out", "rivals")
        t.write_bytes("rivals", rival.read_bytes("rivals"))
        self.signs(t, "one", self.first)
        t.refused(t.sign_command("rivals", "rivals.receipt", other), "nonce_used", CONFLICT)
        expect(t.records().count("intended"), 1)
        self.signs(rival, "rivals", other)  # by a vault that has signed nothing on that nonce

    def case_an_image_from_before_an_entry_learns_it_again(self):
        t = self.founded.copy_as("forgetful")
        shutil.copytree(t.path("vault"), t.path("image"))
        t.freeze("eth-hot")
        t.bring_links()
        t.refused(t.sign_command("one", "one.receipt", self.first), "frozen", POLICY)
        self.put_back(t, "image")
        t.bring_links()  # the home has no receipt that says how far the vault is
        t.refused(t.sign_command("one", "one.receipt", self.first), "frozen", POLICY)
        expect([record for record in t.records() if record in ("intended", "signed")], [])

    def case_an_image_from_before_an_entry_is_found_out(self):
        t = self.founded.copy_as("found-out")
        shutil.copytree(t.path("vault"), t.path("image"))
        t.freeze("eth-cold")
        t.coffer("export", self.first["id"], "--out", "one", "--force")
        self.signs(t, "one", self.first)
        shutil.copytree(t.path("vault"), t.path("today"))
        third = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.approve(third)
        t.coffer("export", third["id"], "--out", "three")
        bundle = Bundle(t.path("three"))
        expect(bundle.links, [])  # by its receipt the vault has them all
        self.put_back(t, "image")
        self.refuses(t, "three", third, "ledger_rollback", INTEGRITY)
        self.put_back(t, "today")
        self.signs(t, "three", third)

    # Clones.

    def case_a_clones_receipt_is_not_taken(self):
        t = self.founded.copy_as("clones")
        shutil.copytree(t.path("vault"), t.path("clone"))
        clone = t.at("clone")
        self.signs(t, "one", self.first)
        self.sign(clone, "two", self.second)
        self.not_taken(t, "two.receipt", self.second, "ledger_rollback")
        t.coffer("export", self.second["id"], "--out", "two", "--force")
        self.refuses(clone, "two", self.second, "ledger_rollback", INTEGRITY)
        before = self.signatures(t, "two.receipt")
        self.signs(t, "two", self.second)
        expect(self.signatures(t, "two.receipt"), before)
        expect(t.coffer("audit", "verify")["ok"], True)

    def case_the_vault_finds_out_its_clone(self):
        """Whichever receipt came first is believed, and the other vault is shown it."""
        t = self.founded.copy_as("first-come")
        shutil.copytree(t.path("vault"), t.path("clone"))
        clone = t.at("clone")
        self.sign(t, "one", self.first)
        self.signs(clone, "two", self.second)
        self.not_taken(t, "one.receipt", self.first, "ledger_rollback")
        t.coffer("export", self.first["id"], "--out", "one", "--force")
        self.refuses(t, "one", self.first, "ledger_rollback", INTEGRITY)
        self.signs(clone, "one", self.first)

    def case_officers_do_not_vote_in_a_home_that_was_put_back(self):
        """Their keys have seen a head that it does not know."""
        t = self.founded.copy_as("home-put-back")
        shutil.copytree(t.path("home"), t.path("earlier"))
        self.signs(t, "one", self.first)
        third = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.approve(third, ["alice"])
        os.rename(t.path("home"), t.path("today"))
        os.rename(t.path("earlier"), t.path("home"))
        again = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.refused(t.approve_command("alice", again), "ledger_rollback", INTEGRITY)
        expect(t.show(again)["approvals"]["have"], 0)
        shutil.rmtree(t.path("home"))
        os.rename(t.path("today"), t.path("home"))
        t.approve(third, ["bob"])

    # Standby, replaced, restored.

    def enrol(self, t, identity):
        t.agree(ADMINS, "appliance", "enrol", "vault-a", "--identity", identity)

    def case_a_standby_signs_once_it_is_enrolled(self):
        t = self.founded.copy_as("standby")
        spare = t.at("spare")
        self.refuses(spare, "one", self.first, "appliance_inactive", POLICY)
        self.enrol(t, t.spare_identity)
        t.coffer("export", self.first["id"], "--out", "one", "--force")
        t.refused(t.sign_command("one", "none", self.first), "appliance_inactive", POLICY)
        expect((t.cold("status")["state"], t.records().count("intended")), ("unknown to the charter", 0))
        self.signs(spare, "one", self.first)
        expect(spare.cold("status")["appliance"], "vault-a")
        self.refuses(t, "two", self.second, "appliance_inactive", POLICY)

    def case_who_was_replaced_and_never_told_is_not_believed(self):
        """The carrier keeps the enrolment from the old vault, which signs what was approved before it."""
        t = self.founded.copy_as("replaced")
        self.enrol(t, t.spare_identity)
        self.sign(t, "one", self.first)
        self.not_taken(t, "one.receipt", self.first, "sig_verify")
        third = t.propose("eth-hot", "1", *t.offline_inputs(2))
        t.approve(third)
        t.coffer("export", third["id"], "--out", "three")
        bundle = Bundle(t.path("three"))
        bundle.links = bundle.links[:1]
        bundle.write(t.path("three-withheld"))
        t.refused(t.sign_command("three-withheld", "none", third), "policy_behind", INTEGRITY)
        self.signs(t.at("spare"), "three", third)

    def case_a_standby_signs_once_an_amendment_names_it_active(self):
        t = self.founded.copy_as("named")
        text = t.read_bytes("charter.toml").decode()
        keys = re.findall(r'\[\[appliance\]\]\nid = "[^"]*"\nkey = "([^"]*)"', text)
        spare_block = re.search(r'\[\[appliance\]\]\nid = "spare".*?(?=\[audit\])', text, re.S)[0]
        expect(keys[1], t.spare_identity)
        t.write("charter.toml", text.replace(spare_block, "").replace(keys[0], keys[1]))
        t.coffer("charter", "adopt", *t.amend("[audit]", "[audit]"))
        t.approve(self.first)
        t.coffer("export", self.first["id"], "--out", "one", "--force")
        t.refused(t.sign_command("one", "none", self.first), "appliance_inactive", POLICY)
        self.signs(t.at("spare"), "one", self.first)

    def case_a_retired_one_signs_again_once_it_is_enrolled(self):
        t = self.founded.copy_as("retired")
        identity = t.cold("status")["identity"]
        t.agree(["alice", "dave"], "appliance", "retire", "vault-a")
        t.refused(t.verify_command(t.export_links()), "appliance_inactive", POLICY)
        self.refuses(t, "one", self.first, "appliance_inactive", POLICY)
        expect(t.cold("status")["state"], "retired")
        self.enrol(t, identity)
        t.coffer("export", self.first["id"], "--out", "one", "--force")
        self.signs(t, "one", self.first)

    def case_a_restored_one_is_inactive_and_remembers(self):
        t = self.founded.copy_as("restored")
        self.signs(t, "one", self.first)
        t.cold("backup", "backup", *PASSPHRASE)
        restored = t.at("restored")
        restored.cold("restore", "backup", "--hash", t.charter_hash(), *PASSPHRASE)
        restored.cold("keys", "import", "--id", "k1", "--mnemonic-file", "words", *PASSPHRASE)
        t.coffer("export", self.second["id"], "--out", "two", "--force")
        self.refuses(restored, "two", self.second, "appliance_inactive", POLICY)
        self.enrol(t, restored.cold("status")["identity"])
        t.coffer("export", self.second["id"], "--out", "two", "--force")
        self.signs(restored, "two", self.second)
        self.refuses_another_on_that_nonce(restored)

    def refuses_another_on_that_nonce(self, restored):
        rival, other = self.rival_of(restored, "rival-of-restored")
        rival.write_bytes("entry", restored.read_bytes("entry"))
        rival.coffer("entry", "adopt", "entry")
        rival.approve(other)
        rival.coffer("export", other["id"], "--out", "rivals")
        restored.write_bytes("rivals", rival.read_bytes("rivals"))
        restored.refused(restored.sign_command("rivals", "rivals.receipt", other), "nonce_used", CONFLICT)
        expect(restored.records().count("intended"), 2)


if __name__ == "__main__":
    Appliances.main()
