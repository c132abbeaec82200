-- Which number an instant belongs to: asked for by whoever wants to know what was known then.
CREATE INDEX batch_by_instant ON batch (ledger, recorded_at, last_number);

-- Pages of projects go by code, in the order of bytes whatever the collation of the database.
DROP INDEX account_of_project;
CREATE INDEX account_of_project ON account (ledger, project COLLATE "C") WHERE project IS NOT NULL;
CREATE INDEX account_of_none ON account (ledger, cell) WHERE project IS NULL;
