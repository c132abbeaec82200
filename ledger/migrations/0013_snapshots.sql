-- A snapshot of the Book, kept by a follower: where a process begins, instead of folding the whole log. It is believed only where
-- its code is ours, its bytes are those that were written, and its leaf is the one that the log has at its number.
CREATE TABLE book_snapshot (
    ledger uuid   PRIMARY KEY,
    number bigint NOT NULL,
    leaf   bytea  NOT NULL,
    code   bytea  NOT NULL,
    sha256 bytea  NOT NULL
);
CREATE TABLE book_snapshot_part (
    ledger uuid  NOT NULL,
    part   int   NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (ledger, part)
);
ALTER TABLE book_snapshot_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON book_snapshot, book_snapshot_part TO ledger_follower;
GRANT SELECT ON book_snapshot, book_snapshot_part TO ledger_reader;
