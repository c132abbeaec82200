-- A snapshot of the Book row by row: whoever keeps it writes what changed since the one before, and whoever begins with it reads
-- what is asked for. A row has two versions, so that a Book which stands at the snapshot before still finds what stood there.
DROP TABLE book_snapshot, book_snapshot_part;
CREATE TABLE book_snapshot (
    ledger   uuid   NOT NULL,
    number   bigint NOT NULL,
    leaf     bytea  NOT NULL,
    code     bytea  NOT NULL,
    accounts int    NOT NULL,
    always   int    NOT NULL,
    vouchers bytea  NOT NULL,
    PRIMARY KEY (ledger, number)
);
COMMENT ON COLUMN book_snapshot.always IS 'rows that every Book has in memory';

-- name: a hash of what the row goes by, such as its project; 0: every Book has it in memory. bytes null: the row is gone.
CREATE TABLE book_row (
    ledger        uuid   NOT NULL,
    name          bigint NOT NULL,
    id            uuid   NOT NULL,
    tab           int    NOT NULL,
    number        bigint NOT NULL,
    bytes         bytea,
    before_number bigint,
    before        bytea,
    PRIMARY KEY (ledger, name, id)
) WITH (fillfactor = 80);
CREATE INDEX book_row_tab ON book_row (ledger, tab);

GRANT SELECT, INSERT, UPDATE, DELETE ON book_snapshot, book_row TO ledger_follower;
GRANT SELECT ON book_snapshot, book_row TO ledger_reader;
