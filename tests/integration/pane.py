"""A shell at a real terminal: tmux, 80 columns and 24 rows."""

import re
import shlex
import subprocess
import time

from cases import expect

PATIENCE = 20
PAGES = r"space: (?:next page|on to the question)[^\n]*"
CHALLENGE = r"Type characters (?P<first>\d+) to (?P<last>\d+) of the destination, and the amount in ETH, to (?:approve|sign|reject)[^:]*:"


def answer(found, destination, amount):
    """What the challenge asks for."""
    return f"{destination[2:][int(found['first']) - 1:int(found['last'])]} {amount}"


class Pane:
    """One shell in a tmux of its own."""

    def __init__(self, treasury, socket):
        self.tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
        environment = {**treasury.environment(), "TERM": "xterm", "PS1": "ready>"}
        self.call("new-session", "-d", "-x", "80", "-y", "24", "-c", treasury.folder, "env", "-i",
                  *[f"{name}={value}" for name, value in environment.items()], "sh")
        try:
            self.see("ready>")
        except AssertionError:
            self.close()
            raise

    def call(self, *args):
        done = subprocess.run([*self.tmux, *args], capture_output=True, timeout=20, check=False)
        if done.returncode != 0:
            raise AssertionError(f"tmux {args}: {done.stderr.decode()}")
        return done.stdout.decode()

    def close(self):
        subprocess.run([*self.tmux, "kill-server"], capture_output=True, timeout=20, check=False)

    def screen(self):
        return self.call("capture-pane", "-p").rstrip()

    def everything(self):
        """With what has scrolled away, lines put together again."""
        return self.call("capture-pane", "-p", "-J", "-S", "-", "-E", "-")

    def see(self, pattern, fresh=0):
        """Waits until the end of the pane matches; returns the match."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            text = self.everything().rstrip()
            found = list(re.finditer(pattern, text))
            if len(found) > fresh:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} on the screen:\n{self.everything()}")

    def type(self, text, enter=True):
        self.call("send-keys", "-l", text)
        if enter:
            self.call("send-keys", "Enter")

    def run(self, *command):
        self.type(shlex.join(command))

    def ended(self, status):
        """The command is over, with this status, and the shell has its terminal back."""
        prompts = len(re.findall(r"ready>", self.everything()))
        self.type('echo "status=$?" echo=$(stty -a | grep -o -- "-\\?\\<echo\\>") lines=$(stty -a | grep -o -- "-\\?\\<icanon\\>")')
        found = self.see(r"status=(\d+) echo=(\S+) lines=(\S+)\n", 0)
        expect((found[1], found[2], found[3]), (str(status), "echo", "icanon"))
        return prompts

    def clear(self):
        self.call("send-keys", "-R")
        self.call("clear-history")
        self.type("clear")
        time.sleep(0.3)
        self.call("clear-history")

    def process(self, name):
        """The process id of the program that runs in the pane."""
        shell = self.call("display-message", "-p", "#{pane_pid}").strip()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", shell], capture_output=True, check=False).stdout.decode()
            for line in found.splitlines():
                pid, comm = line.split(None, 1)
                if comm.strip() == name:
                    return int(pid)
            time.sleep(0.05)
        raise AssertionError(f"no {name} below the shell")

    def page_through(self):
        """Space until the question; every page must fit. How many there were, and the question."""
        for page in range(1, 30):
            found = self.see(f"page {page} of \\d+\\s+{PAGES}$|{CHALLENGE}$")
            if found["first"]:
                return page - 1, found
            expect(len(self.screen().split("\n")) <= 24, True)
            self.type(" ", enter=False)
        raise AssertionError("no end of pages")
