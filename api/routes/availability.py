"""Availability 可用额度: what a special may still commit, of which fund and vintage, and why no more."""

from collections import defaultdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.moments import FiscalYear
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import TheLedger, reached, stands_at
from api.security import BookReader
from ledger.access.sight import Sight
from ledger.domain.accounts import ACCOUNTS, account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.domain.fields import SpecialCode
from ledger.domain.money import yuan
from ledger.domain.parameter import PARAMETERS, chosen
from ledger.domain.reservation import RESERVATIONS, Reservation
from ledger.domain.special import ACTIVE, SpecialState, special_state

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])

AVAILABLE, RESERVED = "B210", "P200"
BLOCKS = "reservation_blocks"


class FromWhere(BaseModel):
    """Available money of one fund and vintage: a commitment names both."""

    fund: str
    vintage: int
    available: str


class ReservedFor(BaseModel):
    """Money set aside for a call, in yuan."""

    call: str
    fund: str
    reserved: str
    expires_on: date


class Availability(BaseModel):
    """In yuan: ``net`` = available − reserved. ``why`` says in words what it is made of."""

    special: str
    name: Bilingual
    on: date
    status: str
    fiscal_year: int | None
    available: str
    reserved: str
    net: str
    available_from: list[FromWhere]
    reserved_for: list[ReservedFor]
    reservations_block: bool
    why: list[Bilingual]


@router.get("/availability", summary="可用额度 / What may still be committed", responses=READS)
def get_availability(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    special: Annotated[SpecialCode, Query()],
    fiscal_year: FiscalYear = None,
) -> Availability:
    """某专项还可安排多少、预留多少。What a special may still commit, what is reserved, and why."""
    today: date = request.app.state.today()
    with ledger.reading() as book:
        stands_at(response, book.number)
        state = special_state(book, special)
        if state is None or not caller.sees.special(book, special):
            raise ProblemRaised(Wrong.NOT_FOUND, special=special)
        latest = _latest_year(book)
        year = fiscal_year or latest
        places = _available(book, special, year, caller.sees)
        calls = _calls(book, special, today, caller.sees) if year == latest else []
        blocks = chosen(book, BLOCKS, special, today) == "yes"
    reserved = sum(amount for _, _, amount in calls)
    available = sum(places.values())
    return Availability(
        special=special,
        name=bilingual(state.name),
        on=today,
        status=state.status_on(today) or "",
        fiscal_year=year,
        available=yuan(available),
        reserved=yuan(reserved),
        net=yuan(available - reserved),
        available_from=[
            FromWhere(fund=fund, vintage=vintage, available=yuan(amount))
            for (fund, vintage), amount in sorted(places.items())
            if amount
        ],
        reserved_for=[
            ReservedFor(call=call, fund=held.fund, reserved=yuan(amount), expires_on=held.expires_on)
            for call, held, amount in calls
        ],
        reservations_block=blocks,
        why=[bilingual(words) for words in _why(state, today, available, reserved, blocks=blocks)],
    )


def _latest_year(book: Book) -> int | None:
    return max((cell.fiscal_year for cell in book.cells if cell.fiscal_year is not None), default=None)


def _available(book: Book, special: str, year: int | None, sees: Sight) -> dict[tuple[str, int], int]:
    """Fen available to a special, by fund and vintage."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for cell, amount in book.cells.items():
        if cell[:2] == (AVAILABLE, year) and cell.special == special and sees.source(cell.source):
            found[cell.source or "", cell.vintage or 0] += amount
    return found


def _calls(book: Book, special: str, today: date, sees: Sight) -> list[tuple[str, Reservation, int]]:
    """Calls still open that hold reserved money of a special, and how much of it in fen."""
    of_special = (
        (call, held)
        for call, held in RESERVATIONS.items(book)
        if held.special == special and held.is_open(today) and sees.source(held.fund)
    )
    with_amounts = ((call, held, book.balance(account(RESERVED, held.at(call)))) for call, held in of_special)
    return [row for row in with_amounts if row[2]]


def _why(state: SpecialState, today: date, available: int, reserved: int, *, blocks: bool) -> list[Name]:
    """What stands between the special and its money, in words."""
    name = ACCOUNTS[AVAILABLE].name
    words = [Name(f"{name.zh}:已分配到本专项、尚未安排", f"{name.en}: allocated to the special and not yet committed")]
    if reserved:
        words.append(
            Name(
                "净可用 = 可用 − 预留;预留为申报通知留出", "Net = available − reserved; reserved is set aside for calls"
            )
        )
    if reserved and blocks:
        name = PARAMETERS[BLOCKS].name
        words.append(Name(f"{name.zh}:是,只能安排净可用", f"{name.en}: yes, so only the net may be committed"))
    if state.status_on(today) != ACTIVE:
        words.append(Name("专项当前不接受新安排", "The special takes no new commitments on this day"))
    if not available:
        words.append(
            Name("须先由科技、财政部门分配或调剂", "The S&T and finance departments must allocate or reallocate first")
        )
    return words
