"""The funds ledger: every movement of Inner Mongolia's science funds is an immutable event, every balance a fold of them."""
