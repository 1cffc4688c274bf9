"""Key ceremonies that officers voted for, each with the treasury just before it: the vote, the shares, the receipt.

The keys of the vault: `splitting` has its file until its first set is kept, `split` rests in its shares alone, of `lost` the
file is gone and the shares are left.
"""

import glob
import os
import re

import outcomes
from commands import DONE, by, online
from outcomes import PASSPHRASE
from scenario import Scenario
from system_calls import run
from treasury import Failed

SPLITTING, SPLIT, LOST = "splitting", "split", "lost"
SHAPE = ("--threshold", "2", "--count", "3")
HOLDERS = ("--holder", "Ada", "--holder", "Bo", "--holder", "Cy")
RULES = '''[shares]
least_threshold = 2
most_shares = 3
[[rule]]
id = "ceremonies"
wallets = "any"
kinds = ["key_ceremony"]
assets = "any"
amount = "any"
destinations = "internal"
approvals = "2 of finance"
max_fee = "0"
'''


class Person:
    """Answers what a ceremony asks, and writes down every share that the screen shows."""

    def __init__(self, fingerprint):
        self.fingerprint = fingerprint.split("-")
        self.papers = []  # of one run, a share each

    def __call__(self, screen):
        if screen.endswith("[y/N] "):
            return "y\r"
        if re.search(r"space: [^\n]*$", screen):
            return " "
        if places := re.search(r"words (\d) and (\d) of the\s+fingerprint[^:]*: $", screen):
            return " ".join(self.fingerprint[int(place) - 1] for place in places.groups()) + "\r"
        if screen.endswith("the screen is cleared. "):
            numbered = {int(number): word for number, word in re.findall(r"(?<!\S)(\d+)  ([a-z]+)", screen)}
            self.papers.append(" ".join(numbered[number] for number in sorted(numbered)))
            return "\r"
        if place := re.search(r"Word (\d+) of [^\n]*\(not shown\): $", screen):
            return self.papers[-1].split()[int(place[1]) - 1] + "\r"
        return None


def share_lines(treasury, name):
    """The whole shares in a file; none where it is missing or something else."""
    if not os.path.exists(treasury.path(name)):
        return []
    return re.findall(r"^[a-z]+(?: [a-z]+){19,32}$", treasury.read_bytes(name).decode("ascii", errors="replace"), re.MULTILINE)


class Ceremony(Scenario):
    """Held in the vault with a person at its terminal; its receipt goes home after the rerun."""

    def __init__(self, name, treasury, key, request, *options, sets):
        self.key, self.request, self.sets = key, request, sets
        self.person = Person(request["fingerprint"])
        operation = ("combine", "--id", key) if name == "combine" else (name, key)
        arguments = ("shares", *operation, "--bundle", f"{name}.bundle", "--out", "receipt", *options, *PASSPHRASE)
        expected = {"status": "success", "is_one": True, "signed": 1, "kept": sets}
        super().__init__(f"ceremony_{name}", treasury, lambda t: t.command(t.programs.cold, *arguments), self.look, settled=DONE, expected=expected,
                         answer=self.person)

    def finish(self, treasury, settled=None):
        self.person.papers = []
        super().finish(treasury, settled)
        self.collect(treasury)

    def collect(self, treasury):
        """What was written down at the terminal is what people have."""
        if self.person.papers:
            treasury.write("shares", "\n".join(self.person.papers) + "\n")

    def fresh(self, scratch, name):
        self.person.papers = []
        return super().fresh(scratch, name)

    def kept(self, treasury):
        """How many sets of the key the log says were kept."""
        return sum(record["type"] == "share_set_kept" for record in treasury.cold("log", "show")["records"])

    def look(self, treasury):
        """Of a held ceremony: the log, the key, its shares, and what the officers hear of it."""
        found = outcomes.vault(treasury)
        found["records"].pop("share_set_begun", None)  # one more for each broken-off try
        treasury.coffer("import", "receipt")
        request = treasury.show(self.request)
        files = sorted(name for name in os.listdir(treasury.path("vault", "keys")) if name.startswith(f"{self.key}."))
        return found | {"status": request["status"], "signed": found["records"].get("signed"), "kept": self.kept(treasury), "files": files,
                        "is_one": self.is_in_one_place(treasury, files), "books": outcomes.books(treasury)["records"]}

    def is_in_one_place(self, treasury, files):
        """A bound file that works, or shares that restore the key in every combination and no file."""
        if self.key == LOST:
            exported = treasury.cold("keys", "export-public", self.key, "--chain", "evm", *PASSPHRASE)
            return exported["xpub"].startswith("xpub") and files == [f"{self.key}.bound"]
        self.require_retired(treasury)
        return self.restoring(treasury, "shares") == 3 and not files

    def restoring(self, treasury, name):
        return treasury.cold("shares", "verify", self.key, "--shares-file", name, *PASSPHRASE)["subsets_tried"]

    def rerun(self, scratch, victim):
        self.collect(victim)
        broken_off = set(share_lines(victim, "shares"))
        for left in glob.glob(victim.path(".coffer-*.tmp")):
            broken_off |= set(share_lines(victim, os.path.basename(left)))
        try:
            self.require_not_lost(victim.copy_to(os.path.join(scratch, "copies", "as-found")))
        except Failed as failure:
            return f"before the rerun: {failure}"
        return super().rerun(scratch, victim) or self.judge_broken_off(victim, broken_off - set(share_lines(victim, "shares")))

    def require_not_lost(self, treasury):
        """Whatever was there when the ceremony broke off, the home opens and the key can be used."""
        if self.key != LOST and self.kept(treasury) == self.sets:
            self.restoring(treasury, "shares")
            self.require_retired(treasury)
        elif self.key == SPLITTING:
            treasury.cold("keys", "export-public", self.key, "--chain", "evm", *PASSPHRASE)
        else:
            self.restoring(treasury, f"{self.key}.shares")

    def require_retired(self, treasury):
        """The set before, where there was one."""
        old = f"{self.key}.shares"
        if os.path.exists(treasury.path(old)):
            treasury.refused(treasury.command(treasury.programs.cold, "shares", "verify", self.key, "--shares-file", old, *PASSPHRASE), "share_retired")

    def judge_broken_off(self, treasury, lines):
        """None when each of the shares of the first try is refused, else what is wrong."""
        try:
            for line in lines:
                treasury.write("one", line + "\n")
                treasury.refused(treasury.command(treasury.programs.cold, "shares", "verify", "--one", "--shares-file", "one"), "share_retired")
        except Failed as failure:
            return f"a share of the broken-off try: {failure}"
        return None


def with_keys(base):
    """Three keys more, which the charter names and the bundles tell the vault of."""
    treasury = base.copy_as("ceremonies")
    keys, wallets = [], []
    for key in (SPLITTING, SPLIT, LOST):
        treasury.cold("keys", "generate", "--id", key, "--rest", "sealed" if key == LOST else "none", *PASSPHRASE)
        made = treasury.cold("keys", "export-public", key, "--chain", "evm", *PASSPHRASE)
        keys.append(f'{{ id = "{key}", origin = "{made["origin"]}", public = "{made["xpub"]}" }}')
        wallets.append(f'[[wallet]]\nid = "of-{key}"\nchain = "local"\ntier = "cold"\nmode = "governed"\naddress = "{made["address"]}"\n'
                       f'keys = [{{ appliance = "vault-a", key = "{key}", path = "0/0" }}]\npresence = "person"\nconfirmations = 3\n')
    for key in (SPLIT, LOST):
        treasury.cold("shares", "create", key, *SHAPE, "--shares-out", f"{key}.shares", *PASSPHRASE)
    os.remove(treasury.path("vault", "keys", f"{LOST}.key"))
    end_of_keys = " }]\n[audit]"
    treasury.coffer("charter", "adopt", *treasury.amend(end_of_keys, f" }}, {', '.join(keys)}]\n{''.join(wallets)}{RULES}[audit]"))
    return treasury


def vote(treasury, key, operation, *shape):
    request = treasury.coffer("propose", "ceremony", "--appliance", "vault-a", "--id", key, "--operation", operation, *shape, *treasury.as_officer("carol"))
    treasury.approve(request)
    treasury.coffer("export", request["id"], "--out", f"{operation}.bundle")
    return treasury.show(request)


def held(ceremony):
    """The treasury after the ceremony, its receipt not yet imported."""
    treasury = ceremony.treasury.copy_as("held")
    ceremony.finish(treasury, ())
    return treasury


def imported(request):
    def outcome(treasury):
        return outcomes.books(treasury) | {"status": treasury.show(request)["status"]}
    return outcome


def ceremony_scenarios(base):
    named = with_keys(base)
    voted = named.copy_as("voted")
    creating = vote(voted, SPLITTING, "create", *SHAPE)
    refreshing = vote(voted, SPLIT, "refresh", *SHAPE)
    combining = vote(voted, LOST, "combine")
    create = Ceremony("create", voted, SPLITTING, creating, *HOLDERS, sets=3)
    return [
        Scenario("propose_ceremony", named, by("carol", "propose", "ceremony", "--appliance", "vault-a", "--id", SPLIT, "--operation", "refresh", *SHAPE),
                 outcomes.books),
        create,
        Ceremony("refresh", voted, SPLIT, refreshing, "--shares-file", f"{SPLIT}.shares", "--shares-out", "shares", sets=3),
        Ceremony("combine", voted, LOST, combining, "--shares-file", f"{LOST}.shares", sets=2),
        Scenario("import_ceremony", held(create), online("import", "receipt"), imported(creating), expected={"status": "success"}),
    ]
