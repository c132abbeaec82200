"""Matching pledges 匹配承诺: by who promised, what was promised, what is due, what came and what is missing (sheet 8)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Annotated, Final, Literal, NamedTuple

from fastapi import Query, Request, Response

from api.console.availability import asked_report
from api.console.mending import Act, acts
from api.console.shell import Place, pages, show
from api.moments import At, Effective, Through, moment_of
from api.reading import HEADER, After, Limit, TheLedger, Today
from api.security import BookReader, Caller
from ledger.access.policy import Action
from ledger.domain.alert import ALERTS, Alert
from ledger.domain.catalogue import Name
from ledger.domain.fields import Id, SpecialCode, Text
from ledger.domain.money import yuan
from ledger.domain.special import all_specials
from ledger.projections.moment import NOW
from ledger.reports.catalogue import ReportCode
from ledger.reports.matching import COLUMNS, SCOPE
from ledger.reports.sheet import Row, fen_of, sum_of

REGISTER = Place("/pledges", Name("匹配承诺", "Matching pledges"), Action.SEE_BOOKS)
OF_FIGURE: Final = {
    "pledged": "matching_pledged",
    "due": "matching_due",
    "received": "matching_received",
    "gap": "matching_gap",
}
"""Amount of the sheet → the figure of the balances that it is part of."""
PRESENT: Final = ("due", "gap")
Standing = Literal["OVERDUE", "OUTSTANDING", "ARRIVED"]
STANDINGS: Final[dict[Standing, Name]] = {
    "OVERDUE": Name("逾期未到", "Overdue"),
    "OUTSTANDING": Name("尚未到齐", "Not all arrived"),
    "ARRIVED": Name("已到齐", "Arrived"),
}
router = pages()
WORDS = {
    "title": REGISTER.name,
    "words": Name("承诺、项目、出资方", "Pledge, project, pledger"),
    "standing": Name("状态", "State"),
    "by_pledger": Name("按出资方", "By pledger"),
    "pledges": Name("承诺数", "Pledges"),
    "latest": Name("最长逾期天数", "Most days late"),
    "lines": Name("逐笔", "Pledge by pledge"),
    "all_that_fit": Name("符合条件的 {} 笔合计", "All {} that fit"),
    "none_found": Name("没有符合条件的匹配承诺", "No pledge fits"),
    "of_project": Name("项目", "Project"),
    "sheet": Name("匹配资金台账(表 8)", "Matching (sheet 8)"),
}


class Pledger(NamedTuple):
    """What somebody promised in all, in fen by column, and how late the latest of it is."""

    credit_code: str
    name: str
    pledges: int
    amounts: dict[str, int]
    days_late: int | None


@router.get("/pledges")
def pledges_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    special: SpecialCode | None = None,
    project: Id | None = None,
    standing: Standing | None = None,
    q: Annotated[Text | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """匹配承诺:按出资方汇总,逐笔列明,合计为全部符合条件的。"""
    moment = moment_of(ledger, at, period, effective)
    sheet = asked_report(ledger, caller, today, ReportCode.MATCHING, moment, None, special)
    rows = [row for row in sheet.rows if project in (None, row["project"]) and _fits(row, standing, q)]
    keys = sorted((str(row["pledge"]), index) for index, row in enumerate(rows))
    page = [(key, rows[index]) for key, index in keys if key > (after or "")][: limit + 1]
    with ledger.reading() as book:
        specials = {code: state for code, state in all_specials(book).items() if caller.sees.special(book, code)}
    of_projects = Counter(row["project"] for row in sheet.rows)
    return show(
        request,
        caller,
        "pledges.html",
        WORDS,
        scripts=["own/lookup.js"],
        answer=Response(headers={HEADER: str(sheet.number)}),
        rows=[row for _, row in page[:limit]],
        more=page[limit - 1][0] if len(page) > limit else None,
        count=len(rows),
        total={name: sum_of(rows, name) for name in OF_FIGURE},
        pledgers=_pledgers(rows),
        may_do=[_acts(request, caller, row) if moment == NOW else [] for _, row in page[:limit]],
        columns={column.key: column.name for column in COLUMNS},
        figures={amount: name for amount, name in OF_FIGURE.items() if moment == NOW or amount not in PRESENT},
        alone={key for key, pledges in of_projects.items() if pledges == 1},
        narrowed=bool(special or project or standing or q),
        of_special_alone=not (project or standing or q),
        specials=specials,
        standings=STANDINGS,
        scope=SCOPE,
        is_day=lambda value: isinstance(value, date),
    )


def _acts(request: Request, caller: Caller, row: Row) -> list[Act]:
    """What whoever looks may do about what has not arrived: what is due of it, or all that is promised; the pledger reports."""
    missing = fen_of(row["gap"]) or fen_of(row["pledged"]) - fen_of(row["received"])
    known = {name: row[name] for name in ("pledge", "project", "special")} | {"amount": yuan(missing)}
    kinds = ALERTS[Alert.MATCHING_OVERDUE].mended_by if missing > 0 else ()
    mine = caller.actor.department in (None, row["credit_code"])
    return acts(request, caller, kinds, known) if mine else []


def _fits(row: Row, standing: Standing | None, q: str | None) -> bool:
    """Whether a pledge stands so, and the words are in what it is called, its project's or its pledger's name."""
    late, left = bool(row.get("gap")), row["pledged"] != row["received"]
    stands = {None: True, "OVERDUE": late, "OUTSTANDING": left, "ARRIVED": not left}[standing]
    words = (row["pledge"], row["project"], row["title"], row["pledger"], row["credit_code"])
    return stands and (q is None or q.casefold() in "\n".join(map(str, words)).casefold())


def _pledgers(rows: Iterable[Row]) -> list[Pledger]:
    """Whose money is longest overdue first, then who owes most."""
    found = []
    for code, group in groupby(sorted(rows, key=_credit_code), key=_credit_code):
        own = list(group)
        late = [days for row in own if isinstance(days := row.get("days_late"), int)]
        amounts = {name: sum_of(own, name) for name in OF_FIGURE}
        found.append(Pledger(code, str(own[0]["pledger"]), len(own), amounts, max(late, default=None)))
    return sorted(found, key=lambda one: (-(one.days_late or 0), -one.amounts["gap"], one.credit_code))


def _credit_code(row: Row) -> str:
    return str(row["credit_code"])
