-- Long work: what became of it, seen from whichever process is asked. Whoever does it says every second that it goes on; the work
-- of one that died is told as lost by that. Rows go after some days.
CREATE TABLE job (
    ledger     uuid        NOT NULL,
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    work       text        NOT NULL,
    by         text        NOT NULL,
    role_grant bigint      NOT NULL,
    action     text        NOT NULL,
    about      json       NOT NULL,
    state      text        NOT NULL,
    step       json,
    done       bigint      NOT NULL DEFAULT 0,
    total      bigint      NOT NULL DEFAULT 0,
    version    bigint      NOT NULL DEFAULT 1,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    heard_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz,
    result     json,
    problem    json,
    file_name  text,
    media_type text,
    content    bytea,
    PRIMARY KEY (ledger, id)
);
COMMENT ON COLUMN job.by IS 'The human who asked; nobody else sees it, and they only under the grant they asked under.';
COMMENT ON COLUMN job.version IS 'One more with each change that is told: the id of an event.';
CREATE INDEX job_of_somebody ON job (ledger, by, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON job TO ledger_writer;
GRANT SELECT ON job TO ledger_reader;
