"""Reconciliation 对账: statements of treasury, bank and budget system against the ledger, to the fen."""
