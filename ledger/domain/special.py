"""Specials 专项, effective-dated: suspended, resumed, added, merged (三(一) 动态调整)."""

from collections.abc import Collection
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ledger.domain.book import Book, Register
from ledger.domain.catalogue import SPECIALS, Fund, Mode, Name, Plan, Role
from ledger.domain.fields import SpecialCode, Text
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.refusals import Code, refuse, refuse_if

ACTIVE, SUSPENDED, MERGED = "ACTIVE", "SUSPENDED", "MERGED"


class SpecialState(NamedTuple):
    """A special as the ledger knows it: where it belongs, and since when it is in which status."""

    plan: Plan
    name: Name
    modes: frozenset[Mode]
    clause: str
    history: tuple[tuple[date, str], ...]
    """(day from which it holds, status), by day."""

    def status_on(self, day: date) -> str | None:
        """Status on a business date; None before it existed."""
        status = None
        for since, what in self.history:
            if since <= day:
                status = what
        return status

    @property
    def merged(self) -> bool:
        """Whether it went on as part of another, for good."""
        return any(status == MERGED for _, status in self.history)


CHANGED_SPECIALS: Register[str, SpecialState] = Register("specials")
"""Specials that movements added or changed; the others stand as the notice lists them."""


def special_state(book: Book, code: str) -> SpecialState | None:
    """A special by code, as it stands in this Book."""
    changed = CHANGED_SPECIALS.get(book, code)
    if changed is not None or code not in SPECIALS:
        return changed
    plan, name, modes, clause = SPECIALS[code]
    return SpecialState(plan, name, modes, clause, ((date.min, ACTIVE),))


def all_specials(book: Book) -> dict[str, SpecialState]:
    """Every special of the catalogue and every one added, by code."""
    codes = [*SPECIALS, *(code for code in CHANGED_SPECIALS.of(book) if code not in SPECIALS)]
    return {code: state for code in codes if (state := special_state(book, code)) is not None}


def is_among(book: Book, codes: Collection[str], code: str | None) -> bool:
    """Whether a special is one of ``codes``, or belongs to a plan that is."""
    state = special_state(book, code) if code is not None else None
    return code in codes or (state is not None and state.plan in codes)


def known_special(book: Book, code: str, day: date) -> SpecialState:
    """A special that exists on the day, active or not (V8); UNKNOWN_REFERENCE otherwise."""
    state = special_state(book, code)
    if state is None or state.status_on(day) is None:
        refuse(Code.UNKNOWN_REFERENCE, "二 V8", special=code)
    return state


def named_special(book: Book, code: str | None, day: date, clause: str) -> str:
    """The special that available money belongs to; UNKNOWN_REFERENCE where none is named, or one that nobody knows (V8)."""
    refuse_if(code is None, Code.UNKNOWN_REFERENCE, clause, field="special")
    known_special(book, code or "", day)
    return code or ""


def active_special(book: Book, code: str, day: date) -> SpecialState:
    """A special that takes new commitments on the day; SPECIAL_SUSPENDED otherwise (五(二) 存量项目).

    A merged one takes nothing, not even dated before the merging: what was open in it has moved, and nothing draws on it.
    """
    state = known_special(book, code, day)
    refuse_if(state.merged or state.status_on(day) != ACTIVE, Code.SPECIAL_SUSPENDED, "三(一) 五(二)", special=code)
    return state


def check_fund_scope(state: SpecialState, fund: Fund, special: str, exception: object) -> None:
    """V6: Natural Science Fund money goes to basic research, unless an exception document says so (四(二))."""
    refuse_if(
        fund is Fund.NSF and state.plan is not Plan.BAS and exception is None,
        Code.FUND_SCOPE,
        "四(二) V6",
        fund=fund,
        special=special,
    )


def check_latest(state: SpecialState, code: str, day: date) -> None:
    """三(一): a special changes in the order of days, so that each change is judged by all before it; else PERIOD_ORDER."""
    last = state.history[-1][0]
    refuse_if(day < last, Code.PERIOD_ORDER, "三(一)", special=code, effective_on=str(day), changed_on=str(last))


def change_status(book: Book, code: str, since: date, status: str) -> None:
    """Note a status from a day on."""
    state = special_state(book, code)
    assert state is not None
    history = tuple(sorted((*state.history, (since, status)), key=lambda item: item[0]))
    CHANGED_SPECIALS.put(book, code, state._replace(history=history))


class SpecialAdded(Movement):
    """A special is added to a plan, or a former category is registered under plan LEGACY, suspended from the start."""

    label: ClassVar[Name] = Name("新增专项", "Special added")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["SpecialAdded"] = "SpecialAdded"
    special: SpecialCode
    plan: Plan
    title_zh: Text
    title_en: Text
    modes: tuple[Mode, ...] = ()

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"special:{self.special}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(self.special in SPECIALS, Code.DUPLICATE_BUSINESS_KEY, self.clause, special=self.special)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        status = SUSPENDED if self.plan is Plan.LEGACY else ACTIVE
        state = SpecialState(
            self.plan,
            Name(self.title_zh, self.title_en),
            frozenset(self.modes),
            self.clause,
            ((self.effective_on, status),),
        )
        CHANGED_SPECIALS.put(book, self.special, state)


class SpecialSuspended(Movement):
    """A special takes no new commitments from a day on; payment, release, recovery and closing go on (五(二))."""

    label: ClassVar[Name] = Name("专项暂停", "Special suspended")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["SpecialSuspended"] = "SpecialSuspended"
    special: SpecialCode

    def check(self, book: Book, actor: Actor) -> None:
        state = active_special(book, self.special, self.effective_on)
        check_latest(state, self.special, self.effective_on)
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        change_status(book, self.special, self.effective_on, SUSPENDED)


class SpecialResumed(Movement):
    """A suspended special takes commitments again from a day on."""

    label: ClassVar[Name] = Name("专项恢复", "Special resumed")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["SpecialResumed"] = "SpecialResumed"
    special: SpecialCode

    def check(self, book: Book, actor: Actor) -> None:
        state = known_special(book, self.special, self.effective_on)
        standing = state.status_on(self.effective_on)
        wrong = standing != SUSPENDED or state.merged or state.plan is Plan.LEGACY
        refuse_if(wrong, Code.SPECIAL_SUSPENDED, self.clause, special=self.special, status=standing)
        check_latest(state, self.special, self.effective_on)
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        change_status(book, self.special, self.effective_on, ACTIVE)
