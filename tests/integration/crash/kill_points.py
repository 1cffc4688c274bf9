#!/usr/bin/python3
"""Usage: kill_points.py BUILD_DIR [--all] [approve|sign|import|broadcast[_undisturbed]]…

Kills each command at its write-class system calls, reruns it, and compares what is there then
with what an undisturbed run leaves: nothing lost, nothing doubled. One fresh copy of the treasury
a kill. With --all at every call; without, at some of them, always the same. With _undisturbed the
command is only run, twice. Prints one line for each; exits 1 when any rerun differed, 77 where
strace or the node are not installed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from treasury import PEERS, Failed, Node, Programs, Treasury  # noqa: E402

WRITE_CALLS = ("write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "sync_file_range", "ftruncate", "truncate",
               "fallocate", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat", "mkdir",
               "mkdirat", "chmod", "fchmod", "sendto", "sendmsg")
SAMPLE = 14  # points of each command without --all


def strace(command, treasury, *options):
    return subprocess.run(["strace", "-f", "-qq", *options, *command], cwd=treasury.folder, env=treasury.environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=120, check=False)


def list_points(command, treasury):
    """Each write-class call of the undisturbed command, in order: its name and its number among
    the calls of that name. Opening a file counts when that makes it."""
    trace = os.path.join(treasury.folder, "..", "trace")
    done = strace(command, treasury, "-o", trace, "-e", "trace=openat," + ",".join(WRITE_CALLS))
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    counts, points = {}, []
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if not found:
                continue
            counts[found[1]] = counts.get(found[1], 0) + 1
            if found[1] != "openat" or "O_CREAT" in line:
                points.append((found[1], counts[found[1]]))
    return points


class Scenario:
    """A command, the treasury just before it, and what must be true after a rerun."""

    def __init__(self, name, treasury, command, status, outcome, before=lambda: None):
        self.name = name
        self.status = status    # of the request afterwards
        self.treasury = treasury
        self.command = command  # of a treasury: the argument list
        self.outcome = outcome  # of a treasury: what a rerun must leave, comparable
        self.before = before    # puts back what is outside of the treasury

    def attempt(self, victim, point):
        """Kill, rerun, and what there is then."""
        call, number = point
        killed = strace(self.command(victim), victim, "-o", "/dev/null", "-e", f"trace={call}",
                        "-e", f"inject={call}:signal=KILL:when={number}")
        try:
            victim.run(self.command(victim))
            return killed.returncode != 0, self.outcome(victim)
        except Failed as failure:
            return True, str(failure)

    def run_undisturbed(self, scratch):
        """The command does what it is for, and a second run of it nothing more."""
        treasury = self.treasury.copy_to(os.path.join(scratch, "undisturbed"))
        self.before()
        treasury.run(self.command(treasury))
        once = self.outcome(treasury)
        treasury.run(self.command(treasury))
        found = self.outcome(treasury)
        is_good = once == found and found["status"] == self.status
        print(f"{'ok  ' if is_good else 'FAIL'} {self.name} undisturbed (once {once}, twice {found})", flush=True)
        return is_good

    def run_killed(self, scratch, is_whole):
        """How many kills, and whether every rerun left what an undisturbed run leaves."""
        undisturbed = self.treasury.copy_to(os.path.join(scratch, "undisturbed"))
        self.before()
        points = list_points(self.command(undisturbed), undisturbed)
        expected = self.outcome(undisturbed)
        chosen = points if is_whole else points[:: max(1, -(-len(points) // SAMPLE))]
        different, missed = [], 0
        for point in chosen:
            victim = self.treasury.copy_to(os.path.join(scratch, "victim"))
            self.before()
            was_killed, found = self.attempt(victim, point)
            missed += not was_killed
            if found != expected:
                different.append(f"  killed at {point[0]} {point[1]}: expected {expected}, found {found}")
        is_good = chosen and not different and missed <= len(chosen) // 10
        print(f"{'ok  ' if is_good else 'FAIL'} {self.name} ({len(chosen)} of {len(points)} kill points, {missed} not reached, "
              f"{len(different)} reruns differ)", flush=True)
        if different:
            print("\n".join(different[:5]), flush=True)
        return len(chosen), is_good


def events(treasury, kind):
    return len(treasury.coffer("audit", "log", "--start", "0", "--type", kind)["records"])


def voted_once(request):
    def outcome(treasury):
        treasury.coffer("audit", "verify")
        shown = treasury.show(request)
        return {"status": shown["status"], "have": shown["approvals"]["have"], "votes": [vote["officer"] for vote in shown["votes"]],
                "records": events(treasury, "vote.recorded"), "moves": events(treasury, "request.pending_signature")}
    return outcome


def signed_once(request):
    def outcome(treasury):
        treasury.cold("log", "verify", "--passphrase-file", "vault.pass")
        records = treasury.cold("log", "show")["records"]
        # A rerun judges and intends anew; it must not take another slot or sign another time.
        intended = {record["request_digest"] for record in records if record["type"] == "intended"}
        treasury.coffer("import", "receipt")
        shown = treasury.show(request)
        return {"signed": [record["type"] for record in records].count("signed"), "intended": len(intended), "status": shown["status"],
                "txid": shown["payloads"][0]["txid"]}
    return outcome


def imported_once(request):
    def outcome(treasury):
        treasury.coffer("audit", "verify")
        shown = treasury.show(request)
        return {"status": shown["status"], "txid": shown["payloads"][0]["txid"], "have": shown["signatures"]["have"],
                "records": events(treasury, "receipt.imported"), "moves": events(treasury, "request.pending_broadcast")}
    return outcome


def sent_once(request, node):
    def outcome(treasury):
        treasury.coffer("audit", "verify")
        shown = treasury.show(request)
        return {"status": shown["status"], "txid": shown["payloads"][0]["txid"], "seen": shown["payloads"][0]["seen"],
                "sent": node.sent_by(treasury.addresses["eth-hot"]), "moves": events(treasury, "request.broadcast")}
    return outcome


class Rewind:
    """Puts the node back to where it was before each attempt."""

    def __init__(self, node):
        self.node = node
        self.snapshot = node.call("evm_snapshot")

    def __call__(self):
        if not self.node.call("evm_revert", self.snapshot):
            raise Failed("the node does not go back")
        self.snapshot = self.node.call("evm_snapshot")


def make_scenarios(programs, scratch):
    node = Node(scratch)
    base = Treasury(programs, os.path.join(scratch, "base"), node.url)
    os.mkdir(base.folder, 0o700)
    base.found(node.token["address"])
    node.peer("fund.mjs", node.url, "-", base.addresses["eth-hot"], "10", "0")
    request = base.propose("eth-hot", "1")

    proposed = base.copy_to(os.path.join(scratch, "proposed"))
    proposed.approve(request, ["alice"])
    approved = proposed.copy_to(os.path.join(scratch, "approved"))
    approved.approve(request, ["bob"])
    approved.coffer("export", request["id"], "--out", "bundle")
    signed = approved.copy_to(os.path.join(scratch, "signed"))
    signed.run(signed.sign_command("bundle", "receipt", request))
    imported = signed.copy_to(os.path.join(scratch, "imported"))
    imported.coffer("import", "receipt")

    return [
        Scenario("approve", proposed, lambda t: t.approve_command("bob", request), "pending_signature",
                 voted_once(request)),
        Scenario("sign", approved, lambda t: t.sign_command("bundle", "receipt", request), "pending_broadcast",
                 signed_once(request)),
        Scenario("import", signed, lambda t: t.command(t.programs.coffer, "import", "receipt"), "pending_broadcast",
                 imported_once(request)),
        Scenario("broadcast", imported, lambda t: t.command(t.programs.coffer, "broadcast"), "broadcast",
                 sent_once(request, node), Rewind(node)),
    ]


def main():
    build, *names = sys.argv[1:]
    is_whole = "--all" in names
    names = [name for name in names if name != "--all"]
    if not shutil.which("strace") or not os.path.isdir(os.path.join(PEERS, "node_modules")):
        print("kill_points: strace or the peers are not installed; run scripts/setup --test", file=sys.stderr)
        sys.exit(77)
    # In memory where there is room: a kill proves nothing about power cuts, and copies are many.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="coffer-kill-", dir=memory) as scratch:
        total = failed = 0
        scenarios = make_scenarios(Programs(os.path.abspath(build)), scratch)
        kinds = [f"{scenario.name}{kind}" for scenario in scenarios for kind in ("", "_undisturbed")]
        unknown = [name for name in names if name not in kinds]
        if unknown:
            sys.exit(f"no such command: {', '.join(unknown)}")
        for scenario in scenarios:
            if f"{scenario.name}_undisturbed" in (names or kinds):
                failed += not scenario.run_undisturbed(scratch)
            if scenario.name in (names or kinds):
                points, is_good = scenario.run_killed(scratch, is_whole)
                total += points
                failed += not is_good
        print(json.dumps({"kill_points": total, "failed": failed}))
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
