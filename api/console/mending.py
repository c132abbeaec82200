"""Where something is mended: the page for a kind of movement, or of what it is about."""

from typing import Any

from fastapi import Request

from api.console.view import view_of

_OF_THE_YEAR_END = frozenset({"BalanceCarriedForward", "FundsWithdrawnToTreasury", "YearClosed"})
_OF_RECONCILIATION = frozenset({"ReconciliationSignedOff"})


def mended_at(request: Request, kind: str, year: int | None = None) -> str:
    """The address of the page for a kind of movement; ``year``: of what it clears."""
    view = view_of(request)
    if kind == "PeriodClosed":
        return view.to("/periods")
    if kind in _OF_THE_YEAR_END:
        return view.to("/year-end", year=year)
    if kind in _OF_RECONCILIATION:
        return view.to("/reconcile")
    return view.to(f"/record/{kind}")


def looked_at(request: Request, at: Any) -> str | None:
    """The page of what something is about. ``at``: dimensions, or a line that has them; None: it has none."""
    view = view_of(request)
    for name, path in (("project", "/projects"), ("special", "/availability")):
        if code := getattr(at, name, None):
            return view.to(f"{path}/{code}")
    return None
