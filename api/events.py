"""Server-sent events 推送: what every stream of them has in common."""

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import Request
from fastapi.responses import StreamingResponse

HEARTBEAT_SECONDS = 5.0
"""How long whoever may not read any more goes on reading, at most."""
HEARTBEAT: Final = b": heartbeat\n\n"
ANSWER: Final[dict[str, Any]] = {
    "description": "事件流 / events",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
"""As it is documented."""


def last_event(request: Request) -> int | None:
    """The id of the last event that a reader got and goes on after; None: they name none that there can be."""
    said = request.headers.get("last-event-id", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None


def streamed(events: AsyncIterator[bytes]) -> StreamingResponse:
    """The answer that sends them as they come."""
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
