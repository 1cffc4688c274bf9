#!/usr/bin/python3
"""Usage: messages.py BUILD_DIR

Texts that accounts sign, from the proposal to a signature that others take; no network.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import Treasury, is_message_taken  # noqa: E402

TEXT = "We hold this account.\nGrüße, 2026-11-02"


class Messages(Cases):
    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()
        rule = 'id = "to-exchange"\n'
        saying = ('id = "saying"\nwallets = "any"\nkinds = ["message"]\nassets = "any"\namount = "any"\ndestinations = "internal"\n'
                  'approvals = "1 of finance"\n[[rule]]\n')
        self.treasury.coffer("charter", "adopt", *self.treasury.amend(rule, saying + rule))

    def command(self, text, *options):
        return self.treasury.command(self.treasury.programs.coffer, "propose", "message", "--wallet", "eth-hot", "--text", text,
                                     *self.treasury.as_officer("carol"), *options)

    def case_a_signature_that_others_take(self):
        request = self.treasury.run(self.command(TEXT))
        self.treasury.approve(request, ("alice",))
        imported = self.treasury.sign(request)["requests"][0]
        expect((imported["status"], imported["signatures"]), ("success", {"have": 1, "need": 1}))
        payload = self.treasury.show(request)["payloads"][0]
        expect(payload["message"], {"standard": "eip191", "address": self.treasury.addresses["eth-hot"], "text": TEXT})
        for text, taken in ((TEXT, True), (TEXT + " ", False)):
            expect(is_message_taken("eip191", self.treasury.addresses["eth-hot"], payload["signature"], text), taken)
        expect(self.treasury.coffer("broadcast", request["id"])["requests"][0]["status"], "success")

    def case_the_same_text_gives_the_same_signature(self):
        signatures = set()
        for _ in range(2):
            request = self.treasury.run(self.command("once more"))
            self.treasury.approve(request, ("alice",))
            self.treasury.sign(request)
            signatures.add(self.treasury.show(request)["payloads"][0]["signature"])
        expect(len(signatures), 1)

    def case_what_nobody_can_read_is_refused(self):
        for text in ("\x1b[2Jempty", "a\tb"):
            self.treasury.refused(self.command(text), "blind")

    def case_leaves_a_sound_record(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)
        self.treasury.cold("log", "verify", "--passphrase-file", "vault.pass")


if __name__ == "__main__":
    Messages.main()
