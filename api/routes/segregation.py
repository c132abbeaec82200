"""Segregation of duties 不相容岗位分离: whose roles and signatures met that must not, and which rule says so."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import TheLedger, followed, stands_at
from api.security import Auditor, ThePeople
from ledger.access.people import People
from ledger.access.register import Entry
from ledger.access.segregation import RULES, Duty, Finding, findings
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.money import yuan
from ledger.domain.party import PARTIES
from ledger.projections.signatures import Signatures, own_approvals_tried, signatures

router = APIRouter(prefix="/v1/segregation", tags=["audit"], dependencies=[followed(Signatures)])
_PEOPLE = 500
SignedIn = Annotated[
    int | None,
    Query(ge=2000, le=2099, description="签批取该预算年度,默认全部 / signatures of a year, of all where absent"),
]


class RoleNamed(BaseModel):
    """A role, and what it is called."""

    role: Role
    name: Bilingual


class SegregationFinding(BaseModel):
    """What met in one human. ``numbers``: the first of ``count`` movements; ``amount``: what was paid to ``party``, in yuan."""

    duty: Duty
    human: str
    names: list[str]
    roles: list[RoleNamed]
    numbers: list[int]
    count: int
    party: str | None = None
    party_name: str | None = None
    amount: str | None = None


class SegregationRule(BaseModel):
    """What must not meet, by which clause or standard, and how often it was found."""

    duty: Duty
    name: Bilingual
    by: str
    found: int


class Segregation(BaseModel):
    """Findings by rule and human, of the movements of a fiscal year, or of all; ``years``: those there are.

    ``first`` and ``last``: their first and last number, 0 where there is none.
    """

    fiscal_year: int | None = None
    years: list[int]
    first: int
    last: int
    rules: list[SegregationRule]
    findings: list[SegregationFinding]


@router.get("", summary="不相容岗位分离 / Segregation of duties", responses=READS, response_model_exclude_none=True)
def get_segregation(
    ledger: TheLedger,
    people: ThePeople,
    caller: Auditor,
    response: Response,
    duty: Annotated[Duty | None, Query()] = None,
    fiscal_year: SignedIn = None,
) -> Segregation:
    """同一自然人的各账号视为一人;授权、登记单位和被拒请求为全部,签批为所示预算年度。

    Accounts of one human are one. Grants, attempts and who entered a party are all there are, signatures those of the year.
    """
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)
    seen = signatures(ledger.store, ledger.id, fiscal_year)
    register = _everybody(people)
    found = findings(seen.signed, seen.entered, own_approvals_tried(ledger.store, ledger.id), register)
    stands_at(response, seen.standing)
    names: dict[str, list[str]] = {}
    for entry in register:
        names.setdefault(entry.person.human, []).append(entry.person.name)
    with ledger.reading() as book:
        parties = {one.party: PARTIES.get(book, one.party) for one in found if one.party}
    called = {code: party.names[-1][1] for code, party in parties.items() if party}
    return Segregation(
        fiscal_year=fiscal_year,
        years=seen.years,
        first=seen.first,
        last=seen.last,
        rules=[_rule(one, found) for one in Duty],
        findings=[_finding(one, names, called) for one in found if duty in (None, one.duty)],
    )


def _everybody(people: People) -> list[Entry]:
    found: list[Entry] = []
    while page := people.register.everybody(found[-1].person.id if found else "", _PEOPLE):
        found += page
    return found


def _rule(duty: Duty, found: list[Finding]) -> SegregationRule:
    rule = RULES[duty]
    return SegregationRule(
        duty=duty, name=bilingual(rule.name), by=rule.by, found=sum(one.duty is duty for one in found)
    )


def _finding(of: Finding, names: dict[str, list[str]], called: dict[str, str]) -> SegregationFinding:
    return SegregationFinding(
        duty=of.duty,
        human=of.human,
        names=names.get(of.human, []),
        roles=[RoleNamed(role=role, name=bilingual(ROLES[role])) for role in of.roles],
        numbers=list(of.numbers),
        count=of.times,
        party=of.party,
        party_name=called.get(of.party or ""),
        amount=None if of.amount is None else yuan(of.amount),
    )
