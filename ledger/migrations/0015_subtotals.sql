-- What bounds questions about the past is folded anew, with subtotals. Whoever folds it as it was before finds no table
-- ``period`` any more and halts: a period is never known as closed without its subtotals.
DROP TABLE period;
DELETE FROM mark;

-- Which posting periods are closed, and by which number. Nothing posts to a period after that.
CREATE TABLE closed_period (
    ledger uuid   NOT NULL,
    period int    NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (ledger, period)
);

-- What moved on a cell in a closed period, in sum, and the first and last business date on which it did: so much less is read
-- than the turnover of each day.
CREATE TABLE subtotal (
    ledger    uuid   NOT NULL,
    cell      int    NOT NULL,
    period    int    NOT NULL,
    first_day date   NOT NULL,
    last_day  date   NOT NULL,
    amount    bigint NOT NULL,
    number    bigint NOT NULL, -- which closed the period
    PRIMARY KEY (ledger, cell, period)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON closed_period, subtotal TO ledger_follower;
GRANT SELECT ON closed_period, subtotal TO ledger_reader;

-- Open periods are found among closed ones.
CREATE INDEX turnover_of_period ON turnover (ledger, period);
