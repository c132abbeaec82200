"""Sealed texts of a sheet in clear, for whoever may read them: the sheet itself is made without, and shows them as sealed."""

from collections.abc import Callable

from ledger.domain.catalogue import Name
from ledger.personal.texts import SealedTexts, State
from ledger.reports.sheet import Hidden, Row, Sheet, Value

_INSTEAD: dict[State, Name] = {
    State.ERASED: Name("已删除", "erased"),
    State.DAMAGED: Name("已损坏", "damaged"),
    State.MISSING: Name("缺失", "missing"),
}


def revealed(sheet: Sheet, texts: SealedTexts, may_read: Callable[[Hidden], bool]) -> tuple[Sheet, int]:
    """The sheet with those texts in clear that may be read, and how many of them were opened."""
    hidden = {value for row in sheet.rows for value in row.values() if isinstance(value, Hidden)}
    wanted = [one for one in hidden if may_read(one)]
    if not wanted:
        return sheet, 0
    opened = texts.at([one.place for one in wanted])
    said: dict[Hidden, Value] = {
        one: text.text if text.state is State.CLEAR else _INSTEAD[text.state]
        for one, text in zip(wanted, opened, strict=True)
    }
    return sheet._replace(rows=[_said(row, said) for row in sheet.rows]), len(wanted)


def _said(row: Row, said: dict[Hidden, Value]) -> Row:
    return {key: said.get(value, value) if isinstance(value, Hidden) else value for key, value in row.items()}
