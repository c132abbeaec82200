"""Importing files: first their form, then the ledger's judgement, and only then one recording of the whole."""
