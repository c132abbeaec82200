-- Sign-ins at an OpenID provider that are under way: what must be known again when the browser comes back. Each row is
-- taken out once, and is good for minutes only. The state and the browser's cookie are kept as hashes.

CREATE TABLE sign_in (
    state     bytea       PRIMARY KEY,
    browser   bytea       NOT NULL,
    nonce     text        NOT NULL,
    verifier  text        NOT NULL,
    return_to text        NOT NULL,
    made_at   timestamptz NOT NULL
);
CREATE INDEX sign_in_by_age ON sign_in (made_at);

GRANT SELECT, INSERT, DELETE ON sign_in TO ledger_keeper;
