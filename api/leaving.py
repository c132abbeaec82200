"""Figures that leave as a file or a page: as what they are sent, and which sealed texts whoever asks reads in them."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from fastapi import Response

from api.reading import stands_at
from api.security import Caller
from ledger.access.people import People
from ledger.access.policy import Action, Reach
from ledger.audit.trail import Event
from ledger.reports.printing import SENT_WITH
from ledger.reports.sheet import Hidden
from ledger.reports.xlsx import MEDIA_TYPE

FILES: Final[dict[str, Any]] = {
    MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
    "text/html": {"schema": {"type": "string"}},
}
"""As what figures leave besides JSON."""


def may_read(caller: Caller) -> Callable[[Hidden], bool]:
    """Which sealed texts somebody reads in clear: all, those they recorded themselves, or none."""
    reach, human = caller.reach(Action.SEE_PERSONAL), caller.person.human
    return lambda one: reach is Reach.ALL or (reach is Reach.OWN and one.by == human)


def note_read(people: People, caller: Caller, what: str, number: int, count: int) -> None:
    """Say in the audit record that so many were read, if any were."""
    if count:
        people.trail.note(Event.PERSONAL_READ, caller.person.id, number=number, what=what, count=count)


def attachment(content: bytes, name: str, number: int | None, media_type: str = MEDIA_TYPE) -> Response:
    """A file to keep, a workbook unless it is said; ``number``: that at which its figures stand, if any are in it."""
    answer = Response(content, media_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    if number is not None:
        stands_at(answer, number)
    return answer


def page(html: str, number: int) -> Response:
    """A page to print, which may load nothing but its own style."""
    answer = Response(html, media_type="text/html")
    answer.headers["Content-Security-Policy"] = SENT_WITH
    stands_at(answer, number)
    return answer
