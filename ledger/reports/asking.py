"""Asking for a sheet: one snapshot is read, the Book stands at the same number, and the sheet is built of both. Or a voucher."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.domain.period import FIRST_YEAR
from ledger.domain.special import special_state
from ledger.projections.held import Line, held, lines, naming, recorded
from ledger.projections.journal import snapshot
from ledger.projections.moment import NOW, Moment, check_within_life, day_of
from ledger.projections.then import Standing, at
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.refusals import NotReconciled
from ledger.reports.catalogue import REPORTS, Report, ReportCode
from ledger.reports.comparing import sides_of
from ledger.reports.grounds import Amounts, Grounds
from ledger.reports.sheet import Sheet
from ledger.reports.sides import LEDGER, TREASURY, Sides
from ledger.reports.voucher import Form, Voucher, origin_of, voucher
from ledger.sampling.papers import Drawn, Papers
from ledger.sampling.refusals import NotSampled

_TRIES = 20
_UNHELD_TRIES = 3
_BROUGHT = 200
"""Projects that are looked up while the Book is held once."""


class Asked(NamedTuple):
    """What is asked for. ``fiscal_year`` None: the latest that held anything at the moment."""

    moment: Moment = NOW
    fiscal_year: int | None = None
    special: str | None = None
    project: str | None = None
    sees: Sight = Sight()
    source: str | None = None
    """The source of statements whose lines are compared, up to the last day of the moment."""
    compared: Sides | None = None
    """Both its sides, once they are read."""
    sample: int | None = None
    """The working paper; whoever asks for one is an auditor."""
    drawn: Drawn | None = None
    """All of it, once it is read."""


class NotSeen(LookupError):
    """There is no such sheet, special or project for whoever asks."""


class NotTaken(ValueError):
    """What the sheet is not asked by: its name, which is one of NOT_TAKEN."""


NOT_TAKEN: dict[str, Name] = {
    "fiscal_year": Name("本表各年度合计,请去掉年度", "this sheet is of all years together: leave the year out"),
    "project": Name("本表不按单个项目查询,请去掉 project", "this sheet is not of a single project: leave project out"),
    "source": Name(
        "本表不与此类账单对照,请去掉 source", "this sheet is not compared with such a source: leave source out"
    ),
    "at": Name(
        "对账情况和底稿只有当前的:请去掉 at;对账可用 period 或 effective 限定截止日",
        "reconciliation and working papers are as they stand: leave at out; of the former period or effective say up to which day",
    ),
    "period": Name("底稿只有当前的:请去掉 period", "a working paper is as it stands: leave period out"),
    "effective": Name("底稿只有当前的:请去掉 effective", "a working paper is as it stands: leave effective out"),
    "sample": Name("本表不按底稿查询,请去掉 sample", "this sheet is of no working paper: leave sample out"),
}
"""What to do instead."""


class Busy(Exception):
    """Others recorded something at every attempt to read."""


def sheet_of(ledger: Ledger, code: ReportCode, asked: Asked, today: date) -> Sheet:
    """A sheet at a moment. Raises NotSeen, NotTaken, OutsideLife, Busy.

    Of a past number the Book is what was known then, folded anew. Now, the Book is held while the sheet is built, and while the
    tables are read only where others keep recording in between. What is compared stands at a number of its own: where others
    recorded since, the sheet is of that number.
    """
    report, compared_at = REPORTS[code], None
    _check(code, report, asked)
    if asked.source is not None:
        asked, compared_at = _compared(ledger, report, asked, today)
    if asked.sample is not None:
        asked = asked._replace(drawn=_drawn(ledger, asked.sample))
    if asked.moment.number is not None:
        return _known_at(ledger, report, asked, today)
    for attempt in range(_TRIES):
        early = _read(ledger, report, asked, today) if attempt < _UNHELD_TRIES else None
        if early and report.standing:
            _bring(ledger, early.held)
        with ledger.reading() as book:
            read = early or _read(ledger, report, asked, today)
            if read.standing.number == book.number and compared_at in (None, book.number):
                return report.build(_grounds(read, book, asked, today))
        if compared_at not in (None, read.standing.number):
            return _known_at(ledger, report, asked._replace(moment=asked.moment._replace(number=compared_at)), today)
    raise Busy


def _bring(ledger: Ledger, held: Amounts) -> None:
    """Have in memory what the sheet looks up of projects, a few at a time, so that who records waits for none of it."""
    projects = sorted({str(found.project) for found in held if found.project})
    for done in range(0, len(projects), _BROUGHT):
        with ledger.reading() as book:
            book.bring(projects[done : done + _BROUGHT])


def _check(code: ReportCode, report: Report, asked: Asked) -> None:
    """Raises NotSeen, NotTaken."""
    hidden = asked.sees.department is not None and not report.of_projects
    compared = asked.source is not None
    beside = compared or asked.sample is not None
    unnamed = (report.one_project and asked.project is None) or (report.one_source and not compared)
    unnamed = unnamed or (report.one_sample and asked.sample is None)
    if hidden or unnamed or (beside and not asked.sees.everything):
        raise NotSeen(code)
    if asked.fiscal_year is not None and report.whole_life:
        raise NotTaken("fiscal_year")
    if asked.project is not None and not report.of_projects:
        raise NotTaken("project")
    if compared and not (report.one_source or report.lines_beside):
        raise NotTaken("source")
    if beside and asked.moment.number is not None:
        raise NotTaken("at")
    if asked.sample is not None:
        _check_of_sample(report, asked)


def _check_of_sample(report: Report, asked: Asked) -> None:
    """Raises NotTaken."""
    if not report.one_sample:
        raise NotTaken("sample")
    if asked.moment.period is not None:
        raise NotTaken("period")
    if asked.moment.effective_on is not None:
        raise NotTaken("effective")


def _drawn(ledger: Ledger, sample: int) -> Drawn:
    """Raises NotSeen."""
    try:
        return Papers(ledger.store, ledger.id).whole(sample)
    except NotSampled as why:
        raise NotSeen(sample) from why


def _compared(ledger: Ledger, report: Report, asked: Asked, today: date) -> tuple[Asked, int]:
    """With both sides of its source, and the number at which they stand. Raises NotSeen, NotTaken."""
    assert asked.source is not None
    through = day_of(asked.moment, datetime.now(UTC), today)
    try:
        sides, number = sides_of(Reconciliations(ledger), asked.source, through)
    except NotReconciled as why:
        raise NotSeen(asked.source) from why
    if report.lines_beside and sides.sides != (LEDGER, TREASURY):
        raise NotTaken("source")
    return asked._replace(compared=sides), number


def _known_at(ledger: Ledger, report: Report, asked: Asked, today: date) -> Sheet:
    assert asked.moment.number is not None
    read = _read(ledger, report, asked, today)
    with ledger.at(asked.moment.number) as book:
        return report.build(_grounds(read, book, asked, today))


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
    lines_of = (*report.lines_of, *(report.lines_beside if asked.compared else ()))
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
                standing=report.standing and moment == NOW,
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
        asked.compared,
        asked.drawn,
    )
