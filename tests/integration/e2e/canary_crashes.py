#!/usr/bin/python3
"""Usage: canary_crashes.py BUILD_DIR [CASE]…

The secrets of canary.py, and programs that crash while they hold them (M05): every command that opens or makes a key is
killed by SIGSEGV at a third of its system calls and near its end, with core dumps allowed. No secret may be in a core
dump, in a file that was left, in what was printed, or in what the kernel tells of the process.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import canary  # noqa: E402
from canary import WORDS, Canary, expect  # noqa: E402

MOMENTS = (0.35, 0.9)  # of the system calls of an undisturbed run
PROC = ("cmdline", "environ", "comm", "maps", "status")
CORE_SOURCE = "/proc/sys/kernel/core_pattern"


def allow_core_dumps():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class CanaryCrashes(Canary):
    def __init__(self, programs, folder):
        with open(CORE_SOURCE, encoding="ascii") as pattern:
            if "/" in (text := pattern.read().strip()) or text.startswith("|"):
                raise canary.Skipped(f"core dumps go to {text}")
        super().__init__(programs, folder)
        t = self.treasury
        self.open_request = t.propose("eth-hot", "2", *t.offline_inputs(nonce=1))
        self.approved = t.propose("eth-hot", "3", *t.offline_inputs(nonce=2))
        t.approve(self.approved)
        t.coffer("export", self.approved["id"], "--out", "next.bundle")
        t.write("more.words", WORDS + "\n")
        t.write("new.pass", "passphrase of somebody new\n")
        self.base = t.copy_to(os.path.join(folder, "base"))

    def scenarios(self):
        """Name, program and arguments of each command that handles a secret."""
        coffer, cold = self.treasury.programs.coffer, self.treasury.programs.cold
        opened, approved = self.open_request, self.approved
        vault = ("--passphrase-file", "vault.pass")
        alice, carol = self.treasury.as_officer("alice"), self.treasury.as_officer("carol")
        confirm = ("--confirm", opened["request_digest"])
        return [
            ("init", cold, ("--home", "vault-2", "init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), *vault)),
            ("keys generate", cold, ("keys", "generate", "--id", "k7", *vault)),
            ("keys import", cold, ("keys", "import", "--id", "k8", "--mnemonic-file", "more.words", *vault)),
            ("keys export-public", cold, ("keys", "export-public", "k1", "--chain", "evm", *vault)),
            ("keys export-public to a file", cold, ("keys", "export-public", "k1", "--chain", "evm", "--out", "k1.again", *vault)),
            ("address", cold, ("address", "eth-hot", "--index", "0", *vault)),
            ("verify", cold, ("verify", "next.bundle", *vault)),
            ("verify with a wrong passphrase", cold, ("verify", "next.bundle", "--passphrase-file", "wrong.pass")),
            ("sign", cold, ("sign", "next.bundle", "--out", "next.receipt", "--confirm", approved["request_digest"], *vault)),
            ("backup", cold, ("backup", "--out", "second.backup", *vault)),
            ("officer keygen", coffer, ("officer", "keygen", "--id", "zoe", "--out", "zoe.key", "--passphrase-file", "new.pass")),
            ("charter sign", coffer, ("charter", "sign", "charter.sealed", *alice, "--out", "charter.again")),
            ("propose transfer", coffer, ("propose", "transfer", "--wallet", "eth-hot", "--to", "exchange", "--amount", "4", *carol,
                                          "--offline-inputs", "inputs.json")),
            ("propose transfer from a cold wallet", coffer, ("propose", "transfer", "--wallet", "eth-cold", "--to", "exchange", "--amount", "1", *carol,
                                         "--offline-inputs", "inputs.json")),
            ("approve", coffer, ("approve", opened["id"], *alice, *confirm)),
            ("approve with a wrong passphrase", coffer, ("approve", opened["id"], "--officer", "alice", "--key", "alice.key",
                                                         "--passphrase-file", "wrong.pass", *confirm)),
            ("approve a review file", coffer, ("approve", "review", "--key", "bob.key", "--passphrase-file", "bob.pass", "--out", "again.vote")),
            ("reject", coffer, ("reject", opened["id"], "--reason", "test", *alice, *confirm)),
            ("cancel", coffer, ("cancel", opened["id"], *carol)),
            ("void", coffer, ("void", self.open_request["id"], *carol)),
        ]

    def run_at(self, copy, program, arguments, *options):
        command = ["strace", "-f", "-qq", "-o", os.path.join(copy.folder, "..", "calls"), *options, program, "--json", *arguments]
        process = subprocess.Popen(command, cwd=copy.folder, env=copy.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, preexec_fn=allow_core_dumps)
        told = []
        watcher = threading.Thread(target=self.watch, args=(process, os.path.basename(program), told))
        watcher.start()
        printed = process.communicate(timeout=120)[0]
        watcher.join()
        return process.returncode, printed, b"".join(told)

    @staticmethod
    def watch(process, name, told):
        """What /proc says of the program while it lives."""
        while process.poll() is None:
            children = subprocess.run(["pgrep", "-P", str(process.pid), "-x", name[:15]], capture_output=True, text=True, check=False)
            for child in children.stdout.split():
                for file in PROC:
                    try:
                        with open(f"/proc/{child}/{file}", "rb") as content:
                            told.append(content.read())
                    except OSError:
                        continue
            time.sleep(0.02)

    def calls_of(self, program, arguments):
        """The system calls of an undisturbed run: name, and number among those of that name."""
        copy = self.base.copy_as("undisturbed")
        self.run_at(copy, program, arguments)
        counts, calls = {}, []
        with open(os.path.join(copy.folder, "..", "calls"), encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if found := re.match(r"(?:\d+ +)?(\w+)\(", line):
                    counts[found[1]] = counts.get(found[1], 0) + 1
                    calls.append((found[1], counts[found[1]]))
        return [call for call in calls if call[0] != "execve"]

    def leaks_of(self, copy, name, printed, told):
        leaks = self.search(f"what {name} printed", printed) + self.search(f"/proc while {name} ran", told)
        for folder, _, files in os.walk(copy.folder):
            for file in files:
                if file.endswith((".pass", ".words")):
                    continue
                with open(os.path.join(folder, file), "rb") as content:
                    leaks += self.search(f"{file} after {name}", content.read())
        return leaks

    def crash(self, program):
        """All commands of one program; returns leaks, crashes and core dumps, those near the end by themselves."""
        leaks, crashes, cores, late_cores = [], 0, 0, 0
        for name, which, arguments in self.scenarios():
            if which != program:
                continue
            calls = self.calls_of(program, arguments)
            for moment in MOMENTS:
                call, number = calls[int(len(calls) * moment)]
                copy = self.base.copy_as("crashed")
                status, printed, told = self.run_at(copy, program, arguments, "-e", f"inject={call}:signal=SEGV:when={number}")
                crashes += status == -11 or status == 139
                has_core = any(file.startswith("core") for file in os.listdir(copy.folder))
                cores += has_core
                late_cores += has_core and moment == MOMENTS[-1]
                leaks += self.leaks_of(copy, f"{name} crashed at {call} {number}", printed, told)
                shutil.rmtree(copy.folder)
        return leaks, crashes, cores, late_cores

    def secrets(self):
        yield from super().secrets()
        yield "passphrase of somebody new", b"passphrase of somebody new"

    def case_the_vault_leaves_nothing_when_it_crashes(self):
        leaks, crashes, _, late_cores = self.crash(self.treasury.programs.cold)
        expect(leaks, [])
        expect((crashes >= 18, late_cores), (True, 0))  # before it confines itself it may dump, and has no secret yet

    def case_the_online_program_leaves_nothing_when_it_crashes(self):
        leaks, crashes, cores, _ = self.crash(self.treasury.programs.coffer)
        expect(leaks, [])
        expect((crashes >= 18, cores == crashes), (True, True))  # its core dumps are written, and searched

    # Those of the run without crashes are canary.py's.
    case_leaves_no_secret_in_a_file = case_prints_no_secret = case_hands_no_secret_to_another_program = None


if __name__ == "__main__":
    CanaryCrashes.main()
