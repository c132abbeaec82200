"""A ledger in memory for given-when-then: requests in, entries or a refusal out; no database, no server."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ledger.domain.accounts import SUPPLY
from ledger.domain.book import Book
from ledger.domain.catalogue import Role
from ledger.domain.decision import Accepted, decide, fold, judge
from ledger.domain.examples.requests import INDUSTRY, UNIVERSITY, Example
from ledger.domain.fields import credit_code_check_character
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import fen
from ledger.domain.movement import Actor, Movement
from ledger.domain.parameter import Supposed, suppose
from ledger.domain.refusals import Refusal
from ledger.projections.figures import MEASURES

YEAR_OPENS = "2025-01-02"
PREDECESSORS = ("ATRD", "MSTP", "STTC", "STIG")


def credit_code(serial: int) -> str:
    """A made-up unified social credit code with a right check character."""
    body = f"12150000{serial:09d}"
    return body + credit_code_check_character(body)


DEPARTMENTS = {
    "university": 1,
    "institute": 2,
    "company": 3,
    "hospital": 4,
    "industry": 5,
    "agriculture": 6,
    "league": 7,
}
"""Parties every history starts with, by a short name: ``university`` undertakes, ``industry`` recommends."""


def party(name: str) -> str:
    """The credit code behind a short name."""
    return credit_code(DEPARTMENTS[name])


def actor(who: str) -> Actor:
    """``FIN``, ``FIN2`` (another person of finance), ``REC of industry`` (with a department); ``PM`` manages key R&D.

    ``FIN within NSF`` is confined to a fund, ``PM within RDT`` to a plan.
    """
    who, _, within = who.partition(" within ")
    role, _, department = who.partition(" of ")
    found = Actor(role.lower(), Role(role.rstrip("23")), party(department) if department else None)
    if found.role is Role.PM:
        return found._replace(specials=frozenset({within}) if within else frozenset({"RDT-KRD", "RDT-CHN"}))
    return found._replace(sources=frozenset({within}) if within else frozenset())


def movement(kind: str, **fields: Any) -> Movement:
    """A request as it comes in; amounts are yuan strings."""
    return ANY_MOVEMENT.validate_json(json.dumps({"kind": kind, **fields}))


class World:
    """A Book with its log; every accepted movement is kept, so that it can be replayed."""

    def __init__(self) -> None:
        self.book = Book()
        self.log: list[Accepted] = []
        self.instants: dict[int, datetime | None] = {}
        """Number → the instant at which it was decided, where there was a clock."""
        self.refusal: Refusal | None = None
        self.accepted: list[Accepted] = []
        self._proposals = 0

    # -- doing

    def record(self, who: str, kind: str, **fields: Any) -> Accepted:
        """Record one movement as somebody; amounts are yuan strings. Raises Refusal."""
        return self.record_as(actor(who), kind, **fields)

    def record_as(self, who: Actor, kind: str, **fields: Any) -> Accepted:
        self.accepted = decide(self.book, movement(kind, **fields), who)
        self.log += self.accepted
        self.instants |= dict.fromkeys((one.number for one in self.accepted), self.book.now)
        return self.accepted[0]

    def sign(self, proposer: str, approver: str, kind: str, **fields: Any) -> Accepted:
        """Propose one movement and have it approved; answers with the movement itself. Raises Refusal."""
        return self.sign_all(proposer, approver, [{"kind": kind, **fields}])[0]

    def sign_all(self, proposer: str, approver: str, movements: list[dict[str, Any]]) -> list[Accepted]:
        self._proposals += 1
        name, day = f"proposal-{self._proposals}", movements[0]["effective_on"]
        self.record(proposer, "ProposalSubmitted", proposal=name, effective_on=day, movements=movements)
        self.record(approver, "ProposalApproved", proposal=name, effective_on=day)
        return self.accepted[1:]

    # -- looking

    def total(self, *codes: str, **dimensions: Any) -> int:
        """Sum in fen over the accounts of these codes where every dimension is as given."""
        return sum(
            amount
            for account, amount in self.book.balances.items()
            if account.code in codes and all(getattr(account, name) == value for name, value in dimensions.items())
        )

    def figure(self, measure: str, dimension: str, key: str) -> int:
        """A figure of the card by its English name, such as ``available`` of ``special`` ``RDT-KRD``, in fen."""
        codes = SUPPLY if measure == "supply" else (MEASURES[measure.replace(" ", "_")],)
        if dimension == "all":
            return self.total(*codes)
        if dimension == "plan":
            from ledger.domain.special import all_specials

            specials = [code for code, state in all_specials(self.book).items() if state.plan == key]
            return sum(self.total(*codes, special=special) for special in specials)
        return self.total(*codes, **{{"fund": "source"}.get(dimension, dimension): key})

    def replayed(self) -> Book:
        """A fresh Book folded from what was recorded, entries and all; each is judged again before, and stands as it is."""
        book, refused = self.rejudged()
        assert not refused, refused
        return book

    def rejudged(self, settings: Supposed | None = None) -> tuple[Book, list[tuple[Accepted, Refusal]]]:
        """The same under other parameters, and what they would have refused."""
        book, refused = Book(), []
        suppose(book, settings or {})
        for one in self.log:
            book.now = self.instants[one.number]
            refusal = self.judged_again(book, one)
            if refusal is not None:
                refused.append((one, refusal))
            fold(book, one.number, one.movement, one.legs, one.actor, one.voucher, one.proposal)
        return book, refused

    def judged_again(self, book: Book, one: Accepted) -> Refusal | None:
        """Why a movement would be refused where a Book stands; None where it would be accepted, with the lines it has."""
        mark = book.mark()
        try:
            assert judge(book, one.movement, one.actor) == one.legs
        except Refusal as refusal:
            return refusal
        finally:
            book.rollback(mark)
        return None

    def snapshot(self) -> tuple[Any, ...]:
        """Everything a refused request must leave as it was."""
        book = self.book
        registers = {name: dict(rows) for name, rows in book.registers.items() if rows}
        return (
            book.number,
            dict(book.balances),
            dict(book.cells),
            dict(book.account_ids),
            dict(book.vouchers),
            registers,
        )


def played(history: Iterable[Example]) -> World:
    """A ledger that was asked for documented examples, in their order, by whom they name."""
    world = World()
    for example in history:
        fields = {name: value for name, value in example.request.items() if name != "kind"}
        people = [
            who.replace(f"@{INDUSTRY}", " of industry").replace(f"@{UNIVERSITY}", " of university")
            for who in example.signers
        ]
        if len(people) == 1:
            world.record(people[0], example.kind, **fields)
        else:
            world.sign(people[0], people[1], example.kind, **fields)
    return world


def with_parties() -> World:
    """An empty ledger that knows the parties."""
    world = World()
    for name in DEPARTMENTS:
        level = "LEAGUE" if name == "league" else "REGIONAL"
        fields = {"credit_code": party(name), "name": f"{name} (synthetic)", "level": level}
        world.record("STD", "PartyRegistered", effective_on=YEAR_OPENS, **fields)
    return world


def opened_2025() -> World:
    """History H1: predecessors taken over and consolidated, NSF carried in, both funds appropriated."""
    world = with_parties()
    for fund, unallocated, committed in (
        ("ATRD", "3200000", "18500000"),
        ("MSTP", "0", "42000000"),
        ("STTC", "1250000.50", "7749999.50"),
        ("STIG", "560000", "0"),
        ("NSF", "400000", "12600000"),
    ):
        common = {"fund": fund, "vintage": 2024, "effective_on": YEAR_OPENS}
        if fen(committed):
            legacy_project(world, fund)
            rest = [{"instalment": "rest", "unpaid": committed}]
            fields = {"amount": committed, "project": f"OLD-{fund}", "instalments": rest}
            world.sign("FIN", "STD", "OpeningBalanceImported", **common, **fields)
        if fen(unallocated):
            world.sign("FIN", "STD", "OpeningBalanceImported", **common, amount=unallocated)
    for fund in PREDECESSORS:
        world.sign("FIN", "STD", "PredecessorFundConsolidated", fund=fund, effective_on=YEAR_OPENS)
    for line, fund, amount in (("1", "STIDF", "900000000"), ("2", "NSF", "160000000")):
        quota = {"document": {"number": "内财科〔2025〕1号"}, "line": line, "effective_on": "2025-01-10"}
        world.record("FIN", "AppropriationReceived", fund=fund, vintage=2025, amount=amount, **quota)
    return world


def legacy_project(world: World, fund: str) -> None:
    """A suspended former category with one running project ``OLD-<fund>`` of the university."""
    special = {"special": f"LEG-{fund}", "plan": "LEGACY", "title_zh": "原类别", "title_en": "Former category"}
    world.record("STD", "SpecialAdded", effective_on=YEAR_OPENS, **special)
    project(world, f"OLD-{fund}", f"LEG-{fund}", None, effective_on=YEAR_OPENS)


def project(world: World, name: str, special: str, mode: str | None, **more: Any) -> Accepted:
    """A project of the university."""
    fields = {
        "project": name,
        "special": special,
        "title": f"{name} (synthetic)",
        "undertaker": party("university"),
        "external_id": f"X-{name}",
        "function": "2060499",
        "effective_on": "2025-02-01",
        **({"mode": mode} if mode else {}),
        **more,
    }
    return world.record("STD", "ProjectRegistered", **fields)
