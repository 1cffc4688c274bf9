-- The home's database. Blobs are signed artefacts and are the truth; every other column is a cache
-- that can be computed from them again. Times are UTC seconds.

CREATE TABLE charters (
    version    INTEGER PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    sealed     BLOB NOT NULL,
    adopted_at INTEGER NOT NULL
) STRICT;

-- Charters that are still collecting signatures.
CREATE TABLE charter_drafts (
    hash       BLOB PRIMARY KEY NOT NULL,
    sealed     BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The policy chain.
CREATE TABLE links (
    number     INTEGER PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    previous   BLOB NOT NULL,
    entry_hash BLOB NOT NULL,
    artefact   BLOB NOT NULL,
    linked_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE requests (
    id         BLOB PRIMARY KEY NOT NULL,
    digest     BLOB NOT NULL UNIQUE,
    artefact   BLOB NOT NULL,
    status     TEXT NOT NULL,
    wallet     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    replaces   BLOB
) STRICT;

CREATE INDEX requests_by_status ON requests (status);

CREATE TABLE payloads (
    request_id    BLOB NOT NULL REFERENCES requests (id),
    position      INTEGER NOT NULL,
    digest        BLOB NOT NULL,
    payload       BLOB NOT NULL,
    status        TEXT NOT NULL,
    signed        BLOB,
    txid          TEXT,
    seen          INTEGER NOT NULL DEFAULT 0,
    block_number  INTEGER,
    block_hash    BLOB,
    confirmations INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (request_id, position)
) STRICT;

-- What a payload uses up on its chain: an account's nonce, an outpoint. A slot that is held belongs
-- to one payload; a released one may be taken again.
CREATE TABLE slots (
    account    BLOB NOT NULL,
    slot       BLOB NOT NULL,
    request_id BLOB NOT NULL,
    position   INTEGER NOT NULL,
    released   INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY (request_id, position) REFERENCES payloads (request_id, position)
) STRICT;

CREATE UNIQUE INDEX slots_held ON slots (account, slot) WHERE released = 0;
CREATE INDEX slots_by_payload ON slots (request_id, position);

CREATE TABLE votes (
    request_id BLOB NOT NULL REFERENCES requests (id),
    officer    TEXT NOT NULL,
    decision   TEXT NOT NULL,
    artefact   BLOB NOT NULL,
    at         INTEGER NOT NULL,
    comment    TEXT NOT NULL,
    PRIMARY KEY (request_id, officer, decision)
) STRICT;

CREATE TABLE signatures (
    request_id BLOB NOT NULL,
    position   INTEGER NOT NULL,
    input      INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    signature  BLOB NOT NULL,
    PRIMARY KEY (request_id, position, input, public_key),
    FOREIGN KEY (request_id, position) REFERENCES payloads (request_id, position)
) STRICT;

CREATE TABLE receipts (
    digest      BLOB PRIMARY KEY NOT NULL,
    artefact    BLOB NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;

-- The newest signed head of each log: an appliance's id, or this home's own.
CREATE TABLE heads (
    source   TEXT PRIMARY KEY NOT NULL,
    size     INTEGER NOT NULL,
    artefact BLOB NOT NULL
) STRICT;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    event    BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash     BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is insert-only');
END;

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is insert-only');
END;

-- INSERT OR REPLACE deletes without firing the trigger above, unless a connection asks for it.
CREATE TRIGGER audit_refuses_replacement BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is insert-only');
END;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;
