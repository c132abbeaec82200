"""What the command line says, and with which exit code it ends: Chinese and English, and how to mend what is wrong."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ledger.importing.faults import Fault

FAULTS_SHOWN_MAX = 100
_WIDTH_MAX = 10_000
_WORDS_WIDTH = 30
"""To so many columns of a narrow terminal words are kept, on as many lines as they need."""
_WORDS_LEAST = 20
_PADDING = 3


class Exit(IntEnum):
    """Exit codes; scripts may rely on them."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    SETUP = 3
    OCCUPIED = 4
    UNKNOWN = 5
    FAULT = 70


EXIT_CODES: dict[Exit, tuple[str, str]] = {
    Exit.DONE: ("完成", "done"),
    Exit.REFUSED: ("被规则拒绝、文件有误或核对不符", "refused by a rule, a faulty file, or something does not agree"),
    Exit.USAGE: ("用法或文件路径有误", "wrong usage, or a file that cannot be read or written"),
    Exit.SETUP: ("数据库、设置或端口不可用", "database, setting or port cannot be used"),
    Exit.OCCUPIED: ("账本或文件夹已有其他内容", "the ledger or folder already holds something else"),
    Exit.UNKNOWN: ("结果未知,请用同一键再试", "outcome unknown: ask again with the same key"),
    Exit.FAULT: ("程序出错,未记录", "a fault in the program; nothing was recorded"),
}


class Complaint(Exception):
    """Something the user can mend: what is wrong and what to do, in both languages."""

    def __init__(self, code: Exit, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def out() -> "Console":
    """Where results go. Nothing in them is taken for markup."""
    from rich.console import Console  # noqa: PLC0415 - `ledger --help` does without

    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def err() -> "Console":
    """Where progress and complaints go."""
    from rich.console import Console  # noqa: PLC0415 - `ledger --help` does without

    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


_TRAINING: ContextVar[bool] = ContextVar("_TRAINING", default=False)


@contextmanager
def marked(training: bool) -> Iterator[None]:
    """Where ``training``, all that is said and shown says that it is of the training ledger."""
    before = _TRAINING.set(training)
    try:
        yield
    finally:
        _TRAINING.reset(before)


def is_marked() -> bool:
    """Whether the training ledger is meant."""
    return _TRAINING.get()


def mark(text: str, separator: str = " · ") -> str:
    """A title or a statement, with what kind of ledger it is of before it, unless that is the real one."""
    if not is_marked():
        return text
    from ledger.training import MARK  # noqa: PLC0415 - `ledger --help` does without

    return f"{MARK.zh} {MARK.en}{separator if text else ''}{text}"


def say(zh: str, en: str) -> None:
    """One statement in both languages."""
    out().print(f"{shown(mark(zh))}\n{shown(mark(en))}")


def shown(text: object) -> str:
    """Text from outside, without what would steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def show(
    headers: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "", amounts_from: int | None = None
) -> None:
    """Print a table whole: nothing is cut. Columns from ``amounts_from`` on are amounts.

    On a terminal that is too narrow, amounts go into tables below each other, each beginning with the columns before them,
    and words run over into more lines. In a file or a pipe every row is one line, however long.
    """
    console = out()
    texts = [tuple(map(shown, row)) for row in (headers, *rows)]
    widths = [max(_width(row[index]) for row in texts) + _PADDING for index in range(len(headers))]
    room = console.width if console.is_terminal else _WIDTH_MAX
    keys = len(headers) if amounts_from is None else amounts_from
    if sum(widths) > room:
        last = widths[-1]
        widths[1:keys] = [min(width, _WORDS_WIDTH) for width in widths[1:keys]]
        if amounts_from is None:
            widths[-1] = min(last, max(_WORDS_LEAST, room - sum(widths[:-1])))
    console.width = max(room, sum(widths[:keys]) + max(widths[keys:], default=0))
    for block in _blocks(widths, keys, room):
        columns = [*range(keys), *block]
        chosen = [tuple(row[index] for index in columns) for row in texts]
        console.print(_table(chosen, [widths[index] for index in columns], keys, title), soft_wrap=False)


def _blocks(widths: Sequence[int], keys: int, room: int) -> list[list[int]]:
    """Which columns of amounts stand together: as many as there is room for beside the keys."""
    blocks: list[list[int]] = [[]]
    left = room - sum(widths[:keys])
    for index in range(keys, len(widths)):
        if blocks[-1] and sum(widths[at] for at in blocks[-1]) + widths[index] > left:
            blocks.append([])
        blocks[-1].append(index)
    return blocks


def _width(text: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415 - `ledger --help` does without

    return max(map(cell_len, text.splitlines()), default=0)


def _table(texts: Sequence[Sequence[str]], widths: Sequence[int], keys: int, title: str) -> "Table":
    """Columns of these widths, amounts on the right; the first of ``texts`` are the headers."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - `ledger --help` does without
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(
        title=shown(mark(title)) or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    for index, (header, width) in enumerate(zip(texts[0], widths, strict=True)):
        made.add_column(header, justify="left" if index < keys else "right", width=width - _PADDING, overflow="fold")
    for row in texts[1:]:
        made.add_row(*map(Text, row))
    return made


def show_faults(faults: "Sequence[Fault]") -> None:
    """What is wrong with a file, row by row."""
    rows = [
        ("—" if fault.row is None else fault.row, fault.column, "\n".join([fault.zh, fault.en, *(fault.advice or ())]))
        for fault in faults[:FAULTS_SHOWN_MAX]
    ]
    show(("行 Row", "列 Column", "原因 Reason"), rows)
    if len(faults) > FAULTS_SHOWN_MAX:
        say(f"……共 {len(faults)} 处,以上为前 {FAULTS_SHOWN_MAX} 处", f"… {len(faults)} in all; the first are shown")


@contextmanager
def progress(zh: str, en: str) -> "Iterator[Callable[[int, int], None]]":
    """A bar on stderr; what it yields is told how much is done of how much. A total of zero: it only shows life."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err()) as bar:
        task = bar.add_task(f"{zh} {en}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@contextmanager
def plainly() -> Iterator[None]:
    """Turns what a user can mend into words and an exit code; what remains is a fault of the program and shows itself."""
    try:
        yield
    except Exception as error:
        complaint = _complaint(error)
        if complaint is None:
            raise
        err().print(f"{shown(complaint.zh)}\n{shown(complaint.en)}")
        raise SystemExit(complaint.code) from None


def _complaint(error: Exception) -> Complaint | None:
    """What to tell about an error. Whatever raised it has loaded its module already."""
    if isinstance(error, Complaint):
        return error
    from ledger.access.refusals import WORDS, NotPermitted  # noqa: PLC0415 - only where something went wrong
    from ledger.codec import CorruptRecord  # noqa: PLC0415 - only where something went wrong
    from ledger.domain.refusals import Refusal  # noqa: PLC0415
    from ledger.domain.wording import in_words  # noqa: PLC0415
    from ledger.embedded import EmbeddedPostgresError  # noqa: PLC0415
    from ledger.importing.faults import Faulty  # noqa: PLC0415
    from ledger.migrate import MigrationError  # noqa: PLC0415
    from ledger.reconciliation.refusals import WORDS as UNRECONCILED  # noqa: PLC0415
    from ledger.reconciliation.refusals import NotReconciled  # noqa: PLC0415
    from ledger.safety import Unsafe  # noqa: PLC0415
    from ledger.sampling.refusals import WORDS as UNSAMPLED  # noqa: PLC0415
    from ledger.sampling.refusals import NotSampled  # noqa: PLC0415
    from ledger.secret import SecretError  # noqa: PLC0415
    from ledger.settings import SettingError  # noqa: PLC0415
    from ledger.store import UNREACHABLE  # noqa: PLC0415
    from ledger.writer import InternalFault, UnknownOutcome  # noqa: PLC0415

    if isinstance(error, Refusal):
        zh, en = in_words(error)
        return Complaint(Exit.REFUSED, f"拒绝 {error.code} {error.clause}:{zh}", f"refused {error.code}: {en}")
    if isinstance(error, NotPermitted | NotSampled):
        return Complaint(Exit.REFUSED, *(WORDS[error.why] if isinstance(error, NotPermitted) else UNSAMPLED[error.why]))
    if isinstance(error, NotReconciled):
        about = f"({error.about})" if error.about else ""
        return Complaint(Exit.REFUSED, f"{UNRECONCILED[error.why].zh}{about}", str(error))
    if isinstance(error, Faulty):
        show_faults(error.faults)
        return Complaint(Exit.REFUSED, "文件有误,未记录任何内容", "the file is faulty; nothing was recorded")
    if isinstance(error, UnknownOutcome):
        zh, en = "结果未知:请用同一文件或同一键再运行一次", "outcome unknown: run it again with the same file or key"
        return Complaint(Exit.UNKNOWN, zh, f"{en} ({error})")
    if isinstance(error, InternalFault):
        return Complaint(Exit.FAULT, "程序出错,未记录", f"a fault in the program; nothing was recorded: {error}")
    if isinstance(error, CorruptRecord):
        zh, en = "记录字节已损坏:请运行 ledger verify", "recorded bytes are damaged: run `ledger verify`"
        return Complaint(Exit.REFUSED, zh, f"{en} ({error})")
    if isinstance(error, EmbeddedPostgresError | MigrationError | SecretError | SettingError):
        return Complaint(Exit.SETUP, "数据库或设置不可用:", str(error))
    if isinstance(error, Unsafe):
        zh = "\n".join(("设置不安全,未启动:", *(f"- {words.zh}" for words in error.found)))
        return Complaint(Exit.SETUP, zh, f"these settings are unsafe, so it does not start:\n{error}")
    if isinstance(error, UNREACHABLE):
        zh, en = (
            "数据库连不上:请检查 LEDGER_DSN 和服务器",
            "the database cannot be reached: check LEDGER_DSN and the server",
        )
        return Complaint(Exit.SETUP, zh, f"{en} ({error})")
    if isinstance(error, OSError):
        return Complaint(Exit.USAGE, "文件不可读写:", f"{error.strerror or error}: {error.filename or ''}")
    return None


def tolerate_any_character() -> None:
    """Where the terminal cannot show a character, show a stand-in rather than end."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
