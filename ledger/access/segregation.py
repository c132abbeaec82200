"""Segregation of duties 不相容岗位分离: who held or used roles that must not meet. The rules are data; pure functions judge.

The ledger refuses most of it at the door. What is found nevertheless is what the door could not know: accounts that were declared
one human's later, roles that were granted one after the other, one person who enters a party and then orders payments to it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from ledger.access.policy import ALONE
from ledger.access.register import Entry, Granted
from ledger.domain.catalogue import Name, Role


class Duty(StrEnum):
    """What must not meet."""

    BOTH_SIDES = "BOTH_SIDES"
    OWN_APPROVAL_TRIED = "OWN_APPROVAL_TRIED"
    MAKER_AND_PAYER = "MAKER_AND_PAYER"
    ADMINISTRATOR_RECORDED = "ADMINISTRATOR_RECORDED"
    ROLES_USED = "ROLES_USED"
    ROLES_HELD = "ROLES_HELD"


class Rule(NamedTuple):
    """What must not meet, in words, and what asks for it: a clause of the notice, or a standard."""

    name: Name
    by: str


_CONTROL = "《行政事业单位内部控制规范(试行)》(财会〔2012〕21号)不相容岗位相互分离"
RULES: dict[Duty, Rule] = {
    Duty.BOTH_SIDES: Rule(
        Name("同一人(含代理)在一笔业务的两方签批", "One human on both sides of a movement, in person or for another"),
        f"五(二);{_CONTROL}",
    ),
    Duty.OWN_APPROVAL_TRIED: Rule(
        Name("试图审批本人提交或已签的事项(已被拒)", "Tried to approve what they had submitted or signed (refused)"),
        _CONTROL,
    ),
    Duty.MAKER_AND_PAYER: Rule(
        Name("登记单位的人又签批对该单位的付款", "Entered a party and signed payments to it"), _CONTROL
    ),
    Duty.ADMINISTRATOR_RECORDED: Rule(
        Name("任系统、安全、审计管理员或审计的人又办理业务", "Was an administrator or auditor, and recorded movements"),
        f"三员分立;{_CONTROL}",
    ),
    Duty.ROLES_USED: Rule(
        Name("以不相容的角色办理过业务", "Signed in roles that must not meet"), f"五(一)、五(二);{_CONTROL}"
    ),
    Duty.ROLES_HELD: Rule(Name("持有不相容的角色", "Holds roles that must not meet"), f"五(一)、五(二);{_CONTROL}"),
}
CONFLICTS: frozenset[frozenset[Role]] = frozenset(
    map(
        frozenset,
        [
            (Role.FIN, Role.STD),  # the two departments sign together
            *((department, outside) for department in (Role.FIN, Role.STD, Role.COM, Role.PM)
              for outside in (Role.UND, Role.REC, Role.CHA, Role.LEA)),
            (Role.REC, Role.UND),  # whoever recommends pledges for what somebody else carries out
            (Role.STD, Role.PM),  # the one proposes what the other decides
        ],
    )
)  # fmt: skip
"""Pairs of roles no human has; whoever holds one of ALONE holds no other at all."""
_ADMINISTRATORS = ALONE - {Role.TRE}


NUMBERS = 10
"""So many numbers of movements a finding names."""


class Signer(NamedTuple):
    """Who signed: a subject of the log, in which role, in whose place."""

    subject: str
    role: Role
    acting_for: str | None = None


class Signed(NamedTuple):
    """Recorded movements that the same signed, the actor first; the party they enter, or the one they pay; in all so much, in fen.

    ``numbers``: the first NUMBERS of ``times``.
    """

    signers: tuple[Signer, ...]
    numbers: tuple[int, ...]
    times: int = 1
    enters: str | None = None
    pays: str | None = None
    amount: int = 0


class Tried(NamedTuple):
    """A refused attempt to approve one's own: who, what kind, and at which number it was judged."""

    subject: str
    role: Role
    kind: str
    number: int


class Finding(NamedTuple):
    """What met: the human, in which roles, at which movements (the first of ``times``), about which party, fen that were paid."""

    duty: Duty
    human: str
    roles: tuple[Role, ...]
    numbers: tuple[int, ...] = ()
    times: int = 0
    party: str | None = None
    amount: int | None = None


def conflict(one: Role, other: Role) -> bool:
    """Whether two roles must not meet in one human."""
    return one is not other and (bool({one, other} & ALONE) or frozenset((one, other)) in CONFLICTS)


def findings(
    signed: Sequence[Signed], entered: Iterable[Signed], tried: Iterable[Tried], people: Sequence[Entry]
) -> list[Finding]:
    """Everything that met: by rule, then by human. ``entered``: what enters parties, whenever it was recorded.

    Each movement stands in one of ``signed``.

    Humans are those of the register as it stands: accounts that were declared one human's are one, whenever they signed.
    """
    human_of = {entry.person.id: entry.person.human for entry in people}
    held = _held(people)
    found = [
        *_both_sides(signed, human_of),
        *_tried(tried, human_of),
        *_makers_and_payers(signed, entered, human_of),
        *_used(signed, human_of, held),
        *_holders(held),
    ]
    order = list(Duty)
    return sorted(found, key=lambda one: (order.index(one.duty), one.human, one.party or "", one.numbers))


def _held(people: Sequence[Entry]) -> dict[str, list[Granted]]:
    held: dict[str, list[Granted]] = defaultdict(list)
    for entry in people:
        held[entry.person.human] += entry.grants
    return held


def _humans(signer: Signer, human_of: Mapping[str, str]) -> set[str]:
    """Whoever gives a signature, and whoever it is given for."""
    return {human_of.get(one, one) for one in (signer.subject, signer.acting_for) if one}


def _both_sides(signed: Iterable[Signed], human_of: Mapping[str, str]) -> Iterator[Finding]:
    met: dict[tuple[str, tuple[Role, ...]], dict[Signed, None]] = defaultdict(dict)
    for one in signed:
        for first, second in combinations(one.signers, 2):
            for human in _humans(first, human_of) & _humans(second, human_of):
                met[human, _roles((first.role, second.role))][one] = None
    for (human, roles), those in met.items():
        yield Finding(Duty.BOTH_SIDES, human, roles, *_first(those))


def _tried(tried: Iterable[Tried], human_of: Mapping[str, str]) -> Iterator[Finding]:
    of: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        of[human_of.get(one.subject, one.subject)].append(one)
    for human, those in of.items():
        yield Finding(Duty.OWN_APPROVAL_TRIED, human, _roles(one.role for one in those), (), len(those))


def _makers_and_payers(
    signed: Iterable[Signed], entered: Iterable[Signed], human_of: Mapping[str, str]
) -> Iterator[Finding]:
    makers = {
        (human, one.enters)
        for one in entered
        for signer in one.signers
        for human in _humans(signer, human_of)
    }  # fmt: skip
    paid: dict[tuple[str, str], dict[Signed, None]] = defaultdict(dict)
    used: dict[tuple[str, str], set[Role]] = defaultdict(set)
    for one in signed:
        for signer in one.signers if one.pays else ():
            for human in _humans(signer, human_of):
                if (human, one.pays) in makers:
                    paid[human, str(one.pays)][one] = None
                    used[human, str(one.pays)].add(signer.role)
    for (human, party), those in paid.items():
        amount = sum(one.amount for one in those)
        yield Finding(Duty.MAKER_AND_PAYER, human, _roles(used[human, party]), *_first(those), party, amount)


def _used(
    signed: Iterable[Signed], human_of: Mapping[str, str], held: Mapping[str, Sequence[Granted]]
) -> Iterator[Finding]:
    """In which roles each human signed, beside each other and beside those of administrators that they hold or held."""
    used: dict[str, dict[Role, dict[Signed, None]]] = defaultdict(lambda: defaultdict(dict))
    for one in signed:
        for signer in one.signers:
            used[human_of.get(signer.subject, signer.subject)][signer.role][one] = None
    for human, of_role in used.items():
        keeps = {granted.grant.role for granted in held.get(human, ())} & _ADMINISTRATORS
        if keeps:
            every = {one: None for those in of_role.values() for one in those}
            yield Finding(Duty.ADMINISTRATOR_RECORDED, human, _roles((*keeps, *of_role)), *_first(every))
        for first, second in combinations(_roles(of_role), 2):
            if conflict(first, second):
                both = of_role[first] | of_role[second]
                yield Finding(Duty.ROLES_USED, human, (first, second), *_first(both))


def _holders(held: Mapping[str, Sequence[Granted]]) -> Iterator[Finding]:
    """Grants that were not taken back and hold on one day."""
    for human, grants in held.items():
        pairs = {
            _roles((one.grant.role, other.grant.role))
            for one, other in combinations((granted for granted in grants if not granted.revoked), 2)
            if conflict(one.grant.role, other.grant.role)
            and one.grant.since <= other.grant.until
            and other.grant.since <= one.grant.until
        }
        yield from (Finding(Duty.ROLES_HELD, human, pair) for pair in sorted(pairs))


def _first(those: Collection[Signed]) -> tuple[tuple[int, ...], int]:
    """The first numbers of all of them, and how many there are."""
    numbers = sorted(number for one in those for number in one.numbers)
    return tuple(numbers[:NUMBERS]), sum(one.times for one in those)


def _roles(roles: Iterable[Role]) -> tuple[Role, ...]:
    named = set(roles)
    return tuple(role for role in Role if role in named)
