"""How pages ask for a moment: what its fields are called, the periods there are, and a day that becomes a number."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from fastapi.responses import RedirectResponse

from api.console.shell import HEADERS
from api.console.view import View
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.fields import SHANGHAI, business_date
from ledger.domain.period import FIRST_YEAR
from ledger.projections.moment import number_by

MOMENT: dict[str, Name] = {
    "at": Name("账本编号", "Number of the ledger"),
    "effective": Name("业务日期", "Business date"),
}
WORDS = {**MOMENT, "end_of": Name("某日终了已知", "Known at the end of"), "now": Name("当前", "now")}


def periods(ledger: Ledger, today: date) -> list[str]:
    """The periods that a moment may name, in their order; 13 is a year's settling period."""
    with ledger.reading() as book:
        first = FIRST_YEAR.get(book, "year") or today.year
    return [f"{year}-{month:02}" for year in range(first, today.year + 1) for month in range(1, 14)]


def at_end_of(ledger: Ledger, view: View, days: Mapping[str, date | None]) -> RedirectResponse:
    """This page with what was known at the end of days instead: ``end_of``, ``since_end_of`` by name. Raises OutsideLife."""
    changed: dict[str, object] = {}
    for name, day in days.items():
        if day is not None:
            changed |= {name: None, name.replace("end_of", "at"): _number_at_end(ledger, day)}
    return RedirectResponse(view.here(**changed), 303, HEADERS)


def _number_at_end(ledger: Ledger, day: date) -> int:
    now = datetime.now(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI) - timedelta(microseconds=1)
    return number_by(ledger.store, ledger.id, now if business_date(now) == day else end, now)
