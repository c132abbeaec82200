"""What is known beforehand of a movement that mends something: from where the money stands, and from what it cites.

Whoever records it fills in the rest, and the rules judge all of it: nothing here decides anything.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ledger.domain.accounts import Account, account
from ledger.domain.book import Book
from ledger.domain.instalment import INSTALMENTS, Instalment
from ledger.domain.matching import PLEDGES
from ledger.domain.money import yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.payment import ORDERS
from ledger.domain.project import PROJECTS
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.sent_back import PAYMENT_HOLDS, SENT_BACK
from ledger.domain.suspense import SUSPENSE

CITED: Final[Mapping[str, str]] = {
    "X900": "item",
    "S200": "item",
    "B220": "instalment",
    "B230": "order",
    "B240": "settlement",
    "R110": "settlement",
    "M100": "pledge",
    "P200": "call",
}
"""Account → the field by which a movement cites its reference."""
NAMED_ANEW: Final = frozenset(
    {
        ("FundsReserved", "call"),
        ("PartyRegistered", "credit_code"),
        ("PostSubsidyVerified", "claim"),
        ("ProjectRegistered", "project"),
        ("MatchingCommitted", "pledge"),
        ("PaymentOrdered", "order"),
        ("UnmatchedReceiptRecorded", "item"),
        ("UnmatchedSettlementRecorded", "item"),
    }
)
"""(Kind, field) that names what it brings into being, and cites nothing."""
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "source": ("fund", "from_fund"),
    "special": ("from_special",),
    "instalment": ("replaces",),
}
"""What a movement may call the same thing."""


def fields_of(kind: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of a kind that are known; None where it cites another thing than is known: it mends something else.

    ``known``: by the names of a place (``source``, ``special``, …), of what is cited, ``account`` and ``amount``.
    """
    model = MOVEMENTS[kind].model_fields
    fields = {name: field for name, field in model.items() if name != "kind" and (kind, name) not in NAMED_ANEW}
    told = {name: value for name, value in known.items() if value not in (None, "")}
    cited = {alias for name in CITED.values() if name in told for alias in (name, *_ALSO.get(name, ()))}
    told |= {alias: told[name] for name, aliases in _ALSO.items() if name in told for alias in aliases}
    lacking = any(name in fields and fields[name].is_required() and name not in told for name in CITED.values())
    if lacking or (cited and cited.isdisjoint(fields)):
        return None
    return {name: told[name] for name in fields if name in told}


def implied(book: Book, kind: str, given: Mapping[str, str], seen: Callable[[Account], bool]) -> dict[str, str]:
    """What follows from what a request cites, as texts, amounts in yuan: what is open of it, and whose it is.

    ``seen``: whether somebody sees an account; of others nothing is said. Fields that the kind has not are left out.
    """
    fields = MOVEMENTS[kind].model_fields
    cited = {name: value for name, value in given.items() if name in fields and (kind, name) not in NAMED_ANEW}
    return {name: value for name, value in _implied(book, kind, cited, seen) if value and name in fields}


def _implied(
    book: Book, kind: str, given: Mapping[str, str], seen: Callable[[Account], bool]
) -> Iterator[tuple[str, str | None]]:
    project, instalment = given.get("project", ""), given.get("instalment", "")
    item = SUSPENSE.get(book, given.get("item", ""))
    if item and seen(at := account("S200" if item.receipt else "X900", item.at)):
        yield "amount", _open(book, at)
        yield "period", None if item.receipt else item.period
        yield "explained_as", item.reported
        yield "target", item.target
    order = ORDERS.get(book, given.get("order", ""))
    if order and seen(account("B230", order.at)):
        yield "amount", _left(book, "B230", order.project, given["order"])
    if (pledge := PLEDGES.get(book, given.get("pledge", ""))) and seen(at := account("M100", pledge.at)):
        yield "amount", _open(book, at)
    call = RESERVATIONS.get(book, given.get("call", ""))
    if call and seen(at := account("P200", call.at(given["call"]))):
        yield "amount", _open(book, at)
        yield "fund", call.fund
    part = INSTALMENTS.get(book, (project, instalment))
    if part and seen(account("B220", part.at)):
        yield "amount", _left(book, "B220", project, instalment)
        yield "payee", _to_be_paid(book, project, instalment, part)
        yield "team", part.team


def _to_be_paid(book: Book, project: str, instalment: str, part: Instalment) -> str | None:
    """Whom an instalment is paid to: as before, where a payment of it came back; else who carries it out."""
    found = PROJECTS.of(book)[project]
    carries_out = found.team_party(part.team) if found.teams else found.undertaker
    return _came_back(book, project, instalment) or carries_out


def _came_back(book: Book, project: str, instalment: str) -> str | None:
    """The payee of the last payment of an instalment that was rejected and is not ordered again."""
    back = [one for one in SENT_BACK.get(book, project) or () if one.instalment == instalment]
    free = [one.order for one in back if PAYMENT_HOLDS.get(book, one.payment_key) is None]
    return ORDERS.of(book)[free[-1]].payee if free else None


def _left(book: Book, code: str, project: str, ref: str) -> str:
    """What a reference of a project holds, in the latest year in which it holds anything."""
    held = [found for found in book.accounts_of.get(project, ()) if (found.code, found.ref) == (code, ref)]
    open_ = [found for found in held if book.balance(found) > 0]
    return _open(book, max(open_, key=lambda found: found.fiscal_year or 0)) if open_ else ""


def _open(book: Book, at: Account) -> str:
    left = book.balance(at)
    return yuan(left) if left > 0 else ""
