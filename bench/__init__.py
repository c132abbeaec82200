"""Measurements: what the stock recorder does on this machine, what the ledger does, and whether its promises hold."""
