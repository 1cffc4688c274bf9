#!/usr/bin/python3
"""Usage: ceremonies.py BUILD_DIR [--accept] [CASE]...

Whole ceremonies with shares at a real terminal: tmux, 80 columns and 24 rows. Every screen at which a
person is asked something is held against screens/CASE.txt, with what differs from run to run masked;
--accept writes those files. Words of shares are read off the screen as a holder reads them, and must
be nowhere in the pane, nor in what it scrolls back to, once the screen was cleared.
"""

import difflib
import importlib.machinery
import importlib.util
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from pane import PATIENCE, Pane  # noqa: E402
from treasury import Treasury  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SCREENS = os.path.join(HERE, "screens")
TRANSCRIPTS = os.path.join(HERE, "..", "..", "transcripts", "run")
ROLLS = ("3452561311332435616241211", "1342156522252112264233421", "1466625135255254263426555", "113543523111133311543324")
HOLDERS = ("Ada", "Bo", "Cy", "Di", "Ed")
NUMBERED = re.compile(r"(?<=\s)(\d{1,2})  ([a-z]{3,8})(?=\s)")
CEREMONIES = """[[rule]]
id = "ceremonies"
wallets = "any"
kinds = ["key_ceremony"]
assets = ["ETH"]
amount = "any"
destinations = "internal"
approvals = "2 of finance"
max_fee = "0"
[shares]
least_threshold = 2
most_shares = 5
"""


def transcript_mask():
    """What masks the transcripts of both programs."""
    loader = importlib.machinery.SourceFileLoader("transcripts_run", TRANSCRIPTS)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("transcripts_run", loader))
    loader.exec_module(module)
    return module.mask


class Ceremony:
    """A person at a pane, and the screens that were seen."""

    def __init__(self, pane, folder):
        self.pane = pane
        self.folder = folder
        self.screens = []
        self.before = None

    def run(self, program, *args):
        """In a pane that is as empty as that of somebody who has just sat down."""
        self.pane.clear()
        self.before = None
        self.pane.run(program, *args)

    def at(self, pattern):
        """Waits until the screen ends so, after what was typed last, and keeps it."""
        until = time.monotonic() + PATIENCE
        while self.pane.everything() == self.before and time.monotonic() < until:
            time.sleep(0.05)
        found = self.pane.see(pattern + r"\s*$")
        screen = "\n".join(line.rstrip() for line in self.pane.screen().split("\n"))
        if self.screens and screen.startswith(self.screens[-1]):
            self.screens.pop()  # it only grew
        self.screens.append(screen)
        return found

    def type(self, text, enter=True):
        self.before = self.pane.everything()
        self.pane.type(text, enter)

    def answer(self, pattern, text):
        self.at(pattern)
        self.type(text)

    def passphrase(self, text):
        self.answer(r"[Pp]assphrase[^\n]*:", text)

    def end(self, status=0):
        self.at(r"ready>")
        self.pane.ended(status)

    def write_down(self):
        """The words of the share on the screen, which its holder then confirms; cleared afterwards."""
        self.at(r"the screen is cleared\.")
        words = {int(number): word for number, word in NUMBERED.findall(self.pane.screen() + "\n")}
        expect(sorted(words), list(range(1, len(words) + 1)))
        self.type("")
        for _ in range(3):
            number = int(self.at(r"Word (\d+) of [^\n]*\(not shown\):")[1])
            self.expect_gone(words.values())
            self.type(words[number])
        return [words[number] for number in sorted(words)]

    def expect_gone(self, words):
        """Neither on the screen nor above it: no three of them beside one another, and no numbered one."""
        text = self.pane.everything()
        expect(NUMBERED.findall(text), [])
        found = [word for word in words if re.search(rf"\b{word}\b", text)]
        expect(len(found) < 3, True)  # some are words of our questions, too


def hide_words(text):
    """Words in numbered columns, and the numbers of those that are asked for."""
    lines = []
    for line in text.split("\n"):
        if re.fullmatch(r"(?: +\d{1,2}  [a-z]{3,8})+", line):
            line = re.sub(r"[a-z]{3,8} *", "<word>  ", line).rstrip()
        lines.append(re.sub(r"^Word \d+ of", "Word <n> of", line))
    return "\n".join(lines)


class Named(Treasury):
    """Its programs are run by their names, as people do."""

    def environment(self):
        known = super().environment()
        return known | {"PATH": os.pathsep.join([os.path.dirname(self.programs.coffer), os.path.dirname(self.programs.cold), known["PATH"]])}


class Ceremonies(Cases):
    needs = ("tmux", "ps", "stty")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.mask = transcript_mask()
        self.panes = []
        self.house = Named(programs, os.path.join(folder, "house"))
        os.mkdir(self.house.folder, 0o700)
        self.cold = "coffer-cold"
        self.papers = {}  # of the holders

    def close(self):
        for pane in self.panes:
            pane.close()

    def ceremony(self, treasury=None):
        treasury = treasury or self.house
        self.panes.append(Pane(treasury, os.path.join(self.folder, f"tmux-{len(self.panes)}")))
        return Ceremony(self.panes[-1], treasury.folder)

    def keep(self, name, ceremony):
        """Compares what was seen with the file, or writes it."""
        text = hide_words(("\n" + "-" * 80 + "\n").join(ceremony.screens) + "\n")
        text = re.sub(r"(?m)^(identifier +)\d+$", r"\1<set>", re.sub(r"(with the fingerprint )[0-9a-f]{8}", r"\1<fingerprint>", text))
        text = re.sub(r"\b0[23][0-9a-f]{64}\b", "<public key>", self.mask(text, ceremony.folder))
        file = os.path.join(SCREENS, f"{name}.txt")
        if ACCEPT:
            with open(file, "w", encoding="utf-8") as out:
                out.write(text)
            return
        with open(file, encoding="utf-8") as wanted:
            lines = list(difflib.unified_diff(wanted.read().split("\n"), text.split("\n"), "as it should be", "as it is", lineterm=""))
        if lines:
            raise AssertionError("\n".join(lines))

    # A rehearsal, from the first command on. Each case goes on where the one before it ended.

    def case_birth(self):
        people = self.ceremony()
        people.run(self.cold, "init", "--environment", "rehearsal")
        people.answer(r"is that the date\? \[y/N\]", "y")
        for _ in range(2):
            people.answer(r"(?:[Pp]assphrase[^\n]*|The same again):", "passphrase of the vault")
        people.end()
        people.run(self.cold, "keys", "generate", "--id", "k1", "--dice-only", "--scheme", "slip39", "--rest", "none")
        people.passphrase("passphrase of the vault")
        for line in (*ROLLS, ""):
            people.answer(r"Rolls from \d+ on \(not shown\):", line)
        people.answer(r"Does your tally say the same\? \[y/N\]", "y")
        people.end()
        for secret in (*ROLLS, "passphrase of the vault"):
            expect(secret in people.pane.everything(), False)
        self.keep("birth", people)

    def case_three_of_five(self):
        """One holder writes a word down wrong, and is shown the share again."""
        people = self.ceremony()
        people.run(self.cold, "shares", "create", "k1", "--threshold", "3", "--count", "5")
        people.passphrase("passphrase of the vault")
        for name in HOLDERS:
            people.answer(r"Who takes share \d of 5\?", name)
        for name in HOLDERS:
            if name == "Cy":
                people.at(r"the screen is cleared\.")
                people.type("")
                people.answer(r"Word \d+ of [^\n]*\(not shown\):", "wrong")
            self.papers[name] = people.write_down()
        people.end()
        for words in self.papers.values():
            people.expect_gone(words)
        people.run(self.cold, "keys", "list")
        people.end()
        self.keep("three-of-five", people)

    def case_a_holder_checks_alone(self):
        """By the first four letters; a wrong word is found."""
        people = self.ceremony()
        words = self.papers["Bo"]
        people.run(self.cold, "shares", "verify", "--one")
        wrong = [*words]
        wrong[6] = "academic" if words[6] != "academic" else "acid"
        people.answer(r"first four letters \(not shown\):", " ".join(wrong))
        people.answer(r"first four letters \(not shown\):", " ".join(["zzzz", *words[1:]]))
        people.answer(r"first four letters \(not shown\):", " ".join(word[:4] for word in words))
        people.end()
        people.expect_gone(words)
        self.keep("one", people)

    def case_all_of_them_together(self):
        people = self.ceremony()
        people.run(self.cold, "shares", "verify", "k1")
        people.passphrase("passphrase of the vault")
        for name in reversed(HOLDERS):
            people.answer(r"first four letters \(not shown\):", " ".join(self.papers[name]))
        people.end()
        self.keep("together", people)

    def case_the_yearly_drill(self):
        people = self.ceremony()
        people.run(self.cold, "shares", "drill", "k1", "--out", "drill.signed")
        people.passphrase("passphrase of the vault")
        people.answer(r"is that the date\? \[y/N\]", "y")
        for name, says in (("Ada", ""), ("Cy", "Cy's deputy")):
            people.answer(r"first four letters \(not shown\):", " ".join(self.papers[name]))
            people.answer(r"Who brought it\?[^\n]*\)", says)
            people.answer(r"Is there another share\? \[y/N\]", "y" if name == "Ada" else "n")
        people.end()
        expect(os.path.exists(self.house.path("drill.signed")), True)
        people.run(self.cold, "inspect", "drill.signed")
        people.end()
        self.keep("drill", people)

    def case_words_of_a_key(self):
        self.house.write_bytes("random.bin", os.urandom(64))
        self.house.write("vault.pass", "passphrase of the vault\n")
        self.house.cold("keys", "generate", "--id", "k2", "--entropy-file", "random.bin", "--passphrase-file", "vault.pass")
        people = self.ceremony()
        people.run(self.cold, "keys", "words", "k2")
        people.passphrase("passphrase of the vault")
        words = people.write_down()
        people.end()
        people.expect_gone(words)
        expect(len(words), 24)
        self.house.write("words", " ".join(words) + "\n")
        self.house.vault_home = "copied"
        self.house.cold("init", "--environment", "rehearsal", "--date", time.strftime("%F", time.gmtime()), "--passphrase-file", "vault.pass")
        copied = self.house.cold("keys", "import", "--id", "k2", "--mnemonic-file", "words", "--passphrase-file", "vault.pass")
        self.house.vault_home = "vault"
        expect(copied["fingerprint"], self.house.cold("keys", "list")["keys"][1]["fingerprint"])
        self.keep("words", people)

    def case_any_three_restore_it_elsewhere(self):
        """Too few, one twice, and one that was retired by nothing: then the three."""
        self.house.vault_home = "other"
        people = self.ceremony()
        people.run(self.cold, "init", "--environment", "rehearsal")
        people.answer(r"is that the date\? \[y/N\]", "y")
        for _ in range(2):
            people.answer(r"(?:[Pp]assphrase[^\n]*|The same again):", "passphrase of the other")
        people.pane.see(r"ready>\s*$")
        people.run(self.cold, "shares", "combine", "--id", "k1")
        people.passphrase("passphrase of the other")
        for name in ("Ed", "Ed", "Bo", "Cy"):
            people.answer(r"first four letters \(not shown\):", " ".join(self.papers[name]))
        people.end()
        people.run(self.cold, "keys", "list")
        people.end()
        self.house.vault_home = "vault"
        born = self.house.cold("keys", "list")["keys"][0]
        self.house.vault_home = "other"
        restored = self.house.cold("keys", "list")["keys"][0]
        self.house.vault_home = "vault"
        expect((restored["fingerprint"], restored["scheme"]), (born["fingerprint"], born["scheme"]))
        self.keep("restore", people)

    def case_new_shares_for_all(self):
        """The key rests nowhere: three of the old shares bring it, and are retired."""
        people = self.ceremony()
        people.run(self.cold, "shares", "refresh", "k1", "--threshold", "2", "--count", "2", "--holder", "Ada", "--holder", "Bo")
        people.passphrase("passphrase of the vault")
        for name in ("Ada", "Di", "Ed"):
            people.answer(r"first four letters \(not shown\):", " ".join(self.papers[name]))
        fresh = [people.write_down() for _ in range(2)]
        people.end()
        people.run(self.cold, "shares", "verify", "--one")
        people.answer(r"first four letters \(not shown\):", " ".join(self.papers["Ada"]))
        people.answer(r"first four letters \(not shown\):", " ".join(fresh[0]))
        people.end()
        self.keep("refresh", people)

    # A treasury whose charter names the key.

    def case_officers_vote_on_it(self):
        treasury = GuardedKeys(self.programs, os.path.join(self.folder, "treasury"))
        os.mkdir(treasury.folder, 0o700)
        treasury.found()
        request = treasury.coffer("propose", "ceremony", "--appliance", "vault-a", "--id", "k1", "--operation", "create", "--threshold", "2", "--count", "3",
                                  *treasury.as_officer("carol"))
        treasury.approve(request)
        treasury.coffer("export", request["id"], "--out", "ceremony.coffer")
        people = self.ceremony(treasury)
        people.run(self.cold, "shares", "create", "k1", "--bundle", "ceremony.coffer", "--out", "done.coffer")
        people.passphrase("passphrase of the vault")
        people.answer(r"is that the date\? \[y/N\]", "y")
        words = request["fingerprint"].split("-")
        while True:
            found = people.at(r"(?:on to the question[^\n]*|space: next page[^\n]*|[Tt]ype words (?P<first>\d) and (?P<second>\d) of the\s+fingerprint[^:]*:)")
            if found["first"]:
                break
            people.type(" ", enter=False)
        people.type(f"{words[int(found['first']) - 1]} {words[int(found['second']) - 1]}")
        for name in HOLDERS[:3]:
            people.answer(r"Who takes share \d of 3\?", name)
        for _ in HOLDERS[:3]:
            people.write_down()
        people.end()
        treasury.coffer("import", "done.coffer")
        expect(treasury.show(request)["status"], "success")
        self.keep("voted", people)


class GuardedKeys(Named):
    def charter(self, *args):
        return super().charter(*args) + CEREMONIES


ACCEPT = "--accept" in sys.argv
if __name__ == "__main__":
    sys.argv = [argument for argument in sys.argv if argument != "--accept"]
    Ceremonies.main()
