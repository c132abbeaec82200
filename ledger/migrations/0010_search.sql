-- The journal search: one row for each movement, kept by a follower.

-- `words` are what it is found by, `text` is where a word is then looked up: codes, names and documents, never a sealed text.
-- `amount` is the largest of its entries, or what it names where it posts nothing; fen.
CREATE TABLE searched (
    ledger uuid     NOT NULL,
    number bigint   NOT NULL,
    words  tsvector NOT NULL,
    text   text     NOT NULL,
    amount bigint,
    PRIMARY KEY (ledger, number)
);
CREATE INDEX searched_by_words ON searched USING gin (words);

-- What projects and parties are called, as the follower last heard of it; of a project also who carries it out and recommends it.
CREATE TABLE searched_name (
    ledger      uuid NOT NULL,
    code        text NOT NULL,
    name        text NOT NULL,
    undertaker  text,
    recommender text,
    PRIMARY KEY (ledger, code)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON searched, searched_name TO ledger_follower;
GRANT SELECT ON searched TO ledger_reader;
