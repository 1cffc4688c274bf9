#!/usr/bin/python3
"""Usage: failing_calls.py BUILD_DIR [--all] [COMMAND]…

Each command that changes something meets a full disk, a used-up quota, a medium that fails: one of its write-class
system calls fails. It must end with `disk` (exit status 8) or have done its work without that call, and a rerun must
leave what an undisturbed run leaves. With --all each call fails, in one way; without, some of them, always the same.
Prints one line for each command; exits 1 when any was wrong, 77 where strace, electrum or the node are not installed.
"""

import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from scenarios import all_scenarios  # noqa: E402
from system_calls import SYNCS  # noqa: E402
from treasury import PEERS, Failed, Programs  # noqa: E402

NEEDS_ROOM = ("write", "pwrite64", "openat", "mkdir", "rename", "renameat2", "link", "ftruncate", "fallocate")
SAMPLE = 1  # calls of each command without --all


def faults_of(call):
    """The failures that the system call can have."""
    if call in SYNCS:
        return ("EIO",)
    return ("ENOSPC", "EDQUOT", "EIO") if call in NEEDS_ROOM else ("EIO",)


def judge(ended, injected):
    """None when the program ended as it must."""
    if not injected or ended.status == 0:
        return None
    if ended.status == 8 and "disk" in ended.codes:
        return None
    return f"ended with {ended.status}: {ended.text}"


def run_failing(scenario, scratch, is_whole):
    points = scenario.points(scratch, below=True)
    chosen = points if is_whole else points[:: max(1, -(-len(points) // SAMPLE))]
    wrong, tried = [], 0
    for number, point in enumerate(chosen):
        faults = faults_of(point[0])
        error = faults[number % len(faults)]
        ended, injected, left = scenario.fail(scratch, point, error)
        tried += 1
        for complaint in (judge(ended, injected), left):
            if complaint is not None:
                wrong.append(f"  {error} at {point[0]} {point[1]}: {complaint}")
    print(f"{'ok  ' if not wrong else 'FAIL'} {scenario.words} ({tried} failures of {len(points)} calls, {len(wrong)} wrong)", flush=True)
    if wrong:
        print("\n".join(wrong[:5]), flush=True)
    return tried, not wrong


def main():
    build, *names = sys.argv[1:]
    is_whole = "--all" in names
    names = [name for name in names if name != "--all"]
    if not shutil.which("strace") or not shutil.which("electrum") or not os.path.isdir(os.path.join(PEERS, "node_modules")):
        print("failing_calls: strace, electrum or the peers are not installed; run scripts/setup --test", file=sys.stderr)
        sys.exit(77)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="coffer-fail-", dir=memory) as scratch:
        total = failed = 0
        for scenario in all_scenarios(Programs(os.path.abspath(build)), scratch):
            if names and scenario.name not in names:
                continue
            try:
                tried, is_good = run_failing(scenario, scratch, is_whole)
                total += tried
                failed += not is_good
            except Failed as failure:
                print(f"FAIL {scenario.words}: {failure}", flush=True)
                failed += 1
        print(json.dumps({"failures": total, "failed": failed}))
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
