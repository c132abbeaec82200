"""Projections: figures folded from entries. They know movements and entries, not rules."""
