#!/usr/bin/python3
"""Usage: kill_points.py BUILD_DIR [approve|sign|import|broadcast]…

Kills each command at every one of its write-class system calls, reruns it, and compares what is
there then with what an undisturbed run leaves: nothing lost, nothing doubled. One fresh copy of
the treasury a kill. Prints one line a command; exits 1 when any rerun differed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from treasury import Failed, Programs, Treasury  # noqa: E402

WRITE_CALLS = ("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "rename", "renameat",
               "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "sendto", "sendmsg")


def strace(command, treasury, *options):
    return subprocess.run(["strace", "-f", "-qq", *options, *command], cwd=treasury.folder, env=treasury.environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=120, check=False)


def count_calls(command, treasury):
    """How often the undisturbed command makes each write-class call."""
    trace = treasury.path("trace")
    done = strace(command, treasury, "-o", trace, "-e", "trace=" + ",".join(WRITE_CALLS))
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    counts = {}
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if found and found[1] in WRITE_CALLS:
                counts[found[1]] = counts.get(found[1], 0) + 1
    os.remove(trace)
    return counts


class Scenario:
    """A command, the treasury just before it, and what must be true after a rerun."""

    def __init__(self, name, treasury, command, outcome):
        self.name = name
        self.treasury = treasury
        self.command = command  # of a treasury: the argument list
        self.outcome = outcome  # of a treasury: what a rerun must leave, comparable

    def run(self, scratch):
        undisturbed = self.treasury.copy_to(os.path.join(scratch, "undisturbed"))
        counts = count_calls(self.command(undisturbed), undisturbed)
        expected = self.outcome(undisturbed)
        points = [(call, number) for call, count in sorted(counts.items()) for number in range(1, count + 1)]
        different = []
        for call, number in points:
            victim = self.treasury.copy_to(os.path.join(scratch, "victim"))
            strace(self.command(victim), victim, "-o", "/dev/null", "-e", "trace=none",
                   "-e", f"inject={call}:signal=KILL:when={number}")
            try:
                victim.run(self.command(victim))
                found = self.outcome(victim)
            except Failed as failure:
                found = str(failure)
            if found != expected:
                different.append(f"  killed at {call} {number}: expected {expected}, found {found}")
        print(f"{self.name}: {len(points)} kill points, {len(different)} reruns differ", flush=True)
        print("\n".join(different[:5]), flush=True) if different else None
        return len(points), len(different)


def status_and_votes(request):
    def outcome(treasury):
        shown = treasury.show(request)
        audit = treasury.coffer("audit", "verify")
        votes = [event for event in treasury.coffer("audit", "log")["events"] if event["type"].startswith("vote")]
        return {"status": shown["status"], "have": shown["approvals"]["have"], "votes": len(votes), "sound": "error" not in audit}
    return outcome


def signed_once(treasury):
    types = [record["type"] for record in treasury.cold("log", "show")["records"]]
    treasury.cold("log", "verify", "--passphrase-file", "vault.pass")
    treasury.coffer("import", "receipt")
    shown = treasury.coffer("list", "--status", "pending_broadcast")
    return {"signed": types.count("signed"), "intended": types.count("intended"), "imported": len(shown["requests"])}


def imported_once(request):
    def outcome(treasury):
        treasury.coffer("audit", "verify")
        receipts = [event for event in treasury.coffer("audit", "log")["events"] if event["type"].startswith("receipt")]
        return {"status": treasury.show(request)["status"], "receipts": len(receipts)}
    return outcome


def main():
    build, *names = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="coffer-kill-") as scratch:
        os.chmod(scratch, 0o700)
        base = Treasury(Programs(os.path.abspath(build)), os.path.join(scratch, "base"))
        os.mkdir(base.folder, 0o700)
        base.found()
        request = base.propose("eth-hot", "1", *base.offline_inputs())
        scenarios = []

        proposed = base.copy_to(os.path.join(scratch, "proposed"))
        proposed.run(proposed.approve_command("alice", request))
        scenarios.append(Scenario("approve", proposed, lambda t: t.approve_command("bob", request), status_and_votes(request)))

        approved = proposed.copy_to(os.path.join(scratch, "approved"))
        approved.run(approved.approve_command("bob", request))
        approved.coffer("export", request["id"], "--out", "bundle")
        scenarios.append(Scenario("sign", approved, lambda t: t.sign_command("bundle", "receipt", request), signed_once))

        signed = approved.copy_to(os.path.join(scratch, "signed"))
        signed.run(signed.sign_command("bundle", "receipt", request))
        scenarios.append(Scenario("import", signed, lambda t: t.command(t.programs.coffer, "import", "receipt"),
                                  imported_once(request)))

        total = failed = 0
        for scenario in scenarios:
            if names and scenario.name not in names:
                continue
            points, different = scenario.run(scratch)
            total += points
            failed += different
        print(json.dumps({"kill_points": total, "different": failed}))
        sys.exit(1 if failed or not total else 0)


if __name__ == "__main__":
    main()
