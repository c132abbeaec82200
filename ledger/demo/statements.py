"""Files as treasury, bank and budget system hand them out, of the first half of the demo year: they agree with the ledger but for
each usual mismatch once. With each comes how its lines must stand; whatever is not named there matches."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from openpyxl import Workbook

from ledger.demo.treasury import PAID, REJECTED, RETURNED, Row, Told, told
from ledger.domain.book import Book
from ledger.domain.catalogue import FUNDS, Fund
from ledger.domain.money import yuan
from ledger.domain.reconciliation import Cause, StatementKind, Status
from ledger.workbook import MONEY_FORMAT, put_header, put_text

THROUGH: Final = date(2025, 6, 30)
"""Last day of the period that the files are compared for."""
FOLDER: Final = "statements"
AFTER: Final = date(2025, 7, 1)


class Standing(NamedTuple):
    """Lines that belong together, or one alone, and how they must stand. ``ours``: detail ids of facts, applications of what is
    still awaited, quotas as fund and function; of the bank's file, rows of treasury's. ``theirs``: rows of the file."""

    status: Status
    cause: Cause | None
    ours: tuple[str | int, ...]
    theirs: tuple[int, ...]


class StatementFile(NamedTuple):
    """A file, and what of it does not simply match."""

    name: str
    kind: StatementKind
    content: bytes
    expected: frozenset[Standing]


_TWO_IN_ONE: Final = ("MX-RDT-KRD-061-1", "MX-RDT-KRD-121-1")
_TWICE, _NOT_IN_TREASURY, _NOT_IN_BANK = "MX-BAS-CND-016-1", "MX-NSF-0121-1", "MX-RDT-KRD-081-1"
_AWAITED: Final = "SQ-RDT-KRD-005-G2"
_UNKNOWN: Final = "MX-2025-990001"
_IN_TRANSIT: Final = "HK-5"
_SLIPS: Final[dict[str, tuple[dict[str, Any], Status, Cause | None]]] = {
    "MX-NSF-0061-1": ({"amount": 4_900_000}, Status.AMOUNT_DIFF, Cause.DIGITS_SWAPPED),
    "MX-NSF-0001-1": ({"amount": 10_000}, Status.AMOUNT_DIFF, Cause.UNIT_SLIP),
    "MX-RDT-KRD-041-1": ({"function": "2060404"}, Status.WRONG_CLASSIFICATION, Cause.WRONG_FUNCTION),
    "MX-RDT-KRD-021-1": ({"payee": "演示承担单位22(集团)有限公司"}, Status.MATCHED, Cause.PAYEE_RENAMED),
}
"""Detail id → what treasury tells otherwise than the ledger, and what it must be called."""
_RETURNS: Final = {
    "TP-2": (Status.PARTIALLY_REFUNDED, Cause.PARTIAL_REFUND),
    "TP-3": (Status.REFUNDED, None),
    "ZH-4": (Status.PARTIALLY_REFUNDED, Cause.PARTIAL_REFUND),
    _IN_TRANSIT: (Status.TIMING, Cause.IN_TRANSIT),
}
"""Money that came back; the last of it reaches treasury after the period."""
_SWAPPED: Final = (("NSF", "2060203"), 9_062_600_000)
_NOT_IN_BUDGET, _ONLY_IN_BUDGET = ("NSF", "2060303"), ("STIDF", "2060404")
"""Quotas by fund and function."""
_REJECTED: Final = ("MX-RDT-KRD-301-1", "TP-1")


def statement_files(book: Book) -> tuple[StatementFile, ...]:
    """The three files. ``book``: of the recorded demo year, of which the quotas are read."""
    year = told()
    rows = list(_true(year))
    listed = _listed(rows)
    return _treasury(listed, year), _quota(book), _bank(rows, listed)


def write_statements(home: Path, book: Book) -> Path:
    """Lay the files down in a folder of ``home``; answers with the folder."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in statement_files(book):
        (folder / file.name).write_bytes(file.content)
    return folder


# -- treasury


def _true(year: Told) -> Iterator[Row]:
    """What treasury did: all but one fact of the ledger's, an order paid that it has not heard of, a payment nobody ordered."""
    awaited = year.awaited[_AWAITED]._replace(day=THROUGH)
    like = year.rows[-1]
    unknown = awaited._replace(
        detail=_UNKNOWN,
        voucher="PZ-2025-990001",
        application="SQ-2025-990001",
        amount=8_800_000,
        project="",
        day=like.day,
    )
    for row in sorted([*year.rows, awaited, unknown], key=lambda row: row.day):
        if row.detail != _NOT_IN_TREASURY:
            yield row._replace(day=AFTER) if row.detail == _IN_TRANSIT else row


def _listed(rows: Iterable[Row]) -> list[Row]:
    """What treasury's file says of it: with slips, two projects of a voucher in one line, and one line twice."""
    listed = []
    for row in rows:
        if row.detail == _TWO_IN_ONE[0]:
            listed.append(row._replace(detail="", application="", project="", amount=2 * row.amount))
        elif row.detail != _TWO_IN_ONE[1]:
            listed.append(row._replace(**_SLIPS[row.detail][0]) if row.detail in _SLIPS else row)
        if row.detail == _TWICE:
            listed.append(row)
    return sorted(listed, key=lambda row: row.day)


def _treasury(listed: Sequence[Row], year: Told) -> StatementFile:
    header = (
        *("支付明细号", "支付凭证号", "支付申请号", "单位代码", "收款人", "收款人账号", "申请金额", "实际支付金额"),
        *("年度", "功能科目", "经济分类", "资金", "项目编号", "支付日期", "业务类型", "原支付明细号", "摘要"),
    )
    cells = (
        (
            *(row.detail, row.voucher, row.application, "150001", row.payee, row.account),
            *(yuan(row.amount), yuan(row.amount), 2025, row.function, "30299", _named(row.fund), row.project),
            *(row.day.isoformat(), row.type, row.cites, "科技项目经费"),
        )
        for row in listed
    )
    content = _csv(header, cells).encode("gb18030")
    return StatementFile("国库支付明细-2025上半年.csv", StatementKind.TREASURY, content, _of_treasury(listed, year))


def _of_treasury(listed: Sequence[Row], year: Told) -> frozenset[Standing]:
    at = _rows_of(listed)
    one = [Standing(status, cause, (detail,), at[detail]) for detail, (_, status, cause) in _SLIPS.items()]
    one += [Standing(status, cause, (detail,), at[detail]) for detail, (status, cause) in _RETURNS.items()]
    waiting = [
        Standing(Status.TIMING, Cause.IN_TRANSIT, (order,), at[row.detail] if order == _AWAITED else ())
        for order, row in year.awaited.items()
    ]
    return frozenset(
        [
            *one,
            *waiting,
            Standing(Status.MATCHED, Cause.TWO_PROJECTS, _TWO_IN_ONE, at[""]),
            Standing(Status.REJECTED, None, _REJECTED[1:], (*at[_REJECTED[0]], *at[_REJECTED[1]])),
            Standing(Status.DUPLICATE, Cause.PAID_TWICE, (), at[_TWICE][1:]),
            Standing(Status.MISSING_IN_LEDGER, None, (), at[_UNKNOWN]),
            Standing(Status.MISSING_IN_TREASURY, None, (_NOT_IN_TREASURY,), ()),
        ]
    )


def _rows_of(listed: Iterable[Row]) -> dict[str, tuple[int, ...]]:
    """Detail id → its rows in the file, below the header."""
    found: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for number, row in enumerate(listed, 2):
        found[row.detail] += (number,)
    return found


# -- the agency bank, whose zero-balance account is cleared every evening


class _Entry(NamedTuple):
    """A line of the account; ``out`` in fen, minus: money in."""

    day: date
    out: int
    voucher: str
    payee: str
    account: str
    text: str
    detail: str = ""


def _bank(rows: Sequence[Row], listed: Sequence[Row]) -> StatementFile:
    entries = list(_entries(rows))
    header = ("交易日期", "交易流水号", "凭证号", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要")
    cells, balance = [], 0
    for serial, entry in enumerate(entries, 1):
        balance -= entry.out
        debit, credit = (yuan(entry.out), "") if entry.out > 0 else ("", yuan(-entry.out))
        numbers = entry.day.isoformat(), f"LS2025{serial:06d}", entry.voucher
        cells.append((*numbers, debit, credit, yuan(balance), entry.payee, entry.account, entry.text))
    content = _csv(header, cells).encode("utf-8-sig")
    return StatementFile("零余额账户流水-2025上半年.csv", StatementKind.BANK, content, _of_bank(entries, listed))


def _entries(rows: Iterable[Row]) -> Iterator[_Entry]:
    """What the bank paid, a voucher as one line, and at the end of each day what cleared it."""
    by_day: defaultdict[date, list[_Entry]] = defaultdict(list)
    for row in rows:
        if row.detail in (_NOT_IN_BANK, _TWO_IN_ONE[1]):
            continue
        day = AFTER if row.application == _AWAITED else row.day
        out = 2 * row.amount if row.detail == _TWO_IN_ONE[0] else row.amount
        payee = _SLIPS.get(row.detail, ({},))[0].get("payee", row.payee)
        text = "科技项目经费" if row.type == PAID else {REJECTED: "退票", RETURNED: "退款"}[row.type]
        by_day[day].append(_Entry(day, out, row.voucher, payee, row.account, text, row.detail))
    by_day[THROUGH].append(_Entry(THROUGH, 2_500, "", "", "", "手续费"))
    for day, entries in sorted(by_day.items()):
        yield from entries
        yield _Entry(day, -sum(entry.out for entry in entries), "", "国库单一账户", "", "零余额账户清算")


def _of_bank(entries: Sequence[_Entry], listed: Sequence[Row]) -> frozenset[Standing]:
    """How the bank's lines stand against those of treasury's file."""
    at = _rows_of(listed)
    row = {entry.detail: number for number, entry in enumerate(entries, 2) if entry.detail}
    fee = next(number for number, entry in enumerate(entries, 2) if entry.text == "手续费")
    slipped = [detail for detail, (_, status, _) in _SLIPS.items() if status is Status.AMOUNT_DIFF]
    awaited = f"MX-{_AWAITED[3:]}"
    return frozenset(
        [
            *(Standing(Status.AMOUNT_DIFF, _SLIPS[one][2], at[one], (row[one],)) for one in slipped),
            *(
                Standing(status, cause, at[one], (row[one],))
                for one, (status, cause) in _RETURNS.items()
                if one != _IN_TRANSIT
            ),
            Standing(Status.PARTIALLY_REFUNDED, Cause.PARTIAL_REFUND, at[_IN_TRANSIT], (row[_IN_TRANSIT],)),
            Standing(Status.REJECTED, None, (*at[_REJECTED[0]], *at["TP-1"]), (row[_REJECTED[0]], row["TP-1"])),
            Standing(Status.TIMING, Cause.IN_TRANSIT, at[awaited], (row[awaited],)),
            Standing(Status.DUPLICATE, Cause.PAID_TWICE, at[_TWICE][1:], ()),
            Standing(Status.MISSING_IN_LEDGER, None, (), (fee,)),
            Standing(Status.MISSING_IN_TREASURY, None, at[_NOT_IN_BANK], ()),
        ]
    )


# -- the budget system's quotas


def quota_left(book: Book) -> dict[tuple[str, str], int]:
    """(fund, function) → fen committed to projects of the function and not paid yet: what is left of its quota."""
    left: Counter[tuple[str, str]] = Counter()
    for account, amount in book.standing("B220", "B230"):
        left[str(account.source), account.function or ""] += amount
    return dict(sorted(left.items()))


def _quota(book: Book) -> StatementFile:
    """The budget system's table: two digits of one balance exchanged, one quota it does not have, one that nobody else has."""
    known = quota_left(book)
    listed = {quota: amount for quota, amount in known.items() if quota != _NOT_IN_BUDGET}
    listed |= {_SWAPPED[0]: _SWAPPED[1], _ONLY_IN_BUDGET: 50_000_000}
    paid: Counter[tuple[str, str]] = Counter()
    for account, amount in book.standing("B240"):
        paid[str(account.source), account.function or ""] += amount
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "指标余额"
    put_header(sheet, 1, ("年度", "资金", "功能科目", "指标金额", "已支付", "指标余额", "截止日期"))
    for number, ((fund, function), left) in enumerate(listed.items(), 2):
        spent = paid[fund, function]
        for column, text in enumerate(("2025", _named(fund), function), 1):
            put_text(sheet.cell(number, column), text)
        for column, amount in enumerate((left + spent, spent, left), 4):
            sheet.cell(number, column, Decimal(amount) / 100).number_format = MONEY_FORMAT
        put_text(sheet.cell(number, 7), THROUGH.isoformat())
    content = BytesIO()
    made.save(content)
    row = {quota: number for number, quota in enumerate(listed, 2)}
    expected = frozenset(
        [
            Standing(Status.AMOUNT_DIFF, Cause.DIGITS_SWAPPED, (" ".join(_SWAPPED[0]),), (row[_SWAPPED[0]],)),
            Standing(Status.MISSING_IN_TREASURY, None, (" ".join(_NOT_IN_BUDGET),), ()),
            Standing(Status.MISSING_IN_LEDGER, None, (), (row[_ONLY_IN_BUDGET],)),
        ]
    )
    return StatementFile("指标余额表-2025-06-30.xlsx", StatementKind.QUOTA, content.getvalue(), expected)


def _named(fund: str) -> str:
    return FUNDS[Fund(fund)].zh


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = StringIO()
    table = csv.writer(out)
    table.writerow(header)
    table.writerows(rows)
    return out.getvalue()
