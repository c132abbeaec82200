"""What holds for every sheet: it foots, in every unit; at any moment it is what a naive fold of the log says; it stays text."""

import random
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import get_args

import pytest
from openpyxl import load_workbook

from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.catalogue import Name
from ledger.projections.moment import NOW, Moment, OutsideLife
from ledger.reports.asking import Asked, NotSeen, NotTaken, sheet_of
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.presenting import ROUNDING, SIGNED, TOTAL, UNITS, Unit, foot, headings, shown_rows, title_of
from ledger.reports.sheet import Sheet, amount, code, footing, ratio, text
from ledger.reports.xlsx import workbook
from tests.reports.naive import OF_THE_LEDGER, RECORDED_AT, naive

TODAY = date(2026, 1, 31)
ROUNDS = 6
A_PROJECT = "RDT-KRD-003"
HOSTILE = ("=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=1", "\x02=1")


def asked(code: ReportCode, moment: Moment = NOW) -> Asked:
    return Asked(moment, project=A_PROJECT if REPORTS[code].one_project else None)


@pytest.fixture(scope="module")
def sheets(demo_ledger: Ledger) -> dict[ReportCode, Sheet]:
    return {code: sheet_of(demo_ledger, code, asked(code), TODAY) for code in OF_THE_LEDGER}


@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_it_foots_to_the_fen_and_every_check_is_zero(sheets: dict[ReportCode, Sheet], code: ReportCode) -> None:
    sheet = sheets[code]
    assert sheet.rows
    assert sheet.code == code
    checks = [check for check in (footing(sheet), *sheet.checks) if check]
    assert [check for check in checks if any(check.values.values())] == []


@pytest.mark.parametrize("unit", get_args(Unit))
@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_what_is_shown_foots_with_its_rounding_difference(
    sheets: dict[ReportCode, Sheet], code: ReportCode, unit: Unit
) -> None:
    check_shown(sheets[code], unit)


def check_shown(sheet: Sheet, unit: Unit) -> None:
    lines = {line.name: line.values for line in foot(sheet, unit)}
    if sheet.total is None:
        return
    keys = [column.key for column in sheet.columns]
    for key in sheet.summed:
        rows = sum((row[keys.index(key)] or Decimal() for row in shown_rows(sheet, unit)), Decimal())
        rounded = lines[ROUNDING][key] if unit != "yuan" else Decimal()
        assert rows + rounded == lines[TOTAL][key]
        assert abs(lines[TOTAL][key] * UNITS[unit].fen - sheet.total.get(key, 0)) * 2 <= Decimal(
            UNITS[unit].fen
        ).scaleb(-UNITS[unit].decimals)


def test_in_wan_yuan_the_rounding_difference_stands_on_its_own_line() -> None:
    thirds = [{"name": f"{at}", "sum": 33_333} for at in range(3)]
    sheet = made(thirds, {"sum": 99_999})
    above, below = foot(sheet, "wan")[:2]
    assert [row[1] for row in shown_rows(sheet, "wan")] == [Decimal("0.03")] * 3
    assert (above.name, above.values["sum"]) == (ROUNDING, Decimal("0.01"))
    assert (below.name, below.values["sum"]) == (TOTAL, Decimal("0.10"))
    check_shown(sheet, "wan")


MADE = (
    text("name", "名称", "Name"),
    amount("sum", "金额", "Amount"),
    code("code", "代码", "Code"),
)


def made(rows: list[dict[str, object]], total: dict[str, object] | None) -> Sheet:
    name = Name("示例", "Made")
    return Sheet("made", name, MADE, rows, total, [], [name], 1, RECORDED_AT, 2025, TODAY)


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [(1, 3, 3333), (2, 3, 6667), (1, 80_000, 0), (1, 20_000, 1), (-1, 20_000, -1), (5, 0, None)],
)
def test_a_ratio_is_rounded_half_away_from_zero(part: int, whole: int, rate: int | None) -> None:
    assert ratio(part, whole) == rate


@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_at_any_moment_it_is_what_a_naive_fold_says(
    demo_ledger: Ledger, demo_log: list[Recorded], code: ReportCode
) -> None:
    chance = random.Random(f"20251125{code}")
    moments = [NOW, *(at_random(chance, demo_log) for _ in range(ROUNDS))]
    for moment in moments:
        question = asked(code, moment)
        try:
            found = sheet_of(demo_ledger, code, question, TODAY)
        except NotSeen:
            assert REPORTS[code].one_project  # it was not registered then
            continue
        with demo_ledger.reading() if moment.number is None else demo_ledger.at(moment.number) as book:
            expected = naive(demo_log, book, code, question, TODAY)
        assert (found.number, found.on, found.fiscal_year) == (expected.number, expected.on, expected.fiscal_year)
        assert [dict(row) for row in found.rows] == [dict(row) for row in expected.rows], moment
        assert found.total == expected.total, moment
        assert [check for check in found.checks if any(check.values.values())] == [], moment
        assert footing(found) is None or not any(footing(found).values.values()), moment


def at_random(chance: random.Random, log: list[Recorded]) -> Moment:
    number = chance.choice([None, chance.randint(1000, len(log))])
    period = chance.choice([None, f"2025-{chance.randint(1, 13):02d}"])
    day = chance.choice([None, date(2025, 1, 2) + timedelta(chance.randint(0, 390))])
    return Moment(number, period, day)


@pytest.mark.parametrize(
    "moment", [Moment(number=10**9), Moment(period="2024-12"), Moment(effective_on=date(2024, 1, 1))]
)
def test_outside_the_ledger_s_life_there_is_no_sheet(demo_ledger: Ledger, moment: Moment) -> None:
    with pytest.raises(OutsideLife):
        sheet_of(demo_ledger, ReportCode.EXECUTION, Asked(moment), TODAY)


WHOLE_LIFE = [code for code in OF_THE_LEDGER if REPORTS[code].whole_life]


@pytest.mark.parametrize("code", WHOLE_LIFE)
def test_a_sheet_of_all_years_says_so_and_is_not_asked_for_one(
    sheets: dict[ReportCode, Sheet], demo_ledger: Ledger, code: ReportCode
) -> None:
    assert "各年度" in headings(sheets[code], "yuan", training=False)[-1].zh
    with pytest.raises(NotTaken, match="fiscal_year"):
        sheet_of(demo_ledger, code, asked(code)._replace(fiscal_year=2025), TODAY)


@pytest.mark.parametrize("code", [code for code in OF_THE_LEDGER if code not in WHOLE_LIFE])
def test_a_sheet_of_a_year_says_which(sheets: dict[ReportCode, Sheet], code: ReportCode) -> None:
    assert f"{sheets[code].fiscal_year} 年度" in headings(sheets[code], "yuan", training=False)[-1].zh


# -- as a workbook


@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_a_workbook_says_what_the_sheet_says(sheets: dict[ReportCode, Sheet], code: ReportCode) -> None:
    sheet = sheets[code]
    page = load_workbook(BytesIO(workbook(sheet, "wan", training=True))).active
    assert page is not None
    assert not page.merged_cells.ranges
    lines = [[cell.value for cell in row] for row in page.iter_rows()]
    titles = [f"{zh} {en}" for zh, en in (title_of(column, "wan") for column in sheet.columns)]
    header = lines.index(titles)
    above = "\n".join(str(line[0]) for line in lines[:header])
    for words in ("培训账本", sheet.name.zh, "单位:万元", "口径:", f"截至第 {sheet.number} 号"):
        assert words in above
    for row, said in zip(shown_rows(sheet, "wan"), lines[header + 1 :], strict=False):
        for column, value, cell in zip(sheet.columns, row, said, strict=True):
            if isinstance(value, Decimal):
                assert Decimal(str(cell)).quantize(value) == value
            elif value is not None:
                assert str(cell.date() if hasattr(cell, "date") else cell) == str(value), column.key
            else:
                assert cell is None
    below = [str(line[0]) for line in lines[header + 1 + len(sheet.rows) :] if line[0]]
    assert below[-1].startswith(SIGNED.zh)
    assert page.oddFooter.center.text == "第 &P 页 共 &N 页    Page &P of &N"
    assert page.oddHeader.center.text == "培训账本 TRAINING LEDGER"
    assert page.print_title_rows == f"${header + 1}:${header + 1}"


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_becomes_a_formula(words: str) -> None:
    sheet = made([{"name": words, "sum": 1, "code": words}], {"sum": 1})
    page = load_workbook(BytesIO(workbook(sheet, "yuan", training=False))).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    kept = words.replace("\x02", "\N{REPLACEMENT CHARACTER}").replace("\r", "\n")
    found = [cell for cell in cells if cell.value == kept]
    assert [cell.column for cell in found] == [1, 3]
    assert all(cell.quotePrefix for cell in found) == ("\x02" not in words)
