-- The projects of a special, page by page, and a year's accounts of a few cells, without going through all accounts there are.
CREATE INDEX account_of_cell ON account (ledger, cell, project COLLATE "C");
DROP INDEX account_of_none;
