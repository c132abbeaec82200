"""Request bodies as they arrive: raw bytes up to a limit, parsed as JSON so that amounts must be yuan strings."""

import json
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO, NamedTuple

import msgspec
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.malformed import Fault, faults_of, twice
from api.problems import ProblemRaised, Wrong, malformed
from ledger.domain.approval import ProposalApproved
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import Movement

SMALL_BYTES_MAX = 64 * 1024
ONE_BYTES_MAX = 2 * 1024**2
BULK_BYTES_MAX = 64 * 1024**2
DOCUMENT_BYTES_MAX = 20 * 1024**2
STATEMENT_BYTES_MAX = 256 * 1024**2
"""A million lines as treasury writes them, with room to spare."""

JSON = frozenset({"", "application/json"})
"""Media types of one JSON value. What a page elsewhere may have a browser send as a form is none of them."""
_NUMBER = re.compile("[0-9]{1,16}", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_lines_of_list = msgspec.json.Decoder(list[msgspec.Raw])
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_anything = msgspec.json.Decoder()
_AFTER_A_QUOTE = re.compile(rb'"\s*:')


async def raw_body(request: Request, limit: int) -> bytes:
    """The body; TOO_LARGE beyond ``limit`` bytes, as soon as that is known."""
    body = bytearray()
    async for chunk in _chunks(request, limit):
        body += chunk
    return bytes(body)


async def _chunks(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise ProblemRaised(Wrong.TOO_LARGE, limit_bytes=limit)
    came = 0
    async for chunk in request.stream():
        came += len(chunk)
        if came > limit:
            raise ProblemRaised(Wrong.TOO_LARGE, limit_bytes=limit)
        yield chunk


async def body_in_a_file(request: Request, limit: int) -> BinaryIO:
    """The body in a temporary file, which is gone once it is closed; TOO_LARGE beyond ``limit`` bytes, MALFORMED where empty."""
    file = TemporaryFile()  # noqa: SIM115 - whoever works on it closes it
    try:
        async for chunk in _chunks(request, limit):
            file.write(chunk)
        if not file.tell():
            raise malformed("body", "文件为空", "the file is empty")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


class Upload(NamedTuple):
    """A form with one file: its other fields, and the file in a temporary one that is gone once it is closed."""

    fields: dict[str, str]
    name: str
    file: BinaryIO
    media_type: str


async def upload_of(request: Request, limit: int, *, needed: bool = True) -> Upload:
    """What a form with a file sent, each field once. Raises MEDIA_TYPE_NOT_SUPPORTED, TOO_LARGE, MALFORMED.

    Malformed is one without a file, and, where it is ``needed``, with an empty one: that is what browsers send where none was
    chosen.
    """
    check_media_type(request, frozenset({"multipart/form-data"}))
    parser = MultiPartParser(request.headers, _chunks(request, limit), max_files=1, max_part_size=SMALL_BYTES_MAX)
    try:
        sent = (await parser.parse()).multi_items()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise ProblemRaised(Wrong.MALFORMED) from None
    files = [value for _, value in sent if isinstance(value, UploadFile)]
    fields = {name: value for name, value in sent if isinstance(value, str)}
    if len(fields) + len(files) != len(sent) or not files or not (files[0].size or not needed):
        raise malformed("file", "请选择一个文件", "choose a file that is not empty")
    return Upload(fields, files[0].filename or "", files[0].file, files[0].content_type or "")


def media_type(request: Request) -> str:
    """What the body is said to be, without parameters; empty where nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_media_type(request: Request, supported: frozenset[str]) -> None:
    """Raises MEDIA_TYPE_NOT_SUPPORTED."""
    if media_type(request) not in supported:
        raise ProblemRaised(Wrong.MEDIA_TYPE_NOT_SUPPORTED, supported=" ".join(sorted(filter(None, supported))))


async def _one(request: Request) -> bytes:
    check_media_type(request, JSON)
    return await raw_body(request, ONE_BYTES_MAX)


async def _bulk(request: Request) -> bytes:
    return await raw_body(request, BULK_BYTES_MAX)


async def _document(request: Request) -> bytes:
    return await raw_body(request, DOCUMENT_BYTES_MAX)


class _SmallBody(Request):
    """A request whose body FastAPI reads up to a limit, and which is JSON in UTF-8 or malformed."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = each_once(await raw_body(self, SMALL_BYTES_MAX))
        return self._body

    async def json(self) -> Any:
        try:
            return json.loads((await self.body()).decode("utf-8"))
        except (UnicodeDecodeError, RecursionError) as error:
            # The only fault of a body that FastAPI words as one of the form.
            raise json.JSONDecodeError(type(error).__name__, "", 0) from error


class SmallBodyRoute(APIRoute):
    """A route whose body FastAPI parses: small, or TOO_LARGE."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            small = _SmallBody(request.scope, request.receive)
            if self.body_field is not None:  # here, as FastAPI would make a 400 of whatever is wrong with it
                await small.body()
            return await handle(small)

        return bounded


def each_once(body: bytes) -> bytes:
    """The body, as it is. Raises MALFORMED where an object in it holds a field twice, of which readers take one or the other.

    What is no JSON passes: whoever reads it says so. A colon follows each field, so as many fields as colons are all different,
    and as many as colons after a quote are, too; only where neither holds is every field looked at.
    """
    try:
        fields = _count_fields(_anything.decode(body))
        if fields in (body.count(b":"), len(_AFTER_A_QUOTE.findall(body))):
            return body
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # which others might take for JSON all the same, such as NaN
    with suppress(ValueError, RecursionError):
        _looking.decode(body.decode())
    return body


def _count_fields(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum([_count_fields(one) for one in value.values() if type(one) in (dict, list)])
    return sum([_count_fields(one) for one in value if type(one) in (dict, list)]) if isinstance(value, list) else 0


def _check_fields(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise ProblemRaised(Wrong.MALFORMED, problems=[twice(name)])
        seen.add(name)


_looking = json.JSONDecoder(object_pairs_hook=_check_fields, parse_int=str, parse_float=str)
"""Numbers stay as they are written: Python reads none of 4,300 digits or more."""


OneBody = Annotated[bytes, Depends(_one)]
BulkBody = Annotated[bytes, Depends(_bulk)]
DocumentBody = Annotated[bytes, Depends(_document)]


def idempotency_key(request: Request) -> str:
    """The key under which the caller may ask again; mandatory, once, visible ASCII."""
    sent = request.headers.getlist("idempotency-key")
    if not any(key.strip() for key in sent):
        raise ProblemRaised(Wrong.IDEMPOTENCY_KEY_MISSING)
    return checked_key(sent[0] if len(sent) == 1 else "")


def checked_key(key: str) -> str:
    """A key that a form carries, or a header. Raises MALFORMED."""
    if not _KEY.fullmatch(key):
        raise malformed(
            "Idempotency-Key",
            "应为 1 至 200 个可见 ASCII 字符,且只出现一次",
            "give 1 to 200 visible ASCII characters, once",
        )
    return key


Key = Annotated[str, Depends(idempotency_key)]


def number_in(said: str) -> int | None:
    """A whole number as a form or an address writes it, in 16 ASCII digits at most; None: it is none."""
    return int(said) if _NUMBER.fullmatch(said) else None


def movement_of(body: bytes | msgspec.Raw, form: TypeAdapter[Movement] = ANY_MOVEMENT) -> Movement:
    """A movement of any kind, or of one. Raises pydantic's ValidationError; MALFORMED where a field is given twice, or an
    approval signs blindly."""
    movement = form.validate_json(each_once(bytes(body)))
    if isinstance(movement, ProposalApproved) and movement.digest is None:
        raise malformed("digest", "请先查阅提案,并提交其摘要 digest", "read the proposal and send its digest")
    return movement


def fields_of(body: bytes) -> dict[str, msgspec.Raw]:
    """The fields of a JSON object, each still as it was sent. Raises MALFORMED."""
    try:
        return _fields.decode(each_once(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed("body", "应为 UTF-8 编码的 JSON 对象", "give a JSON object in UTF-8") from error


class Line(NamedTuple):
    """One line of a list: its place counted from 1, and the movement or what is wrong with its form."""

    number: int
    movement: Movement | None
    faults: Sequence[Fault]


def _check_lines(lines: int, limit: int | None) -> None:
    """TOO_LARGE beyond the limit, before anything is made of the lines."""
    if limit is not None and lines > limit:
        raise ProblemRaised(Wrong.TOO_LARGE, limit_lines=limit)


def lines_of_list(body: bytes, limit: int | None = None) -> Iterator[Line]:
    """The movements of a JSON list, one by one. Raises MALFORMED where it is no list, TOO_LARGE beyond ``limit`` lines."""
    try:
        items = _lines_of_list.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed("body", "应为 UTF-8 编码的 JSON 列表", "give a JSON list in UTF-8") from error
    _check_lines(len(items), limit)
    return (_line(number, bytes(item)) for number, item in enumerate(items, 1))


def lines_of_ndjson(body: bytes, limit: int | None = None) -> Iterator[Line]:
    """The movements of newline-delimited JSON; numbers are those of the lines, and an empty line counts as malformed."""
    _check_lines(body.removesuffix(b"\n").count(b"\n") + 1, limit)
    lines = body.removesuffix(b"\n").split(b"\n") if body.strip() else []
    return (_line(number, line) for number, line in enumerate(lines, 1))


def _line(number: int, text: bytes) -> Line:
    try:
        return Line(number, movement_of(text), ())
    except ValidationError as error:
        return Line(number, None, faults_of(error.errors(include_input=False, include_url=False)))
    except ProblemRaised as error:
        return Line(number, None, error.problems)
