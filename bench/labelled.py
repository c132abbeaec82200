"""`python -m bench.labelled`: a year of treasury lines beside the ledger's, of which it is known what belongs together.

    python -m bench.labelled --lines 100000 --seed 1 --csv treasury.csv

writes treasury's side as a file and prints how many of each kind of fact there are; `python -m bench.reconciling` matches the
sides and judges. Seeded: the same lines and seed make the same set. Made day by day, so that a file of any length is written
in bounded memory. Labels say of every line which others belong to it and how they must stand in the end.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from bench.agreements import AGREEMENTS, NEEDS_ROOM, one_payment
from bench.mismatches import AT_YEAR_END, MISMATCHES
from bench.treasury_year import YEAR_END, Told, Year, day_shares
from ledger.domain.money import yuan
from ledger.domain.reconciliation import Cause, Flow, Status
from ledger.reconciliation.line import Line

NOISE: Final = 0.0265
"""Share of the facts of which something is injected,"""
NOISE_AT_YEAR_END: Final = 0.15
"""and in the last days of the year, when more is in transit: 3 % in all."""
FIRST_ROW: Final = 2
"""Row of a file that holds its first line, below the header."""
ENCODINGS: Final = ("utf-8-sig", "gb18030")
COLUMNS: Final = (
    *("PAY_DETAIL_ID", "PAY_CERT_NO", "PAY_APPLY_ID", "AGENCY_CODE", "PAYEE_ACCT_NAME", "PAYEE_ACCT_NO", "PAY_AMT"),
    *("XPAY_AMT", "FISCAL_YEAR", "EXP_FUNC_CODE", "GOV_BGT_ECO_CODE", "FUND", "PRO_CODE", "PAY_DATE", "PAY_TYPE"),
    *("ORI_PAY_DETAIL_ID", "摘要"),
)
_TYPES: Final = {Flow.PAYMENT: "支付", Flow.REJECTION: "退票", Flow.REFUND: "退款"}
_AGREE = tuple(agree for _, agree in AGREEMENTS)
_AGREE_WEIGHTS = tuple(weight for weight, _ in AGREEMENTS)


class Label(NamedTuple):
    """What belongs together, and how it must stand. ``story`` holds labels of one fact; ``kind`` is how it was drawn."""

    serial: int
    story: int
    kind: str
    status: Status
    cause: Cause | None
    noise: bool
    matchable: bool
    """Whether lines of both sides belong together."""


class Written(NamedTuple):
    """A line of one side, in the order of that side."""

    label: Label
    ours: bool
    line: Line


class Labelled(NamedTuple):
    """Both sides, and of each line by its key what it belongs to."""

    ours: list[Line]
    theirs: list[Line]
    of_ours: dict[int, Label]
    of_theirs: dict[int, Label]

    @property
    def labels(self) -> list[Label]:
        return sorted({label.serial: label for told in self[2:] for label in told.values()}.values())


def labelled(lines: int, seed: int) -> Labelled:
    """So many treasury lines, the ledger's beside them, and what is right."""
    made = Labelled([], [], {}, {})
    for label, ours, line in written(lines, seed):
        (made.ours if ours else made.theirs).append(line)
        (made.of_ours if ours else made.of_theirs)[line.key] = label
    return made


def written(lines: int, seed: int) -> Iterator[Written]:
    """Every line of both sides, day by day; of a side in the order of its keys, which are rows and movement numbers."""
    waiting: defaultdict[date, list[Written]] = defaultdict(list)
    keys = {True: 1, False: FIRST_ROW}
    today = date.min
    for day, story in _stories(lines, seed):
        if day > today:
            yield from _come_due(waiting, keys, day)
            today = day
        for label, told in story:
            for line in told.ours:
                waiting[line.day].append(Written(label, True, line))
            for line in told.theirs:
                waiting[line.day].append(Written(label, False, line))
    yield from _come_due(waiting, keys, date.max)


def _come_due(waiting: dict[date, list[Written]], keys: dict[bool, int], before: date) -> Iterator[Written]:
    """What waits for a day before that one. The ledger's lines of a day do not follow treasury's order."""
    for day in sorted(day for day in waiting if day < before):
        due = waiting.pop(day)
        ours = sorted((one for one in due if one.ours), key=lambda one: one.line.application[::-1])
        for one in (*ours, *(one for one in due if not one.ours)):
            yield one._replace(line=replace(one.line, key=keys[one.ours]))
            keys[one.ours] += 1


def _stories(lines: int, seed: int) -> Iterator[tuple[date, list[tuple[Label, Told]]]]:
    """Facts by the day on which treasury pays, until its side has exactly so many lines."""
    year, serial, story, made = Year(lines, seed), 0, 0, 0
    for day, share in day_shares():
        while made < lines and (made < share * lines or share > 1 - 1e-9):
            kind, noise, told = _drawn(year, day)
            count = sum(len(one.theirs) for one in told)
            if made + count > lines:
                kind, noise, told, count = one_payment.__name__, False, one_payment(year, day), 1
            labels = [_label(serial + at, story, kind, noise, one) for at, one in enumerate(told)]
            serial, story, made = serial + len(told), story + 1, made + count
            yield day, list(zip(labels, told, strict=True))


def _label(serial: int, story: int, kind: str, noise: bool, told: Told) -> Label:
    return Label(serial, story, kind, told.status, told.cause, noise, bool(told.ours and told.theirs))


def _drawn(year: Year, day: date) -> tuple[str, bool, list[Told]]:
    """One fact. What is not told apart by numbers stands apart from all that could be taken for it."""
    last_days = day >= YEAR_END
    noise = year.chance.random() < (NOISE_AT_YEAR_END if last_days else NOISE)
    at_year_end = last_days and year.chance.random() < 0.8
    while True:
        if noise:
            draw = year.chance.choice(AT_YEAR_END if at_year_end else MISMATCHES)
        else:
            draw = year.chance.choices(_AGREE, _AGREE_WEIGHTS)[0]
        told = draw(year, day)
        if not (noise or draw in NEEDS_ROOM) or year.stands_apart(told):
            return draw.__name__, noise, told


def write_csv(path: Path, lines: int, seed: int, encoding: str) -> int:
    """Treasury's side as a file of its payment details; answers with how many lines it holds."""
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for _, ours, line in written(lines, seed):
            if not ours:
                table.writerow(cells(line))
                count += 1
    return count


def cells(line: Line) -> tuple[str | int, ...]:
    """A line as treasury's file has it: a payment that came back at once has an actual amount of nothing."""
    applied = -line.amount if line.flow is Flow.REJECTION and not line.moved else line.amount
    return (
        line.detail,
        line.voucher,
        line.application,
        "150001",
        line.payee,
        line.account,
        yuan(applied),
        yuan(line.moved),
        line.fiscal_year,
        line.function,
        line.economic,
        line.fund,
        line.project,
        line.day.isoformat(),
        _TYPES[line.flow],
        line.cites,
        line.text,
    )


def main() -> int:
    """Make the set and say what is in it."""
    parser = argparse.ArgumentParser(
        prog="bench.labelled", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=100_000, help="of treasury")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, help="where treasury's side is written")
    parser.add_argument("--encoding", default="utf-8-sig", choices=ENCODINGS)
    asked = parser.parse_args()
    if asked.csv:
        count = write_csv(asked.csv, asked.lines, asked.seed, asked.encoding)
        print(f"{count:,} lines in {asked.csv}")
    show(labelled(asked.lines, asked.seed))
    return 0


def show(made: Labelled) -> None:
    """How many of each kind, as labels."""
    labels = made.labels
    stories: dict[int, Label] = {label.story: label for label in labels}
    noise = sum(label.noise for label in stories.values())
    print(
        f"{len(made.theirs):,} lines of treasury, {len(made.ours):,} of the ledger; {len(stories):,} facts, "
        f"{noise:,} of them with something injected ({noise / len(stories):.1%})\n"
    )
    print(f"{'drawn as':32}{'status':22}{'cause':20}{'labels':>8}")
    counts = Counter((label.noise, label.kind, label.status, label.cause or "") for label in labels)
    for (_, kind, status, cause), count in sorted(counts.items()):
        print(f"{kind:32}{status:22}{cause:20}{count:8,}")


if __name__ == "__main__":
    sys.exit(main())
