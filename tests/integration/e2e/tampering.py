#!/usr/bin/python3
"""Usage: tampering.py BUILD_DIR

Databases that somebody else wrote to, or put back from an earlier day: what finds it out, with which code.
"""

import contextlib
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import Treasury  # noqa: E402

PASSPHRASE = ("--passphrase-file", "vault.pass")
INTEGRITY = {"db_tamper", "db_corrupt", "log_chain", "log_truncated", "schema", "ledger_rollback", "db_rollback"}
# Notes of this home that no signed bytes and no record repeat, and that nothing decides by.
NOTES = {"bundles.exported_at", "charters.adopted_at", "links.linked_at", "payloads.memo", "receipts.imported_at", "requests.exported_at",
         "schema_migrations.applied_at"}


class Tampering(Cases):
    needs = ()

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.treasury = t = Treasury(programs, os.path.join(folder, "treasury"))
        os.mkdir(t.folder, 0o700)
        t.found()
        self.days = []
        self.keep("adopted")
        request = t.propose("eth-hot", "1", *t.offline_inputs(0))
        self.keep("proposed")
        t.approve(request, ["alice"])
        self.keep("approved once")
        t.approve(request, ["bob"])
        self.keep("approved")
        t.coffer("export", request["id"], "--out", "first.bundle")
        self.keep("exported")
        t.run(t.sign_command("first.bundle", "first.receipt", request))
        self.keep("signed")
        t.coffer("import", "first.receipt")
        self.keep("imported")
        waiting = t.propose("eth-hot", "2", *t.offline_inputs(1), "--memo", "rent")
        t.approve(waiting, ["alice"])
        self.keep("another proposed")
        self.waiting = waiting
        t.coffer("audit", "export", "--out", "anchor")

    def keep(self, day):
        self.days.append((day, self.treasury.copy_as(f"day-{len(self.days)}")))

    def verify(self, treasury, *anchor):
        """The code that `audit verify` ends with; None when it finds nothing."""
        said = treasury.coffer("audit", "verify", *anchor, accept=None)
        return (said.get("error") or {}).get("code")

    @contextlib.contextmanager
    def hand_in(self, treasury):
        """A hand in the database, which no trigger stops."""
        database = sqlite3.connect(treasury.path("home", "coffer.db"), isolation_level=None)
        for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        try:
            yield database
        finally:
            database.close()

    @staticmethod
    def altered(value):
        if isinstance(value, int):
            return value + 1000
        if isinstance(value, str):
            return value + "x"
        if isinstance(value, bytes) and value:
            return bytes([value[0] ^ 1]) + value[1:]
        return None

    def columns(self):
        with self.hand_in(self.treasury.copy_as("columns")) as database:
            tables = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()]
            return [(table, column, kind) for table in tables
                    for _, column, kind, *_ in database.execute(f"PRAGMA table_info({table})").fetchall()]

    def case_finds_nothing_in_what_nobody_touched(self):
        expect(self.verify(self.treasury), None)
        expect(self.verify(self.treasury, "anchor"), None)

    def case_finds_each_column_that_was_changed(self):
        """Of each table, in its first and in its last row."""
        unnoticed, tried, wrong = set(), 0, []
        for table, column, kind in self.columns():
            for order in ("ASC", "DESC"):
                victim = self.treasury.copy_as("victim")
                with self.hand_in(victim) as database:
                    row = database.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid {order} LIMIT 1").fetchone()
                    if row is None:
                        continue
                    value = self.altered(row[1]) if row[1] is not None else {"INTEGER": 7, "TEXT": "x"}.get(kind, b"x")
                    database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row[0]))
                tried += 1
                code = self.verify(victim)
                if code is None:
                    unnoticed.add(f"{table}.{column}")
                elif code not in INTEGRITY:
                    wrong.append((table, column, code, victim.coffer("audit", "verify", accept=None)["findings"]))
        expect(tried > 140, True)
        expect(wrong, [])
        expect(unnoticed - NOTES, set())
        expect(NOTES - unnoticed, set())  # what is found out now stands in no list

    def put_back(self, day, folder):
        """Today's treasury with one folder of an earlier day."""
        victim = self.treasury.copy_as("victim")
        shutil.rmtree(victim.path(folder))
        shutil.copytree(day.path(folder), victim.path(folder))
        return victim

    def case_finds_each_earlier_database(self):
        """An old home fits itself: what somebody else holds finds it out."""
        for name, day in self.days[:-1]:
            victim = self.put_back(day, "home")
            expect((name, self.verify(victim)), (name, None))
            expect((name, self.verify(victim, "anchor")), (name, "log_truncated"))

    def case_the_vaults_answer_finds_an_earlier_database(self):
        """It signs what the home does not know to have sent."""
        for name, day in self.days[:4]:
            victim = self.put_back(day, "home")
            victim.coffer("import", "first.receipt", accept=(0, 7))
            expect((name, self.verify(victim)), (name, "db_rollback"))

    def case_finds_that_a_request_was_never_exported(self):
        """An expired one that never left frees what it holds."""
        victim = self.treasury.copy_as("victim")
        with self.hand_in(victim) as database:
            database.execute("UPDATE requests SET exported_at = NULL")
        expect(self.verify(victim), "db_tamper")

    def case_finds_each_earlier_ledger(self):
        """The heads that the home has seen go out in the next bundle."""
        self.treasury.approve(self.waiting, ["bob"])
        self.treasury.coffer("export", self.waiting["id"], "--out", "second.bundle")
        for name, day in self.days[:5]:
            victim = self.put_back(day, "vault")
            victim.refused(victim.sign_command("second.bundle", "second.receipt", self.waiting), "ledger_rollback")
            expect((name, os.path.exists(victim.path("second.receipt"))), (name, False))
        self.treasury.run(self.treasury.sign_command("second.bundle", "second.receipt", self.waiting))
        self.treasury.coffer("import", "second.receipt")

    def with_a_log_beside(self, name, work):
        """A copy of the treasury after `work`, with SQLite's own log still beside the database."""
        busy = self.treasury.copy_as(name)
        reader = sqlite3.connect(busy.path("home", "coffer.db"))
        reader.execute("SELECT count(*) FROM audit").fetchone()  # who closes last takes the log away
        work(busy)
        copy = busy.copy_as(f"{name}-kept")
        reader.close()
        expect(os.path.getsize(copy.path("home", "coffer.db-wal")) > 0, True)
        return copy

    def case_finds_that_sqlites_log_is_gone(self):
        kept = self.with_a_log_beside("vote", lambda t: t.propose("eth-hot", "3", *t.offline_inputs(2)))
        whole = kept.copy_as("whole")
        whole.coffer("audit", "export", "--out", "later-anchor")
        expect(self.verify(whole), None)
        for lost in (("coffer.db-wal",), ("coffer.db-wal", "coffer.db-shm")):
            victim = kept.copy_as("victim")
            shutil.copy(whole.path("later-anchor"), victim.path("later-anchor"))
            for name in lost:
                os.remove(victim.path("home", name))
            expect(self.verify(victim, "later-anchor"), "log_truncated")
        os.remove(kept.path("home", "coffer.db-shm"))  # made anew from the log, and nothing is lost
        shutil.copy(whole.path("later-anchor"), kept.path("later-anchor"))
        expect(self.verify(kept, "later-anchor"), None)

    def case_finds_a_log_of_another_database(self):
        other = self.with_a_log_beside("other", lambda t: t.propose("eth-hot", "4", *t.offline_inputs(2)))
        for name, day in self.days[:-1]:
            victim = self.put_back(day, "home")
            shutil.copy(other.path("home", "coffer.db-wal"), victim.path("home", "coffer.db-wal"))
            expect((name, self.verify(victim) in INTEGRITY), (name, True))


if __name__ == "__main__":
    Tampering.main()
