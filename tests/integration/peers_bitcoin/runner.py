"""Runs every method `case_…` of an object, in the order of the file, one line each."""

import inspect
import os
import sys
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from bitcoin_node import BitcoinNode  # noqa: E402


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def given_node():
    file = os.environ.get("COFFER_TEST_BITCOIN_NODE")
    if not file:
        sys.exit("COFFER_TEST_BITCOIN_NODE is not set; run this through tests/integration/with-bitcoin-node")
    return BitcoinNode(file)


def run_cases(house):
    """The exit status: 1 when a case failed."""
    cases = [(name, method) for name, method in inspect.getmembers(house, inspect.ismethod) if name.startswith("case_")]
    failed = 0
    for name, method in sorted(cases, key=lambda case: case[1].__func__.__code__.co_firstlineno):
        words = name.removeprefix("case_").replace("_", " ")
        try:
            method()
            print(f"ok   {words}", flush=True)
        except Exception:  # one case must not keep the others from running
            failed += 1
            print(f"FAIL {words}", flush=True)
            traceback.print_exc(file=sys.stdout)
    return 1 if failed else 0
