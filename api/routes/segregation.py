"""Segregation of duties 不相容岗位分离: whose roles and signatures met that must not, and which rule says so."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, TheLedger, reached, stands_at
from api.security import Auditor, ThePeople
from ledger.access.people import People
from ledger.access.register import Entry
from ledger.access.segregation import RULES, Duty, Finding, findings
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.money import yuan
from ledger.domain.party import PARTIES
from ledger.projections.journal import standing
from ledger.projections.signatures import entered_parties, own_approvals_tried, signatures

router = APIRouter(prefix="/v1/segregation", tags=["audit"], dependencies=[reached])
AT_ONCE = 100_000
"""So many movements are looked through for one answer; it says which."""
_PEOPLE = 500


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
    """Findings by rule and human, of the movements from ``first`` to ``last``; ``next`` goes into ``after``."""

    first: int
    last: int
    rules: list[SegregationRule]
    findings: list[SegregationFinding]
    next: int | None = None


@router.get("", summary="不相容岗位分离 / Segregation of duties", responses=READS, response_model_exclude_none=True)
def get_segregation(
    ledger: TheLedger,
    people: ThePeople,
    caller: Auditor,
    response: Response,
    duty: Annotated[Duty | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX, description="自该编号之后 / movements after a number")] = 0,
) -> Segregation:
    """同一自然人的各账号视为一人;授权和被拒请求为全部,签批为所示编号范围。

    Accounts of one human are one. Grants and attempts are all there are, signatures those of the numbers it says.
    """
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)
    stands = standing(ledger.store, ledger.id)
    last = min(after + AT_ONCE, stands)
    register = _everybody(people)
    found = findings(
        signatures(ledger.store, ledger.id, after, last),
        entered_parties(ledger.store, ledger.id, stands),
        own_approvals_tried(ledger.store, ledger.id),
        register,
    )
    stands_at(response, stands)
    names: dict[str, list[str]] = {}
    for entry in register:
        names.setdefault(entry.person.human, []).append(entry.person.name)
    with ledger.reading() as book:
        parties = {one.party: PARTIES.get(book, one.party) for one in found if one.party}
    called = {code: party.names[-1][1] for code, party in parties.items() if party}
    return Segregation(
        first=min(after + 1, last) if last else 0,
        last=last,
        rules=[_rule(one, found) for one in Duty],
        findings=[_finding(one, names, called) for one in found if duty in (None, one.duty)],
        next=last if last < stands else None,
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
