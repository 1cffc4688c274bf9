"""Stops or fails a program at one of its system calls, by strace."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

from treasury import Failed

WRITE_CALLS = ("write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "sync_file_range", "ftruncate", "truncate",
               "fallocate", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat", "mkdir",
               "mkdirat", "chmod", "fchmod", "sendto", "sendmsg")
SYNCS = ("fsync", "fdatasync")
PATIENCE = 120
ESCAPES = r"\x1b\[[0-9;?]*[A-Za-z]"


class Ended:
    """How a program ended, and what it said."""

    def __init__(self, status, text):
        self.status = status
        self.text = text
        lines = [line for line in text.splitlines() if line.startswith("{")]
        try:
            self.said = json.loads(lines[-1]) if lines else {}
        except ValueError:
            self.said = {}

    @property
    def codes(self):
        """The error codes of the command and of its items."""
        found = [self.said] + self.said.get("requests", [])
        return [one["error"]["code"] for one in found if one.get("error")]


def run(command, treasury, answer=None):
    """Without a terminal; with an `answer`, at one: the answer to every question that asks y or N, or a function that finds
    what is typed, if anything, by the screen since it typed last."""
    if answer is not None:
        return run_at_terminal(command, treasury, answer if callable(answer) else lambda screen: answer + "\n" if screen.endswith("[y/N] ") else None)
    done = subprocess.run(command, cwd=treasury.folder, env=treasury.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True, timeout=PATIENCE, check=False)
    return Ended(done.returncode, done.stdout.decode(errors="replace"))


def run_at_terminal(command, treasury, answer):
    ours, theirs = pty.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    with open(treasury.path("..", "printed"), "w+b") as printed:
        process = subprocess.Popen(command, cwd=treasury.folder, env=treasury.environment(), stdin=subprocess.DEVNULL, stdout=printed,
                                   stderr=subprocess.DEVNULL, preexec_fn=take_terminal)
        screen, until = "", time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            if select.select([ours], [], [], 0.02)[0]:
                screen += re.sub(ESCAPES, "", os.read(ours, 4096).decode(errors="replace"))
            typed = answer(screen)
            if typed is not None:
                os.write(ours, typed.encode())
                screen = ""
        is_over = process.poll() is not None
        if not is_over:
            os.killpg(process.pid, signal.SIGKILL)
        status = process.wait(PATIENCE)
        os.close(ours)
        os.close(theirs)  # until here, or the terminal would go away between two of the program's opens
        if not is_over:
            raise Failed(f"{' '.join(command)}: not over after {PATIENCE} seconds; the screen: {screen}")
        printed.seek(0)
        return Ended(status, printed.read().decode(errors="replace"))


def list_points(command, treasury, below=None, answer=None):
    """Each write-class call of the undisturbed command, in order: its name and its number among
    the calls of that name. Opening a file counts when that makes it. With `below`, those on files of that folder."""
    trace = treasury.path("..", "trace")
    done = run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat," + ",".join(WRITE_CALLS), "-y", *command], treasury, answer)
    if done.status != 0:
        raise Failed(f"{' '.join(command)}: {done.status}\n{done.text}")
    counts, points = {}, []
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if not found:
                continue
            counts[found[1]] = counts.get(found[1], 0) + 1
            is_change = found[1] != "openat" or "O_CREAT" in line
            if is_change and (below is None or below in line):
                points.append((found[1], counts[found[1]]))
    return points


def run_disturbed(command, treasury, point, what, answer=None):
    """`what` happens at that call: `signal=KILL`, `error=ENOSPC`."""
    call, number = point
    return run(["strace", "-f", "-qq", "-o", treasury.path("..", "trace"), "-e", f"trace={call}",
                "-e", f"inject={call}:{what}:when={number}", *command], treasury, answer)


def was_injected(treasury):
    with open(treasury.path("..", "trace"), encoding="utf-8", errors="replace") as trace:
        return "(INJECTED)" in trace.read()
