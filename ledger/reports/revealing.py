"""Sealed texts of a sheet or voucher in clear, for whoever may read them: they are made without, and show them as sealed."""

from collections.abc import Callable, Iterable

from ledger.domain.catalogue import Name
from ledger.personal.texts import SealedTexts, State
from ledger.reports.sheet import Hidden, Sheet, Value
from ledger.reports.voucher import Voucher

_INSTEAD: dict[State, Name] = {
    State.ERASED: Name("已删除", "erased"),
    State.DAMAGED: Name("已损坏", "damaged"),
    State.MISSING: Name("缺失", "missing"),
}


def opened(hidden: Iterable[Value], texts: SealedTexts, may_read: Callable[[Hidden], bool]) -> dict[Value, Value]:
    """Those of some values that are sealed and may be read → their texts, or what became of them."""
    wanted = [one for one in dict.fromkeys(hidden) if isinstance(one, Hidden) and may_read(one)]
    found = texts.at([one.place for one in wanted]) if wanted else []
    return {
        one: text.text if text.state is State.CLEAR else _INSTEAD[text.state]
        for one, text in zip(wanted, found, strict=True)
    }


def revealed(sheet: Sheet, texts: SealedTexts, may_read: Callable[[Hidden], bool]) -> tuple[Sheet, int]:
    """The sheet with those texts in clear that may be read, and how many of them were opened."""
    said = opened((value for row in sheet.rows for value in row.values()), texts, may_read)
    rows = [{key: said.get(value, value) for key, value in row.items()} for row in sheet.rows] if said else sheet.rows
    return sheet._replace(rows=rows), len(said)


def revealed_voucher(slip: Voucher, texts: SealedTexts, may_read: Callable[[Hidden], bool]) -> tuple[Voucher, int]:
    """The same of a voucher."""
    said = opened((fact.value for fact in slip.facts), texts, may_read)
    facts = tuple(fact._replace(value=said.get(fact.value, fact.value)) for fact in slip.facts)
    return slip._replace(facts=facts), len(said)
