#!/usr/bin/python3
"""Usage: canary.py BUILD_DIR

A whole run whose secrets are known (M05): none of them, in any spelling, is left in a file, in what
the programs print, or in an argument.
"""

import base64
import functools
import hashlib
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, Skipped, expect  # noqa: E402
from treasury import OFFICERS, Treasury  # noqa: E402

WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"  # a published test vector
ENTROPY = bytes.fromhex("7f" * 16)
ED25519_DER = bytes.fromhex("302e020100300506032b657004220420")  # in front of a seed (RFC 8410)


def spellings(name, secret):
    """How bytes could stand somewhere."""
    yield name, secret
    yield f"{name} in hex", secret.hex().encode()
    yield f"{name} in HEX", secret.hex().upper().encode()
    for shift in range(3):  # whatever is in front of it in a longer text
        encoded = base64.b64encode(b"\0" * shift + secret)
        yield f"{name} in base64", encoded[4 if shift else 0:-4]


class Traced(Treasury):
    """Every program runs under strace, which keeps what it drew from the kernel and what it ran."""

    def __init__(self, programs, folder, traces):
        super().__init__(programs, folder)
        self.traces = traces
        self.commands = 0

    def command(self, program, *args):
        self.commands += 1
        trace = os.path.join(self.traces, str(self.commands))
        return ["strace", "-f", "-qq", "-xx", "-s", "4096", "-e", "trace=getrandom,execve,execveat", "-o", trace, program, "--json", *args]


class Canary(Cases):
    needs = ("strace", "openssl")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.traces = os.path.join(folder, "traces")
        os.mkdir(self.traces, 0o700)
        self.treasury = t = Traced(programs, os.path.join(folder, "treasury"), self.traces)
        os.mkdir(t.folder, 0o700)
        t.write("vault.pass", "passphrase of the vault\n")
        t.write("words", WORDS + "\n")
        t.cold("init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), "--passphrase-file", "vault.pass")
        t.cold("keys", "import", "--id", "k1", "--mnemonic-file", "words", "--passphrase-file", "vault.pass")
        os.remove(t.path("words"))
        t.bootstrap("0x0000000000000000000000000000000000000010", ("eth-cold", "eth-hot"))
        request = t.propose("eth-hot", "1", *t.offline_inputs())
        t.coffer("export", request["id"], "--format", "review", "--out", "review")
        t.approve(request)
        t.sign(request)
        t.coffer("audit", "verify")
        t.coffer("audit", "export", "--out", "audit.jsonl")
        t.cold("backup", "--out", "ledger.backup", "--passphrase-file", "vault.pass", accept=None)
        # Refusals speak, too.
        t.write("wrong.pass", "a wrong passphrase that is a canary\n")
        t.cold("verify", "bundle", "--passphrase-file", "wrong.pass", accept=(5,))
        t.write("words", WORDS.replace("yellow", "zebra") + "\n")
        t.cold("keys", "import", "--id", "k2", "--mnemonic-file", "words", "--passphrase-file", "vault.pass", accept=(3, 4, 5))
        os.remove(t.path("words"))

    def secrets(self):
        for whose in (*OFFICERS, "the vault"):
            yield f"passphrase of {whose}", f"passphrase of {whose}".encode()
        yield "wrong passphrase", b"a wrong passphrase that is a canary"
        words = WORDS.split()
        for i in range(len(words) - 1):  # single words stand in every fingerprint
            for between in (" ", "\n", "-", "\", \""):
                yield f"words {i + 1} and {i + 2}", between.join(words[i:i + 2]).encode()
        yield from spellings("entropy", ENTROPY)
        yield from spellings("seed", hashlib.pbkdf2_hmac("sha512", WORDS.encode(), b"mnemonic", 2048))
        for officer, seed in self.officer_seeds().items():
            yield from spellings(f"seed of {officer}", seed)

    def drawn(self):
        """What `officer keygen` drew from the kernel, in pieces of 32 bytes."""
        keygen = "".join(f"\\x{byte:02x}" for byte in b"keygen")
        for name in os.listdir(self.traces):
            with open(os.path.join(self.traces, name), encoding="utf-8") as trace:
                lines = trace.readlines()
                for line in lines if keygen in lines[0] else []:
                    found = re.search(r'getrandom\("((?:\\x[0-9a-f]{2})+)"', line)
                    if found:
                        data = bytes.fromhex(found[1].replace("\\x", ""))
                        yield from (data[i:i + 32] for i in range(0, len(data) - 31, 32))

    def officer_seeds(self):
        """Which of what was drawn became whose key: the public key tells."""
        if not hasattr(self, "found"):
            public = {}
            for officer in OFFICERS:
                text = open(self.treasury.path("charter.toml"), encoding="utf-8").read()
                public[bytes.fromhex(re.search(rf'id = "{officer}".*?ed25519:([0-9a-f]{{64}})', text, re.S)[1])] = officer
            self.found = {}
            for seed in set(self.drawn()):
                der = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], input=ED25519_DER + seed,
                                     capture_output=True, check=True).stdout
                if der[-32:] in public:
                    self.found[public[der[-32:]]] = seed
        return self.found

    @functools.cached_property
    def all(self):
        return list(self.secrets())

    def search(self, where, content, allowed=()):
        return [f"{name} in {where}" for name, secret in self.all if name not in allowed and secret in content]

    def case_knows_the_secrets_that_it_looks_for(self):
        if sorted(self.officer_seeds()) != sorted(OFFICERS):
            raise Skipped("the officers' seeds are not what the kernel gave; looking for all other secrets")

    def case_leaves_no_secret_in_a_file(self):
        leaks, count = [], 0
        for folder, _, files in os.walk(self.treasury.folder):
            for name in files:
                if name.endswith(".pass"):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    leaks += self.search(name, file.read())
                count += 1
        expect(leaks, [])
        expect(count > 20, True)

    def case_prints_no_secret(self):
        leaks = []
        for text in self.treasury.printed:
            leaks += self.search("the output", text)
        expect(leaks, [])
        expect(len(self.treasury.printed) > 40, True)

    def case_hands_no_secret_to_another_program(self):
        calls = []
        for name in os.listdir(self.traces):
            with open(os.path.join(self.traces, name), encoding="utf-8") as trace:
                own = [line for line in trace if "execve" in line]
            expect(len(own), 1)  # strace starting it
            calls += [re.sub(r"(?:\\x[0-9a-f]{2})+", lambda m: bytes.fromhex(m[0].replace("\\x", "")).decode("latin-1"), line) for line in own]
        leaks = []
        for call in calls:
            leaks += self.search("argv", call.encode("latin-1"))
        expect(leaks, [])

    def case_would_find_one(self):
        """The search itself: a secret put there is found."""
        home = self.treasury.path("home", "left-behind")
        seed = self.officer_seeds().get("bob", ENTROPY)
        with open(home, "wb") as file:
            file.write(b"x" + base64.b64encode(b"ab" + seed + b"c"))
        with open(home, "rb") as file:
            expect(len(self.search("home", file.read())) >= 1, True)
        os.remove(home)


if __name__ == "__main__":
    Canary.main()
