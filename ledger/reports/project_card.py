"""Sheet 10, project card 项目卡片: the whole life of one project, from its registration to what is left of its money (V4).

One table in parts, each with amount columns of its own, so that every column adds up to one figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from ledger.codec import Recorded
from ledger.domain.accounts import Account
from ledger.domain.catalogue import MODES, PLANS, SOURCES, Mode, Name, Source, source_name
from ledger.domain.commitment import FILED, instalment_of
from ledger.domain.instalment import ASSESSED, ELIMINATED, INSTALMENTS, Assessment, Instalment
from ledger.domain.matching import PLEDGES
from ledger.domain.party import PARTIES
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS, Project, ProjectClosed, ProjectRegistered
from ledger.domain.special import special_state
from ledger.projections.held import Line
from ledger.reports.execution import COMMITTED
from ledger.reports.grounds import Grounds, summed
from ledger.reports.project_history import document_of, history_of, told
from ledger.reports.sheet import Check, Column, Row, Sheet, Value, amount, code, day, standing, text

_PLEDGED, _RECEIVED = ("M200", "N200", "O200"), ("M110", "N110")
_RECOVERY_CODES = ("R100", "R110", "R120")
ACCOUNTS = (*COMMITTED, *_PLEDGED, *_RECEIVED, *_RECOVERY_CODES, "F200", "U200")
"""What posts to a project and to none of these there is not."""

COLUMNS: tuple[Column, ...] = (
    text("part", "部分", "Part"),
    text("item", "事项", "Item"),
    text("content", "内容", "Content"),
    day("day", "日期", "Date"),
    day("recorded_on", "记录日期", "Recorded on"),
    Column("number", Name("编号", "Number"), "count"),
    code("voucher", "凭证号", "Voucher"),
    text("document", "文号", "Document"),
    amount("carried", "结转(转入减转出)", "Carried (in less out)"),
    amount("committed", "安排", "Committed"),
    amount("changed", "核减、收回及调整(净额)", "Released, withdrawn, adjusted (net)"),
    amount("unpaid", "已安排未拨付", "Unpaid"),
    amount("ordered", "已申请未支付", "Ordered"),
    amount("paid", "已支付", "Paid"),
    amount("to_leagues", "已下达盟市", "To leagues"),
    amount("later_years", "以后年度承诺", "Later years"),
    amount("due", "期次应付", "Instalment"),
    amount("settled", "期次已付", "Instalment paid"),
    amount("pledged", "其他来源承诺", "Pledged by others"),
    amount("received", "其他来源到位", "Received from others"),
    amount("spent", "单位支出", "Spent by undertaker"),
    amount("demanded", "应追回", "Demanded back"),
    amount("recovered", "已追回", "Recovered"),
    amount("repayable", "有偿待还", "Repayable"),
    amount("returned", "以前年度收回缴库", "Returned, earlier years"),
    amount("change", "安排额变动", "Change of what is committed"),
    standing("sum", "凭证金额", "Amount as recorded"),
)
SCOPE = (
    Name(
        "项目全过程,各年度合计,结转不重复计;期次已付含已下达盟市;单位支出为单位报告数",
        "the whole life over all years, carried money counted once; instalments paid include what was issued to leagues; "
        "spending is as undertakers report it",
    ),
    Name(
        "负责人、理由等个人文字按权限另行查阅;已被更正的申请或支付以其名称列为期次",
        "leads, reasons and other personal texts are read elsewhere, by right; an order or payment that was corrected since "
        "stands among the instalments by its own name",
    ),
)
_STANDS = {"unpaid": "B220", "ordered": "B230", "paid": "B240", "to_leagues": "B245", "later_years": "F200"}
_COMMITS = frozenset({"OpeningBalanceImported", "PreFundingCommitted", "PostSubsidyCommitted"})
_MOVES = ("carried", "committed", "changed")

_FACTS, _YEARS, _INSTALMENTS = Name("登记", "Register"), Name("各年", "By year"), Name("期次", "Instalments")
_OTHERS, _RECOVERY = Name("来源", "Sources"), Name("追回", "Recovery")
_SPENDING, _HISTORY = Name("单位支出", "Spending"), Name("变更", "History")


def project_card(of: Grounds) -> Sheet:
    """All that the ledger knows of the project named, as far as it is seen."""
    lines = list(of.seen_lines())
    history = history_of(of, lines)
    moved, recovered = _moved(lines), _recovered(lines)
    parts: tuple[tuple[Name, Iterator[Row]], ...] = (
        (_FACTS, _facts(of, history.values())),
        (_YEARS, _years(of, moved)),
        (_INSTALMENTS, _instalments(of)),
        (_OTHERS, _others(of)),
        (_SPENDING, _spending(of)),
        (_RECOVERY, _recovery(of, recovered)),
        (_HISTORY, iter(told(of, history, lines))),
    )
    return Sheet(
        "project-card",
        Name(f"项目卡片 {of.project}", f"Project card {of.project}"),
        COLUMNS,
        [{"part": part, **row} for part, rows in parts for row in rows],
        _total(of, moved, recovered),
        [_life(of, moved), _owed(of, recovered)],
        of.scope(*SCOPE),
        of.number,
        of.recorded_at,
        None,
        of.on,
        of.moment,
    )


def _total(of: Grounds, moved: Mapping["_Key", Mapping[str, int]], recovered: Mapping[str, tuple[int, int]]) -> Row:
    """From the accounts themselves; what moved and what was demanded back, from the lines."""
    held = summed(of.seen(), lambda found: found.code)
    committed = sum(held.get(account, 0) for account in COMMITTED)
    return {
        **{name: sum(moves[name] for moves in moved.values()) for name in _MOVES},
        **{name: held.get(account, 0) for name, account in _STANDS.items()},
        "due": committed,
        "settled": held.get("B240", 0) + held.get("B245", 0),
        "pledged": sum(held.get(account, 0) for account in _PLEDGED),
        "received": sum(held.get(account, 0) for account in _RECEIVED),
        "spent": held.get("U200", 0),
        "demanded": sum(demand for demand, _ in recovered.values()),
        "recovered": sum(back for _, back in recovered.values()),
        "repayable": held.get("R100", 0),
        "returned": held.get("R120", 0),
        "change": committed,
    }


# -- the register


def _facts(of: Grounds, history: Iterable[Recorded]) -> Iterator[Row]:
    name, book = of.project or "", of.book
    project = PROJECTS.of(book)[name]
    special = special_state(book, project.special)
    registered = next((one.movement for one in history if isinstance(one.movement, ProjectRegistered)), None)
    closed = next((one.movement for one in history if isinstance(one.movement, ProjectClosed)), None)
    named: tuple[tuple[str, str, Value], ...] = (
        ("项目编号", "Project", name),
        ("管理系统编号", "External number", project.external_id),
        ("一体化代码", "Budget-system code", project.budget_code),
        ("国家项目编号", "National number", FILED.get(book, name)),
        ("名称", "Title", project.title),
        ("计划", "Plan", PLANS[special.plan] if special else None),
        ("专项", "Special", Name(f"{project.special} {special.name.zh}", special.name.en) if special else None),
        ("立项方式", "Mode", MODES[Mode(project.mode)] if project.mode else None),
        ("功能科目", "Function", project.function),
        ("经济分类", "Economic class", project.economic_class),
    )
    yield from (_row(Name(zh, en), said) for zh, en, said in named if said is not None)
    yield from (_row(role, _party(of, party)) for role, party in _parties(project))
    if registered and (registered.starts_on or registered.document):
        yield _row(Name("任务书,起始", "Contract, from"), day=registered.starts_on, document=document_of(registered))
    if project.ends_on:
        yield _row(Name("截止", "Until"), day=date.fromisoformat(project.ends_on))
    if number := CLOSED_PROJECTS.get(book, name):
        evaluation = document_of(closed) if closed else None
        yield _row(Name("综合绩效评价,结题", "Evaluated and closed"), number=number, document=evaluation)


def _parties(project: Project) -> Iterator[tuple[Name, str]]:
    yield Name("承担单位", "Undertaker"), project.undertaker
    if project.recommender:
        yield Name("推荐部门", "Recommender"), project.recommender
    for partner in project.partners:
        yield Name("合作单位", "Partner"), partner
    for team, party in project.teams:
        yield Name(f"团队 {team}", f"Team {team}"), party


def _party(of: Grounds, credit_code: str) -> str:
    found = PARTIES.get(of.book, credit_code)
    return f"{credit_code} {found.name_on(of.on)}" if found else credit_code


def _row(item: Value, content: Value = None, **more: Value) -> Row:
    return {"item": item, "content": content, **more}


# -- years: what moved and what stands

_Key = tuple[int, str, int]
"""Fiscal year, source and vintage; 0 for what is promised for a later year, which has none."""


def _key(found: Account) -> _Key:
    year = int(found.ref or 0) if found.code == "F200" else found.fiscal_year
    return year or 0, found.source or "", found.vintage or 0


def _moved(lines: Iterable[Line]) -> dict[_Key, dict[str, int]]:
    """What commitments, carrying and everything else brought to a year's money or took from it."""
    sums: dict[_Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_MOVES, 0))
    for line in lines:
        if line.leg.account.code in COMMITTED:
            what = "carried" if line.kind == "BalanceCarriedForward" else "changed"
            sums[_key(line.leg.account)]["committed" if line.kind in _COMMITS else what] += line.leg.amount
    return sums


def _years(of: Grounds, moved: Mapping[_Key, Mapping[str, int]]) -> Iterator[Row]:
    stands = summed(of.seen(), lambda found: (_key(found), found.code))
    standing_in = {key for (key, account), fen in stands.items() if fen and account in _STANDS.values()}
    for key in sorted(standing_in | {key for key, moves in moved.items() if any(moves.values())}):
        year, source, vintage = key
        fund = source_name(source)
        words = Name(f"{fund.zh} {vintage} 年指标", f"{fund.en}, vintage {vintage}") if vintage else fund
        figures = {name: stands.get((key, account), 0) for name, account in _STANDS.items()}
        yield _row(str(year), words, **dict(moved.get(key, {})), **figures)


def _life(of: Grounds, moved: Mapping[_Key, Mapping[str, int]]) -> Check:
    """V4, year by year: what moved is what stands."""
    stands = summed(of.seen(), lambda found: _key(found) if found.code in COMMITTED else None)
    keys = {*moved, *(key for key in stands if key is not None)}
    off = sum(abs(sum(moved.get(key, {}).values()) - stands.get(key, 0)) for key in keys)
    return Check(
        Name("校验:各年变动减余额(绝对值之和)", "Check: moved less standing, by year (absolute)"), {"unpaid": off}
    )


# -- instalments


def _instalments(of: Grounds) -> Iterator[Row]:
    held = summed(of.seen(), lambda found: (_instalment_of(of, found), found.code))
    standing_in = (name for (name, _), fen in held.items() if name is not None and fen)
    for name in dict.fromkeys((*_known(of), *standing_in)):
        parts = {account: held.get((name, account), 0) for account in COMMITTED}
        found = INSTALMENTS.get(of.book, (of.project or "", name))
        if found and not of.sees.source(found.at.source):
            continue
        due = date.fromisoformat(found.due_on) if found and found.due_on else None
        said = _assessed(of, name)
        number = max((one.number for one in said.values()), default=None)
        words = _condition(of, found, said) if found else None
        settled = parts["B240"] + parts["B245"]
        yield _row(name, words, day=due, number=number, due=sum(parts.values()), settled=settled)


def _instalment_of(of: Grounds, found: Account) -> str | None:
    """What of the schedule an account belongs to; an order or payment that was corrected since stands by its own name."""
    return (instalment_of(of.book, found) or found.ref or "") if found.code in COMMITTED else None


def _known(of: Grounds) -> Iterator[str]:
    """The instalments of the project, found by its accounts: whoever records waits meanwhile, and there are many projects."""
    for account in of.book.accounts_of.get(of.project or "", ()):
        name = instalment_of(of.book, account)
        if name is not None and (of.project, name) in INSTALMENTS.of(of.book):
            yield name


def _assessed(of: Grounds, name: str) -> dict[str | None, Assessment]:
    """Team, or None for all → the last assessment of an instalment."""
    project = of.project or ""
    teams = (None, *(team for team, _ in PROJECTS.of(of.book)[project].teams))
    said = ((team, ASSESSED.get(of.book, (project, name, team))) for team in teams)
    return {team: found for team, found in said if found is not None}


def _condition(of: Grounds, found: Instalment, said: Mapping[str | None, Assessment]) -> Name:
    words = [_GATED if found.gated else _UNGATED] if not said else []
    for team, assessment in said.items():
        passed = _PASSED if assessment.passed else _BARRED
        words.append(Name(f"{team} {passed.zh}", f"{team} {passed.en}") if team else passed)
    if found.team:
        out = ELIMINATED.get(of.book, (of.project or "", found.team))
        words.append(Name(f"团队 {found.team}" + "已淘汰" * bool(out), f"team {found.team}" + " is out" * bool(out)))
    words += [_REPAYABLE] if found.repayable else []
    words += [_POST] if found.claim else []
    words += [] if found.payable else [_POOL]
    return Name(";".join(one.zh for one in words), "; ".join(one.en for one in words))


_UNGATED, _GATED = Name("无条件", "no gate"), Name("条件待考核", "gate not assessed")
_PASSED, _BARRED = Name("考核通过", "gate passed"), Name("考核未通过", "gate not passed")
_REPAYABLE, _POST = Name("有偿", "repayable"), Name("后补助", "post-subsidy")
_POOL = Name("赛马资金池,只能核减或收回", "race pool, to be released or withdrawn only")


# -- other sources, spending, recovery


def _others(of: Grounds) -> Iterator[Row]:
    """Each pledge of matching money, and each other source."""
    held = summed(of.seen(), lambda found: (found.code[0], found.source or "", found.ref or "", found.code))
    for beside, source, ref in dict.fromkeys(key[:3] for key in held if key[3] in (*_PLEDGED, *_RECEIVED)):
        figures = {account: held.get((beside, source, ref, account), 0) for account in (*_PLEDGED, *_RECEIVED)}
        pledge = PLEDGES.get(of.book, ref)
        pledger = _party(of, pledge.pledger) if pledge else ""
        name = SOURCES[Source(source)]
        yield _row(
            f"{source} {ref}".strip(),
            Name(f"{name.zh} {pledger}".strip(), name.en),
            day=min((due for due, _ in pledge.tranches), default=None) if pledge else None,
            pledged=sum(figures[account] for account in _PLEDGED),
            received=None if beside == "O" else sum(figures[account] for account in _RECEIVED),
        )


def _spending(of: Grounds) -> Iterator[Row]:
    if spent := sum(fen for found, fen in of.seen() if found.code == "U200"):
        yield _row(Name("单位报告支出", "Reported as spent"), spent=spent)


def _recovered(lines: Iterable[Line]) -> dict[str, tuple[int, int]]:
    """Settlement → what was demanded back of it, and what of that arrived."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in lines:
        if line.leg.account.code == "R110":
            demanded, recovered = sums[line.leg.account.ref or ""]
            ordered = line.kind == "RecoveryOrdered"
            new = demanded + line.leg.amount * ordered, recovered - line.leg.amount * (not ordered)
            sums[line.leg.account.ref or ""] = new
    return sums


def _recovery(of: Grounds, recovered: Mapping[str, tuple[int, int]]) -> Iterator[Row]:
    held = summed(of.seen(), lambda found: (found.code, found.ref or ""))
    standing_in = (ref for (account, ref), fen in held.items() if account in _RECOVERY_CODES and fen)
    for ref in dict.fromkeys(chain(recovered, standing_in)):
        demanded, back = recovered.get(ref, (0, 0))
        owed = {"repayable": held.get(("R100", ref), 0), "returned": held.get(("R120", ref), 0)}
        yield _row(ref, None, demanded=demanded, recovered=back, **owed)


def _owed(of: Grounds, recovered: Mapping[str, tuple[int, int]]) -> Check:
    """What was demanded back and has not come is what stands as demanded."""
    stands = sum(fen for found, fen in of.seen() if found.code == "R110")
    off = sum(demanded - back for demanded, back in recovered.values()) - stands
    return Check(
        Name("校验:应追回减已追回减未到", "Check: demanded less recovered less outstanding"), {"demanded": off}
    )
