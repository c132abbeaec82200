"""Sheet 8, matching 匹配资金台账: pledge by pledge, what was promised, what is due, what came and what is missing."""

from collections import defaultdict
from datetime import date

from ledger.domain.accounts import account
from ledger.domain.catalogue import Name
from ledger.domain.matching import (
    PLEDGES,
    MatchingCommitted,
    MatchingReceived,
    MatchingReduced,
    Pledge,
    due_and_gap,
)
from ledger.domain.party import PARTIES
from ledger.domain.project import PROJECTS
from ledger.reports.grounds import Grounds, summed
from ledger.reports.sheet import Check, Column, Sheet, Value, amount, code, day, sum_of, text

ACCOUNTS = ("M100", "M110", "M200")
KINDS = ("MatchingCommitted", "MatchingReceived", "MatchingReduced", "EntryCorrected")
COLUMNS: tuple[Column, ...] = (
    code("pledge", "承诺编号", "Pledge no."),
    code("special", "专项代码", "Special"),
    code("project", "项目编号", "Project"),
    text("title", "项目名称", "Title"),
    text("pledger", "出资方", "Pledger"),
    code("credit_code", "信用代码", "Credit code"),
    text("type", "类型", "Type"),
    text("document", "承诺文号", "Pledge"),
    amount("pledged", "承诺额", "Pledged"),
    day("due_date", "到期日", "Due date"),
    amount("due", "应到", "Due"),
    amount("received", "已到", "Received"),
    text("evidence", "到账凭证", "Evidence"),
    amount("gap", "缺口", "Gap"),
    Column("days_late", Name("逾期天数", "Days late"), "count"),
    text("reduction", "核减批准", "Reduction"),
    text("verified_by", "核实人", "Verified by"),
)
SCOPE = Name(
    "各年度合并;应到和缺口截至业务日期前一日;缺口 = 未到额 − 尚未到期额;到期日为最早未到一期;匹配资金不计入基金可用额度",
    "all years; due and gap are by the day before the business date; gap = outstanding − not yet due; the due date is that of "
    "the earliest tranche outstanding; matching money never adds to what a fund has available",
)
_NOTED = "; "


def matching(of: Grounds) -> Sheet:
    """By pledge, as of the business date of the moment."""
    documents, evidence, reductions, verifiers = (defaultdict[str, list[str]](list) for _ in range(4))
    for _, made in of.movements(MatchingCommitted):
        documents[made.pledge] += [made.document.number] if made.document else [made.basis]
    for recorded, came in of.movements(MatchingReceived):
        evidence[came.pledge] += [came.evidence or (came.document.number if came.document else "")]
        verifiers[came.pledge] += [recorded.approvals[-1].subject] if recorded.approvals else []
    for _, cut in of.movements(MatchingReduced):
        reductions[cut.pledge] += [cut.document.number] if cut.document else []
    rows: list[dict[str, Value]] = []
    for name, pledge in PLEDGES.items(of.book):
        promised = account("M200", pledge.at)
        if promised not in of.held or not of.within(promised):
            continue
        noted = {
            "document": documents[name],
            "evidence": evidence[name],
            "reduction": reductions[name],
            "verified_by": verifiers[name],
        }
        said: dict[str, Value] = {
            key: _NOTED.join(dict.fromkeys(filter(None, texts))) or None for key, texts in noted.items()
        }
        rows.append({"pledge": name, **_about(of, pledge), **_figures(of, pledge), **said})
    rows.sort(key=lambda row: (str(row["project"]), str(row["pledge"])))
    whole = summed(of.seen(), lambda found: found.code)
    total: dict[str, Value] = {
        "pledged": whole.get("M200", 0),
        "received": whole.get("M110", 0),
        "due": sum_of(rows, "due"),
        "gap": sum_of(rows, "gap"),
    }
    balance = whole.get("M200", 0) - whole.get("M100", 0) - whole.get("M110", 0)
    check = Check(
        Name("校验:承诺减未到减已到(V9)", "Check: pledged less outstanding less received (V9)"), {"pledged": balance}
    )
    return of.sheet("matching", Name("匹配资金台账", "Matching"), COLUMNS, rows, total, [check], SCOPE)._replace(
        fiscal_year=None
    )


def _about(of: Grounds, pledge: Pledge) -> dict[str, Value]:
    project = PROJECTS.of(of.book)[pledge.at.project or ""]
    party = PARTIES.get(of.book, pledge.pledger)
    kind = Name("联合出资方", "Joint funder")
    if party is not None and party.level == "LEAGUE":
        kind = Name("盟市", "League")
    if pledge.pledger == project.undertaker:
        kind = Name("承担单位", "Undertaker")
    if pledge.pledger == project.recommender:
        kind = Name("推荐部门", "Recommender")
    return {
        "special": pledge.at.special,
        "project": pledge.at.project,
        "title": project.title,
        "pledger": of.party(pledge.pledger),
        "credit_code": pledge.pledger,
        "type": kind,
    }


def _figures(of: Grounds, pledge: Pledge) -> dict[str, Value]:
    outstanding, received = (of.held.get(account(found, pledge.at), 0) for found in ("M100", "M110"))
    due, gap = due_and_gap(pledge, outstanding, received, of.on)
    since = _oldest(pledge, outstanding)
    return {
        "pledged": of.held[account("M200", pledge.at)],
        "due_date": since,
        "due": due,
        "received": received,
        "gap": gap,
        "days_late": (of.on - since).days if gap and since else None,
    }


def _oldest(pledge: Pledge, outstanding: int) -> date | None:
    """The due date of the earliest tranche of which something is outstanding: what came counts for the earliest ones."""
    oldest = None
    for due, fen in sorted(pledge.tranches, reverse=True):
        if outstanding <= 0:
            break
        oldest, outstanding = due, outstanding - fen
    return oldest
