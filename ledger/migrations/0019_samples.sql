-- The auditor's workspace: samples of the log and what was found of each item. No part of the ledger: nothing of it is an event,
-- and nothing of the ledger refers to it. What was drawn, of what and how, is never changed; what people write beside it is.
CREATE TABLE sample (
    ledger       uuid        NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    paper        text        NOT NULL,
    matter       text        NOT NULL,
    population   jsonb       NOT NULL,
    drawing      jsonb       NOT NULL,
    movements    bigint      NOT NULL,
    amount       bigint      NOT NULL,
    root         bytea       NOT NULL,
    prepared_by  text        NOT NULL,
    prepared_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    conclusion   text        NOT NULL DEFAULT '',
    concluded_by text,
    reviewed_by  text,
    reviewed_at  timestamptz,
    version      bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (ledger, id),
    UNIQUE (ledger, paper)
);
COMMENT ON COLUMN sample.movements IS 'Of the whole population, as its amount (fen) is.';
COMMENT ON COLUMN sample.root IS 'Of the RFC 6962 tree over all leaves up to the number of the population.';

CREATE TABLE sample_item (
    ledger    uuid   NOT NULL,
    sample    bigint NOT NULL,
    item      int    NOT NULL,
    number    bigint NOT NULL,
    amount    bigint NOT NULL,
    leaf      bytea  NOT NULL,
    proof     bytea  NOT NULL,
    checks    text[] NOT NULL,
    exception text   NOT NULL DEFAULT '',
    criterion text   NOT NULL DEFAULT '',
    reply     text   NOT NULL DEFAULT '',
    conclusion text  NOT NULL DEFAULT '',
    figure    text   NOT NULL DEFAULT '',
    kept_by   text,
    version   bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (ledger, sample, item),
    FOREIGN KEY (ledger, sample) REFERENCES sample (ledger, id)
);
COMMENT ON COLUMN sample_item.proof IS 'The path from the leaf to the root, hashes of 32 bytes one behind the other.';
COMMENT ON COLUMN sample_item.figure IS 'Path and query of the page that opens the identical figure.';

GRANT SELECT, INSERT ON sample, sample_item TO ledger_writer;
GRANT UPDATE (conclusion, concluded_by, reviewed_by, reviewed_at, version) ON sample TO ledger_writer;
GRANT UPDATE (checks, exception, criterion, reply, conclusion, figure, kept_by, version) ON sample_item TO ledger_writer;
GRANT SELECT ON sample, sample_item TO ledger_reader;
