-- What limits count: one row a request from its last needed vote on, until it ends unsigned. `outflow` is a cache of what the
-- signed bytes say; empty for requests of before this table, which are computed where they are needed.
CREATE TABLE charges (
    request_id BLOB PRIMARY KEY NOT NULL REFERENCES requests (id),
    at         INTEGER NOT NULL,
    outflow    BLOB NOT NULL
) STRICT;

CREATE INDEX charges_by_time ON charges (at);

INSERT INTO charges (request_id, at, outflow)
    SELECT id, created_at, x'' FROM requests WHERE status NOT IN ('pending_review', 'rejected', 'expired', 'cancelled');
