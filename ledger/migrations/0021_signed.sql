-- Who signed what, kept by a follower: one row for each fiscal year, those who signed, and the party that is entered or paid.

-- `signers` is a list of [subject, role, acted for], the actor first; `enters` and `pays` are credit codes, or empty; `amount` is
-- fen. `numbers` are the first of `times` movements, `last` is the number of the last one.
CREATE TABLE signed (
    ledger      uuid     NOT NULL,
    fiscal_year int      NOT NULL,
    signers     text     NOT NULL,
    enters      text     NOT NULL,
    pays        text     NOT NULL,
    numbers     bigint[] NOT NULL,
    last        bigint   NOT NULL,
    times       bigint   NOT NULL,
    amount      bigint   NOT NULL,
    PRIMARY KEY (ledger, fiscal_year, signers, enters, pays)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON signed TO ledger_follower;
GRANT SELECT ON signed TO ledger_reader;
