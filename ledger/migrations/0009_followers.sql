-- Followers fold the log into tables of their own, behind whoever records. A role of their own: it reads what is recorded and
-- writes projections and positions, nothing else.

-- A movement that a projection could not fold: only that projection waits there, until somebody mends it.
CREATE TABLE halted (
    ledger     uuid        NOT NULL,
    projection text        NOT NULL,
    number     bigint      NOT NULL,
    error      text        NOT NULL,
    halted_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ledger, projection)
);

GRANT USAGE ON SCHEMA ledger TO ledger_follower;
GRANT SELECT ON migration, movement, batch, cell, account, entry, balance, turnover, tracking, halted TO ledger_follower;
GRANT SELECT (ledger, number, recorded_at) ON head TO ledger_follower;
GRANT INSERT, UPDATE ON tracking TO ledger_follower;
GRANT INSERT, DELETE ON halted TO ledger_follower;
GRANT SELECT ON halted TO ledger_reader;
