-- What will be an alert once its day comes, unless something happens: kept by a follower, subject by subject.
-- `from_on` is put off by the days of a parameter when somebody asks; amounts are fen; `number` is the last movement about the subject.
CREATE TABLE due (
    ledger   uuid     NOT NULL,
    subject  text     NOT NULL,
    line     smallint NOT NULL,
    kind     text     NOT NULL,
    from_on  date     NOT NULL,
    amount   bigint   NOT NULL,
    source   text,
    special  text,
    project  text,
    ref      text,
    vintage  int,
    party    text,
    until_on date,
    number   bigint   NOT NULL,
    PRIMARY KEY (ledger, subject, line)
);
CREATE INDEX due_by_day ON due (ledger, kind, from_on);

GRANT SELECT, INSERT, UPDATE, DELETE ON due TO ledger_follower;
GRANT SELECT ON due TO ledger_reader;
