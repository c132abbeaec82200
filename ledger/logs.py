"""What the service says of itself on stderr: one line for each event, as JSON for machines or as text for people.

Never a secret or a personal text: of a fault it tells the kinds of exceptions and where they were raised, never what they
say, for a driver or a form repeats in its messages what it was given.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

REQUEST: ContextVar[str | None] = ContextVar("REQUEST", default=None)
"""Id of the request that is being answered; every line that is logged meanwhile carries it."""
_FRAMES_MAX = 40


def log(logger: logging.Logger, level: int, **fields: str | int | float | None) -> None:
    """One event whose parts are fields rather than a sentence."""
    logger.log(level, "%s", "", extra={"fields": fields})


def fault(error: BaseException) -> list[str]:
    """The kinds of an exception and of its causes, the first cause first, each with the lines it came through."""
    return [line for one in reversed(list(_chain(error))) for line in _told(one)]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _told(error: BaseException) -> Iterator[str]:
    state = getattr(error, "sqlstate", None)
    yield f"{type(error).__module__}.{type(error).__qualname__}" + (f" {state}" if state else "")
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES_MAX:]:
        yield f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line or ''}"


class JsonLines(logging.Formatter):
    """One object a line, in ASCII, so that nothing that was sent can end a line or steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_fields(record), default=str)


class TextLines(logging.Formatter):
    """The same for people: instant, level, and what there is to say."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        at, level, lines = fields.pop("at"), fields.pop("level"), fields.pop("fault", [])
        said = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
        return "\n    ".join(map(_plain, (f"{at} {level} {said}", *lines)))


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name, "request": REQUEST.get()}
    fields |= getattr(record, "fields", None) or {"message": record.getMessage()}
    if record.exc_info and record.exc_info[1]:
        fields["fault"] = fault(record.exc_info[1])
    return fields


def configure(form: str) -> None:
    """Log to stderr as ``json`` or ``text``; where it is neither, as text on a terminal and as JSON elsewhere.

    Of libraries only warnings: a client of HTTP, say, tells at leisure which addresses it asks.
    """
    text = form == "text" or (form != "json" and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextLines() if text else JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("ledger").setLevel(logging.INFO)
