-- People, what is granted to them, and how they sign in. Nothing of this is part of the log: it says who may ask, and the
-- log keeps who did. A role of its own keeps it, so that whoever records money cannot give out permissions.

CREATE TABLE person (
    id            text        PRIMARY KEY,
    human         text        NOT NULL,
    name          text        NOT NULL,
    machine       boolean     NOT NULL DEFAULT false,
    registered_at timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz
);
CREATE INDEX person_of_human ON person (human);
COMMENT ON COLUMN person.human IS 'The subject the log keeps. Two accounts of one human bear the same: nobody approves their own request.';

CREATE TABLE local_account (
    login        text        PRIMARY KEY,
    person       text        NOT NULL UNIQUE REFERENCES person,
    password     text        NOT NULL,
    initial      boolean     NOT NULL,
    totp         text,
    totp_asked   text,
    totp_used    bigint      NOT NULL DEFAULT 0,
    failures     int         NOT NULL DEFAULT 0,
    locked_until timestamptz
);
COMMENT ON COLUMN local_account.initial IS 'Set by an administrator: good for nothing but setting one of one''s own.';

CREATE TABLE federated_account (
    issuer  text NOT NULL,
    subject text NOT NULL,
    person  text NOT NULL REFERENCES person,
    PRIMARY KEY (issuer, subject)
);

-- A role for a time. `of_grant` names the grant that somebody lent for that time (A/B 角): it holds only while the lent one does.
CREATE TABLE role_grant (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     text    NOT NULL REFERENCES person,
    role       text    NOT NULL,
    department text,
    specials   text[]  NOT NULL DEFAULT '{}',
    since      date    NOT NULL,
    until      date    NOT NULL DEFAULT '9999-12-31' CHECK (until >= since),
    of_grant   bigint  REFERENCES role_grant,
    granted_by text    NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX grants_of_person ON role_grant (person);

-- Only hashes: a key is shown once, when it is made.
CREATE TABLE api_key (
    id         text        PRIMARY KEY,
    person     text        NOT NULL REFERENCES person,
    label      text        NOT NULL,
    hash       bytea       NOT NULL UNIQUE,
    actions    text[]      NOT NULL,
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX keys_of_person ON api_key (person);

CREATE TABLE session (
    hash    bytea       PRIMARY KEY,
    person  text        NOT NULL REFERENCES person,
    method  text        NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_person ON session (person);

-- The audit record. Each row's chain is SHA-256(chain before || leaf), so that a row that was changed, moved or left out
-- shows; nobody but the owner may change or delete one.
CREATE TABLE trail (
    number bigint PRIMARY KEY,
    state  bytea  NOT NULL,
    leaf   bytea  NOT NULL,
    chain  bytea  NOT NULL
);

GRANT USAGE ON SCHEMA ledger TO ledger_keeper;
GRANT SELECT ON migration TO ledger_keeper;
GRANT SELECT, INSERT, UPDATE ON person, local_account, role_grant, api_key TO ledger_keeper;
GRANT SELECT, INSERT, DELETE ON federated_account TO ledger_keeper;
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO ledger_keeper;
GRANT SELECT, INSERT ON trail TO ledger_keeper;
GRANT SELECT ON trail TO ledger_reader;
