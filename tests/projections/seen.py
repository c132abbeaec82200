"""A projection to try followers with: it keeps every number it was given, and how many it had been given before."""

from typing import ClassVar
from uuid import UUID

from psycopg import Connection

from ledger.projections.follower import Page, Projection
from tests.application.history import superuser

MOVEMENTS = 25


class Seen(Projection):
    name = "seen"
    tables = ("seen",)
    page = 10
    poisoned: ClassVar[int | None] = None

    def begin(self, connection: Connection, ledger: UUID, number: int) -> None:
        self.before = number

    def fold(self, connection: Connection, page: Page) -> None:
        for one in page.posted:
            connection.execute(
                "INSERT INTO seen (ledger, number, before) VALUES (%s, %s, %s)", (page.ledger, one.number, self.before)
            )
            self.before += 1
            if one.number == self.poisoned:
                raise ValueError("a fault of the projection")


class SeenAnew(Seen):
    version = 2


def rows(dsn: str) -> list[tuple[int, int]]:
    with superuser(dsn) as db:
        return db.execute("SELECT number, before FROM seen ORDER BY number").fetchall()


def every(last: int) -> list[tuple[int, int]]:
    return [(number, number - 1) for number in range(1, last + 1)]
