"""Parties 单位: undertakers, payees, pledgers, recommenders, keyed by unified social credit code."""

from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import CreditCode, Text
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.refusals import Code, refuse

Level = Literal["REGIONAL", "LEAGUE"]


class Party(NamedTuple):
    names: tuple[tuple[date, str], ...]
    """(day from which it is called so, name), by day."""
    level: str
    in_region: bool
    league: str | None

    def name_on(self, day: date) -> str:
        """Its name on a business date; the first one before that."""
        current = self.names[0][1]
        for since, name in self.names:
            if since <= day:
                current = name
        return current


PARTIES: Register[str, Party] = Register("parties")


def known_party(book: Book, credit_code: str, role: str) -> Party:
    """A registered party; UNKNOWN_REFERENCE otherwise. ``role`` names the field that cites it."""
    party = PARTIES.get(book, credit_code)
    if party is None:
        refuse(Code.UNKNOWN_REFERENCE, "二末", **{role: credit_code})
    return party


class PartyRegistered(Movement):
    """A legal person enters the register."""

    label: ClassVar[Name] = Name("单位登记", "Party registered")
    clause: ClassVar[str] = "二末"
    signs: ClassVar = by(Role.STD)

    kind: Literal["PartyRegistered"] = "PartyRegistered"
    credit_code: CreditCode
    name: Text
    level: Level
    in_region: bool = True
    league: Text | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"party:{self.credit_code}",)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        names = ((self.effective_on, self.name),)
        PARTIES.put(book, self.credit_code, Party(names, self.level, self.in_region, self.league))


class PartyRenamed(Movement):
    """A party bears another name from a day on; its code stays."""

    label: ClassVar[Name] = Name("单位更名", "Party renamed")
    clause: ClassVar[str] = "二末"
    signs: ClassVar = by(Role.STD)

    kind: Literal["PartyRenamed"] = "PartyRenamed"
    credit_code: CreditCode
    name: Text

    def check(self, book: Book, actor: Actor) -> None:
        known_party(book, self.credit_code, "credit_code")

    def register(self, book: Book, number: int, actor: Actor) -> None:
        party = known_party(book, self.credit_code, "credit_code")
        names = tuple(sorted((*party.names, (self.effective_on, self.name)), key=lambda item: item[0]))
        PARTIES.put(book, self.credit_code, party._replace(names=names))
