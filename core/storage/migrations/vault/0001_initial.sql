-- The appliance's ledger: the log is the truth, meta holds what is derived from it.

CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    event    BLOB NOT NULL
) STRICT;

CREATE TRIGGER log_refuses_update BEFORE UPDATE ON log
BEGIN
    SELECT RAISE(ABORT, 'the log is insert-only');
END;

CREATE TRIGGER log_refuses_delete BEFORE DELETE ON log
BEGIN
    SELECT RAISE(ABORT, 'the log is insert-only');
END;

-- INSERT OR REPLACE deletes without firing the trigger above, unless a connection asks for it.
CREATE TRIGGER log_refuses_replacement BEFORE INSERT ON log
WHEN EXISTS (SELECT 1 FROM log WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'the log is insert-only');
END;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;
