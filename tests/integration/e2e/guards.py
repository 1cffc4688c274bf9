#!/usr/bin/python3
"""A guard that nothing can reach looks like protection and is none: scripts/guards finds it, here in a program of a few lines."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

from cases import Cases, expect  # noqa: E402

PROGRAM = {
    "CMakeLists.txt": """
cmake_minimum_required(VERSION 3.25)
project(guarded CXX)
set(CMAKE_CXX_STANDARD 20)
include(CTest)
add_executable(test_fee tests/unit/core/policy/fee_test.cpp core/policy/fee.cpp)
target_include_directories(test_fee PRIVATE "${PROJECT_SOURCE_DIR}")
add_test(NAME unit/core/policy COMMAND test_fee)
""",
    "core/base/error_codes.inc": """
COFFER_ERROR(amount_range, malformed, decode)
COFFER_ERROR(fee_cap, policy, policy)
""",
    "core/base/error.h": """
#pragma once
#include <string_view>
namespace coffer {
enum class ErrorCode {
#define COFFER_ERROR(name, exit, stage) name,
#include "core/base/error_codes.inc"
#undef COFFER_ERROR
};
inline std::string_view name_of(ErrorCode code) { return code == ErrorCode::fee_cap ? "fee_cap" : "amount_range"; }
class Error {
public:
    explicit Error(ErrorCode code) : m_code{code} {}
    ErrorCode code() const { return m_code; }
private:
    ErrorCode m_code;
};
}
""",
    "core/policy/fee.cpp": """
#include "core/base/error.h"
namespace coffer {
int require_fee(int fee)
{
    if (fee > 100)
        throw Error{ErrorCode::amount_range};
    if (fee > 1000)
        throw Error{ErrorCode::fee_cap};
    return fee;
}
}
""",
    "tests/unit/core/policy/fee_test.cpp": """
#include "core/base/error.h"
namespace coffer {
int require_fee(int fee);
}
bool refuses(int fee)
{
    try {
        coffer::require_fee(fee);
    } catch (const coffer::Error&) {
        return true;
    }
    return false;
}
int main()
{
    return refuses(500) && refuses(2000) ? 0 : 1;
}
""",
}


class Guards(Cases):
    needs = ("cmake", "ninja", "git")

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        for name, content in PROGRAM.items():
            path = os.path.join(folder, "program", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write(content.lstrip())
        self.program = os.path.join(folder, "program")
        os.makedirs(os.path.join(self.program, "scripts"))
        for script in ("guards", "with-network"):
            shutil.copy(os.path.join(ROOT, "scripts", script), os.path.join(self.program, "scripts"))
        subprocess.run(["git", "init", "-q"], cwd=self.program, check=True)
        subprocess.run(["git", "add", "."], cwd=self.program, check=True)

    def removal_of(self, *codes):
        done = subprocess.run([os.path.join(self.program, "scripts", "guards"), *codes], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[-len(codes) - 1:]

    def case_finds_a_guard_that_nothing_reaches(self):
        expect(self.removal_of("amount_range", "fee_cap"),
               (1, ["amount_range             unit/core/policy", "fee_cap                  NOTHING TURNS RED",
                    "2 refusals removed, unguarded: fee_cap"]))

    def case_finds_nothing_where_each_guard_decides(self):
        expect(self.removal_of("amount_range"), (0, ["amount_range             unit/core/policy", "1 refusals removed, unguarded: none"]))


if __name__ == "__main__":
    Guards.main()
