"""Sheet 4, payment applications 拨款申请清单: order by order, what its instalment had left, who is paid, and who signed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ledger.codec import Recorded
from ledger.domain.accounts import Account
from ledger.domain.catalogue import Name
from ledger.domain.commitment import instalment_of
from ledger.domain.instalment import MilestoneAssessed
from ledger.domain.movement import Actor
from ledger.domain.payment import ORDERS, SETTLEMENTS, Order, PaymentOrdered
from ledger.domain.project import PROJECTS
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Hidden, Sheet, Value, amount, code, day, standing, sum_of, text
from ledger.sealing import Place

ACCOUNTS = ("B220", "B230", "B240", "B245")
KINDS = ("PaymentOrdered", "MilestoneAssessed", "EntryCorrected")
COLUMNS = (
    code("order", "申请号", "Application"),
    day("day", "申请日期", "Date"),
    text("document", "文号", "Document"),
    code("project", "项目编号", "Project"),
    text("title", "项目名称", "Title"),
    text("undertaker", "单位", "Undertaker"),
    code("instalment", "期次", "Instalment"),
    text("gate", "条件文件", "Gate evidence"),
    standing("committed", "安排额", "Committed"),
    standing("before", "此前已拨", "Paid or ordered before"),
    amount("this", "本次", "This"),
    standing("left", "拨后余额", "Left"),
    amount("open", "其中:未支付", "Of it: unpaid"),
    amount("paid", "其中:已支付", "Of it: paid"),
    text("payee", "户名", "Payee"),
    code("account", "账号(含开户行、行号)", "Account (with bank and bank code)"),
    code("function", "功能科目", "Function"),
    code("economic", "经济分类", "Economic class"),
    text("prepared", "经办", "Prepared"),
    text("reviewed", "复核", "Reviewed"),
    text("approved", "审批", "Approved"),
)
SCOPE = (
    Name(
        "本年度提出、未付或支付的申请;安排额、此前已拨按期次各年度合计,此前已拨为更早申请中已付和未付的部分;本次为申请金额,"
        "退票、撤销、退款后不再占用,拨后余额按仍占用的部分计算",
        "applications made, unpaid or paid in the year; committed and before are of the instalment over all years, before is what "
        "of earlier applications is paid or still open; this is what was applied for: rejected, cancelled or refunded it holds "
        "nothing, and what is left is reckoned by what is held",
    ),
    Name(
        "收款账号为封存的个人信息,只对有权查看者显示,每次查看记入审计日志;其余显示「已封存」",
        "payees' accounts are sealed personal texts: shown to who may read them, which the audit record notes; sealed otherwise",
    ),
)


class _Held(NamedTuple):
    """Fen of an order: what is open and paid of it, in the sheet's year and over all years."""

    open: int = 0
    paid: int = 0
    all_years: int = 0


def payments(of: Grounds) -> Sheet:
    """By order, in the order of their recording; what an opening list took over comes last."""
    made = {one.order: (recorded, one) for recorded, one in of.movements(PaymentOrdered)}
    held = _by_order(of)
    instalments, passed = _by_instalment(of), _passed(of)
    before: dict[tuple[str, str], int] = defaultdict(int)
    rows: list[dict[str, Value]] = []
    for name, (recorded, asked) in _in_order(of, made, held):
        order, found = ORDERS.of(of.book)[name], held.get(name, _Held())
        at = order.project, order.instalment
        of_year = asked is not None and asked.fiscal_year == of.fiscal_year
        if of_year or found.open or found.paid:
            committed = instalments[at]
            figures: dict[str, Value] = {
                "committed": committed,
                "before": before[at],
                "this": asked.amount if asked else found.open + found.paid,
                "left": committed - before[at] - found.all_years,
                "open": found.open,
                "paid": found.paid,
            }
            rows.append({"order": name, **_about(of, order), **figures, **_asked(passed, recorded, asked)})
        before[at] += found.all_years
    total: dict[str, Value] = {
        "this": sum_of(rows, "this"),
        "open": sum(fen for at, fen in of.seen() if (at.code, at.fiscal_year) == ("B230", of.fiscal_year)),
        "paid": sum(one.paid for one in held.values()),
    }
    return of.sheet("payments", Name("拨款申请清单", "Payment applications"), COLUMNS, rows, total, [], *SCOPE)


_Made = Mapping[str, tuple[Recorded, PaymentOrdered]]


def _in_order(
    of: Grounds, made: _Made, held: Mapping[str, _Held]
) -> Iterator[tuple[str, tuple[Recorded | None, PaymentOrdered | None]]]:
    """Orders that are seen, as far as the log says how they were made."""
    for name, (recorded, asked) in made.items():
        if name in ORDERS.of(of.book) and of.sees_project(asked.project):
            yield name, (recorded, asked)
    yield from ((name, (None, None)) for name in sorted(held.keys() - made.keys()))


def _order_of(of: Grounds, found: Account) -> str | None:
    """The order that an ordered or disbursed account belongs to."""
    if found.code == "B230":
        return found.ref
    settlement = SETTLEMENTS.get(of.book, found.ref or "") if found.code == "B240" else None
    return settlement.order if settlement else None


def _by_order(of: Grounds) -> dict[str, _Held]:
    sums: dict[str, _Held] = defaultdict(_Held)
    for found, fen in of.seen():
        name = _order_of(of, found)
        if name is None or name not in ORDERS.of(of.book):
            continue
        before, in_year = sums[name], fen if found.fiscal_year == of.fiscal_year else 0
        sums[name] = _Held(
            before.open + (in_year if found.code == "B230" else 0),
            before.paid + (in_year if found.code == "B240" else 0),
            before.all_years + fen,
        )
    return sums


def _by_instalment(of: Grounds) -> dict[tuple[str, str], int]:
    """(project, instalment) → fen: unpaid, ordered, paid or issued, over all years."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for found, fen in of.seen():
        if instalment := instalment_of(of.book, found):
            sums[found.project or "", instalment] += fen
    return sums


def _about(of: Grounds, order: Order) -> dict[str, Value]:
    project = PROJECTS.of(of.book)[order.project]
    return {
        "project": order.project,
        "title": project.title,
        "undertaker": of.party(project.undertaker),
        "instalment": order.instalment,
        "payee": of.party(order.payee),
        "function": order.at.function,
        "economic": project.economic_class,
    }


def _asked(
    passed: Mapping[tuple[str, str], list[MilestoneAssessed]], recorded: Recorded | None, asked: PaymentOrdered | None
) -> dict[str, Value]:
    """What the request said, and who signed it: alone, or with one or several others."""
    if recorded is None or asked is None:
        return {}
    _, *signed = signers = [_signer(one) for one in (recorded.actor, *recorded.approvals)]
    return {
        "day": asked.effective_on,
        "document": asked.document.number if asked.document else None,
        "gate": _gate(passed.get((asked.project, asked.instalment), ()), asked),
        "account": _account(recorded, asked),
        "prepared": signers[0],
        "reviewed": "; ".join(signed[:-1]) or None,
        "approved": signed[-1] if signed else None,
    }


def _signer(actor: Actor) -> str:
    return f"{actor.subject}({actor.acting_for})" if actor.acting_for else actor.subject


def _account(recorded: Recorded, asked: PaymentOrdered) -> Hidden | None:
    if asked.payee_account is None:
        return None
    return Hidden(Place("payee_account", asked.kind, "payee_account", asked.payee_account), recorded.actor.subject)


def _passed(of: Grounds) -> dict[tuple[str, str], list[MilestoneAssessed]]:
    """(project, instalment) → its assessments that were passed, in their order."""
    found: dict[tuple[str, str], list[MilestoneAssessed]] = defaultdict(list)
    for _, one in of.movements(MilestoneAssessed):
        if one.passed:
            found[one.project, one.instalment].append(one)
    return found


def _gate(passed: Iterable[MilestoneAssessed], asked: PaymentOrdered) -> str | None:
    """The documents by which the instalment was assessed as passed before it was ordered."""
    documents = (
        one.document.number
        for one in passed
        if one.document and one.team in (None, asked.team) and one.effective_on <= asked.effective_on
    )
    return "; ".join(dict.fromkeys(documents)) or None
