"""Statements as files of treasury, bank and budget system: read in one pass, checked whole, and only then given out as lines."""
