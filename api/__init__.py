"""The HTTP face of the ledger: it parses, asks the application, and words the answers. No rule lives here."""
