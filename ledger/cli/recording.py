"""Recording movements from JSON: one, a list, or one a line."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.access.demo import DEMO_PEOPLE
from ledger.access.people import People, actor_of
from ledger.access.policy import ACTIONS, Action, reach
from ledger.access.refusals import NotPermitted
from ledger.application import Ledger, business_day, the_receipt
from ledger.cli.terminal import Complaint, Exit, err, progress, say, show, show_faults, shown
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.approval import PROPOSALS, OfProposal, ProposalStatus
from ledger.domain.catalogue import ROLES
from ledger.domain.decision import Accepted, decide
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS, Actor, Movement
from ledger.domain.refusals import Refusal
from ledger.domain.signing import rules_in_force
from ledger.domain.wording import in_words
from ledger.folding import recall
from ledger.importing.faults import Fault
from ledger.proposing import approve
from ledger.writer import Receipt

ENTRIES_SHOWN_MAX = 60
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Asked(NamedTuple):
    """One movement of the input, numbered from 1, or what is wrong with its form."""

    number: int
    movement: Movement | None
    faults: Sequence[Fault]


class Signer(NamedTuple):
    """Somebody registered, as named on the command line, and who they are in the log."""

    name: str
    actor: Actor


def signer_called(people: People, name: str, action: Action = Action.RECORD) -> Signer:
    """Somebody by login or id, in the first of their roles that may record, or do something else. Raises Complaint."""
    try:
        person = people.register.person(name)
    except NotPermitted:
        known = " ".join(entry.login or entry.person.id for entry in people.register.everybody())
        zh, en = f"没有人员 {name};现有:{known}", f"there is nobody called {name}; there are: {known}"
        raise Complaint(Exit.USAGE, zh, en) from None
    for granted in people.held(person):
        if reach(granted.grant.role, action):
            return Signer(name, actor_of(person, granted))
    zh, en = ACTIONS[action]
    raise Complaint(Exit.USAGE, f"{name} 没有可{zh}的角色", f"no role of {name} may do this: {en.lower()}")


def signer_of(people: People, movement: Movement) -> Actor:
    """Whom a movement is recorded as where nobody is named: the first demo person in a role that signs it first."""
    alone = [sequence[0] for sequence in movement.signs if len(sequence) == 1]
    roles = alone or [movement.signs[0][0]]
    for person in DEMO_PEOPLE:
        if person.actor.role in roles and people.register.is_there(person.actor.subject):
            return person.actor
    raise Complaint(
        Exit.USAGE,
        "请用 --as 指明以谁的名义(见 ledger people)",
        "name with --as as whom it is recorded (see ledger people)",
    )


def key_of(content: bytes, key: str | None) -> str:
    """The idempotency key: as given, or from the content, so that the same file twice records once. Raises Complaint."""
    if key is None:
        return f"file-{hashlib.sha256(content).hexdigest()[:32]}"
    if not _KEY.fullmatch(key):
        zh, en = "--key 应为 1 至 200 个可见 ASCII 字符", "--key takes 1 to 200 visible ASCII characters"
        raise Complaint(Exit.USAGE, zh, en)
    return key


def record(ledger: Ledger, people: People, asked: Sequence[Asked], name: str | None, key: str, *, dry: bool) -> bool:
    """Record what was asked, print receipts and refusals; whether all of it was accepted."""
    faults = [fault for one in asked for fault in one.faults]
    if faults:
        show_faults(faults)
        err().print("格式有误,未记录任何内容\nmalformed; nothing was recorded")
        return False
    actor = signer_called(people, name).actor if name else None
    steps = [(one.movement, actor or signer_of(people, one.movement)) for one in asked if one.movement is not None]
    outcomes = _tried(ledger, steps) if dry else _recorded(ledger, steps, key)
    _tell(outcomes, dry=dry)
    if not dry:
        for proposal in dict.fromkeys(movement.proposal for movement, _ in steps if isinstance(movement, OfProposal)):
            tell_proposal(ledger, proposal)
    return not any(isinstance(outcome, Refusal) for outcome in outcomes)


Outcome = Receipt | Refusal | list[Accepted]


def _recorded(ledger: Ledger, steps: Sequence[tuple[Movement, Actor]], key: str) -> list[Outcome]:
    keys = [key] if len(steps) == 1 else [f"{key}#{line}" for line in range(1, len(steps) + 1)]
    waiting = [ledger.submit(movement, actor, own) for (movement, actor), own in zip(steps, keys, strict=True)]
    outcomes: list[Outcome] = []
    with progress("记录", "recording") as done:
        for answer in waiting:
            try:
                outcomes.append(the_receipt(answer.result()))
            except Refusal as refusal:
                outcomes.append(refusal)
            done(len(outcomes), len(waiting))
    return outcomes


def _tried(ledger: Ledger, steps: Sequence[tuple[Movement, Actor]]) -> list[Outcome]:
    """Each judged after those before it that would be accepted; nothing is kept."""
    outcomes: list[Outcome] = []
    with ledger.reading() as book:
        mark = book.mark()
        try:
            for movement, actor in steps:
                try:
                    recall(ledger.store, ledger.id, book, movement)
                    outcomes.append(decide(book, movement, actor))
                except Refusal as refusal:
                    outcomes.append(refusal)
        finally:
            book.rollback(mark)
            book.recalled.clear()
    return outcomes


def tell_proposal(ledger: Ledger, name: str) -> None:
    """What whoever signs next needs to know of a proposal that waits: who that may be, and the digest to sign."""
    with ledger.reading() as book:
        found, rules = PROPOSALS.get(book, name), rules_in_force(book, business_day())
    if found is not None and found.status is ProposalStatus.OPEN:
        roles = found.awaits(rules)
        zh = f"提案 {name} 待签批:{'、'.join(ROLES[role].zh for role in roles)};摘要 {found.digest}"
        say(zh, f"proposal {name} waits for: {', '.join(ROLES[role].en for role in roles)}; digest {found.digest}")


def approve_list(ledger: Ledger, approver: Signer, name: str, on: date) -> None:
    """Sign a proposal that waits, as it stands; with the last signature all of it is recorded. Raises Refusal."""
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[name].digest
    with progress("审批并记录", "approving and recording") as done:
        done(0, 0)
        receipt = approve(ledger, name, digest, approver.actor, on)
    count = len(receipt.accepted) - 1
    last = receipt.number + count
    if not count:
        say(f"已由 {approver.name} 签批", f"signed by {approver.name}")
        tell_proposal(ledger, name)
        return
    say(
        f"已由 {approver.name} 审批,{count} 条记录一次记入,第 {receipt.number + 1} 至 {last} 号",
        f"approved by {approver.name}: {count} movements recorded at once, numbers {receipt.number + 1} to {last}",
    )


def _tell(outcomes: Sequence[Outcome], *, dry: bool) -> None:
    rows: list[tuple[object, ...]] = []
    for line, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Refusal):
            zh, en = in_words(outcome)
            rows.append((line, "", "", outcome.code, f"{zh}\n{en}\n{outcome.clause}"))
        elif isinstance(outcome, Receipt) and outcome.repeated:
            said = "此前已记录,未重复记录\nrecorded before; not recorded again"
            rows.append((line, outcome.number, "", outcome.kind, said))
        else:
            accepted = outcome if isinstance(outcome, list) else outcome.accepted
            rows += [(line, one.number, one.voucher or "", one.movement.kind, _label(one)) for one in accepted]
    show(("序 Line", "编号 No.", "凭证 Voucher", "类型 Kind", "结果 Outcome"), rows)
    _show_entries(outcomes)
    refused = sum(isinstance(outcome, Refusal) for outcome in outcomes)
    done = len(outcomes) - refused
    if dry:
        say(
            f"试算:可受理 {done} 条,将被拒绝 {refused} 条;未记录任何内容",
            f"dry run: {done} would be accepted, {refused} refused; nothing was recorded",
        )
    else:
        say(f"已受理 {done} 条,拒绝 {refused} 条", f"accepted: {done}, refused: {refused}")


def _label(one: Accepted) -> str:
    label = MOVEMENTS[one.movement.kind].label
    if one.recorded_as is not None:
        return f"与账面不符,记为:{label.zh}\ndid not fit; recorded as: {label.en}"
    return f"{label.zh} {label.en}"


def _show_entries(outcomes: Sequence[Outcome]) -> None:
    rows: list[tuple[Any, ...]] = []
    for outcome in outcomes:
        accepted = [] if isinstance(outcome, Refusal) else outcome if isinstance(outcome, list) else outcome.accepted
        for one in accepted:
            for leg, after, _ in one.entries:
                kind = ACCOUNTS[leg.account.code]
                where = " ".join(shown(part) for part in leg.account[1:] if part is not None)
                name = f"{kind.code} {kind.name.zh} {kind.name.en}"
                rows.append((one.number, name, where, grouped_yuan(leg.amount), grouped_yuan(after)))
    if rows and len(rows) <= ENTRIES_SHOWN_MAX:
        show(("编号 No.", "账户 Account", "", "金额(元) Yuan", "余额(元) Balance"), rows, amounts_from=3)
