"""Funded more than once 重复资助: projects with one undertaker or nearly one title in the same years, for people to look at."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger, reached, stands_at
from api.routes.projects import PartyRef
from api.security import DuplicateReader
from ledger.application import Ledger
from ledger.domain.duplicates import ALIKE, BASES, Basis, Funded, Group, duplicates
from ledger.domain.money import yuan
from ledger.domain.party import PARTIES
from ledger.domain.project import PROJECTS
from ledger.projections.journal import snapshot
from ledger.projections.projects import funded_by_year

router = APIRouter(prefix="/v1/duplicates", tags=["audit"], dependencies=[reached])


class FundedYear(BaseModel):
    """What of a project's fund money stands in a fiscal year, in yuan: committed, ordered, paid or issued."""

    fiscal_year: int
    amount: str


class FundedProject(BaseModel):
    """A project of a group. ``amount``: of all years, in yuan."""

    project: str
    title: str
    special: str
    undertaker: PartyRef
    years: list[FundedYear]
    amount: str


class DuplicateGroup(BaseModel):
    """Projects that have something in common, each funded in a fiscal year in which another one is. ``amount`` in yuan."""

    basis: Basis
    basis_name: Bilingual
    specials: list[str]
    amount: str
    projects: list[FundedProject]


class Duplicates(BaseModel):
    """Groups by title first, then by undertaker, each by amount; ``count``: of all pages. ``next`` goes into ``after``."""

    groups: list[DuplicateGroup]
    count: int
    next: int | None = None


@router.get("", summary="重复资助 / Funded more than once", responses=READS, response_model_exclude_none=True)
def list_duplicates(
    ledger: TheLedger,
    caller: DuplicateReader,
    response: Response,
    basis: Annotated[Basis | None, Query()] = None,
    alike: Annotated[int, Query(ge=50, le=100, description="名称相近程度,% / how alike titles are, percent")] = ALIKE,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 50,
) -> Duplicates:
    """同一承担单位,或名称相同、相近,且在同一预算年度获资助的项目;负责人为封存信息,不作比较。

    The same undertaker, or the same or nearly the same title, funded in one fiscal year. Leaders are sealed and not compared.
    """
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)
    with snapshot(ledger.store, ledger.id) as (connection, number):
        amounts = funded_by_year(connection, ledger.id)
    stands_at(response, number)
    funded, names = _funded(ledger, amounts)
    found = [group for group in duplicates(funded, alike) if basis in (None, group.basis)]
    groups = [_group(one, names) for one in found[after : after + limit]]
    return Duplicates(groups=groups, count=len(found), next=after + limit if len(found) > after + limit else None)


def _funded(ledger: Ledger, amounts: dict[str, dict[int, int]]) -> tuple[list[Funded], dict[str, str]]:
    """Projects with money, and what their undertakers are called. The Book is held for the look-up alone."""
    with ledger.reading() as book:
        known = [(code, project, amounts[code]) for code, project in PROJECTS.items(book) if code in amounts]
        parties = {project.undertaker: PARTIES.get(book, project.undertaker) for _, project, _ in known}
    funded = [
        Funded(code, project.title, project.special, project.undertaker, by_year) for code, project, by_year in known
    ]
    return funded, {code: party.names[-1][1] for code, party in parties.items() if party}


def _group(of: Group, names: dict[str, str]) -> DuplicateGroup:
    return DuplicateGroup(
        basis=of.basis,
        basis_name=bilingual(BASES[of.basis]),
        specials=list(of.specials),
        amount=yuan(of.total),
        projects=[
            FundedProject(
                project=one.project,
                title=one.title,
                special=one.special,
                undertaker=PartyRef(credit_code=one.undertaker, name=names.get(one.undertaker)),
                years=[FundedYear(fiscal_year=year, amount=yuan(fen)) for year, fen in sorted(one.amounts.items())],
                amount=yuan(one.total),
            )
            for one in of.projects
        ],
    )
