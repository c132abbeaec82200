"""Sheet 9, post-subsidy 后补助台账: claim by claim, what was claimed, verified, computed, committed and paid."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.domain.commitment import instalment_of
from ledger.domain.instalment import INSTALMENTS
from ledger.domain.movement import Movement
from ledger.domain.parameter import Setting, in_force
from ledger.domain.postsubsidy import Claim, PostSubsidyCommitted, PostSubsidyVerified
from ledger.domain.project import PROJECTS
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Sheet, Value, amount, code, percent, standing, sum_of, text

ACCOUNTS = ("B220", "B230", "B240", "B245")
KINDS = ("PostSubsidyVerified", "PostSubsidyCommitted")
COLUMNS = (
    code("claim", "申报编号", "Claim"),
    code("special", "专项代码", "Special"),
    code("project", "项目编号", "Project"),
    text("title", "项目名称", "Title"),
    text("undertaker", "承担单位", "Undertaker"),
    text("policy", "政策依据", "Policy"),
    text("parameter", "参数文号", "Parameter"),
    amount("claimed", "申报支出", "Claimed"),
    amount("eligible", "核定支出", "Eligible"),
    text("report", "核查报告", "Report"),
    percent("rate", "比例", "Rate"),
    amount("formula", "计算额", "Formula"),
    standing("cap", "上限", "Cap"),
    amount("awarded", "核定额", "Awarded"),
    amount("cut", "核减", "Cut"),
    text("duplicate", "重复核查", "Duplicate check"),
    amount("queue", "排队", "Queue"),
    amount("committed", "已安排", "Committed"),
    amount("paid", "已付", "Paid"),
    text("status", "状态", "Status"),
)
SCOPE = Name(
    "比例和上限按核实日有效的参数;核定额为计算额与上限的较小者,核减为计算额减核定额;已安排为尚未退回的,含已付;"
    "未设参数的不计算,排队按核定支出;未核实先安排的列在后面",
    "rate and cap are those in force on the day of verification; awarded is the smaller of formula and cap, cut is formula less "
    "awarded; committed is what has not come back, what is paid included; without parameters nothing is computed and the "
    "queue is by eligible expense; commitments without verification come last",
)
QUEUED, COMMITTED, PART, PAID, RELEASED = (
    Name("排队", "queued"),
    Name("已安排", "committed"),
    Name("部分支付", "partly paid"),
    Name("已支付", "paid"),
    Name("已核减", "released"),
)


class Terms(NamedTuple):
    """What judges a claim: the rate in basis points and the cap in fen, where they are set."""

    rate: Setting | None
    cap: Setting | None

    @property
    def documents(self) -> str | None:
        """The documents that set them, each once."""
        return " ".join(dict.fromkeys(setting.document for setting in self if setting and setting.document)) or None


def terms(book: Book, special: str, day: date) -> Terms:
    """What was in force for a special on a business date."""
    return Terms(*(in_force(book, name, special, day) for name in ("post_subsidy_rate", "post_subsidy_cap")))


def awarded(book: Book, special: str, claim: Claim) -> int:
    """What a claim is given, in fen: by rate and cap of its day; its eligible expense where they are not set."""
    rate, cap = terms(book, special, claim.day)
    fen = claim.eligible * int(rate.value) // 10_000 if rate else claim.eligible
    return min(fen, int(cap.value)) if cap else fen


def post_subsidy(of: Grounds) -> Sheet:
    """Claims in the order of their verification; commitments that nobody verified before come last."""
    verified = {one.claim: one for _, one in of.movements(PostSubsidyVerified) if of.sees_project(one.project)}
    committed = {one.claim: one for _, one in of.movements(PostSubsidyCommitted) if of.sees_project(one.project)}
    held = _by_claim(of)
    rows: list[dict[str, Value]] = [
        {
            **_about(of, name, (claim or committed[name]).project),
            "policy": _document(committed.get(name) or claim),
            **(_judged(of, claim) if claim else {"duplicate": Name("未核实", "not verified")}),
            **_money(of, claim, name in committed, {found: held.get((name, found), 0) for found in ACCOUNTS}),
        }
        for name, claim in [*verified.items(), *((name, None) for name in committed if name not in verified)]
    ]
    total: dict[str, Value] = {
        key: sum_of(rows, key) for key in ("claimed", "eligible", "formula", "awarded", "cut", "queue")
    }
    total["committed"] = sum(held.values())
    total["paid"] = sum(fen for (_, found), fen in held.items() if found == "B240")
    return of.sheet("post-subsidy", Name("后补助台账", "Post-subsidy"), COLUMNS, rows, total, [], SCOPE)._replace(
        fiscal_year=None
    )


def _by_claim(of: Grounds) -> dict[tuple[str, str], int]:
    """(claim, account code) → fen, wherever the instalment stands that came of the claim."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for found, fen in of.seen():
        instalment = instalment_of(of.book, found)
        part = INSTALMENTS.get(of.book, (found.project or "", instalment or ""))
        if part is not None and part.claim is not None:
            sums[part.claim, found.code] += fen
    return sums


def _about(of: Grounds, claim: str, project: str) -> dict[str, Value]:
    known = PROJECTS.of(of.book)[project]
    return {
        "claim": claim,
        "special": known.special,
        "project": project,
        "title": known.title,
        "undertaker": of.party(known.undertaker),
    }


def _document(movement: Movement | None) -> str | None:
    return movement.document.number if movement and movement.document else None


def _judged(of: Grounds, claim: PostSubsidyVerified) -> dict[str, Value]:
    """What rate and cap say of a verified claim; nothing where they are not set."""
    special = PROJECTS.of(of.book)[claim.project].special
    found = terms(of.book, special, claim.effective_on)
    rate, cap = (int(setting.value) if setting else None for setting in found)
    fen = claim.eligible * rate // 10_000 if rate is not None else None
    given = None if fen is None or cap is None else min(fen, cap)
    items = " ".join(claim.cost_items)
    return {
        "parameter": found.documents,
        "claimed": claim.claimed,
        "eligible": claim.eligible,
        "report": claim.report.number,
        "rate": rate,
        "formula": fen,
        "cap": cap,
        "awarded": given,
        "cut": None if fen is None or given is None else fen - given,
        "duplicate": Name(f"已核成本项:{items}", f"checked: {items}") if items else Name("未列成本项", "no cost items"),
    }


def _money(of: Grounds, claim: PostSubsidyVerified | None, committed: bool, held: dict[str, int]) -> dict[str, Value]:
    stands, paid = sum(held.values()), held["B240"]
    status = PAID if paid and paid == stands else PART if paid else COMMITTED if stands else RELEASED
    waits = 0
    if claim is not None and not committed:
        special = PROJECTS.of(of.book)[claim.project].special
        waits = awarded(of.book, special, Claim(claim.project, claim.eligible, claim.effective_on))
    return {"queue": waits, "committed": stands, "paid": paid, "status": status if committed else QUEUED}
