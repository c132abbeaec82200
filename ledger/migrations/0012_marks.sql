-- Which posting periods are closed, and by which number. Nothing posts to a period after that: its turnover stands for good.
CREATE TABLE period (
    ledger        uuid   NOT NULL,
    period        int    NOT NULL,
    closed_number bigint NOT NULL,
    PRIMARY KEY (ledger, period)
);

-- Turnover of the periods that were open at a number, every so many numbers: what was known at any number is the turnover of
-- the periods closed by then, the newest mark before it, and the few entries between the two.
CREATE TABLE mark (
    ledger       uuid   NOT NULL,
    number       bigint NOT NULL,
    cell         int    NOT NULL,
    period       int    NOT NULL,
    effective_on date   NOT NULL,
    amount       bigint NOT NULL,
    PRIMARY KEY (ledger, number, cell, period, effective_on)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON period, mark TO ledger_follower;
GRANT SELECT ON period, mark TO ledger_reader;
