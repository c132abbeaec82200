-- Work that is asked for again under a key is the same work: a form that is sent twice begins once.
ALTER TABLE job ADD COLUMN key text;
CREATE UNIQUE INDEX job_of_a_key ON job (ledger, by, key);

-- What replays of the log found, under the number of the work that did them. No part of the ledger: it is told of the log as it
-- stood then, and a replay is asked for again to know how it stands now.
CREATE TABLE replay (
    ledger   uuid        NOT NULL,
    job      bigint      NOT NULL,
    by       text        NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    found    jsonb       NOT NULL,
    PRIMARY KEY (ledger, job)
);
COMMENT ON COLUMN replay.by IS 'Subject of who asked for it; whoever may judge the whole log again may read it.';

GRANT SELECT, INSERT ON replay TO ledger_writer;
GRANT SELECT ON replay TO ledger_reader;
