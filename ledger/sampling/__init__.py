"""The auditor's workspace: samples of the log and their working papers, beside the ledger and no part of it."""
