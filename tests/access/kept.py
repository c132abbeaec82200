"""The audit record as tests look at it."""

from ledger.audit.trail import Line, Trail


def lines(trail: Trail, after: int = 0) -> list[Line]:
    """Rows after a number, oldest first."""
    return [line for line in reversed(trail.newest(2**62, 10_000)) if line.number > after]
