"""Sheets as pages to print: what the sheet says, in one language, escaped, loading nothing, in their own style alone."""

import base64
import hashlib
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from ledger.domain.catalogue import Name
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.presenting import Language, shown_rows
from ledger.reports.printing import PAGES, POLICY, SENT_WITH, sheet_page
from ledger.reports.sheet import Sheet, amount, text
from tests.reports.naive import OF_THE_LEDGER, RECORDED_AT, sheet_of_world
from tests.reports.test_every_sheet import TODAY, made
from tests.reports.two_years import second_year

HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}&amp;"


class Seen(HTMLParser):
    """Every tag with its attributes, and the text of cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def sheets() -> dict[ReportCode, Sheet]:
    world = second_year()
    return {
        code: sheet_of_world(world, code, "2026-12-31", **({"project": "KRD-1"} if REPORTS[code].one_project else {}))
        for code in OF_THE_LEDGER
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_a_page_says_what_the_sheet_says(sheets: dict[ReportCode, Sheet], code: ReportCode, language: Language) -> None:
    sheet = sheets[code]
    seen = Seen(sheet_page(sheet, "wan", language, training=False))
    assert seen.texts.count(getattr(sheet.name, language)) == 2  # the title of the page, and the heading
    for row in shown_rows(sheet, "wan", language):
        for value in row[1:] if sheet.parted else row:
            if isinstance(value, Decimal):
                assert f"{value:,}" in seen.texts
            elif value:
                assert str(value) in seen.texts
    below = ("尾差", "合计", "编制:") if language == "zh" else ("Rounding difference", "Total", "Prepared:")
    assert [word for word in below if word not in seen.texts and (sheet.total or word in below[-1])] == []
    other = "单位:万元" if language == "en" else "Unit: 10,000 yuan"
    assert not [words for words in seen.texts if other in words]


@pytest.mark.parametrize("code", OF_THE_LEDGER)
def test_it_loads_and_runs_nothing_and_has_one_style(sheets: dict[ReportCode, Sheet], code: ReportCode) -> None:
    page = sheet_page(sheets[code], "yuan", "zh", training=True)
    tags = Seen(page).tags
    assert {tag for tag, _ in tags} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "span"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert {name for _, attributes in tags for name in attributes} <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "scope"),
    }
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY
    assert "url(" not in style
    assert POLICY.startswith("default-src 'none'")
    assert SENT_WITH.endswith("frame-ancestors 'none'; sandbox")
    assert "培训账本" in page


def test_hostile_text_is_shown_and_never_obeyed() -> None:
    sheet = made([{"name": HOSTILE, "sum": 1, "code": HOSTILE}], {"sum": 1})._replace(scope=[Name(HOSTILE, HOSTILE)])
    page = sheet_page(sheet, "yuan", "zh", training=False)
    seen = Seen(page)
    assert seen.texts.count(HOSTILE) == 2
    assert not {"script", "img"} & {tag for tag, _ in seen.tags}
    assert "49" not in "".join(seen.texts)


def test_the_first_line_of_a_foot_is_its_name() -> None:
    columns = (text("name", "名称", "Name"), amount("sum", "金额", "Amount"))
    rows = [{"name": "一", "sum": 150}]
    sheet = Sheet("x", Name("示例", "Made"), columns, rows, {"sum": 150}, [], [], 1, RECORDED_AT, None, TODAY)
    seen = Seen(sheet_page(sheet, "yuan", "en", training=False))
    assert seen.texts[seen.texts.index("Total") + 1] == "1.50"


def test_nothing_in_a_template_is_left_unescaped_but_our_own_style() -> None:
    pages = "".join(path.read_text("utf-8") for path in PAGES.glob("*.html"))
    assert re.findall(r"\{\{[^}]*safe[^}]*\}\}", pages) == ["{{ style | safe }}"]
    assert not re.search(r"autoescape|\|\s*(safe|xmlattr|tojson)(?! \}\}<)|\son\w+=|style=", pages)
