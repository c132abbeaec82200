"""XML read piece by piece: no document type, no token or text longer than anything honest, nothing kept but what is asked for."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from ledger.importing.faults import Fault, Faulty
from ledger.importing.unpacking import plain_parser

CHUNK = 64 * 1024
TOKEN_MAX = 1024**2
"""Bytes of a tag or comment. The parser keeps one whole."""
DEPTH_MAX = 100
NAMES_MAX = 10_000
NAME_MAX = 200
"""Different names of elements and attributes, and characters of one. The parser keeps them all."""


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece."""
    while piece := file.read(CHUNK):
        yield piece


def fed(parser: expat.XMLParserType, chunks: Iterable[bytes], broken: Callable[[str], NoReturn]) -> Iterator[None]:
    """Feeds a parser piece by piece, stopping after each. ``broken`` raises what is to be said of what is no XML."""
    read = names = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk)
            read += len(chunk)
            if read - parser.CurrentByteIndex > TOKEN_MAX or _too_many(parser, names):
                too_long(parser.CurrentLineNumber)
            names = len(parser.intern)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, LookupError, ValueError) as error:  # of markup, encodings, characters
        broken(str(error))


def _too_many(parser: expat.XMLParserType, known: int) -> bool:
    """Whether there are too many names, or among those that are new a long one."""
    names = parser.intern
    return len(names) > NAMES_MAX or (len(names) > known and any(len(name) > NAME_MAX for name in names))


class Elements:
    """Elements as they begin and end, by their local names: ``start(name, attributes)``, ``end(name, text)``.

    The text is that of an element that holds no other, of at most ``text_max`` characters.
    """

    def __init__(
        self, start: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None], text_max: int
    ) -> None:
        self._start, self._end, self._text_max = start, end, text_max
        self._local: dict[str, str] = {}
        self._depth = 0
        self._text = ""
        self.parser = plain_parser()
        self.parser.buffer_text, self.parser.buffer_size = True, CHUNK
        self.parser.StartElementHandler = self._started
        self.parser.EndElementHandler = self._ended
        self.parser.CharacterDataHandler = self._said

    def read(self, file: BinaryIO, broken: Callable[[str], NoReturn]) -> Iterator[None]:
        """Parses the file, and stops after each piece."""
        return fed(self.parser, pieces(file), broken)

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            too_long(self.parser.CurrentLineNumber)
        self._text = ""
        self._start(self._local.get(name) or self._local.setdefault(name, name.rpartition(":")[2]), attributes)

    def _said(self, text: str) -> None:
        self._text += text
        if len(self._text) > self._text_max:
            too_long(self.parser.CurrentLineNumber)

    def _ended(self, name: str) -> None:
        self._depth -= 1
        self._end(self._local[name], self._text)
        self._text = ""


def too_long(line: int) -> NoReturn:
    """Raises Faulty for what no honest file holds."""
    raise Faulty([Fault(line, "", "内容过长或嵌套过深,不予读取", "too long or too deep to be read")])
