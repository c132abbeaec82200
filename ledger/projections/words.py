"""Words of the journal search: what texts are looked up by, and what somebody asks for. No dictionary, no language.

Of Chinese every two neighbouring characters are a lexeme, of anything else the word. A code is found from each of its parts on:
``KJXM-2025-001`` under ``kjxm-2025-001``, ``2025-001`` and ``001``. Lexemes find candidates; that a text holds the word itself
is then looked up in the text. What only a field may say, such as an actor, is a lexeme ``name=value``, which no text gives.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:[._:/~-]+[^\W_{_HAN}]+)*")
_PART = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """One form for what reads alike: full-width letters are letters, capitals small."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=100_000)
def found_by(text: str) -> tuple[str, frozenset[str]]:
    """A text as plain, and the lexemes it is found by. Names come again with each movement: they are remembered."""
    return (known := plain(text)), frozenset(_lexemes(known))


def _lexemes(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        run = match.group()
        if _is_han(run):
            yield from map("".join, pairwise(run))
            yield run[-1]
        else:
            yield from (run[part.start() :] for part in _PART.finditer(run))


def field(name: str, value: str) -> str:
    """The lexeme of a field and what it says."""
    return f"{name}={value}"


def as_vector(lexemes: Iterable[str]) -> str:
    """Lexemes as PostgreSQL reads a tsvector."""
    return " ".join(map(_quoted, lexemes))


def _is_han(run: str) -> bool:
    return re.match(rf"[{_HAN}]", run) is not None


# -- asking


class Word(NamedTuple):
    """One word asked for: the tsquery that finds its candidates, how the text holds it, and what says it by another name."""

    query: str
    pattern: str
    """For LIKE; one of the candidates that a name brings need not fit."""
    names: str | None


def asked(text: str, named: Mapping[str, Iterable[str]]) -> list[Word]:
    """The words of a question; a movement must hold each. ``named``: lexeme → names of what it stands for, in every language.

    A word without a letter or a digit is left out.
    """
    names = {lexeme: [plain(name) for name in called] for lexeme, called in named.items()}
    found = []
    for word in plain(text).split():
        if query := _candidates(word):
            meant = [_quoted(lexeme) for lexeme, called in names.items() if any(word in name for name in called)]
            alternatives = " | ".join(meant)
            whole = f"({query}) | {alternatives}" if meant else query
            found.append(Word(f"({whole})", f"%{_escaped(word)}%", alternatives or None))
    return found


def _candidates(word: str) -> str:
    """A tsquery of the lexemes of a word; the last of its runs may go on in the text."""
    runs = [match.group() for match in _RUN.finditer(word)]
    terms = []
    for place, run in enumerate(runs, 1):
        last = place == len(runs)
        if _is_han(run) and len(run) > 1:
            terms += [_quoted("".join(two)) for two in pairwise(run)]
        else:
            terms.append(_quoted(run) + ":*" * last)
    return " & ".join(terms)


def all_of(words: Iterable[Word], fields: Iterable[str]) -> str:
    """The tsquery for whatever holds every word and every field; empty: anything."""
    return " & ".join((*(_quoted(lexeme) for lexeme in fields), *(word.query for word in words)))


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
