-- A key for each subject of personal texts, wrapped with the master secret, which is not in the database. Erasing a subject
-- destroys its key; sealed rows and recorded bytes stay as they are.

CREATE TABLE subject_key (
    ledger    uuid        NOT NULL,
    id        uuid        NOT NULL,
    subject   text        NOT NULL,
    wrapped   bytea,
    made_at   timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    PRIMARY KEY (ledger, id),
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);  -- what was erased is not left lying
CREATE UNIQUE INDEX subject_key_in_use ON subject_key (ledger, subject) WHERE wrapped IS NOT NULL;
CREATE INDEX subject_key_of_subject ON subject_key (ledger, subject COLLATE "C");

-- Texts that an earlier version kept in plain wait here until the ledger is opened, which seals them and empties the table.
ALTER TABLE sealed RENAME TO sealed_in_plain;
ALTER INDEX sealed_pkey RENAME TO sealed_in_plain_pkey;
DROP INDEX sealed_of_subject;
UPDATE sealed_in_plain SET subject = 'actor:' || subject WHERE position(':' in subject) = 0;
REVOKE ALL ON sealed_in_plain FROM ledger_reader, ledger_writer;
GRANT SELECT, DELETE, TRUNCATE ON sealed_in_plain TO ledger_writer;

-- nonce || AES-256-GCM(salt || text) under the key, bound to the commitment.
CREATE TABLE sealed (
    ledger     uuid  NOT NULL,
    commitment text  NOT NULL,
    key        uuid  NOT NULL,
    ciphertext bytea NOT NULL,
    PRIMARY KEY (ledger, commitment)
);
CREATE INDEX sealed_of_key ON sealed (ledger, key);

-- Derived from the master secret; tells whether a service was given the right one.
ALTER TABLE head ADD COLUMN secret_check bytea;

-- Bodies were hashed with their texts, which whoever holds the dump could guess. An empty hash: the body is not known any more.
UPDATE request SET body_hash = '' FROM movement
WHERE movement.ledger = request.ledger AND movement.number = request.number
  AND position('"sha256:'::bytea in movement.state) > 0;

-- Two people erase: one asks, another confirms.
CREATE TABLE erasure (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger       uuid        NOT NULL,
    subject      text        NOT NULL,
    reason       text        NOT NULL,
    document     text        NOT NULL,
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    decided_by   text CHECK (decided_by <> requested_by OR NOT erased),
    decided_at   timestamptz,
    erased       boolean     NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX erasure_open ON erasure (ledger, subject) WHERE decided_at IS NULL;

-- No role of a service may change or delete a sealed row; a key can be destroyed, and nothing else of it changed.
GRANT SELECT, INSERT ON subject_key, sealed TO ledger_writer;
GRANT UPDATE (wrapped, erased_at) ON subject_key TO ledger_writer;
GRANT SELECT, INSERT ON erasure TO ledger_writer;
GRANT UPDATE (decided_by, decided_at, erased) ON erasure TO ledger_writer;
GRANT SELECT ON erasure TO ledger_reader;
