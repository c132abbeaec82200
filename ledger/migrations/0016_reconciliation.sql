-- Reconciliation stands beside the log, in tables of its own. Its events are never changed; lines and cases are rows written in the
-- transaction of the event that made them.
CREATE TABLE reconciliation_event (
    originator_id      uuid   NOT NULL,
    originator_version bigint NOT NULL,
    topic              text   NOT NULL,
    state              bytea  NOT NULL,
    position           bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (originator_id, originator_version)
);

CREATE TABLE statement_source (
    ledger        uuid NOT NULL,
    source        text NOT NULL,
    kind          text NOT NULL,
    against       text NOT NULL,
    originator_id uuid NOT NULL,
    PRIMARY KEY (ledger, source)
);
COMMENT ON COLUMN statement_source.against IS 'Whose lines it is compared with: another source, or the ledger where empty.';

CREATE TABLE statement (
    ledger      uuid        NOT NULL,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    source      text        NOT NULL,
    sha256      text        NOT NULL,
    name        text        NOT NULL,
    imported_at timestamptz NOT NULL,
    imported_by text        NOT NULL,
    lines       bigint      NOT NULL,
    paid        bigint      NOT NULL,
    returned    bigint      NOT NULL,
    first_day   date        NOT NULL,
    last_day    date        NOT NULL,
    PRIMARY KEY (ledger, id),
    UNIQUE (ledger, source, sha256)
);

CREATE TABLE statement_line (
    ledger       uuid   NOT NULL,
    id           bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    source       text   NOT NULL,
    statement    bigint NOT NULL,
    row          bigint NOT NULL,
    flow         text   NOT NULL,
    day          date   NOT NULL,
    amount       bigint NOT NULL,
    moved        bigint NOT NULL,
    returns      bigint NOT NULL,
    application  text   NOT NULL,
    voucher      text   NOT NULL,
    detail       text   NOT NULL,
    transaction  text   NOT NULL,
    cites        text   NOT NULL,
    account      text   NOT NULL,
    account_tail text   NOT NULL,
    payee        text   NOT NULL,
    project      text   NOT NULL,
    fund         text   NOT NULL,
    function     text   NOT NULL,
    economic     text   NOT NULL,
    fiscal_year  int    NOT NULL,
    document     text   NOT NULL,
    text         text   NOT NULL,
    PRIMARY KEY (ledger, id)
);
COMMENT ON COLUMN statement_line.account IS 'A keyed mark: two lines may be compared by it, and nobody reads an account from it.';
CREATE INDEX statement_line_of_source ON statement_line (ledger, source, day);

-- Every line of either side is in one case at most: whatever is matched twice meets the primary key.
CREATE TABLE reconciled_case (
    ledger     uuid   NOT NULL,
    id         bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    source     text   NOT NULL,
    day        date   NOT NULL,
    rule       text   NOT NULL,
    status     text   NOT NULL,
    cause      text,
    difference bigint NOT NULL,
    rivals     bigint[] NOT NULL,
    kept       text   NOT NULL,
    by         text,
    reason     text,
    was        text,
    PRIMARY KEY (ledger, id)
);
COMMENT ON COLUMN reconciled_case.kept IS 'PROPOSED: the next matching makes it anew; ACCEPTED, BY_HAND or EXPLAINED: somebody decided, named in by.';
COMMENT ON COLUMN reconciled_case.was IS 'Its status before it was explained.';
CREATE INDEX reconciled_case_of_source ON reconciled_case (ledger, source, day, id);
CREATE TABLE reconciled_part (
    ledger  uuid   NOT NULL,
    source  text   NOT NULL,
    ours    boolean NOT NULL,
    key     bigint NOT NULL,
    case_id bigint NOT NULL,
    PRIMARY KEY (ledger, source, ours, key)
);
CREATE INDEX reconciled_part_of_case ON reconciled_part (ledger, case_id);

GRANT SELECT, INSERT ON reconciliation_event, statement_source, statement TO ledger_writer;
GRANT SELECT, INSERT, DELETE ON statement_line TO ledger_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON reconciled_case, reconciled_part TO ledger_writer;
GRANT SELECT ON reconciliation_event, statement_source, statement, statement_line, reconciled_case, reconciled_part TO ledger_reader;
GRANT USAGE ON SEQUENCE reconciled_case_id_seq TO ledger_writer;
