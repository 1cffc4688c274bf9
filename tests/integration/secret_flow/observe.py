#!/usr/bin/python3
"""Own code that touches secrets under valgrind, with the secrets marked undefined: what depends on them is reported.

Usage: observe.py BUILD [CASE]...
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from cases import Cases, expect  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


class SecretFlow(Cases):
    needs = ("valgrind",)

    def observe(self, *control):
        program = os.path.join(self.programs.build, "tests", "integration", "secret_flow", "secret_flow")
        return subprocess.run(["valgrind", "-q", "--error-exitcode=1", "--suppressions=" + os.path.join(HERE, "libraries.supp"), program, *control],
                              capture_output=True, check=False).returncode

    def case_finds_nothing_in_our_code(self):
        expect(self.observe(), 0)

    def case_reports_a_branch_and_an_index(self):
        expect((self.observe("--branch"), self.observe("--index")), (1, 1))


if __name__ == "__main__":
    SecretFlow.main()
