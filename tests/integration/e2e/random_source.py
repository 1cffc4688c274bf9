#!/usr/bin/python3
"""Usage: random_source.py BUILD_DIR [CASE]…

Where the shipped appliance's random numbers come from: every getrandom(2) of it is traced, and what the kernel gives is
changed on its way, by strace. Exits 77 where strace is not installed.
"""

import hashlib
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
START_UP = 4096  # bytes of the start-up test
KEY = 32
STUCK = "5a" * 1024


def bip39_words():
    with open(os.path.join(ROOT, "core/keys/mnemonic_words.cpp"), encoding="utf-8") as file:
        found = re.findall(r"\b[a-z]{3,8}\b", file.read())
    start = found.index("abandon")
    return found[start:start + 2048]


def mnemonic(entropy):
    """BIP-39: 256 bits and 8 of their SHA-256, in groups of 11."""
    number = int.from_bytes(entropy + hashlib.sha256(entropy).digest()[:1], "big")
    words = bip39_words()
    return " ".join(words[number >> (11 * place) & 2047] for place in reversed(range(24)))


def recipe(**sources):
    """As coffer-cold(8) has it."""
    message = b"coffer/v1/key-entropy\n"
    for name in ("kernel", "dice", "file"):
        if name in sources:
            message += f"{name} {len(sources[name])}\n".encode() + sources[name]
    return hashlib.sha256(message).digest()


class RandomSource(Cases):
    needs = ("strace",)

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.passphrase = self.write("passphrase", b"correct horse battery staple\n")
        self.homes = 0

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        return path

    def home(self):
        self.homes += 1
        home = os.path.join(self.folder, f"home-{self.homes}")
        expect(self.cold(home, "init", "--environment", "test")[0], 0)
        return home

    def cold(self, home, *args, under=()):
        """Exit status and what it said, without a terminal."""
        command = [*under, self.programs.cold, "--home", home, "--json", *args]
        if "list" not in args:
            command += ["--passphrase-file", self.passphrase]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
                              check=False)
        return done.returncode, json.loads(done.stdout)

    def traced(self, home, *args, change=None):
        """The same, and the bytes of each getrandom(2) that the program itself asked for: the C library's first eight
        bytes, for its allocator, do not wait."""
        trace = os.path.join(self.folder, "trace")
        inject = ("-e", f"inject=getrandom:{change}") if change else ()
        status, said = self.cold(home, *args, under=("strace", "-f", "-qq", "-o", trace, "-e", "trace=getrandom", *inject, "-xx", "-s", "8192"))
        with open(trace, encoding="ascii") as file:
            calls = re.findall(r'getrandom\("([^"]*)", \d+, (\w+)\)', file.read())
        drawn = [bytes.fromhex(text.replace("\\x", "")) for text, _ in calls]
        first_own = next((number for number, (_, flags) in enumerate(calls) if flags == "0"), len(calls))
        return status, said, drawn, first_own

    def imported(self, entropy):
        """The fingerprint of the key that is computed elsewhere."""
        words = self.write("words", mnemonic(entropy).encode())
        status, said = self.cold(self.home(), "keys", "import", "--id", "k1", "--mnemonic-file", words)
        expect(status, 0)
        return said["fingerprint"]

    def keys(self, home):
        return [key["id"] for key in self.cold(home, "keys", "list")[1]["keys"]]

    def case_makes_the_key_of_what_getrandom_gave(self):
        status, said, drawn, first = self.traced(self.home(), "keys", "generate", "--id", "k1")
        expect(status, 0)
        expect(len(drawn[first]), START_UP)
        kernel = next(bytes for bytes in drawn[first + 1:] if len(bytes) == KEY)
        expect(said["fingerprint"], self.imported(recipe(kernel=kernel)))

    def case_mixes_in_a_file_by_the_recipe(self):
        given = os.urandom(48)
        file = self.write("drawn", given)
        status, said, drawn, first = self.traced(self.home(), "keys", "generate", "--id", "k1", "--entropy-file", file)
        expect((status, said["source"]), (0, "kernel+file"))
        kernel = next(bytes for bytes in drawn[first + 1:] if len(bytes) == KEY)
        expect(said["fingerprint"], self.imported(recipe(kernel=kernel, file=given)))

    def case_asks_the_kernel_anew_each_time(self):
        home = self.home()
        seen = []
        for key in ("k1", "k2"):
            status, _, drawn, first = self.traced(home, "keys", "generate", "--id", key)
            expect(status, 0)
            seen += drawn[first:]
        expect(len(set(seen)), len(seen))

    def case_does_not_start_with_a_source_that_sticks(self):
        home = self.home()
        for args in (("keys", "generate", "--id", "k1"), ("keys", "list")):
            status, said, drawn, first = self.traced(home, *args, change=f"poke_exit=@arg1={STUCK}")
            expect((status, said["error"]["code"]), (9, "rng"))
            expect(len(drawn), first + 1)
        new = os.path.join(self.folder, "never-made")
        status, said, *_ = self.traced(new, "init", "--environment", "test", change=f"poke_exit=@arg1={STUCK}")
        expect((status, said["error"]["code"], os.path.exists(new)), (9, "rng", False))
        expect(self.keys(home), [])

    def case_makes_no_key_of_a_source_that_sticks_later(self):
        home = self.home()
        _, _, drawn, first = self.traced(home, "keys", "generate", "--id", "k1")
        number = next(n for n, bytes in enumerate(drawn) if n > first and len(bytes) == KEY) + 1
        status, said, *_ = self.traced(home, "keys", "generate", "--id", "k2", change=f"poke_exit=@arg1={'00' * KEY}:when={number}")
        expect((status, said["error"]["code"]), (9, "rng"))
        expect(self.keys(home), ["k1"])

    def case_does_not_start_with_a_source_that_fails(self):
        home = self.home()
        # Without another call in its place strace makes an invalid one, for which the confinement ends the program.
        status, said, *_ = self.traced(home, "keys", "generate", "--id", "k1", change="error=EIO:syscall=getpid")
        expect((status, said["error"]["code"]), (9, "rng"))
        expect(self.keys(home), [])


if __name__ == "__main__":
    RandomSource.main()
