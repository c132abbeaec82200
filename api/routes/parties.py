"""Parties 单位: the register, with every name a party has borne."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from api.openapi import READS
from api.problems import ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, reached, stands_at
from api.security import PartyReader
from ledger.domain.fields import CreditCode, Text
from ledger.domain.party import PARTIES, Party

router = APIRouter(prefix="/v1/parties", tags=["registers"], dependencies=[reached])


class NameSince(BaseModel):
    """A name, and the day from which it holds."""

    since: date
    name: str


class PartyLine(BaseModel):
    """A legal person of the register."""

    credit_code: str
    name: str
    names: list[NameSince]
    level: str
    in_region: bool
    league: str | None = None


class PartyPage(BaseModel):
    """A page of parties by credit code; ``next`` goes into ``after``. ``count``: all that fit, other pages too."""

    parties: list[PartyLine]
    count: int
    next: str | None = None


@router.get("", summary="单位清单 / Parties", responses=READS, response_model_exclude_none=True)
def list_parties(
    ledger: TheLedger,
    caller: PartyReader,
    response: Response,
    q: Annotated[Text | None, Query(description="代码、任一名称 / in the code or any of its names")] = None,
    after: After = None,
    limit: Limit = 100,
) -> PartyPage:
    """按统一社会信用代码排序。By unified social credit code."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        fitting = sorted(
            code for code, party in PARTIES.items(book) if q is None or q.casefold() in _words(code, party)
        )
        page = [code for code in fitting if code > (after or "")][: limit + 1]
        lines = [_line(code, PARTIES.of(book)[code]) for code in page[:limit]]
    return PartyPage(parties=lines, count=len(fitting), next=page[limit - 1] if len(page) > limit else None)


def _words(code: str, party: Party) -> str:
    return "\n".join((code, *(name for _, name in party.names), party.league or "")).casefold()


@router.get("/{credit_code}", summary="一个单位 / One party", responses=READS, response_model_exclude_none=True)
def get_party(
    ledger: TheLedger, caller: PartyReader, response: Response, credit_code: Annotated[CreditCode, Path()]
) -> PartyLine:
    """登记簿中的一个单位。One party of the register."""
    with ledger.reading() as book:
        number, found = book.number, PARTIES.get(book, credit_code)
    if found is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    stands_at(response, number)
    return _line(credit_code, found)


def _line(credit_code: str, party: Party) -> PartyLine:
    return PartyLine(
        credit_code=credit_code,
        name=party.names[-1][1],
        names=[NameSince(since=since, name=name) for since, name in party.names],
        level=party.level,
        in_region=party.in_region,
        league=party.league,
    )
