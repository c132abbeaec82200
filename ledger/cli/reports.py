"""Sheets on the terminal and as workbooks; neither overwrites a file that is there."""

from pathlib import Path
from typing import TypeVar, get_args

from ledger.application import Ledger, business_day
from ledger.cli.balances import within_life
from ledger.cli.terminal import Complaint, Exit, is_marked, say, show
from ledger.reports.asking import NOT_TAKEN, Asked, Busy, NotSeen, NotTaken, sheet_of
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.presenting import Language, Unit, headings, tables, title_of, words
from ledger.reports.printing import sheet_page
from ledger.reports.sheet import Sheet
from ledger.reports.xlsx import workbook

W = TypeVar("W", bound=str)


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
    return _one_of("--unit", text, get_args(Unit))


def language_of(text: str) -> Language:
    """The language named. Raises Complaint."""
    return _one_of("--language", text, get_args(Language))


def _one_of(option: str, text: str, known: tuple[W, ...]) -> W:
    for word in known:
        if text == word:
            return word
    words = " ".join(known)
    raise Complaint(Exit.USAGE, f"{option} 可取:{words}", f"{option} takes one of: {words}")


def read(ledger: Ledger, code: ReportCode, asked: Asked) -> Sheet:
    """A sheet as whoever works on the machine sees it: whole. Raises Complaint."""
    try:
        with within_life():
            return sheet_of(ledger, code, asked, business_day())
    except NotSeen as error:
        raise Complaint(
            Exit.USAGE,
            "没有该专项、项目、账单来源或底稿;项目卡片须给出 --project,对账单须给出 --source,抽样底稿须给出 --sample",
            "there is no such special, project, source or working paper; a sheet of one of them needs --project, --source or "
            "--sample",
        ) from error
    except NotTaken as error:
        raise Complaint(Exit.USAGE, *NOT_TAKEN[str(error)]) from error
    except Busy as error:
        raise Complaint(
            Exit.UNKNOWN, "账本正在大量记录,请稍后再试", "the ledger is busy recording: try again shortly"
        ) from error


def show_sheet(sheet: Sheet, unit: Unit) -> None:
    """The sheet as a table, or as one for each of its parts, with what stands above and below it."""
    first, *others = headings(sheet, unit, training=False)
    for part, columns, rows, below in tables(sheet, unit):
        lines = [[words(value) for value in row] for row in rows]
        lines += [[f"{name.zh} {name.en}", *map(words, values[1:])] for name, values in below]
        amounts_from = next((at for at, column in enumerate(columns) if column.kind == "fen"), None)
        titles = [f"{zh}\n{en}" for zh, en in (title_of(column, unit) for column in columns)]
        title = "    ".join(filter(None, (first.zh, first.en, part)))
        show(titles, lines, title=title, amounts_from=amounts_from)
    for said in others:
        say(*said)


def write(sheet: Sheet, unit: Unit, path: Path) -> None:
    """The sheet as a workbook, in a file that was not there. Raises Complaint, OSError."""
    write_new(path, workbook(sheet, unit, training=is_marked()))


def write_page(sheet: Sheet, unit: Unit, language: Language, path: Path) -> None:
    """The sheet as a page to print, in a file that was not there. Raises Complaint, OSError."""
    write_new(path, sheet_page(sheet, unit, language, training=is_marked()).encode())


def write_new(path: Path, content: bytes) -> None:
    """A file that was not there. Raises Complaint, OSError."""
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
