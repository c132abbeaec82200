"""Who must sign 签批: what the notice asks of each kind, the steps that rules add to it, and whether two signers are two humans.

A rule is policy data: from a day on, by a document, kinds from an amount on need more signatures (经办 → 复核 → 审批). It only
adds steps, behind those of the notice.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Id, business_date
from ledger.domain.money import Fen
from ledger.domain.movement import MOVEMENTS, Actor, Movement, Signs, both
from ledger.domain.refusals import Code, refuse, refuse_if

APPROVERS = (Role.FIN, Role.STD, Role.COM)
"""Roles that sign what others proposed."""


class SigningRule(NamedTuple):
    """A rule as it stands from a day on: ``steps`` sign after what the notice asks, from so many fen on."""

    since: date
    kinds: frozenset[str]
    from_amount: int
    steps: tuple[Role, ...]

    def covers(self, movement: Movement) -> bool:
        """What a correction puts in the place of a movement counts like that movement."""
        return not self.kinds.isdisjoint(_kinds(movement))

    def reached_by(self, movements: Sequence[Movement]) -> bool:
        """Whether all that is proposed of its kinds comes to its amount together, so that parts of it do not slip below.

        A kind without an amount counts as at or above every amount; a negative amount counts by its size.
        """
        total = 0
        for held in (held for movement in movements for held in (movement, *movement.inside())):
            if held.kind in self.kinds:
                amount = getattr(held, "amount", None)
                if amount is None:
                    return True
                total += abs(amount)
                if total >= self.from_amount:
                    return True
        return False


SIGNING_RULES: Register[str, tuple[SigningRule, ...]] = Register("signing_rules")
"""Rule → its versions by day."""
RULED: Register[str, int] = Register("ruled_kinds")
"""Kind → number of the last rule that named it: what is under no rule pays for none."""


def day_of_judging(book: Book, movement: Movement) -> date:
    """The day in Shanghai on which it is recorded, which nobody chooses; its business date where there is no clock."""
    return business_date(book.now) if book.now else movement.effective_on


def rules_in_force(book: Book, day: date) -> tuple[SigningRule, ...]:
    """The newest version of each rule, the lowest amount first, then by name; without those that were repealed."""
    newest = (
        next((version for version in reversed(versions) if version.since <= day), None)
        for _, versions in sorted(SIGNING_RULES.items(book))
    )
    return tuple(sorted((rule for rule in newest if rule and rule.steps), key=lambda rule: rule.from_amount))


def _kinds(movement: Movement) -> tuple[str, ...]:
    return (movement.kind, *(held.kind for held in movement.inside()))


def _of_each_kind(movements: Sequence[Movement]) -> list[Movement]:
    """One of those that are signed alike, the first of them; a list of thousands holds a few kinds."""
    alike = {_kinds(movement): movement for movement in reversed(movements)}
    return list(alike.values())[::-1]


def _begins(role: Role, alternative: tuple[Role, ...]) -> bool:
    """Whoever signs first proposes; a programme manager, too, what the S&T department decides alone."""
    return alternative[0] is role or (role is Role.PM and alternative == (Role.STD,))


def _chains(movement: Movement, alternatives: Signs, rules: Sequence[SigningRule]) -> Signs:
    added = tuple(step for rule in rules if rule.covers(movement) for step in rule.steps)
    return tuple((*alternative, *added) for alternative in alternatives)


def _needs(movement: Movement, rules: Sequence[SigningRule] = ()) -> str:
    return " / ".join("+".join(chain) for chain in _chains(movement, movement.signs, rules))


def chains_of(book: Book, movement: Movement) -> Signs:
    """Whose signatures it needs, by the notice and by the rules in force: any one of these, each in its order."""
    if RULED.of(book).keys().isdisjoint(_kinds(movement)):
        return movement.signs
    rules = rules_in_force(book, day_of_judging(book, movement))
    return _chains(movement, movement.signs, [rule for rule in rules if rule.reached_by((movement,))])


def check_role(book: Book, movement: Movement, actor: Actor) -> None:
    """A kind that one role signs alone may be recorded directly; what needs another signature must be proposed."""
    rules: tuple[SigningRule, ...] = ()
    ruled = RULED.of(book)
    if ruled and not ruled.keys().isdisjoint(_kinds(movement)):
        rules = rules_in_force(book, day_of_judging(book, movement))
        rules = tuple(rule for rule in rules if rule.reached_by((movement,)) and rule.covers(movement))
    if (actor.role,) in movement.signs and not rules:
        return
    needs = _needs(movement, rules)
    refuse(Code.UNAUTHORISED, movement.clause, role=actor.role, needs=needs, kind=movement.kind)


def begins(role: Role, signs: Signs) -> bool:
    """Whether a role may be the first to sign what is signed so."""
    return any(_begins(role, alternative) for alternative in signs)


def check_may_propose(movements: Sequence[Movement], proposer: Actor) -> None:
    """UNAUTHORISED where there is one that this role does not begin."""
    for movement in _of_each_kind(movements):
        about = {"role": proposer.role, "needs": _needs(movement), "kind": movement.kind}
        refuse_if(not begins(proposer.role, movement.signs), Code.UNAUTHORISED, movement.clause, **about)


def unsigned(
    movements: Sequence[Movement], signers: Sequence[Actor], rules: Sequence[SigningRule]
) -> Iterator[tuple[Movement, Role]]:
    """Movements whose chain the signers, in their order, have not completed, each with the role that is next.

    A signer whom a chain does not ask for is passed over: they sign for another movement of the list.
    """
    reached = [rule for rule in rules if rule.reached_by(movements)]
    for movement in _of_each_kind(movements):
        begun = tuple(alternative for alternative in movement.signs if _begins(signers[0].role, alternative))
        rests = [_rest(chain, signers) for chain in _chains(movement, begun or movement.signs, reached)]
        if all(rests):
            yield from ((movement, rest[0]) for rest in rests)


def _rest(chain: tuple[Role, ...], signers: Sequence[Actor]) -> tuple[Role, ...]:
    for signer in signers:
        if chain and chain[0] is signer.role:
            chain = chain[1:]
    return chain


def awaited(movements: Sequence[Movement], signers: Sequence[Actor], rules: Sequence[SigningRule]) -> tuple[Role, ...]:
    """Roles any of which brings a waiting list on. Where every chain is complete, whoever approves is the second person."""
    following = {role for _, role in unsigned(movements, signers, rules)} or set(APPROVERS)
    return tuple(role for role in Role if role in following)


def check_signature(
    movements: Sequence[Movement], signers: Sequence[Actor], approver: Actor, rules: Sequence[SigningRule]
) -> None:
    """Another human than every signer before (SELF_APPROVAL), in a role that is awaited (UNAUTHORISED)."""
    same = any(approver.humans & signer.humans for signer in signers)
    refuse_if(same, Code.SELF_APPROVAL, movements[0].clause)
    if approver.role in awaited(movements, signers, rules):
        return
    movement = next((found for found, _ in unsigned(movements, signers, rules)), movements[0])
    reached = [rule for rule in rules if rule.reached_by(movements)]
    signed = "+".join(signer.role for signer in (*signers, approver))
    needs = _needs(movement, reached)
    refuse(Code.UNAUTHORISED, movement.clause, signed=signed, needs=needs, kind=movement.kind)


class SigningRuleSet(Movement):
    """From the effective day on, these kinds from this amount on are signed by these roles as well, one after the other.

    The amount is in yuan, that of all movements of these kinds in one proposal together; absent: from zero. Steps come after
    what the notice asks, and after those of rules with a lower amount. Set anew under its name a rule is replaced, and without
    steps it is repealed. Treasury facts and proposals are under no rule (SIGNING_NOT_APPLICABLE).
    """

    label: ClassVar[Name] = Name("签批规则设定", "Signing rule set")
    clause: ClassVar[str] = "P"
    signs: ClassVar = both(Role.FIN, Role.STD)

    kind: Literal["SigningRuleSet"] = "SigningRuleSet"
    rule: Id
    kinds: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]
    from_amount: Fen | None = None
    steps: Annotated[tuple[Role, ...], Field(max_length=4)]

    def check(self, book: Book, actor: Actor) -> None:
        for name in self.kinds:
            kind = MOVEMENTS.get(name)
            if kind is None:
                refuse(Code.UNKNOWN_REFERENCE, self.clause, kind=name)
            refuse_if(kind.fact or kind.of_proposals, Code.SIGNING_NOT_APPLICABLE, self.clause, kind=name)
        other = next((step for step in self.steps if step not in APPROVERS), None)
        refuse_if(other, Code.SIGNING_NOT_APPLICABLE, self.clause, role=other, known=" ".join(APPROVERS))
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        version = SigningRule(self.effective_on, frozenset(self.kinds), self.from_amount or 0, self.steps)
        versions = (*(SIGNING_RULES.get(book, self.rule) or ()), version)
        SIGNING_RULES.put(book, self.rule, tuple(sorted(versions, key=lambda one: one.since)))
        for kind in self.kinds:
            RULED.put(book, kind, number)
