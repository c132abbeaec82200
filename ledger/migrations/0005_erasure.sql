-- Erasing belongs to the keeper of people, who keeps the audit record in the same transaction: whoever records money can
-- destroy no key, and whoever destroys one can read neither keys nor texts.

REVOKE UPDATE (wrapped, erased_at) ON subject_key FROM ledger_writer;
REVOKE INSERT, UPDATE (decided_by, decided_at, erased) ON erasure FROM ledger_writer;
GRANT SELECT (ledger, id, subject, made_at, erased_at), UPDATE (wrapped, erased_at) ON subject_key TO ledger_keeper;
GRANT SELECT, INSERT, UPDATE (decided_by, decided_at, erased) ON erasure TO ledger_keeper;
