#!/usr/bin/python3
"""Usage: bitcoin_histories.py BUILD_DIR

Two vaults of one 2-of-3 wallet whose carriers bring them different histories, or which are put back from an
image: each judges for itself, and what one of them signs alone is no payment.
"""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bitcoin_node import BitcoinNode  # noqa: E402
from bitcoin_treasury import VAULTS, BitcoinTreasury  # noqa: E402
from carrier import Bundle, linked  # noqa: E402
from cases import Cases, expect  # noqa: E402

POLICY, INTEGRITY = 4, 9  # exit statuses
PASSPHRASE = ("--passphrase-file", "vault.pass")


class BitcoinHistories(Cases):
    needs = ("node", "faketime")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.node = BitcoinNode.start(folder)
        self.treasury = BitcoinTreasury(programs, os.path.join(folder, "treasury"), self.node)
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()
        self.treasury.fund("3", "2", "1.5", "0.7", "0.9", "1.1")

    def close(self):
        self.node.stop()

    def records(self, vault):
        return [record["type"] for record in self.treasury.vault(vault, "log", "show")["records"] if record["type"] != "refused"]

    def export(self, name, *requests):
        self.treasury.coffer("export", *[request["id"] for request in requests], "--out", name, "--force")

    def sign_command(self, vault, bundle, request):
        return self.treasury.sign_command(vault, bundle, f"{vault}.receipt", request)

    def import_from(self, vault):
        taken = self.treasury.coffer("import", f"{vault}.receipt")["requests"][0]
        return taken["status"], taken["signatures"]["have"]

    def both_sign(self, request):
        for number, vault in enumerate(VAULTS):
            self.treasury.sign_in(vault, request)
            expect(self.treasury.show(request)["status"], ("pending_signature", "pending_broadcast")[number])

    def unfreeze(self):
        t = self.treasury
        t.coffer("unfreeze", "btc-cold", "--out", "unfreeze", "--force", *t.as_officer("alice"))
        for officer in ("bob", "carol"):
            t.coffer("entry", "sign", "unfreeze", *t.as_officer(officer))
        t.coffer("entry", "adopt", "unfreeze")

    def case_one_vault_lacks_what_the_votes_name(self):
        """vault-b's carrier keeps an amendment back; vault-a has it and signs."""
        t = self.treasury
        request = t.propose("1")
        t.coffer("charter", "adopt", *t.amend('name = "Test Treasury"', 'name = "Renamed Treasury"'))
        t.approve(request)
        self.export("whole", request)
        bundle = Bundle(t.path("whole"))
        bundle.links = bundle.links[:-1]
        bundle.write(t.path("withheld"))
        t.run(self.sign_command("vault-a", "whole", request))
        expect(self.import_from("vault-a"), ("pending_signature", 1))
        t.refused(self.sign_command("vault-b", "withheld", request), "policy_behind", INTEGRITY)
        expect(self.records("vault-b").count("signed"), 0)
        t.sign_in("vault-b", request)
        expect(t.show(request)["status"], "pending_broadcast")

    def case_a_freeze_that_reaches_one_of_both(self):
        t = self.treasury
        request = t.approved("0.5")
        self.export("early", request)
        t.coffer("freeze", "btc-cold", *t.as_officer("alice"))
        t.coffer("export", "--links", "--out", "links", "--force")
        t.vault("vault-a", "verify", "links", *PASSPHRASE)
        t.refused(self.sign_command("vault-a", "early", request), "frozen", POLICY)
        t.run(self.sign_command("vault-b", "early", request))
        expect(self.import_from("vault-b"), ("pending_signature", 1))
        t.refused(t.command(self.programs.coffer, "broadcast", request["id"]), "frozen", POLICY)
        self.unfreeze()
        t.sign_in("vault-a", request)
        expect(t.show(request)["status"], "pending_broadcast")

    def case_each_vault_has_its_own_order_until_an_amendment_decides(self):
        t = self.treasury
        t.coffer("destination", "remove", "exchange", *t.as_officer("bob"))
        t.coffer("freeze", "btc-cold", "--for", "1h", *t.as_officer("alice"))
        t.coffer("export", "--links", "--all-links", "--out", "whole", "--force")
        bundle = Bundle(t.path("whole"))
        first = linked([link[2] for link in bundle.links[:-2]])
        bundle.links = first + linked([bundle.links[-1][2], bundle.links[-2][2]], after=first[-1])
        bundle.write(t.path("reordered"))
        t.vault("vault-a", "verify", "whole", *PASSPHRASE)
        t.vault("vault-b", "verify", "reordered", *PASSPHRASE)
        before = self.records("vault-b")
        t.refused(["env", f"COFFER_COLD_HOME={t.path('vault-b')}", *t.command(self.programs.cold, "verify", "whole", *PASSPHRASE)], "charter_fork", INTEGRITY)
        expect(self.records("vault-b"), before)
        self.unfreeze()
        here = t.coffer("charter", "status")
        t.coffer("charter", "adopt", *t.amend("[audit]", "[audit]", says=[f'continues = "{here["position"]}:{here["link"]}"']))
        request = t.approved("0.4")  # the amendment has the destination again
        self.both_sign(request)
        expect(self.records("vault-b").count("branch_taken"), 1)

    def case_an_image_of_one_vault_signs_nothing(self):
        t = self.treasury
        shutil.copytree(t.path("vault-a"), t.path("image"))
        self.both_sign(t.approved("0.3"))
        shutil.copytree(t.path("vault-a"), t.path("today"))
        request = t.approved("0.2")
        self.export("next", request)
        shutil.rmtree(t.path("vault-a"))
        shutil.copytree(t.path("image"), t.path("vault-a"))
        before = self.records("vault-a")
        t.refused(self.sign_command("vault-a", "next", request), "ledger_rollback", INTEGRITY)
        expect(self.records("vault-a"), before)
        t.run(self.sign_command("vault-b", "next", request))
        expect(self.import_from("vault-b"), ("pending_signature", 1))
        shutil.rmtree(t.path("vault-a"))
        shutil.copytree(t.path("today"), t.path("vault-a"))
        t.sign_in("vault-a", request)
        expect(t.show(request)["status"], "pending_broadcast")

    def case_a_clone_adds_no_signature(self):
        """The wallet needs two keys, and the clone has the same one."""
        t = self.treasury
        shutil.copytree(t.path("vault-a"), t.path("clone"))
        request = t.approved("0.1")
        self.export("one", request)
        t.run(self.sign_command("vault-a", "one", request))
        expect(self.import_from("vault-a"), ("pending_signature", 1))
        t.run(["faketime", "-f", "+60s", *self.sign_command("clone", "one", request)])
        t.refused(t.command(self.programs.coffer, "import", "clone.receipt"), "ledger_rollback", INTEGRITY)
        self.export("two", request)
        t.refused(["faketime", "-f", "+60s", *self.sign_command("clone", "two", request)], "ledger_rollback", INTEGRITY)
        shown = t.show(request)
        expect((shown["status"], shown["payloads"][0]["status"]), ("pending_signature", "pending_signature"))
        t.sign_in("vault-b", request)
        expect(t.show(request)["status"], "pending_broadcast")

    def case_leaves_a_sound_record(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)
        for vault in VAULTS:
            self.treasury.vault(vault, "log", "verify", *PASSPHRASE)


if __name__ == "__main__":
    BitcoinHistories.main()
