#!/usr/bin/python3
"""Usage: hostile_environment.py BUILD_DIR

The main path with every mask bit off and an environment that means no good (K17), and the same in a
quiet one: files are for nobody else, and nothing is decided by a variable.
"""

import datetime
import os
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import EXCHANGE, Treasury  # noqa: E402

OPENSSL_CONF = "openssl_conf = a\n[a]\nproviders = b\n[b]\nevil = c\n[c]\nmodule = /nonexistent/evil.so\nactivate = 1\n"


class Hostile(Treasury):
    def environment(self):
        return super().environment() | {
            "PATH": ".", "HOME": "/nonexistent", "TMPDIR": "/nonexistent", "SQLITE_TMPDIR": "/nonexistent", "IFS": "0123456789",
            "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.ISO-8859-1", "LANGUAGE": "../..", "TERM": "\x1b[2J",
            "COLUMNS": "-1", "LD_LIBRARY_PATH": ".", "LD_BIND_NOW": "1", "GCONV_PATH": ".", "MALLOC_PERTURB_": "165",
            "OPENSSL_CONF": self.path("openssl.cnf"), "POSIXLY_CORRECT": "1", "http_proxy": "http://127.0.0.1:1",
            "COFFER_PASSPHRASE": "another passphrase", "COFFER_OFFICER": "mallory"}


class Environments(Cases):
    needs = ()

    def main_path(self, kind, mask):
        """A treasury, and one request that went through the vault; nothing is shared with the others."""
        treasury = kind(self.programs, os.path.join(self.folder, kind.__name__))
        before = os.umask(mask)
        try:
            os.mkdir(treasury.folder, 0o700)
            treasury.write("openssl.cnf", OPENSSL_CONF)
            treasury.found()
            request = treasury.propose("eth-hot", "1.5", *treasury.offline_inputs())
            treasury.coffer("export", request["id"], "--format", "review", "--out", "review")
            treasury.approve(request)
            treasury.sign(request)
            treasury.coffer("audit", "export", "--out", "audit.jsonl")
            treasury.cold("backup", "backup", "--passphrase-file", "vault.pass")
        finally:
            os.umask(before)
        return treasury, request

    def sound(self, treasury, request):
        shown = treasury.show(request)
        paid = shown["payment"]["payments"][0]
        expect((shown["status"], paid["destination"], paid["amount"]), ("pending_broadcast", EXCHANGE, str(15 * 10**17)))
        created = datetime.datetime.strptime(shown["created_at"], "%Y-%m-%dT%H:%M:%S%z")
        age = datetime.datetime.now(datetime.timezone.utc) - created
        expect(datetime.timedelta(0) <= age < datetime.timedelta(minutes=10), True)
        treasury.coffer("audit", "verify")
        treasury.cold("log", "verify", "--passphrase-file", "vault.pass")

    def closed(self, treasury):
        """Homes and keys are for nobody else; what travels may be read, and no more."""
        found = [os.path.join(folder, name) for folder, folders, files in os.walk(treasury.folder) for name in folders + files]
        own = [name for name in found if name.startswith((treasury.path("home"), treasury.path("vault"))) or name.endswith(".key")]
        expect([name for name in own if stat.S_IMODE(os.lstat(name).st_mode) & 0o077], [])
        expect([name for name in found if stat.S_IMODE(os.lstat(name).st_mode) & 0o022], [])
        expect(len(own) > 10 and len(found) > 20, True)

    def case_ignores_what_the_environment_wants(self):
        treasury, request = self.main_path(Hostile, 0)
        self.sound(treasury, request)
        self.closed(treasury)

    def case_works_in_a_quiet_environment(self):
        treasury, request = self.main_path(Treasury, 0o077)
        self.sound(treasury, request)
        self.closed(treasury)


if __name__ == "__main__":
    Environments.main()
