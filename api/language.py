"""Which of the two languages an answer is worded in."""

from typing import Protocol

from starlette.requests import HTTPConnection


class Both(Protocol):
    """Words in both languages, such as ``refusals.Words`` or ``catalogue.Name``."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class Language(str):
    """``zh`` or ``en``."""

    __slots__ = ()

    def choose(self, words: Both) -> str:
        return words.en if self == "en" else words.zh


ZH, EN = Language("zh"), Language("en")


def language_of(request: HTTPConnection) -> Language:
    """The language that ``Accept-Language`` weighs highest; Chinese where it names neither or makes no sense."""
    best, best_weight = ZH, 0.0
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower()[:2]
        weight = _weight(parameter)
        if language in (ZH, EN) and weight > best_weight:
            best, best_weight = (EN if language == EN else ZH), weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
