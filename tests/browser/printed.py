"""What a PDF that Chromium printed says, page by page, as its fonts tell their glyphs to whoever copies or searches."""

import re
import unicodedata
import zlib

_OBJECT = re.compile(rb"(?s)\n(\d+) 0 obj\n(.*?)\nendobj")
_STREAM = re.compile(rb"(?s)/Length (\d+).*?stream\n")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_FONTS = re.compile(rb"(?s)/Font\s*<<(.*?)>>")
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_SAID = re.compile(rb"(?s)/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(ET)\b")
_CHARS = re.compile(rb"(?s)beginbfchar(.*?)endbfchar")
_RANGES = re.compile(rb"(?s)beginbfrange(.*?)endbfrange")
_PAIR = re.compile(rb"<(\w+)>\s*<(\w+)>")
_RANGE = re.compile(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in normal form KC, since a font may tell 金 as the radical; without spaces, which are layout."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    return [_text(body, objects) for _, body in sorted(objects.items()) if _PAGE.search(body)]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name: _unicode(objects[int(number)], objects) for name, number in _FONT.findall(_fonts(page, objects))}
    said, font = [], dict[int, str]()
    for name, glyphs, _ in _SAID.findall(_stream(objects[_ref(page, b"Contents")])):
        if name:
            font = fonts[name]
        said += [font.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4)]
    return normal("".join(said))


def normal(text: str) -> str:
    """Text as the pages are told."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _fonts(page: bytes, objects: dict[int, bytes]) -> bytes:
    found = _FONTS.search(page)
    return found[1] if found else b""


def _unicode(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """What glyphs mean."""
    told = _stream(objects[_ref(font, b"ToUnicode")])
    known = {int(glyph, 16): _chars(text) for part in _CHARS.findall(told) for glyph, text in _PAIR.findall(part)}
    for part in _RANGES.findall(told):
        for first, last, text in _RANGE.findall(part):
            start = int(text, 16)
            known |= {glyph: chr(start + glyph - int(first, 16)) for glyph in range(int(first, 16), int(last, 16) + 1)}
    return known


def _chars(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")


def _ref(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", body)
    assert found, body[:200]
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found, body[:200]
    content = body[found.end() : found.end() + int(found[1])]
    return zlib.decompress(content) if b"/FlateDecode" in body[: found.end()] else content
