"""Projects and parties by what they are called 查名: those whose code or name holds what somebody has typed so far.

Read from the names that the search projection keeps, in the order of their codes, as many as are asked for and no more.
"""

from typing import NamedTuple
from uuid import UUID

from ledger.store import Store

_HOLDS = (
    "SELECT code, name FROM searched_name WHERE ledger = %s AND (undertaker IS NOT NULL) = %s AND code > %s "
    "AND (code ILIKE %s OR name ILIKE %s) ORDER BY code LIMIT %s"
)


class Called(NamedTuple):
    """A code, and what it is called."""

    code: str
    name: str


def called(store: Store, ledger: UUID, typed: str, *, projects: bool, after: str = "", limit: int = 20) -> list[Called]:
    """Projects, or parties, whose code or present name holds what was typed, capital or small; behind the code ``after``."""
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    holds = f"%{escaped}%"
    with store.readers.connection() as connection:
        rows = connection.execute(_HOLDS, (ledger, projects, after, holds, holds, limit)).fetchall()
    return [Called(*row) for row in rows]
