"""What must stand in the ledger of a desk after its faults: what callers were told, once each, and nothing else."""

from collections.abc import Iterable
from contextlib import closing

from bench.workload import SECRET, opening
from ledger.access.demo import DEMO_PEOPLE, DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from ledger.migrate import migrate
from ledger.store import Store
from ledger.verification import verify
from tests.application.history import check_history, superuser
from tests.faults.callers import PROJECTS, Answer

NAME = "nm"
_ACTORS = {person.id: person.actor for person in DEMO_PEOPLE}


def open_books(dsn: str, people: DemoPeople) -> int:
    """Record what must stand before callers begin, and register them; at which number the ledger stands then."""
    migrate(dsn)
    with closing(People(dsn, SECRET)) as registered:
        people.enrol(registered)
    with closing(Ledger(Store(dsn), NAME, SECRET)) as ledger:
        for number, request in enumerate(opening(PROJECTS)):
            ledger.record(*request, f"opening-{number}")
        with ledger.reading() as book:
            return book.number


def check_recorded(dsn: str, opened_at: int, answers: Iterable[Answer]) -> None:
    """Every key under the number its caller was told, once; no number without a key; every table as the bytes say."""
    length = check_history(dsn, NAME)
    with closing(Ledger(Store(dsn), NAME, SECRET)) as ledger:
        told = [(ledger.request_id(_ACTORS[answer.who], answer.key), answer.number) for answer in answers]
        assert sorted(number for _, number in told) == list(range(opened_at + 1, length + 1))
        with superuser(dsn) as db:
            kept = "SELECT id, number FROM request WHERE ledger = %s AND number > %s"
            assert sorted(db.execute(kept, (ledger.id, opened_at)).fetchall()) == sorted(told)
        report = verify(ledger.store, ledger.id)
    assert report.agrees, report.differences
    assert report.movements == length
