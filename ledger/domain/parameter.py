"""Policy parameters 政策参数: where the notice is silent, the rule is data with a document number and a day it begins."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, Field

from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import SHAPE, Id
from ledger.domain.money import FenOrZero
from ledger.domain.movement import Actor, Movement, both
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.special import special_state


class ParameterKind(NamedTuple):
    name: Name
    unit: Literal["amount", "rate_bp", "days", "years", "choice"]
    scope: str
    """What it may be set for; it always may be set for all at once."""
    clause: str
    choices: tuple[str, ...] = ()


PARAMETERS: dict[str, ParameterKind] = {
    "fund_floor": ParameterKind(
        Name("基金保留底线(当年指标)", "Floor of a fund, of the year's own vintage"), "amount", "fund", "四(二)"
    ),
    "post_subsidy_rate": ParameterKind(
        Name("后补助比例(万分之一)", "Post-subsidy rate, basis points"), "rate_bp", "special", "四(三)"
    ),
    "post_subsidy_cap": ParameterKind(Name("后补助上限", "Post-subsidy cap per claim"), "amount", "special", "四(三)"),
    "post_subsidy_unverified": ParameterKind(
        Name("允许未核实先安排后补助", "Post-subsidy may be committed unverified"),
        "choice",
        "special",
        "四(三)",
        ("yes", "no"),
    ),
    "quota_issue_days": ParameterKind(Name("指标下达期限", "Days within which quota is issued"), "days", "", "F"),
    "reservation_blocks": ParameterKind(
        Name("预留是否限制安排", "Reservations block other commitments"), "choice", "special", "P", ("yes", "no")
    ),
    "lapse_scope": ParameterKind(
        Name("不得结转的范围", "What lapses at year end"), "choice", "fund", "P", ("none", "uncommitted")
    ),
    "surplus_years": ParameterKind(
        Name("满几年未用完列为结余", "Years old at which a vintage is surplus"), "years", "fund", "P"
    ),
    "reconciliation_required": ParameterKind(
        Name("结账前须对账签认", "Reconciliation before a period closes"), "choice", "", "P", ("yes", "no")
    ),
    "proposal_days": ParameterKind(Name("提案有效天数", "Days until a proposal expires"), "days", "", "P"),
    "reconciliation_window": ParameterKind(
        Name("对账日期相差工作日", "Working days that both sides of a reconciliation may differ by"), "days", "", "P"
    ),
    "idle_days": ParameterKind(Name("资金闲置天数", "Days after which money is idle"), "days", "special", "P"),
    "advance_days": ParameterKind(
        Name("预拨款报支天数", "Days within which spending of an advance is reported"), "days", "special", "P"
    ),
    "reservation_notice_days": ParameterKind(
        Name("预留到期提示天数", "Days before expiry at which a reservation is named"), "days", "special", "P"
    ),
    "floor_margin": ParameterKind(
        Name("接近底线的差额", "Margin above the floor at which a fund is named"), "amount", "fund", "P"
    ),
}


class Setting(NamedTuple):
    """A value from a day on: fen, basis points, days, years or a word, as its kind says."""

    since: date
    value: int | str
    document: str


SETTINGS: Register[tuple[str, str], tuple[Setting, ...]] = Register("parameters")
"""(name, scope; "" is all) → settings by day."""


Supposed = dict[tuple[str, str], Setting]
SUPPOSED: Register[tuple[str, str], Setting] = Register("supposed_parameters")
"""The same → what a question puts in place of whatever was set. No movement writes it: history is folded without."""


def suppose(book: Book, settings: Supposed) -> None:
    """From here on these are in force in this Book, whatever was set or will be."""
    for key, setting in settings.items():
        SUPPOSED.put(book, key, setting)


def supposed(values: "Iterable[ParameterValue]") -> Supposed:
    """What is asked about, of values that were checked."""
    return dict(value.setting(date.min, "") for value in values)


def supposed_as_on(book: Book, day: date) -> Supposed:
    """What is in force on a business date, to be asked about on every other."""
    found = ((key, in_force(book, *key, day)) for key in SETTINGS.of(book))
    return {key: setting._replace(since=date.min) for key, setting in found if setting is not None}


def in_force(book: Book, name: str, scope: str, day: date) -> Setting | None:
    """The setting for a scope on a business date, or the one for all; None where nothing was ever set."""
    for where in (scope, ""):
        other = SUPPOSED.get(book, (name, where))
        if other is not None:
            return other
    for where in (scope, ""):
        settings = SETTINGS.get(book, (name, where)) or ()
        if begun := begun_by([setting.since for setting in settings], day):
            return settings[begun - 1]
    return None


def begun_by(since: Sequence[date], day: date) -> int:
    """How many of a parameter's settings, in the order of their days, have begun on a day: the last of them holds."""
    return bisect_right(since, day)


def amount_in_force(book: Book, name: str, scope: str, day: date) -> int:
    """The number in force; PARAMETER_MISSING where there is none."""
    setting = in_force(book, name, scope, day)
    if setting is None:
        refuse(Code.PARAMETER_MISSING, PARAMETERS[name].clause, parameter=name, scope=scope)
    return int(setting.value)


def chosen(book: Book, name: str, scope: str, day: date) -> str | None:
    """The word in force, or None."""
    setting = in_force(book, name, scope, day)
    return None if setting is None else str(setting.value)


class ParameterValue(BaseModel):
    """A parameter, what it is set for (absent: all), and a value. Exactly the field of its unit is given."""

    model_config = SHAPE

    name: Id
    scope: Id | None = None
    amount: FenOrZero | None = None
    rate_bp: Annotated[int | None, Field(ge=0, le=10_000)] = None
    days: Annotated[int | None, Field(ge=0, le=3_660)] = None
    years: Annotated[int | None, Field(ge=2, le=99)] = None
    choice: Id | None = None

    @property
    def value(self) -> int | str | None:
        given = [v for v in (self.amount, self.rate_bp, self.days, self.years, self.choice) if v is not None]
        return given[0] if len(given) == 1 else None

    def setting(self, since: date, document: str) -> tuple[tuple[str, str], Setting]:
        """Under which key it is kept, and what; checked before."""
        return (self.name, self.scope or ""), Setting(since, self.value if self.value is not None else "", document)

    def check_value(self, book: Book) -> ParameterKind:
        """That it is one of those there are, in its unit, for something that would ask for it. Raises Refusal."""
        kind = PARAMETERS.get(self.name)
        if kind is None:
            refuse(Code.UNKNOWN_REFERENCE, "P", parameter=self.name, known=" ".join(PARAMETERS))
        self._check_scope(book, kind)
        given = getattr(self, kind.unit)
        refuse_if(
            given is None or self.value is None,
            Code.PARAMETER_MISSING,
            kind.clause,
            parameter=self.name,
            field=kind.unit,
        )
        wrong = (isinstance(given, int) and given < 0) or (kind.choices and given not in kind.choices)
        refuse_if(wrong, Code.UNKNOWN_REFERENCE, kind.clause, parameter=self.name, allowed=" ".join(kind.choices))
        return kind

    def _check_scope(self, book: Book, kind: ParameterKind) -> None:
        """Where nothing would ever ask for it, it is not set: a scope of another kind, or one that nobody knows."""
        if self.scope is None:
            return
        fits = self.scope in set(Fund) if kind.scope == "fund" else special_state(book, self.scope) is not None
        wrong = not kind.scope or not fits
        refuse_if(wrong, Code.UNKNOWN_REFERENCE, kind.clause, parameter=self.name, scope=self.scope)


class PolicyParameterSet(Movement, ParameterValue):
    """A parameter takes a value from the effective day on, by a document."""

    label: ClassVar[Name] = Name("政策参数设定", "Policy parameter set")
    clause: ClassVar[str] = "P"
    signs: ClassVar = both(Role.FIN, Role.STD)

    kind: Literal["PolicyParameterSet"] = "PolicyParameterSet"

    def check(self, book: Book, actor: Actor) -> None:
        self.require_document(self.check_value(book).clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        key, setting = self.setting(self.effective_on, self.document.number if self.document else "")
        settings = [*(SETTINGS.get(book, key) or ()), setting]
        SETTINGS.put(book, key, tuple(sorted(settings, key=lambda setting: setting.since)))
