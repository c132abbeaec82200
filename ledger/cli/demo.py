"""The demo year on the terminal: recorded with a bar, its balances by plan and by source, and what in it is assumed."""

import sys
from pathlib import Path

from ledger.access.demo import FILE, demo_people
from ledger.application import Ledger
from ledger.cli.balances import show_card, whole_card
from ledger.cli.people import people_of
from ledger.cli.terminal import Complaint, Exit, progress, say
from ledger.demo import ASSUMPTIONS, DemoRefused, record_demo_year
from ledger.demo.statements import write_statements
from ledger.domain.catalogue import Name
from ledger.projections.figures import By
from ledger.projections.journal import heads

_FIRST = ("fin-1", "std-1", "aud-1")
_GROUPINGS: tuple[By, ...] = ("plan", "source")


def demo(ledger: Ledger, home: Path) -> None:
    """Record the year 2025, or what is still missing of it, and show it. Raises Complaint where the ledger holds else.

    The demo people may sign in from then on, with the secrets that lie in ``home``.
    """
    words = Name("正在记录演示年度", "recording the demo year")
    try:
        with progress(*words) as told:
            total = record_demo_year(ledger, told)
    except DemoRefused as refused:
        raise Complaint(Exit.OCCUPIED, *refused.words) from refused
    enrolled = not _beside_a_real_one(ledger)
    if enrolled:
        with people_of(ledger) as people:
            demo_people(home).enrol(people)
    for grouping in _GROUPINGS:
        show_card(whole_card(ledger, grouping, None))
    say(f"演示年度已在账上,共 {total:,} 号。说明:", f"The demo year is on the books: {total:,} numbers. Note:")
    if enrolled:
        where = home.expanduser().resolve() / FILE
        say(
            f"演示人员的口令和密钥在 {where}(仅本人可读,勿外传)",
            f"passwords and keys of the demo people: {where} (keep it private)",
        )
        show_ways_in(home)
    else:
        say(
            "真实账本已在用,两个账本的人员相同,故未登记演示人员",
            "the real ledger is in use and has the same people, so no demo people were registered",
        )
    with ledger.reading() as book:
        folder = write_statements(home.expanduser().resolve(), book)
    say(
        f"供对账练习的国库、预算一体化和银行文件在 {folder},各含每种常见差错一处",
        f"files of treasury, budget system and bank, with each usual mismatch once: {folder}",
    )
    for line, assumption in enumerate(ASSUMPTIONS, 1):
        say(f"{line}. {assumption.zh}", f"   {assumption.en}")


def show_ways_in(home: Path) -> None:
    """Login and password of three of them, to whoever sits here; what goes into a file or a log holds no secret."""
    if not sys.stdout.isatty():
        return
    known = demo_people(home)
    for person in known:
        if person.id in _FIRST:
            secret = known.password_of(person.id)
            say(
                f"登录名 {person.id}({person.label.zh}),口令 {secret}",
                f"login {person.id} ({person.label.en}), password {secret}",
            )


def _beside_a_real_one(ledger: Ledger) -> bool:
    """Whether it is a training ledger, and the database holds movements of another. People belong to the database."""
    others = (number for identity, number in heads(ledger.store).items() if identity != ledger.id)
    return ledger.training and any(others)
