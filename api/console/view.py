"""What the address of a page says beside its subject: language, unit, moment, grant. A link shows a colleague the same thing."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple, get_args
from urllib.parse import urlencode

from fastapi import Request

from api.language import EN, ZH, Both, Language, language_of
from ledger.domain.fields import SHANGHAI
from ledger.domain.money import grouped_yuan
from ledger.reports.presenting import UNITS, Unit, in_unit

KEPT = ("lang", "unit", "grant", "at", "period", "effective", "fiscal_year")
"""What goes along from page to page: how figures are told, under which grant, and of when."""
PAGED = ("after", "before", "after_row")
"""Where a page of a list begins."""
UNIT: Unit = "wan"
"""Where the address names none."""


class View(NamedTuple):
    """How a page is looked at. ``query``: its whole address behind the question mark, in order."""

    language: Language
    unit: Unit
    path: str
    query: tuple[tuple[str, str], ...]

    def to(self, path: str, **asked: object) -> str:
        """The address of another page, told in the same way and of the same moment. None leaves something out."""
        return _address(path, [(name, value) for name, value in self.query if name in KEPT], asked)

    def here(self, **changed: object) -> str:
        """The address of this page with something changed; of the first page of a list, unless it says where to go on."""
        kept = [(name, value) for name, value in self.query if name not in PAGED]
        return _address(self.path, kept, changed)

    def asked(self, name: str) -> str:
        """What the address says under a name; nothing where it does not."""
        return dict(self.query).get(name, "")

    def named(self, words: Both | None) -> str:
        """Words in the language of the page."""
        return "" if words is None else self.language.choose(words)

    @staticmethod
    def fen(value: str | int) -> int:
        """An amount in fen: fen, or yuan as the routes answer them."""
        return value if isinstance(value, int) else int(Decimal(value).scaleb(2))

    def amount(self, value: str | int) -> str:
        """An amount in the unit of the page: fen, or yuan as the routes answer them."""
        fen = self.fen(value)
        return grouped_yuan(fen) if self.unit == "yuan" else f"{in_unit(fen, self.unit):,}"

    def told(self, value: str | int) -> str:
        """An amount with its unit, as in a sentence; a unit that begins with a figure stands in brackets."""
        scale = self.scale
        return f"{self.amount(value)} ({scale})" if scale[0].isdigit() else f"{self.amount(value)} {scale}"

    @property
    def scale(self) -> str:
        """What amounts are in, as every header of them says."""
        return self.named(UNITS[self.unit].name)


def view_of(request: Request) -> View:
    """How the address asks for a page; what it does not say, or says wrongly, is as the browser and the house have it."""
    query = tuple(request.query_params.multi_items())
    asked = dict(query)
    language = {"zh": ZH, "en": EN}.get(asked.get("lang", "")) or language_of(request)
    unit: Unit = next((one for one in get_args(Unit) if one == asked.get("unit")), UNIT)
    return View(language, unit, request.url.path, query)


def _address(path: str, kept: Iterable[tuple[str, str]], changed: dict[str, object]) -> str:
    asked = [(name, value) for name, value in kept if name not in changed]
    asked += [(name, str(value)) for name, value in changed.items() if value is not None]
    return f"{path}?{urlencode(asked)}" if asked else path


def instant(moment: object) -> str:
    """An instant as people in the house read it, in Beijing time; a day as it is."""
    if isinstance(moment, date) and not hasattr(moment, "astimezone"):
        return moment.isoformat()
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")  # type: ignore[attr-defined, no-any-return]
