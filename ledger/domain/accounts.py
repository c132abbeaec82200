"""The table of accounts: what each one means, its side, and the dimensions it keeps.

Budget accounts (B, X) keep fiscal year, fund and vintage; memo accounts (M, O, N, R, F, P, U, S) stand beside the budget
identity and have neither year nor vintage. Amounts are fen, signed in the account's own direction: plus is more of it.
"""

from datetime import date
from typing import NamedTuple

from ledger.domain.catalogue import Name
from ledger.domain.refusals import Code


class Account(NamedTuple):
    """One account; dimensions it does not keep are None. Field order is the order of every listing."""

    code: str
    fiscal_year: int | None = None
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None

    @property
    def cell(self) -> "Account":
        """The account without project and reference: what plans, specials and funds are summed over."""
        return Account(self.code, self.fiscal_year, self.source, self.vintage, self.special, None, self.function)


class Place(NamedTuple):
    """Where money stands: every dimension an account may keep."""

    fiscal_year: int
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None


class AccountKind(NamedTuple):
    code: str
    name: Name
    debit: bool
    keeps: frozenset[str]
    short: Code
    """The refusal when a request would take it below zero (V3)."""


_FUND = frozenset({"fiscal_year", "source", "vintage"})
_SPECIAL = _FUND | {"special"}
_PROJECT = _SPECIAL | {"project", "function"}
_REF = _PROJECT | {"ref"}
_MEMO = frozenset({"source", "special", "project"})
_SHORT, _ORDERED, _OUTSTANDING = Code.INSUFFICIENT_FUNDS, Code.OVER_ORDERED, Code.OVER_OUTSTANDING

_KINDS = (
    ("B100", Name("指标数", "Appropriated"), True, _FUND, _SHORT),
    ("B101", Name("结转转入", "Carried in"), True, _FUND, _SHORT),
    ("B105", Name("调剂净额", "Net reallocation"), True, _FUND, _SHORT),
    ("B106", Name("整合净额", "Net consolidation"), True, _FUND, _SHORT),
    ("X900", Name("待查款项", "Suspense"), True, _FUND | {"ref"}, _OUTSTANDING),
    ("B200", Name("待分配", "Unallocated"), False, _FUND, _SHORT),
    ("B210", Name("可用", "Available"), False, _SPECIAL, _SHORT),
    ("B220", Name("已安排未拨付", "Committed"), False, _REF, _SHORT),
    ("B230", Name("已申请未支付", "Ordered"), False, _REF, _ORDERED),
    ("B240", Name("已支付", "Disbursed"), False, _REF, _OUTSTANDING),
    ("B245", Name("已下达盟市", "Issued to leagues"), False, _REF, _OUTSTANDING),
    ("B250", Name("收回", "Withdrawn"), False, _PROJECT, _OUTSTANDING),
    ("B260", Name("结转转出", "Carried out"), False, _PROJECT, _OUTSTANDING),
    ("M100", Name("匹配应到或待到", "Matching outstanding"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("M110", Name("匹配到位", "Matching received"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("M200", Name("匹配承诺", "Matching pledged"), False, _MEMO | {"ref"}, _OUTSTANDING),
    ("O100", Name("原渠道(借)", "Original channel (debit)"), True, _MEMO, _OUTSTANDING),
    ("O200", Name("原渠道", "Original channel"), False, _MEMO, _OUTSTANDING),
    ("N100", Name("其他来源待到", "Other sources expected"), True, _MEMO, _OUTSTANDING),
    ("N110", Name("其他来源到位", "Other sources received"), True, _MEMO, _OUTSTANDING),
    ("N200", Name("其他来源承诺", "Other sources committed"), False, _MEMO, _OUTSTANDING),
    ("R100", Name("有偿待还", "Repayable outstanding"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("R200", Name("有偿待还(贷)", "Repayable outstanding (credit)"), False, _MEMO | {"ref"}, _OUTSTANDING),
    ("R110", Name("应追回", "Recovery outstanding"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("R210", Name("应追回(贷)", "Recovery outstanding (credit)"), False, _MEMO | {"ref"}, _OUTSTANDING),
    ("R120", Name("以前年度收回缴库", "Returned to treasury, earlier years"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("R220", Name("以前年度收回缴库(贷)", "Returned to treasury (credit)"), False, _MEMO | {"ref"}, _OUTSTANDING),
    ("F100", Name("以后年度承诺(借)", "Later years (debit)"), True, _MEMO | {"ref"}, _OUTSTANDING),
    ("F200", Name("以后年度承诺", "Later years"), False, _MEMO | {"ref"}, _OUTSTANDING),
    ("P100", Name("预留(借)", "Reserved (debit)"), True, frozenset({"source", "special", "ref"}), _OUTSTANDING),
    ("P200", Name("预留", "Reserved"), False, frozenset({"source", "special", "ref"}), _OUTSTANDING),
    ("U100", Name("单位支出(借)", "Undertaker's spending (debit)"), True, _MEMO, _OUTSTANDING),
    ("U200", Name("单位支出", "Undertaker's spending"), False, _MEMO, _OUTSTANDING),
    ("S100", Name("待查收款(借)", "Unmatched receipts (debit)"), True, frozenset({"source", "ref"}), _OUTSTANDING),
    ("S200", Name("待查收款", "Unmatched receipts"), False, frozenset({"source", "ref"}), _OUTSTANDING),
)

ACCOUNTS: dict[str, AccountKind] = {
    code: AccountKind(code, name, debit, frozenset(keeps), short) for code, name, debit, keeps, short in _KINDS
}

SUPPLY = ("B100", "B101", "B105", "B106", "X900")
"""Debit side of the budget identity V1."""
USE = ("B200", "B210", "B220", "B230", "B240", "B245", "B250", "B260")
"""Credit side of the budget identity V1."""
MAY_BE_NEGATIVE = frozenset({"B105", "B106"})
"""Net figures: what one fund gives another receives (V3, V5)."""

_KEPT: dict[str, tuple[bool, ...]] = {
    code: tuple(name in kind.keeps for name in Place._fields) for code, kind in ACCOUNTS.items()
}


class Leg(NamedTuple):
    """One line a movement makes: a signed change in fen of one account, with its own day, posting period and year.

    ``corrects`` is the number of the movement whose version the line belongs to, where a correction made it.
    """

    account: Account
    amount: int
    effective_on: date
    period: str
    corrects: int | None = None

    @property
    def fiscal_year(self) -> int:
        return self.account.fiscal_year or int(self.period[:4])

    @property
    def day(self) -> date:
        """The day on which it counts (V3): within its year, whose late facts and settling period may be dated beside it."""
        year = self.account.fiscal_year
        if year is None or self.effective_on.year == year:
            return self.effective_on
        return date(year, 12, 31) if self.effective_on.year > year else date(year, 1, 1)


def account(code: str, at: Place) -> Account:
    """The account of ``code`` at a place, with the dimensions it keeps."""
    year, source, vintage, special, project, function, ref = _KEPT[code]
    return Account(
        code,
        at[0] if year else None,
        at[1] if source else None,
        at[2] if vintage else None,
        at[3] if special else None,
        at[4] if project else None,
        at[5] if function else None,
        at[6] if ref else None,
    )


def place(found: Account) -> Place:
    """Where an account stands; year 0 where it keeps none."""
    return Place(found.fiscal_year or 0, *found[2:])


def debit_credit(
    debit: str, credit: str, amount: int, debit_at: Place, credit_at: Place, effective_on: date, period: str
) -> tuple[Leg, Leg]:
    """Debit one account and credit another by ``amount`` fen (negative: the opposite), as changes in their own direction."""
    return (
        Leg(account(debit, debit_at), amount if ACCOUNTS[debit].debit else -amount, effective_on, period),
        Leg(account(credit, credit_at), -amount if ACCOUNTS[credit].debit else amount, effective_on, period),
    )
