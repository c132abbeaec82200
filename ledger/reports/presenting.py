"""How a sheet is shown: in one unit, with its rounding difference 尾差 on a line of its own, the same for every face."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from ledger.domain.catalogue import Name
from ledger.domain.fields import SHANGHAI
from ledger.projections.balances import Card
from ledger.reports.sheet import Column, Hidden, Row, Sheet, Value, fen_of, footing
from ledger.training import MARK

Unit = Literal["yuan", "wan", "yi"]
Language = Literal["zh", "en"]


class Scale(NamedTuple):
    name: Name
    fen: int
    decimals: int


UNITS: dict[Unit, Scale] = {
    "yuan": Scale(Name("元", "yuan"), 100, 2),
    "wan": Scale(Name("万元", "10,000 yuan"), 1_000_000, 2),
    "yi": Scale(Name("亿元", "100 million yuan"), 10_000_000_000, 4),
}
"""A unit: its name, how many fen it is, and how many decimals are shown of it."""

Shown = str | int | date | Decimal | None
"""A value as it is shown: amounts and percentages are decimals in their unit."""

SEALED = Name("已封存", "sealed")
TOTAL = Name("合计", "Total")
ROUNDING = Name("尾差", "Rounding difference")
SIGNED = Name("编制 / 复核 / 负责人", "Prepared / Reviewed / Responsible")


class Line(NamedTuple):
    """A line below the rows, and what it says in each column."""

    name: Name
    values: dict[str, Shown]


def words(value: Shown) -> str:
    """A value as people read it; nothing where there is nothing to say."""
    if isinstance(value, Decimal):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def title_of(column: Column, unit: Unit) -> Name:
    """A column's header in both languages, with its unit."""
    zh, en = column.name
    if column.kind == "fen":
        return Name(f"{zh}({UNITS[unit].name.zh})", f"{en} ({UNITS[unit].name.en})")
    marks = {"percent": Name("%", "%"), "points": Name("百分点", "points")}
    mark = marks.get(column.kind)
    return Name(f"{zh}({mark.zh})", f"{en} ({mark.en})") if mark else column.name


def said_in(language: Language | None, name: Name) -> str:
    """A name in one language, or in both (None)."""
    if language is None and name.zh != name.en:
        return f"{name.zh} {name.en}"
    return name.en if language == "en" else name.zh


def shown(column: Column, value: Value, unit: Unit, language: Language | None = None) -> Shown:
    """A value of a column in a unit; what has a name in both languages, or in one of them."""
    if isinstance(value, Hidden):
        value = SEALED
    if isinstance(value, Name):
        return said_in(language, value)
    if isinstance(value, int) and column.kind == "fen":
        return in_unit(value, unit)
    if isinstance(value, int) and column.kind in ("percent", "points"):
        return Decimal(value).scaleb(-2)
    return value


def in_unit(amount_fen: int, unit: Unit) -> Decimal:
    """Fen in a unit, rounded half away from zero to the decimals that are shown of it; yuan are exact. No zero is negative."""
    _, fen, decimals = UNITS[unit]
    return (Decimal(amount_fen) / fen).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def shown_rows(sheet: Sheet, unit: Unit, language: Language | None = None) -> Iterator[list[Shown]]:
    """Rows as they are shown, one after another."""
    for row in sheet.rows:
        yield [shown(column, row.get(column.key), unit, language) for column in sheet.columns]


class Table(NamedTuple):
    """A sheet, or one of its parts, as a table. The first value of a line of the foot is none: its name stands there."""

    part: str | None
    columns: Sequence[Column]
    rows: Sequence[Sequence[Shown]]
    foot: Sequence[tuple[Name, Sequence[Shown]]]


def tables(sheet: Sheet, unit: Unit, language: Language | None = None) -> Iterator[Table]:
    """The sheet as one table or, where it is parted, one for each part: the columns in which the part says anything."""
    rows = list(shown_rows(sheet, unit, language))
    below = [(name, [values.get(column.key) for column in sheet.columns]) for name, values in foot(sheet, unit)]
    if not sheet.parted:
        yield Table(None, sheet.columns, rows, [(name, [None, *values[1:]]) for name, values in below])
        return
    for part, of_part in groupby(rows, key=itemgetter(0)):
        lines = list(of_part)
        kept = [at for at in range(1, len(sheet.columns)) if any(row[at] not in (None, "") for row in lines)]
        amounts = [at for at in kept if sheet.columns[at].summed]
        yield Table(
            str(part),
            [sheet.columns[at] for at in kept],
            [[row[at] for at in kept] for row in lines],
            [
                (name, [None, *(values[at] for at in kept[1:])])
                for name, values in below
                if any(values[at] is not None for at in amounts)
            ],
        )


def foot(sheet: Sheet, unit: Unit) -> list[Line]:
    """What stands below the rows: the rounding difference where the unit rounds, the total, and what must be zero.

    Rows as shown and the rounding difference add up to the total as shown.
    """
    lines: list[Line] = []
    if sheet.total is not None:
        lines += [_rounding(sheet, sheet.total, unit)] if unit != "yuan" else []
        lines.append(
            Line(TOTAL, {column.key: shown(column, sheet.total.get(column.key), unit) for column in sheet.columns})
        )
    checks = [check for check in (footing(sheet), *sheet.checks) if check is not None]
    return lines + [Line(name, {key: in_unit(fen, "yuan") for key, fen in values.items()}) for name, values in checks]


def _rounding(sheet: Sheet, total: Row, unit: Unit) -> Line:
    values: dict[str, Shown] = {}
    for key in sheet.summed:
        of_rows = sum((in_unit(fen_of(row[key]), unit) for row in sheet.rows if row.get(key) is not None), Decimal())
        values[key] = in_unit(fen_of(total.get(key)), unit) - of_rows
    return Line(ROUNDING, values)


def headings(sheet: Sheet, unit: Unit, *, training: bool) -> list[Name]:
    """What stands above the columns: what it is, its unit, its scope, and as of when."""
    mark = f"{MARK.zh} {MARK.en} · " if training else ""
    name, scale = sheet.name, UNITS[unit].name
    rounded = unit != "yuan"
    return [
        Name(f"{mark}{name.zh}", f"{mark}{name.en}"),
        Name(
            f"单位:{scale.zh}" + ",校验行为元,合计由分计算后取整,尾差单列" * rounded,
            f"Unit: {scale.en}"
            + "; checks in yuan; totals are rounded from fen, the difference on its own line" * rounded,
        ),
        *(Name(f"口径:{said.zh}", f"Scope: {said.en}") for said in sheet.scope),
        as_of(sheet),
    ]


def as_of(figures: Sheet | Card) -> Name:
    """The number and the instant at which figures stand, and in which sense of then."""
    instant = figures.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    _, period, day = figures.moment
    year_zh, year_en = "各年度", "all fiscal years"
    if figures.fiscal_year:
        year_zh, year_en = f"{figures.fiscal_year} 年度", f"fiscal year {figures.fiscal_year}"
    zh = f",会计期间截至 {period}" * bool(period) + f",业务日期截至 {day}" * bool(day)
    en = f", closed through {period}" * bool(period) + f", effective by {day}" * bool(day)
    return Name(
        f"截至第 {figures.number} 号,{instant}(北京时间),{year_zh}{zh}",
        f"as of number {figures.number}, {instant} (Asia/Shanghai), {year_en}{en}",
    )
