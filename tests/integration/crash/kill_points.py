#!/usr/bin/python3
"""Usage: kill_points.py BUILD_DIR [--all] [COMMAND[_undisturbed]]…

Kills each command that changes something, of both programs, at its write-class system calls, reruns it, and
compares what is there then with what an undisturbed run leaves: nothing lost, nothing doubled. One fresh copy of
the treasury a kill. With --all at every call; without, at some of them, always the same. With _undisturbed the
command is only run, twice. Prints one line for each; exits 1 when any rerun differed, 77 where strace,
electrum or the node are not installed.
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

SAMPLE = 2  # points of each command without --all
THOROUGH = {"approve": 12, "sign": 12, "import": 12, "broadcast": 12, "import_psbt": 6, "pin": 6,
            "ceremony_create": 28, "ceremony_refresh": 10, "ceremony_combine": 7}  # where money, a vote or a key is at stake
ELSEWHERE = 3  # points of a ceremony beside the beginnings and ends of what it changes


def spread(points, most):
    return points[:: max(1, -(-len(points) // most))]


def choose(name, points, is_whole):
    if is_whole:
        return points
    if name.startswith("ceremony"):  # most of its calls are those of the terminal
        steps = [point for point in points if point[0] in ("openat", *SYNCS)]
        return spread(steps, THOROUGH[name]) + spread([point for point in points if point not in steps], ELSEWHERE)
    return spread(points, THOROUGH.get(name, SAMPLE))


def run_killed(scenario, scratch, is_whole):
    """How many kills, and whether every rerun left what an undisturbed run leaves."""
    points = scenario.points(scratch)
    chosen = choose(scenario.name, points, is_whole)
    different, missed = [], 0
    for point in chosen:
        was_killed, found = scenario.kill(scratch, point)
        missed += not was_killed
        if found is not None:
            different.append(f"  killed at {point[0]} {point[1]}: expected one of {scenario.accepted}, found {found}")
    is_good = chosen and not different and missed <= len(chosen) // 10
    print(f"{'ok  ' if is_good else 'FAIL'} {scenario.words} ({len(chosen)} of {len(points)} kill points, {missed} not reached, "
          f"{len(different)} reruns differ)", flush=True)
    if different:
        print("\n".join(different[:5]), flush=True)
    return len(chosen), is_good


def main():
    build, *names = sys.argv[1:]
    is_whole = "--all" in names
    names = [name for name in names if name != "--all"]
    if not shutil.which("strace") or not shutil.which("electrum") or not os.path.isdir(os.path.join(PEERS, "node_modules")):
        print("kill_points: strace, electrum or the peers are not installed; run scripts/setup --test", file=sys.stderr)
        sys.exit(77)
    # In memory where there is room: a kill proves nothing about power cuts, and copies are many.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="coffer-kill-", dir=memory) as scratch:
        total = failed = 0
        scenarios = all_scenarios(Programs(os.path.abspath(build)), scratch)
        kinds = [f"{scenario.name}{kind}" for scenario in scenarios for kind in ("", "_undisturbed")]
        unknown = [name for name in names if name not in kinds]
        if unknown:
            sys.exit(f"no such command: {', '.join(unknown)}")
        for scenario in scenarios:
            try:
                if f"{scenario.name}_undisturbed" in (names or kinds):
                    failed += not scenario.run_undisturbed(scratch)
                if scenario.name in (names or kinds):
                    points, is_good = run_killed(scenario, scratch, is_whole)
                    total += points
                    failed += not is_good
            except Failed as failure:
                print(f"FAIL {scenario.words}: {failure}", flush=True)
                failed += 1
        print(json.dumps({"commands": len(scenarios), "kill_points": total, "failed": failed}))
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
