"""Where something is mended: the page for a kind of movement, or its form with what is known filled in; or of what it is about."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fastapi import Request

from api.console.record import may_begin
from api.console.view import View, view_of
from api.security import Caller
from ledger.domain.alert import ALERTS
from ledger.domain.catalogue import Name
from ledger.domain.mending import CITED, fields_of
from ledger.domain.money import yuan
from ledger.domain.movement import MOVEMENTS
from ledger.reports.sheet import Row, fen_of
from ledger.reports.waiting import CITES, MENDED_BY

_OF_THE_YEAR_END = frozenset({"BalanceCarriedForward", "FundsWithdrawnToTreasury", "YearClosed"})
_OF_RECONCILIATION = frozenset({"ReconciliationSignedOff"})
_NOW = {"at": None, "period": None, "effective": None, "fiscal_year": None}
"""What is recorded is recorded now, of whatever moment the page is that leads there."""


class Act(NamedTuple):
    """Something that mends: what it is called, and where it is done."""

    label: Name
    href: str


def mended_at(request: Request, caller: Caller, kind: str, one: Any = None) -> str | None:
    """The address where a kind of movement mends a line of an answer; None: whoever looks does not begin it.

    ``one``: a blocker, a notice or an alert as it is answered, which says where it stands and how much it is.
    """
    known = known_of(one)
    return _there(view_of(request), caller, kind, known.get("fiscal_year"), fields_of(kind, known) or {})


def acts(request: Request, caller: Caller, kinds: Iterable[str], known: Mapping[str, Any]) -> list[Act]:
    """What whoever looks may do about something: the forms of those kinds that fit what is known of it, filled in with it."""
    fitting = [(kind, fields) for kind in kinds if (fields := fields_of(kind, known)) is not None]
    there = (
        (kind, _there(view_of(request), caller, kind, known.get("fiscal_year"), fields)) for kind, fields in fitting
    )
    return [Act(MOVEMENTS[kind].label, href) for kind, href in there if href is not None]


def _there(view: View, caller: Caller, kind: str, year: int | None, fields: Mapping[str, Any]) -> str | None:
    if kind == "PeriodClosed":
        return view.to("/periods")
    if kind in _OF_THE_YEAR_END:
        return view.to("/year-end", year=year)
    if kind in _OF_RECONCILIATION:
        return view.to("/reconcile")
    return view.to(f"/record/{kind}", **_NOW, **fields) if may_begin(caller, kind) else None


def acts_on_alert(request: Request, caller: Caller, one: Any) -> list[Act]:
    """What whoever looks may do about an alert."""
    return acts(request, caller, ALERTS[one.kind].mended_by, known_of(one))


def acts_on_waiting(request: Request, caller: Caller, row: Row) -> list[Act]:
    """What whoever looks may do about a line of what is available: a call, an instalment, a pledge, a claim."""
    why, part = row["why"], row["part"]
    if not isinstance(why, Name) or not isinstance(part, Name) or part not in CITES:
        return []
    cites, column = CITES[part]
    known = {
        "project": row["project"],
        "special": row["special"],
        cites: row["ref"],
        "amount": yuan(fen_of(row.get(column))),
    }
    return acts(request, caller, MENDED_BY.get(why, ()), known)


def known_of(one: Any) -> dict[str, Any]:
    """What a line of an answer says of the movement that mends it: its dimensions, what it cites, its amount in yuan."""
    at = getattr(one, "dimensions", None) or one
    known = {name: getattr(at, name, None) for name in ("fiscal_year", "source", "vintage", "special", "project")}
    alert = ALERTS.get(getattr(one, "kind", None))  # type: ignore[arg-type]
    cites = alert.cites if alert else CITED.get(getattr(one, "account", None) or "")
    if cites:
        known[cites] = getattr(at, "ref", None)
    return known | {"account": getattr(one, "account", None), "amount": getattr(one, "amount", None)}


def looked_at(request: Request, at: Any) -> str | None:
    """The page of what something is about. ``at``: dimensions, or a line that has them; None: it has none."""
    view = view_of(request)
    for name, path in (("project", "/projects"), ("special", "/availability")):
        if code := getattr(at, name, None):
            return view.to(f"{path}/{code}")
    return None
