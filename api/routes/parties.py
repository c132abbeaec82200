"""Parties 单位: the register, with every name a party has borne."""

from datetime import date
from heapq import nsmallest
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from api.openapi import READS
from api.problems import ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, reached, stands_at
from api.security import PartyReader
from ledger.domain.fields import CreditCode
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
    """A page of parties by credit code; ``next`` goes into ``after``."""

    parties: list[PartyLine]
    next: str | None = None


@router.get("", summary="单位清单 / Parties", responses=READS, response_model_exclude_none=True)
def list_parties(
    ledger: TheLedger, caller: PartyReader, response: Response, after: After = None, limit: Limit = 100
) -> PartyPage:
    """按统一社会信用代码排序。By unified social credit code."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        codes = nsmallest(limit + 1, (code for code, _ in PARTIES.items(book) if code > (after or "")))
        lines = [_line(code, PARTIES.of(book)[code]) for code in codes[:limit]]
    return PartyPage(parties=lines, next=codes[limit - 1] if len(codes) > limit else None)


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
