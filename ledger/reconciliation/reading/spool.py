"""Lines laid aside while the file is still being checked: on disk where there are many, so that memory stays bounded."""

import struct
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

import msgspec

from ledger.reconciliation.line import Line, sharing

PAGE = 2000
"""Lines of a page."""
_IN_MEMORY_MAX = 16 * 1024**2
_length = struct.Struct("<I")
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Line])


class Spool:
    """Takes lines, gives them back in pages, as often as asked. The file has no name and ends with the spool."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_MAX)  # noqa: SIM115
        self._page: list[Line] = []

    def put(self, line: Line) -> bool:
        """Whether a page is full with it."""
        self._page.append(line)
        if len(self._page) < PAGE:
            return False
        self._write()
        return True

    def _write(self) -> None:
        content = _encoder.encode(self._page)
        self._file.write(_length.pack(len(content)))
        self._file.write(content)
        self._page = []

    def pages(self) -> Iterator[list[Line]]:
        if self._page:
            self._write()
        at, shared = 0, sharing()
        while True:
            self._file.seek(at)
            head = self._file.read(_length.size)
            if not head:
                return
            size = _length.unpack(head)[0]
            content = self._file.read(size)
            at += _length.size + size
            yield list(shared(_decoder.decode(content)))

    def close(self) -> None:
        self._file.close()
