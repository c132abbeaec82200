"""Rows of a sheet as programs write nearly all of them, cut out of its XML before a parser sees it: a parser that calls Python
for every tag takes four times as long.

Only what can have but one meaning is cut: a whole row in UTF-8, behind the tag that begins the rows or the end of another row,
in a sheet without comments, sections or instructions. Whatever is written otherwise goes to the parser, which alone refuses.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO, Final

from ledger.reconciliation.reading.markup import CHUNK, pieces

Cell = tuple[str, str, str, str, str]
"""All of it, the letters of its column, its type, its value, its text."""
Take = Callable[[int, list[Cell]], bool]
"""Takes the number and the cells of a row, or answers that they are not in order."""

_LOOKED_AT_MAX: Final = 256 * 1024
"""Bytes before the rows, and of a row; beyond, all is left to the parser."""
_ROW_MAX: Final = 32_000
"""Characters of a row that is looked at here, hence fewer than a cell may have."""
_TEXT: Final = "[^<>&\x00-\x1f\ufffe\uffff]*"
_DATA, _END = b"<sheetData>", b"</row>"
_UTF_8: Final = re.compile(
    rb"(\xef\xbb\xbf)?(<\?xml( version=\"1\.0\"| encoding=\"utf-8\"| standalone=\"\w+\")*\s*\?>)?\s*<\w", re.I
)
_ROW: Final = re.compile(
    rf'[ \t\r\n]*<row r="([0-9]{{1,7}})"((?: [A-Za-z0-9:]+="{_TEXT.replace("[^", "[^" + chr(34))}")*)>'
)
_CELL: Final = re.compile(
    r'(<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="[0-9]+")?(?: t="(n|s|str|inlineStr)")?(?: ?/>|>(?:'
    rf'<v>({_TEXT})</v>|<is><t(?: xml:space="preserve")?(?: ?/>|>({_TEXT})</t>)</is>)?</c>))'
)
_NAME: Final = re.compile(r" ([A-Za-z0-9:]+)=")


def without_plain_rows(part: BinaryIO, between: Callable[[], bool], take: Take) -> Iterator[bytes]:
    """The pieces of a sheet that are left for the parser, which has to parse each before the next is asked for.

    ``between``: whether the parser stands between two rows. A piece is empty where rows were taken and nothing is left.
    """
    head, data, content = part.read(_LOOKED_AT_MAX).partition(_DATA)
    yield head + data
    plain = bool(data and _UTF_8.match(head)) and not _marked(head[4:])
    while plain and between():
        end = content.rfind(_END) + len(_END)
        if _marked(content) or (end < len(_END) and len(content) > _LOOKED_AT_MAX):
            break
        if end >= len(_END):
            yield from _of_rows(content[:end], between, take)
            content = content[end:]
        more = part.read(CHUNK)
        if not more:
            break
        content += more
    yield content
    yield from pieces(part)


def _marked(content: bytes) -> bool:
    """Whether there are comments, sections or instructions, in which what looks like a row is none."""
    return b"<!" in content or b"<?" in content


def _of_rows(content: bytes, between: Callable[[], bool], take: Take) -> Iterator[bytes]:
    """What of whole rows is left. Of those that are no UTF-8 everything: the parser says where."""
    try:
        rows = content.decode().split("</row>")[:-1]
    except UnicodeDecodeError:
        yield content
        return
    for row in rows:
        if not (between() and _taken(row, take)):
            yield f"{row}</row>".encode()
    yield b""


def _taken(row: str, take: Take) -> bool:
    begin = _ROW.match(row) if len(row) < _ROW_MAX else None
    if begin is None or not _once(begin[2]):
        return False
    cells = _CELL.findall(row, begin.end())
    return sum([len(cell[0]) for cell in cells]) == len(row) - begin.end() and take(int(begin[1]), cells)


@lru_cache(maxsize=1024)
def _once(attributes: str) -> bool:
    """Whether no attribute stands twice."""
    names = ["r", *_NAME.findall(attributes)]
    return len(set(names)) == len(names)
