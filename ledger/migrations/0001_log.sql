-- The log and the projections that are kept in its transaction.
-- Every key begins with the ledger, so that one database can hold several, each a gapless sequence of its own.
-- Amounts are bigint fen: NUMERIC would admit NaN and Infinity.

-- One row. Whoever decides locks it first: it is the queue between processes, and `position` numbers all events
-- in the order of their commits, without gaps.
CREATE TABLE log (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO log DEFAULT VALUES;

-- `secret` keys the hashes of request bodies, which may hold personal text.
CREATE TABLE head (
    ledger      uuid        PRIMARY KEY,
    number      bigint      NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT '2000-01-01 00:00:00+00',
    secret      bytea       NOT NULL
) WITH (fillfactor = 50);

-- `state` is the truth; kind repeats what it says. leaf = SHA-256(0x00 || state), an RFC 6962 leaf.
CREATE TABLE movement (
    ledger   uuid   NOT NULL,
    number   bigint NOT NULL,
    position bigint NOT NULL UNIQUE,
    kind     text   NOT NULL,
    state    bytea  NOT NULL,
    leaf     bytea  NOT NULL,
    PRIMARY KEY (ledger, number)
);
CREATE INDEX movement_by_kind ON movement (ledger, kind, number);

-- Which instant a number belongs to: one row for each group of movements recorded together.
CREATE TABLE batch (
    ledger      uuid        NOT NULL,
    last_number bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger, last_number)
);

-- Cells are what plans, specials, funds and years are summed over; ids are given by first use, in the order of the log.
CREATE TABLE cell (
    ledger      uuid NOT NULL,
    id          int  NOT NULL,
    code        text NOT NULL,
    fiscal_year int,
    source      text,
    vintage     int,
    special     text,
    function    text,
    PRIMARY KEY (ledger, id)
);
CREATE TABLE account (
    ledger  uuid NOT NULL,
    id      int  NOT NULL,
    cell    int  NOT NULL,
    project text,
    ref     text,
    PRIMARY KEY (ledger, id)
);
CREATE INDEX account_of_project ON account (ledger, project) WHERE project IS NOT NULL;

CREATE TABLE entry (
    ledger        uuid     NOT NULL,
    number        bigint   NOT NULL,
    line          smallint NOT NULL,
    account       int      NOT NULL,
    cell          int      NOT NULL,
    period        int      NOT NULL,
    effective_on  date     NOT NULL,
    amount        bigint   NOT NULL,
    account_after bigint   NOT NULL,
    cell_after    bigint   NOT NULL,
    PRIMARY KEY (ledger, number, line)
);
-- A balance as known at a number is the last *_after at or before it.
CREATE INDEX entry_of_cell    ON entry (ledger, cell, number, line) INCLUDE (cell_after);
CREATE INDEX entry_of_account ON entry (ledger, account, number, line) INCLUDE (account_after);

CREATE TABLE balance (
    ledger  uuid   NOT NULL,
    account int    NOT NULL,
    amount  bigint NOT NULL,
    number  bigint NOT NULL,
    PRIMARY KEY (ledger, account)
) WITH (fillfactor = 70);

CREATE TABLE turnover (
    ledger       uuid   NOT NULL,
    cell         int    NOT NULL,
    period       int    NOT NULL,
    effective_on date   NOT NULL,
    amount       bigint NOT NULL,
    PRIMARY KEY (ledger, cell, period, effective_on)
) WITH (fillfactor = 70);

-- A key binds recorded movements only; a refused one is judged afresh. id hashes ledger, actor and key.
CREATE TABLE request (
    id        uuid   PRIMARY KEY,
    body_hash bytea  NOT NULL,
    ledger    uuid   NOT NULL,
    number    bigint NOT NULL
);

-- Refused: who asked for what, when, at which number it was judged, and why it was refused.
CREATE TABLE attempt (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger       uuid        NOT NULL,
    judged_at    timestamptz NOT NULL,
    number       bigint      NOT NULL,
    actor        text        NOT NULL,
    role         text        NOT NULL,
    kind         text        NOT NULL,
    code         text        NOT NULL,
    asked        bigint,
    available    bigint,
    request      jsonb       NOT NULL,
    why          jsonb       NOT NULL
);
CREATE INDEX attempt_of_ledger ON attempt (ledger, id);

-- Personal and free texts, apart from the log that holds only commitments to them. Erasing a subject's rows leaves
-- every recorded byte as it is.
CREATE TABLE sealed (
    ledger     uuid  NOT NULL,
    commitment text  NOT NULL,
    subject    text  NOT NULL,
    salt       bytea NOT NULL,
    text       text  NOT NULL,
    PRIMARY KEY (ledger, commitment)
);
CREATE INDEX sealed_of_subject ON sealed (ledger, subject);

-- Files by their SHA-256.
CREATE TABLE document (
    sha256      text        PRIMARY KEY,
    media_type  text        NOT NULL,
    name        text        NOT NULL,
    bytes       bytea       NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    uploaded_by text        NOT NULL
);

-- How far each follower has come through an application's sequence.
CREATE TABLE tracking (
    follower        text   NOT NULL,
    application     text   NOT NULL,
    notification_id bigint NOT NULL,
    PRIMARY KEY (follower, application)
);

-- What is recorded is never changed: no role that a service holds may update or delete it.
GRANT USAGE ON SCHEMA ledger TO ledger_writer, ledger_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_writer, ledger_reader;
REVOKE SELECT ON head, sealed FROM ledger_reader;
GRANT SELECT (ledger, number, recorded_at) ON head TO ledger_reader;
GRANT INSERT ON movement, batch, cell, account, entry, request, attempt, sealed, document TO ledger_writer;
GRANT INSERT, UPDATE ON head, balance, turnover, tracking TO ledger_writer;
GRANT UPDATE ON log TO ledger_writer;
