"""One subject a file; every file has a ``router``."""
