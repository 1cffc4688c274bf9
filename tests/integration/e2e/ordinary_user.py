#!/usr/bin/python3
"""Usage: ordinary_user.py BUILD_DIR

The whole path as a user without rights, umask 000 and a hostile environment (K17); whatever lies in
the homes is the owner's alone. And what the appliance does first: it confines itself, then opens files.
"""

import os
import re
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import EXCHANGE, Node, Programs, Treasury  # noqa: E402

NOBODY = 65534
HOSTILE = {"LD_PRELOAD": "/lib/x86_64-linux-gnu/libm.so.6", "LD_LIBRARY_PATH": ".", "IFS": "/e", "LC_ALL": "tr_TR.UTF-8", "LANG": "../../etc",
           "TZ": ":/etc/shadow", "TMPDIR": "/nonexistent", "MALLOC_PERTURB_": "165", "http_proxy": "http://127.0.0.1:1",
           "ALL_PROXY": "socks5://127.0.0.1:1", "CURL_HOME": ".", "OPENSSL_CONF": "./evil.cnf", "GCONV_PATH": ".", "SQLITE_TMPDIR": ".",
           "HOME": "/nonexistent"}


class UserTreasury(Treasury):
    """Every program runs as nobody where this runs as root, else as whoever runs this."""

    prefix = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]

    def environment(self):
        return super().environment() | HOSTILE

    def command(self, program, *args):
        user = self.prefix if os.geteuid() == 0 else []
        set_hostile = [f"{name}={value}" for name, value in self.environment().items()]
        return [*user, "sh", "-c", 'umask 000; exec env -i "$@"', "sh", *set_hostile, program, "--json", *args]

    def run(self, command, accept=(0,)):
        # The shell in front gets a plain environment; what is hostile is for the program.
        plain, self.environment = self.environment, lambda: {"PATH": os.environ["PATH"]}
        try:
            return super().run(command, accept)
        finally:
            self.environment = plain

    def write(self, name, text):
        super().write(name, text)
        if os.geteuid() == 0:
            os.chown(self.path(name), NOBODY, NOBODY)


class OrdinaryUser(Cases):
    needs = ("node", "strace", "setpriv")

    def __init__(self, programs, folder):
        os.chmod(folder, 0o711)
        # Where nobody can read them, whoever owns the build.
        os.mkdir(os.path.join(folder, "bin"), 0o755)
        own = Programs(folder)
        own.coffer = shutil.copy(programs.coffer, os.path.join(folder, "bin", "coffer"))
        own.cold = shutil.copy(programs.cold, os.path.join(folder, "bin", "coffer-cold"))
        super().__init__(own, folder)
        self.node = Node(folder)
        self.treasury = UserTreasury(own, os.path.join(folder, "treasury"), self.node.url)
        os.mkdir(self.treasury.folder, 0o700)
        if os.geteuid() == 0:
            os.chown(self.treasury.folder, NOBODY, NOBODY)

    def case_goes_the_whole_way_in_a_hostile_environment(self):
        t = self.treasury
        t.found()
        self.node.call("anvil_setBalance", t.addresses["eth-hot"], hex(10**19))
        request = t.propose("eth-hot", "1")
        t.approve(request)
        t.sign(request)
        t.coffer("broadcast")
        self.node.mine(2)
        expect(t.coffer("track")["requests"][0]["status"], "success")
        expect(t.coffer("audit", "verify")["ok"], True)
        expect(self.node.balance(EXCHANGE), 10**18)

    def case_keeps_everything_to_its_owner(self):
        """In spite of umask 000."""
        t = self.treasury
        loose = []
        for home in ("home", "vault"):
            for folder, _, files in os.walk(t.path(home)):
                expect(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
                loose += [name for name in files if stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) & 0o077]
        expect(loose, [])
        for name in os.listdir(t.folder):
            mode = stat.S_IMODE(os.stat(t.path(name)).st_mode)
            expect((name, mode & (0o077 if name.endswith((".key", ".pass")) else 0o022)), (name, 0))

    def case_uses_no_key_that_others_may_read(self):
        t = self.treasury
        os.chmod(t.path("alice.key"), 0o644)
        said = t.refused(t.command(t.programs.coffer, "charter", "sign", "charter.sealed", *t.as_officer("alice"), "--out", "x"), "file_perm")
        expect("alice.key" in said["error"]["message"], True)
        os.chmod(t.path("alice.key"), 0o600)
        os.chmod(t.path("vault"), 0o755)
        t.refused(t.command(t.programs.cold, "sign", "bundle", "--out", "x", "--passphrase-file", "vault.pass"), "file_perm")
        os.chmod(t.path("vault"), 0o700)

    def trace(self, *args):
        """The system calls of the appliance, in order, after the loader has started it."""
        t = self.treasury
        file = os.path.join(self.folder, "trace")
        environment = {"PATH": os.environ["PATH"], "COFFER_COLD_HOME": t.path("vault")}
        done = subprocess.run(["strace", "-f", "-qq", "-s", "200", "-o", file, self.programs.cold, "--json", *args], cwd=t.folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=60, check=False)
        expect((done.returncode, done.stderr), (0, done.stderr))
        with open(file, encoding="utf-8", errors="replace") as lines:
            return [re.sub(r"^\d+ +", "", line) for line in lines]

    def case_confines_itself_before_it_opens_a_file(self):
        if os.geteuid() == 0:  # strace shall see a program of its own user
            subprocess.run(["chown", "-R", "0:0", self.treasury.folder], check=True)
        calls = self.trace("keys", "generate", "--id", "traced", "--passphrase-file", "vault.pass")
        confined = next(i for i, call in enumerate(calls) if re.match(r"seccomp\(SECCOMP_SET_MODE_FILTER|prctl\(PR_SET_SECCOMP", call))
        opened = [i for i, call in enumerate(calls) if re.match(r"(open|openat|openat2|creat)\(", call)]
        libraries = re.compile(r'"(/lib|/usr/lib|/etc/ld\.so)')
        expect([calls[i] for i in opened if i < confined and not libraries.search(calls[i])], [])
        # A program that has made itself undumpable hides its memory, and so its paths, from the strace of an ordinary user.
        vault = re.compile(re.escape(self.treasury.path("vault")) + r"|\(AT_FDCWD, 0x")
        expect(any(vault.search(calls[i]) for i in opened if i > confined), True)
        expect(any(call.startswith("prctl(PR_SET_NO_NEW_PRIVS, 1") for call in calls[:confined]), True)
        # Randomness comes from the kernel, and enough of it for a key of 24 words.
        drawn = sum(int(call.rsplit("=", 1)[1]) for call in calls[confined:] if call.startswith("getrandom("))
        expect(drawn >= 32, True)
        # Neither a socket nor another program, then or before.
        expect([call for call in calls[1:] if re.match(r"(socket|connect|execve|execveat|io_uring_setup|ptrace)\(", call)], [])


if __name__ == "__main__":
    OrdinaryUser.main()
