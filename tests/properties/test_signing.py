"""Random chains of signatures: no list is recorded by fewer humans than it has steps, nor by less than the notice asks."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.approval import PROPOSALS, ProposalStatus
from ledger.domain.catalogue import Role
from ledger.domain.movement import MOVEMENTS, Actor
from ledger.domain.refusals import Code, Refusal
from ledger.domain.signing import rules_in_force
from tests.world import YEAR_OPENS, World

NO_AMOUNT = "ReconciliationSignedOff"
STIDF = {"fund": "STIDF", "vintage": 2025}
DOCUMENT = {"document": {"number": "文"}}
KINDS: dict[str, dict[str, Any]] = {
    "FundsAllocated": {**STIDF, "special": "RDT-CHN"},
    "AllocationWithdrawn": {**STIDF, "special": "RDT-KRD", "reason": "调整"},
    "AppropriationReduced": {**STIDF},
    "FundsReallocatedWithinFund": {**STIDF, "from_special": "RDT-KRD", "to_special": "RDT-CHN", "reason": "优先"},
    "FundsWithdrawnToTreasury": {**STIDF, "account": "B210", "special": "RDT-KRD"},
    NO_AMOUNT: {
        "reconciles": "2025-01",
        "statement": "0" * 64,
        **dict.fromkeys(("ledger_total", "statement_total", "unexplained"), "0"),
    },
}
"""Signed by both, by either alone, by two of one department; the last has no amount."""
APPROVE = (Role.FIN, Role.STD, Role.COM)
NAMES = ("li", "wang", "zhao", "qian", "sun")


class Rule(NamedTuple):
    kinds: list[str]
    from_yuan: int
    steps: list[Role]


rules = st.lists(
    st.builds(
        Rule,
        st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True),
        st.integers(1, 9),
        st.lists(st.sampled_from(APPROVE), min_size=1, max_size=3),
    ),
    max_size=3,
)
lists = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, 5)),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line if line[0] != NO_AMOUNT else NO_AMOUNT,
)
humans = st.builds(
    Actor,
    st.sampled_from(NAMES),
    st.sampled_from(APPROVE),
    st.none(),
    st.just(frozenset()),
    st.none() | st.sampled_from(NAMES),
    st.just(frozenset()),
)


def opened(set_rules: Sequence[Rule]) -> World:
    world = World()
    quota = {"amount": "1000", "line": "1", "effective_on": YEAR_OPENS, **DOCUMENT}
    world.record("FIN", "AppropriationReceived", **STIDF, **quota)
    world.sign("STD", "FIN", "FundsAllocated", **STIDF, special="RDT-KRD", amount="500", effective_on=YEAR_OPENS)
    for number, rule in enumerate(set_rules):
        fields = {"kinds": rule.kinds, "from_amount": str(rule.from_yuan), "steps": rule.steps, **DOCUMENT}
        world.sign("FIN", "STD", "SigningRuleSet", rule=f"R-{number}", effective_on=YEAR_OPENS, **fields)
    return world


def chains(kind: str, proposed: Sequence[tuple[str, int]], set_rules: Sequence[Rule]) -> list[list[Role]]:
    """What signs a kind of a list, by the words of the rules: added up anew, without the ledger's help."""
    added: list[Role] = []
    for rule in sorted(set_rules, key=lambda rule: rule.from_yuan):
        covered = [yuan for name, yuan in proposed if name in rule.kinds]
        endless = NO_AMOUNT in rule.kinds and any(name == NO_AMOUNT for name, _ in proposed)
        if kind in rule.kinds and (endless or sum(covered) >= rule.from_yuan):
            added += rule.steps
    return [[*alternative, *added] for alternative in MOVEMENTS[kind].signs]


def follows(chain: Sequence[Role], signed: Sequence[Role]) -> bool:
    """Whether the steps of a chain were signed in their order."""
    rest = iter(signed)
    return all(step in rest for step in chain)


def refused_with(world: World, approver: Actor, on: dict[str, str]) -> Code | None:
    try:
        world.record_as(approver, "ProposalApproved", **on)
    except Refusal as refusal:
        return refusal.code
    return None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(rules, lists, st.sampled_from((Role.FIN, Role.STD)), st.lists(humans, max_size=6))
def test_no_chain_is_shorter_than_what_is_asked(
    set_rules: list[Rule], proposed: list[tuple[str, int]], role: Role, tries: list[Actor]
) -> None:
    proposed = [one for one in proposed if any(chain[0] is role for chain in chains(one[0], [], []))]
    assume(proposed)
    world = opened(set_rules)
    book, proposer, fresh = world.book, Actor("li", role), count()
    movements = [
        {"kind": kind, "effective_on": YEAR_OPENS, "document": {"number": f"文{line}"}, **KINDS[kind]}
        | ({} if kind == NO_AMOUNT else {"amount": str(yuan)})
        for line, (kind, yuan) in enumerate(proposed)
    ]
    on = {"proposal": "P", "effective_on": YEAR_OPENS}
    world.record_as(proposer, "ProposalSubmitted", movements=movements, **on)
    queue = list(tries)
    for _ in range(40):
        waiting = PROPOSALS.of(book)["P"]
        if waiting.status is not ProposalStatus.OPEN:
            break
        awaits = waiting.awaits(rules_in_force(book, date.fromisoformat(YEAR_OPENS)))
        approver = queue.pop(0) if queue else Actor(f"fresh-{next(fresh)}", awaits[0])
        same = any(
            {approver.subject, approver.acting_for} & {s.subject, s.acting_for} - {None} for s in waiting.signers
        )
        expected = Code.SELF_APPROVAL if same else Code.UNAUTHORISED if approver.role not in awaits else None
        assert refused_with(world, approver, on) is expected
    signers = (world.accepted[-1].actor, *world.accepted[-1].approvals)
    assert PROPOSALS.of(book)["P"].status is ProposalStatus.APPROVED
    assert signers == PROPOSALS.of(book)["P"].signers
    people = [{signer.subject, signer.acting_for} - {None} for signer in signers]
    assert sum(map(len, people)) == len(set().union(*people))
    asked = [chains(kind, proposed, set_rules) for kind, _ in proposed]
    assert len(signers) >= max(2, *(min(map(len, alternatives)) for alternatives in asked))
    roles = [signer.role for signer in signers]
    assert all(any(follows(chain, roles) and chain[0] is roles[0] for chain in alternatives) for alternatives in asked)
    without_last = [any(follows(chain, roles[:-1]) for chain in alternatives) for alternatives in asked]
    assert not all(without_last) or len(roles) == 2, "the last signature was not needed"
    assert world.replayed().registers["proposals"] == book.registers["proposals"]
