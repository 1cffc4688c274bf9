-- One line about what a request pays, for lists of thousands.
ALTER TABLE requests ADD COLUMN summary TEXT NOT NULL DEFAULT '';
-- When it first left for the vault. From then on it may have been signed there, so that its slots stay
-- taken although its time is over.
ALTER TABLE requests ADD COLUMN exported_at INTEGER;
-- The proposer's note on a payment: nobody signs it.
ALTER TABLE payloads ADD COLUMN memo TEXT NOT NULL DEFAULT '';

CREATE INDEX requests_by_creation ON requests (created_at, id);

-- Bundles that left for the vault, and the size of the log that each showed of an appliance: what a
-- receipt has to continue.
CREATE TABLE bundles (
    digest      BLOB PRIMARY KEY NOT NULL,
    exported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE bundle_heads (
    bundle BLOB NOT NULL REFERENCES bundles (digest),
    source TEXT NOT NULL,
    size   INTEGER NOT NULL,
    PRIMARY KEY (bundle, source)
) STRICT;

-- The newest receipt of each appliance: how far it knows the policy chain, and its log.
CREATE TABLE appliances (
    id      TEXT PRIMARY KEY NOT NULL,
    receipt BLOB NOT NULL REFERENCES receipts (digest)
) STRICT;
