"""What a reconciliation leads to, on the terminal: the work list of a month, and what the ledger lacks handed on as facts."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ledger.access.people import People
from ledger.application import Ledger, business_day
from ledger.cli.recording import approve_list, signer_called, tell_proposal
from ledger.cli.terminal import Complaint, Exit, say, show
from ledger.domain.catalogue import ROLES
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import Movement
from ledger.domain.reconciliation import STATUSES
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.recording import Given
from ledger.reconciliation.refusals import WORDS
from ledger.reconciliation.worklist import ACTS, Task

TASKS_SHOWN_MAX = 100
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class Request(NamedTuple):
    """Which month of which source; the cases to record, what the statement does not tell of one, and by whom."""

    source: str
    month: str
    cases: tuple[int, ...]
    detail: str
    cites: str
    person: str
    approver: str | None


def run(ledger: Ledger, people: People, request: Request) -> bool:
    """Hand on what is to be recorded, or list what waits; whether nothing does. Raises Complaint, NotReconciled, Refusal."""
    if not _MONTH.fullmatch(request.month):
        raise Complaint(Exit.USAGE, "月份应为 YYYY-MM", "give the month as YYYY-MM")
    work = Reconciliations(ledger)
    if request.cases:
        _record(ledger, people, work, request)
        return True
    return _show(work.worklist(request.source, request.month), f"{request.source} {request.month}")


def _record(ledger: Ledger, people: People, work: Reconciliations, request: Request) -> None:
    given = Given(request.detail, request.cites)
    if any(given) and len(request.cases) != 1:
        zh, en = "--detail 和 --cites 一次只能用于一项", "--detail and --cites are said of one case at a time"
        raise Complaint(Exit.USAGE, zh, en)
    on, signer = business_day(), signer_called(people, request.person)
    name = work.propose_facts(request.source, request.cases, signer.actor, on, dict.fromkeys(request.cases, given))
    if request.approver is None:
        tell_proposal(ledger, name)
    else:
        approve_list(ledger, signer_called(people, request.approver), name, on)


def _show(tasks: Sequence[Task], title: str) -> bool:
    rows = [(*_about(task), _what(task), ROLES[task.owner].zh, grouped_yuan(task.amount)) for task in tasks]
    if rows:
        headers = ("项 Case", "状态 Status", "办理 To do", "责任方 Owner", "金额(元) Yuan")
        show(headers, rows[:TASKS_SHOWN_MAX], title=title, amounts_from=4)
    else:
        say(f"{title} 无待办事项", f"nothing of {title} waits for anybody")
    if len(rows) > TASKS_SHOWN_MAX:
        zh, en = (
            f"共 {len(rows)} 项,仅列前 {TASKS_SHOWN_MAX} 项",
            f"the first {TASKS_SHOWN_MAX} of {len(rows)} are shown",
        )
        say(zh, en)
    return not rows


def _about(task: Task) -> tuple[str, str]:
    if task.case is None:
        return task.item or task.proposal, ""
    status = STATUSES[task.case.case.status]
    return str(task.case.id), f"{status.zh}\n{status.en}"


def _what(task: Task) -> str:
    said = [ACTS[task.act].zh, ACTS[task.act].en, *map(_fact, task.facts)]
    if task.asks:
        said += [WORDS[task.asks].zh, WORDS[task.asks].en]
    return "\n".join([*said, *filter(None, (task.proposal, " ".join(task.candidates)))])


def _fact(movement: Movement) -> str:
    fields = vars(movement)
    named = (fields.get(name) for name in ("detail", "item", "order", "settlement", "cited", "fund"))
    return f"{movement.label.zh} {movement.label.en}: {' '.join(str(value) for value in named if value)}"
