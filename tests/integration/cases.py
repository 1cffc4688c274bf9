"""A little runner: every method `case_…` in the order of the file, in one folder, one line each."""

import inspect
import os
import shutil
import sys
import tempfile
import time
import traceback

from treasury import PEERS, Programs


class Skipped(Exception):
    """What the case needs is not here."""


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


class Cases:
    needs = ("node",)  # programs beside those under test

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder

    def close(self):
        pass

    @classmethod
    def main(cls):
        build, *names = sys.argv[1:]
        missing = [program for program in cls.needs if not shutil.which(program)]
        if "node" in cls.needs and not os.path.isdir(os.path.join(PEERS, "node_modules")):
            missing.append("tests/peers/node_modules")
        if missing:
            print(f"not installed: {', '.join(missing)}; run scripts/setup --test", file=sys.stderr)
            sys.exit(77)
        cases = [name for name, _ in inspect.getmembers(cls, inspect.isfunction) if name.startswith("case_")]
        cases.sort(key=lambda name: inspect.getsourcelines(getattr(cls, name))[1])
        unknown = [name for name in names if name not in cases]
        if unknown:
            sys.exit(f"no such case: {', '.join(unknown)}")
        failed = 0
        with tempfile.TemporaryDirectory(prefix="coffer-e2e-") as folder:
            started = time.monotonic()
            house = cls(Programs(os.path.abspath(build)), folder)
            print(f"made in {time.monotonic() - started:.1f} s", flush=True)
            try:
                for name in cases:
                    if names and name not in names:
                        continue
                    failed += not house.attempt(name)
            finally:
                house.close()
        sys.exit(1 if failed else 0)

    def attempt(self, name):
        started = time.monotonic()
        words = name.removeprefix("case_").replace("_", " ")
        try:
            getattr(self, name)()
        except Skipped as reason:
            print(f"skip {words}: {reason}", flush=True)
        except Exception:  # one case must not keep the others from running
            print(f"FAIL {words}", flush=True)
            traceback.print_exc(file=sys.stdout)
            return False
        else:
            print(f"ok   {words} ({time.monotonic() - started:.1f} s)", flush=True)
        return True
