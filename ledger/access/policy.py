"""The policy 权限表: what each role may do, and how far it reaches. Whatever is not in the table is denied.

A pure function decides. What a role may *sign* is the domain's to say (``signs`` of each kind); here stands whether it may
ask at all, and what it sees.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.catalogue import Name, Role


class Action(StrEnum):
    """What somebody may want to do; every route asks for exactly one."""

    SEE_CODES = "SEE_CODES"
    SEE_PARTIES = "SEE_PARTIES"
    SEE_PROJECTS = "SEE_PROJECTS"
    SEE_BOOKS = "SEE_BOOKS"
    ASK_WHAT_IF = "ASK_WHAT_IF"
    SEE_ATTEMPTS = "SEE_ATTEMPTS"
    JUDGE_AGAIN = "JUDGE_AGAIN"
    OPEN_FILES = "OPEN_FILES"
    KEEP_FILES = "KEEP_FILES"
    RECORD = "RECORD"
    LEND_ROLES = "LEND_ROLES"
    OWN_KEYS = "OWN_KEYS"
    MACHINE_KEYS = "MACHINE_KEYS"
    SEE_PEOPLE = "SEE_PEOPLE"
    KEEP_PEOPLE = "KEEP_PEOPLE"
    GRANT_ROLES = "GRANT_ROLES"
    SEE_TRAIL = "SEE_TRAIL"
    SEE_SERVICE = "SEE_SERVICE"
    SEE_PERSONAL = "SEE_PERSONAL"
    SEE_ERASURES = "SEE_ERASURES"
    ERASE_PERSONAL = "ERASE_PERSONAL"
    OWN_JOBS = "OWN_JOBS"
    RECONCILE = "RECONCILE"
    AUDIT = "AUDIT"
    SEE_DUPLICATES = "SEE_DUPLICATES"


ACTIONS: dict[Action, Name] = {
    Action.SEE_CODES: Name("查看目录", "See the catalogue"),
    Action.SEE_PARTIES: Name("查看单位", "See parties"),
    Action.SEE_PROJECTS: Name("查看项目", "See projects"),
    Action.SEE_BOOKS: Name("查看账目", "See the books"),
    Action.ASK_WHAT_IF: Name("试算推演", "Ask what if"),
    Action.SEE_ATTEMPTS: Name("查看被拒请求", "See refused attempts"),
    Action.JUDGE_AGAIN: Name("以其他政策参数重新审核", "Judge recorded movements again"),
    Action.OPEN_FILES: Name("打开文件", "Open files"),
    Action.KEEP_FILES: Name("上传文件", "Upload files"),
    Action.RECORD: Name("办理业务", "Record, propose and approve"),
    Action.LEND_ROLES: Name("委托代办", "Lend one's role for a time"),
    Action.OWN_KEYS: Name("管理本人密钥", "Keep one's own keys"),
    Action.MACHINE_KEYS: Name("管理机器密钥", "Keep the keys of machines"),
    Action.SEE_PEOPLE: Name("查看人员", "See people and what is granted to them"),
    Action.KEEP_PEOPLE: Name("管理人员和账号", "Keep people and their accounts"),
    Action.GRANT_ROLES: Name("授权和撤权", "Grant and take back roles"),
    Action.SEE_TRAIL: Name("查看审计日志", "See the audit record"),
    Action.SEE_SERVICE: Name("查看服务运行指标", "See how the service runs"),
    Action.SEE_PERSONAL: Name("查看个人信息原文", "Read personal texts in clear"),
    Action.SEE_ERASURES: Name("查看个人信息主体及删除申请", "See whose texts are kept, and erasures"),
    Action.ERASE_PERSONAL: Name("删除个人信息", "Ask for and confirm the erasure of personal data"),
    Action.RECONCILE: Name("对账", "Take statements, match, explain, hand on for signing off"),
    Action.AUDIT: Name("审计作业", "Draw samples and keep working papers, look at the segregation of duties"),
    Action.SEE_DUPLICATES: Name("查看重复资助", "See what may be funded more than once"),
    Action.OWN_JOBS: Name("查看本人的后台任务", "See how one's own long work goes"),
}


class Reach(StrEnum):
    """How far an action reaches."""

    ALL = "ALL"
    ASSIGNED = "ASSIGNED"
    """The specials assigned to the person, or all specials of a plan."""
    DEPARTMENT = "DEPARTMENT"
    """Projects that the department recommends, carries out, takes part in or races in."""
    OWN = "OWN"
    """What one did oneself."""


def _all(*actions: Action) -> dict[Action, Reach]:
    return dict.fromkeys(actions, Reach.ALL)


_READS = _all(
    Action.SEE_CODES,
    Action.SEE_PARTIES,
    Action.SEE_PROJECTS,
    Action.SEE_BOOKS,
    Action.ASK_WHAT_IF,
    Action.SEE_ATTEMPTS,
    Action.OPEN_FILES,
    Action.OWN_JOBS,
)
_DECIDES = _READS | _all(Action.KEEP_FILES, Action.RECORD, Action.LEND_ROLES, Action.OWN_KEYS, Action.SEE_PERSONAL)


def _within(reach: Reach) -> dict[Action, Reach]:
    """Asks for what is theirs to ask, and sees what is theirs to see."""
    asks = _all(
        Action.SEE_CODES,
        Action.SEE_PARTIES,
        Action.KEEP_FILES,
        Action.RECORD,
        Action.LEND_ROLES,
        Action.OWN_KEYS,
        Action.OWN_JOBS,
    )
    return asks | {
        Action.SEE_PROJECTS: reach,
        Action.SEE_BOOKS: reach,
        Action.SEE_ATTEMPTS: Reach.OWN,
        Action.OPEN_FILES: Reach.OWN,
        Action.SEE_PERSONAL: Reach.OWN,
    }


POLICY: dict[Role, dict[Action, Reach]] = {
    Role.FIN: _DECIDES | _all(Action.JUDGE_AGAIN, Action.RECONCILE, Action.SEE_DUPLICATES),
    Role.STD: _DECIDES | _all(Action.JUDGE_AGAIN),
    Role.COM: _DECIDES,
    Role.PM: _within(Reach.ASSIGNED) | {Action.ASK_WHAT_IF: Reach.ASSIGNED},
    Role.REC: _within(Reach.DEPARTMENT),
    Role.CHA: _within(Reach.DEPARTMENT),
    Role.UND: _within(Reach.DEPARTMENT),
    Role.LEA: _within(Reach.DEPARTMENT),
    Role.TRE: _all(Action.SEE_CODES, Action.RECORD) | {Action.SEE_ATTEMPTS: Reach.OWN},
    Role.AUD: _READS
    | _all(Action.SEE_PEOPLE, Action.SEE_TRAIL, Action.OWN_KEYS, Action.SEE_PERSONAL, Action.SEE_ERASURES)
    | _all(Action.SEE_SERVICE, Action.JUDGE_AGAIN, Action.AUDIT, Action.SEE_DUPLICATES),
    Role.ADM: _all(Action.SEE_CODES, Action.SEE_PEOPLE, Action.KEEP_PEOPLE, Action.SEE_SERVICE),
    Role.SEC: _all(Action.SEE_CODES, Action.SEE_PEOPLE, Action.GRANT_ROLES, Action.MACHINE_KEYS)
    | _all(Action.SEE_ERASURES, Action.ERASE_PERSONAL),
    Role.LOG: _all(Action.SEE_CODES, Action.SEE_PEOPLE, Action.SEE_TRAIL),
}
"""Auditors read everything and change nothing of it: their working papers stand beside the ledger. Three administrators 三员 keep
the service and none of them sees money: system (people and accounts), security (what is granted to them) and audit (the record
of what was done)."""

NOT_BY_KEY = frozenset(
    {
        Action.LEND_ROLES,
        Action.OWN_KEYS,
        Action.MACHINE_KEYS,
        Action.KEEP_PEOPLE,
        Action.GRANT_ROLES,
        Action.ERASE_PERSONAL,
    }
)
"""Needs somebody who signed in: a key that leaked must not make others, nor change what anybody may do, nor erase."""

ALONE = frozenset({Role.ADM, Role.SEC, Role.LOG, Role.AUD, Role.TRE})
"""Whoever holds one of these holds no other role: what they keep or check is what others do."""
_WITHIN = frozenset({Role.REC, Role.CHA, Role.UND, Role.LEA})


class Grant(NamedTuple):
    """A role for a time, days included (Asia/Shanghai): of a department, or with the specials assigned.

    ``specials``: codes of specials, or of plans for all their specials, later ones too. ``sources``: the funds and other
    sources it is confined to; empty: all. ``acting_for``: the subject who lent it (A/B 角); None: it is one's own.
    """

    role: Role
    department: str | None = None
    specials: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    since: date = date.min
    until: date = date.max
    acting_for: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until

    @property
    def scoped(self) -> bool:
        """Whether it says how far it reaches, where its role asks for that, and nothing where it does not."""
        confined = not self.sources or reach(self.role, Action.SEE_BOOKS) in (Reach.ALL, Reach.ASSIGNED)
        of_specials = bool(self.specials) == (self.role is Role.PM)
        return confined and of_specials and bool(self.department) == (self.role in _WITHIN)

    def reach(self, action: Action) -> Reach | None:
        """How far an action reaches under it; None: it may not be done. What names no source is one's own if confined to some."""
        found = reach(self.role, action)
        return Reach.OWN if found and self.sources and action in _NAMES_NO_SOURCE else found


_NAMES_NO_SOURCE = frozenset({Action.SEE_ATTEMPTS, Action.OPEN_FILES})


def reach(role: Role, action: Action) -> Reach | None:
    """How far a role's action reaches; None: it may not do it."""
    return POLICY.get(role, {}).get(action)
