"""Export of a table: read from the page that shows it, whole filter, so that a file and the screen cannot differ.

An amount goes out exact, in the unit of the page: a column in 万元 adds up to its total without a rounding difference.
"""

import csv
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request, Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from api.console.view import View, view_of
from api.leaving import attachment
from api.problems import ProblemRaised, Wrong
from api.reading import HEADER, PAGE_MAX
from ledger.audit.trail import Event
from ledger.domain.catalogue import Name
from ledger.reports.presenting import UNITS
from ledger.reports.xlsx import MEDIA_TYPE, money_format
from ledger.training import MARK
from ledger.workbook import begins_a_formula, header_cell, text_cell

FORMS: Final = {"xlsx": MEDIA_TYPE, "csv": "text/csv; charset=utf-8"}
ROWS_MAX: Final = 20_000
FORMAT, TABLE = "export", "table"
"""What the address of an export says: the form of the file, and the caption of the table."""
CUT_OFF: Final = Name(f"仅列前 {ROWS_MAX:,} 行,请缩小筛选范围", f"The first {ROWS_MAX:,} rows; narrow the filter")
_VOID: Final = frozenset({"input", "br", "img", "hr", "meta", "link", "wbr"})
_CONTROLS: Final = frozenset({"button", "select", "textarea", "progress"})
ON_SCREEN: Final = "screen"
"""The class of what stands in a table for the screen alone: links to act, balances brought forward to a page."""

Cell = str | Decimal
Row = list[Cell]


class Shown(NamedTuple):
    """A table as a page shows it: amounts are exact, in the unit of the page; ``more``: where it goes on."""

    columns: Row
    rows: list[Row]
    foot: list[Row]
    more: str | None


class _Reader(HTMLParser):
    """Reads the table with one caption. Amounts come from ``data-fen``, which is exact."""

    def __init__(self, caption: str, fen: int) -> None:
        super().__init__()
        self._wanted, self._exponent = caption, -Decimal(fen).adjusted()
        self.found = False
        self.more: str | None = None
        self.parts: dict[str, list[Row]] = {"thead": [], "tbody": [], "tfoot": []}
        self._inside = self._caption = self._below = False
        self._part, self._words, self._number, self._span = "tbody", "", False, 1
        self._in_cell, self._hidden = False, 0
        self._row: Row | None = None
        self._exact: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        classes = (said.get("class") or "").split()
        if self._hidden:
            self._hidden += tag not in _VOID
        elif tag == "caption":
            self._caption, self._words, self._below = True, "", False
        elif tag == "a" and self._below and "more" in classes:
            self.more = said.get("href")
        elif not self._inside:
            return
        elif tag in _CONTROLS or ON_SCREEN in classes:
            self._hidden = 1
        elif tag in self.parts:
            self._part = tag
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._in_cell, self._words, self._exact = True, "", None
            self._number, self._span = "n" in classes, int(said.get("colspan") or 1)
        elif self._in_cell:
            self._exact = said.get("data-fen", self._exact)
            self._words += " "

    def handle_data(self, data: str) -> None:
        if not self._hidden and (self._in_cell or self._caption):
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag == "caption":
            self._caption = False
            self._inside = not self.found and " ".join(self._words.split()) == self._wanted
            self.found |= self._inside
        elif tag == "table":
            self._below, self._inside = self._inside, False
        elif tag in ("td", "th") and self._row is not None:
            self._row += [self._cell(), *[""] * (self._span - 1)]
            self._in_cell = False
        elif tag == "tr" and self._row is not None:
            self.parts[self._part].append(self._row)
            self._row = None

    def _cell(self) -> Cell:
        words = " ".join(self._words.split())
        if self._exact is not None:
            return Decimal(self._exact).scaleb(self._exponent)
        if self._number and self._part != "thead":
            try:
                return Decimal(words.replace(",", ""))
            except InvalidOperation:
                pass
        return words


def read(html: str, caption: str, view: View) -> Shown | None:
    """The table of a page that has this caption. None: there is none."""
    reader = _Reader(caption, UNITS[view.unit].fen)
    reader.feed(html)
    if not reader.found:
        return None
    parts = reader.parts
    return Shown(parts["thead"][0] if parts["thead"] else [], parts["tbody"], parts["tfoot"], reader.more)


async def exported(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    """The table the address names, as a file: page after page of the whole filter, and the totals of the last.

    ``handle``: answers the request of a page. What it answers instead of a page goes back as it is. Raises NOT_FOUND.
    """
    view, form, caption = view_of(request), request.query_params[FORMAT], request.query_params.get(TABLE, "")
    if form not in FORMS:
        raise ProblemRaised(Wrong.NOT_FOUND)
    asked = [(name, said) for name, said in view.query if name not in (FORMAT, TABLE, "limit")]
    asked.append(("limit", str(PAGE_MAX)))
    shown, rows = None, []
    while shown is None or (shown.more and len(rows) < ROWS_MAX):
        if shown is not None:
            asked = parse_qsl(urlsplit(str(shown.more)).query, keep_blank_values=True)
        answer = await handle(_asking(request, asked))
        if answer.status_code != 200:
            return answer
        shown = read(bytes(answer.body).decode(), caption, view)
        if shown is None:
            raise ProblemRaised(Wrong.NOT_FOUND)
        rows += shown.rows
    whole = shown._replace(rows=rows)
    number = int(answer.headers.get(HEADER, 0))
    people, holder = request.app.state.people, getattr(request.state, "holder", None)
    people.trail.note(
        Event.EXPORTED, holder and holder.person.id, what="page", by=request.url.path, number=number or None
    )
    content = _csv(whole, view) if form == "csv" else _xlsx(whole, view, caption, number, request)
    return attachment(content, f"{caption}{f'-{number}' if number else ''}.{form}", number or None, FORMS[form])


def _asking(request: Request, asked: list[tuple[str, str]]) -> Request:
    kept = [one for one in request.scope["headers"] if not one[0].startswith(b"hx-")]
    return Request({**request.scope, "headers": kept, "query_string": urlencode(asked).encode()}, request.receive)


def _lines(table: Shown, view: View) -> Iterator[Row]:
    yield from table.rows
    yield from table.foot
    if table.more:
        yield [view.named(CUT_OFF)]


def _csv(table: Shown, view: View) -> bytes:
    """With a mark of its encoding, without which spreadsheets garble Chinese; no text begins a formula."""
    out = StringIO(newline="")
    lines = csv.writer(out)
    for row in (table.columns, *_lines(table, view)):
        lines.writerow([f"{cell:f}" if isinstance(cell, Decimal) else _plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return f"'{text}" if begins_a_formula(text) else text


def _xlsx(table: Shown, view: View, caption: str, number: int, request: Request) -> bytes:
    made = Workbook(write_only=True)
    page: Any = made.create_sheet()
    training = view.named(MARK) if request.app.state.ledger.training else ""
    said = view.here(**{FORMAT: None, TABLE: None})
    for words in (caption, training, f"No. {number}" if number else "", said):
        if words:
            page.append([text_cell(page, words)])
    page.append([])
    page.append([header_cell(page, str(title)) for title in table.columns])
    money = money_format(view.unit)
    for row in _lines(table, view):
        page.append(
            [_number(page, cell, money) if isinstance(cell, Decimal) else text_cell(page, cell) for cell in row]
        )
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _number(page: Any, value: Decimal, money: str) -> Any:
    cell: Any = WriteOnlyCell(page)
    cell.value = value
    cell.number_format = "0" if value.as_tuple().exponent == 0 else money  # a count; an amount keeps its fen
    return cell
