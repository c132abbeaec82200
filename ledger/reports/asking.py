"""Asking for a sheet: one snapshot is read, the Book stands at the same number, and the sheet is built of both. Or a voucher."""

from datetime import date
from typing import NamedTuple

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.book import Book
from ledger.domain.period import FIRST_YEAR
from ledger.domain.special import special_state
from ledger.projections.held import Line, held, lines, naming, recorded
from ledger.projections.journal import snapshot
from ledger.projections.moment import NOW, Moment, check_within_life, day_of
from ledger.projections.then import Standing, at
from ledger.reports.catalogue import REPORTS, Report, ReportCode
from ledger.reports.grounds import Amounts, Grounds
from ledger.reports.reconciliation import Compared
from ledger.reports.sheet import Sheet
from ledger.reports.voucher import Form, Voucher, origin_of, voucher

_TRIES = 20
_UNHELD_TRIES = 3


class Asked(NamedTuple):
    """What is asked for. ``fiscal_year`` None: the latest that held anything at the moment."""

    moment: Moment = NOW
    fiscal_year: int | None = None
    special: str | None = None
    project: str | None = None
    sees: Sight = Sight()
    treasury: Compared | None = None
    """Treasury's statement beside the ledger's payments of the year, for the sheet that ties them."""


class NotSeen(LookupError):
    """There is no such sheet, special or project for whoever asks."""


class NotTaken(ValueError):
    """What the sheet is not narrowed by: nothing of a special or fund belongs to one project alone."""


class Busy(Exception):
    """Others recorded something at every attempt to read."""


def sheet_of(ledger: Ledger, code: ReportCode, asked: Asked, today: date) -> Sheet:
    """A sheet at a moment. Raises NotSeen, NotTaken, OutsideLife, Busy.

    Of a past number the Book is what was known then, folded anew. Now, the Book is held while the sheet is built, and while the
    tables are read only where others keep recording in between.
    """
    report = REPORTS[code]
    hidden = asked.sees.department is not None and not report.of_projects
    if hidden or (report.one_project and asked.project is None):
        raise NotSeen(code)
    if asked.project is not None and not report.of_projects:
        raise NotTaken("project")
    if asked.moment.number is not None:
        read = _read(ledger, report, asked, today)
        with ledger.at(asked.moment.number) as book:
            return report.build(_grounds(read, book, asked, today))
    for attempt in range(_TRIES):
        early = _read(ledger, report, asked, today) if attempt < _UNHELD_TRIES else None
        with ledger.reading() as book:
            read = early or _read(ledger, report, asked, today)
            if read.standing.number == book.number:
                return report.build(_grounds(read, book, asked, today))
    raise Busy


class _Read(NamedTuple):
    standing: Standing
    fiscal_year: int
    held: Amounts
    before: Amounts
    lines: list[Line]
    recorded: list[Recorded]


def _read(ledger: Ledger, report: Report, asked: Asked, today: date) -> _Read:
    """What a report needs of the tables, from one snapshot. Raises OutsideLife."""
    moment, project = asked.moment, asked.project
    lines_of = (*report.lines_of, *(report.lines_beside if asked.treasury else ()))
    with snapshot(ledger.store, ledger.id) as (connection, _):
        then = at(connection, ledger.id, moment)
        stands = then.standing()
        year = asked.fiscal_year or stands.latest or today.year
        of = None if report.all_years else year
        year_before = Moment(moment.number, None, _year_before(day_of(moment, stands.recorded_at, today)))
        before = held(at(connection, ledger.id, year_before), report.accounts, year - 1) if report.before else {}
        of_kinds = [] if report.lines_of else recorded(connection, ledger.id, moment, report.kinds)
        projects = None if project is None else {project}
        if report.of_named and projects is None:
            projects = {name for one in of_kinds if (name := getattr(one.movement, "project", None))}
        named = naming(connection, ledger.id, moment, project, report.naming) if project and report.naming else []
        return _Read(
            stands,
            year,
            held(
                then,
                report.accounts,
                of,
                projects=projects,
                by_account=report.by_account,
            ),
            before,
            lines(connection, ledger.id, moment, of, lines_of, report.kinds, project) if lines_of else [],
            named or of_kinds,
        )


def voucher_of(ledger: Ledger, number: int, form: Form, sees: Sight) -> Voucher:
    """The voucher of a recorded movement. Raises NotSeen: it is not there, is not seen, or has no voucher of this form."""
    recorded = ledger.recorded(number)
    if recorded is None:
        raise NotSeen(number)
    with ledger.reading() as book:
        origin = origin_of(book, recorded)
    ordered = ledger.recorded(origin) if origin else None
    with ledger.reading() as book:
        found = (
            voucher(book, recorded, form, ordered) if sees.movement(book, recorded.movement, recorded.legs) else None
        )
    if found is None:
        raise NotSeen(number)
    return found


def _year_before(day: date) -> date:
    """The same day a year earlier. The first year there is has none; no ledger lived then, which is said afterwards."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=max(day.year - 1, date.min.year), day=28 if leap else day.day)


def _grounds(read: _Read, book: Book, asked: Asked, today: date) -> Grounds:
    """Raises NotSeen, OutsideLife."""
    check_within_life(book, asked.moment, read.standing.latest, today)
    unseen = asked.special is not None and (
        special_state(book, asked.special) is None or not asked.sees.special(book, asked.special)
    )
    if unseen or (asked.project is not None and not asked.sees.project(book, asked.project)):
        raise NotSeen(asked.project or asked.special)
    begun = FIRST_YEAR.get(book, "year")
    return Grounds(
        book,
        read.standing.number,
        read.standing.recorded_at,
        day_of(asked.moment, read.standing.recorded_at, today),
        read.fiscal_year,
        read.held,
        asked.moment,
        read.before if begun is not None and begun < read.fiscal_year else None,
        read.lines,
        read.recorded,
        asked.sees,
        asked.special,
        asked.project,
        read.standing.latest in (None, read.fiscal_year),
        asked.treasury,
    )
