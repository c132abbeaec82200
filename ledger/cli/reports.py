"""Sheets on the terminal and as workbooks; neither overwrites a file that is there."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import get_args

from ledger.application import Ledger, business_day
from ledger.cli.balances import within_life
from ledger.cli.terminal import Complaint, Exit, is_marked, say, show
from ledger.reports.asking import Asked, Busy, NotSeen, NotTaken, sheet_of
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.presenting import Shown, Unit, foot, headings, shown_rows, title_of
from ledger.reports.sheet import Column, Sheet
from ledger.reports.xlsx import workbook


def list_reports() -> None:
    """Every sheet: its number, by which name to ask for it, and what it is called."""
    show(
        ("表号 No.", "表名 Name", "名称", "What it is"),
        [(report.number, code, report.name.zh, report.name.en) for code, report in REPORTS.items()],
    )


def named(text: str) -> ReportCode:
    """The sheet of this name. Raises Complaint."""
    try:
        return ReportCode(text)
    except ValueError:
        known = " ".join(ReportCode)
        raise Complaint(Exit.USAGE, f"没有这张表,可取:{known}", f"there is no such sheet: {known}") from None


def unit_of(text: str) -> Unit:
    """The unit named. Raises Complaint."""
    for unit in get_args(Unit):
        if text == unit:
            found: Unit = unit
            return found
    known = " ".join(get_args(Unit))
    raise Complaint(Exit.USAGE, f"--unit 可取:{known}", f"--unit takes one of: {known}")


def read(ledger: Ledger, code: ReportCode, asked: Asked) -> Sheet:
    """A sheet as whoever works on the machine sees it: whole. Raises Complaint."""
    try:
        with within_life():
            return sheet_of(ledger, code, asked, business_day())
    except NotSeen as error:
        raise Complaint(
            Exit.USAGE,
            "没有该专项或项目;项目卡片须给出 --project",
            "there is no such special or project; a sheet of one project needs --project",
        ) from error
    except NotTaken as error:
        raise Complaint(
            Exit.USAGE,
            "本表不按单个项目查询,请去掉 --project",
            "this sheet is not of a single project: leave --project out",
        ) from error
    except Busy as error:
        raise Complaint(
            Exit.UNKNOWN, "账本正在大量记录,请稍后再试", "the ledger is busy recording: try again shortly"
        ) from error


def show_sheet(sheet: Sheet, unit: Unit) -> None:
    """The sheet as a table, or as one for each of its parts, with what stands above and below it."""
    first, *others = headings(sheet, unit, training=False)
    titles = [f"{zh}\n{en}" for zh, en in (title_of(column, unit) for column in sheet.columns)]
    rows = [[_words(value) for value in row] for row in shown_rows(sheet, unit)]
    below = [
        [f"{name.zh} {name.en}", *(_words(values.get(column.key)) for column in sheet.columns[1:])]
        for name, values in foot(sheet, unit)
    ]
    title = f"{first.zh}    {first.en}"
    if sheet.parted:
        for part, of_part in groupby(rows, key=itemgetter(0)):
            _show_part(sheet, titles, list(of_part), below, f"{title}    {part}")
    else:
        show(titles, rows + below, title=title, amounts_from=_first_amount(sheet.columns))
    for words in others:
        say(*words)


def _show_part(
    sheet: Sheet, titles: Sequence[str], rows: Sequence[Sequence[str]], below: Sequence[Sequence[str]], title: str
) -> None:
    """The columns in which a part says anything, and what of the foot stands below them."""
    kept = [at for at in range(1, len(titles)) if any(row[at] for row in rows)]
    amounts = [at for at in kept if sheet.columns[at].summed]
    lines = [[row[at] for at in kept] for row in rows]
    lines += [[line[0], *(line[at] for at in kept[1:])] for line in below if any(line[at] for at in amounts)]
    show(
        [titles[at] for at in kept],
        lines,
        title=title,
        amounts_from=_first_amount([sheet.columns[at] for at in kept]),
    )


def _first_amount(columns: Sequence[Column]) -> int | None:
    return next((at for at, column in enumerate(columns) if column.kind == "fen"), None)


def _words(value: Shown) -> str:
    if isinstance(value, Decimal):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def write(sheet: Sheet, unit: Unit, path: Path) -> None:
    """The sheet as a workbook, in a file that was not there. Raises Complaint, OSError."""
    content = workbook(sheet, unit, training=is_marked())
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Complaint(
            Exit.USAGE,
            f"{path} 已存在,未覆盖:请换一个文件名",
            f"{path} is there already and was not overwritten: give another name",
        ) from error
    say(f"已写出 {path}", f"wrote {path}")
