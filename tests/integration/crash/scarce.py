#!/usr/bin/python3
"""Usage: scarce.py BUILD_DIR [COMMAND[_undisturbed]]…

Commands under limits of the machine: few file descriptors, small files, little memory, no further process. Each must end
by an error that it tells, or have done its work, and a rerun without the limit must leave what an undisturbed run leaves.
With _undisturbed the command is only run, twice. Exits 1 when any was wrong, 77 where strace, electrum or the node are not installed.
"""

import json
import os
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from scenarios import all_scenarios  # noqa: E402
from system_calls import run  # noqa: E402
from treasury import PEERS, Failed, Programs  # noqa: E402

MIB = 1024 * 1024
LIMITS = ([("nofile", count) for count in range(3, 13)] + [("fsize", size) for size in (0, 1, 4096, 20000)] +
          [("as", size * MIB) for size in (24, 48, 96, 192)] + [("nproc", 0)])
# The kernel ends a process that writes past its file size; the loader cannot start one without memory or descriptors.
ENDED_BY_KERNEL = {"fsize": {-signal.SIGXFSZ}, "as": {127, -signal.SIGSEGV}, "nofile": {127}}
COMMANDS = ("init", "cold_init", "approve", "sign", "broadcast")  # unless others are named


def run_scarce(scenario, scratch, resource, amount):
    victim = scenario.fresh(scratch, f"{scenario.name}-victim")
    ended = run(["prlimit", f"--{resource}={amount}", "--", *scenario.command(victim)], victim, scenario.answer)
    wrong = []
    is_told = ended.status == 0 or (1 <= ended.status <= 10 and ended.codes)
    if not is_told and ended.status not in ENDED_BY_KERNEL.get(resource, ()):
        wrong.append(f"  {resource} {amount}: ended with {ended.status}: {ended.text}")
    left = scenario.rerun(scratch, victim)
    if left is not None:
        wrong.append(f"  {resource} {amount}: a rerun leaves {left}")
    return wrong


def main():
    build, *names = sys.argv[1:]
    if not shutil.which("strace") or not shutil.which("electrum") or not os.path.isdir(os.path.join(PEERS, "node_modules")):
        print("scarce: strace, electrum or the peers are not installed; run scripts/setup --test", file=sys.stderr)
        sys.exit(77)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="coffer-scarce-", dir=memory) as scratch:
        failed = 0
        for scenario in all_scenarios(Programs(os.path.abspath(build)), scratch):
            if f"{scenario.name}_undisturbed" in names:
                failed += not scenario.run_undisturbed(scratch)
            if scenario.name not in (names or COMMANDS):
                continue
            try:
                wrong = [line for limit in LIMITS for line in run_scarce(scenario, scratch, *limit)]
            except Failed as failure:
                wrong = [f"  {failure}"]
            print(f"{'ok  ' if not wrong else 'FAIL'} {scenario.words} ({len(LIMITS)} limits)", flush=True)
            if wrong:
                print("\n".join(wrong[:8]), flush=True)
            failed += bool(wrong)
        print(json.dumps({"limits": len(LIMITS), "failed": failed}))
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
