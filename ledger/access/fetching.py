"""Asking an identity provider: an answer that is bounded in time and size, from nowhere but the address that was asked."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Any

import httpx2

from ledger.access.id_token import NotProven, Reason

SECONDS_MAX = 10.0
"""For a whole answer, to its last byte: a limit on each read would let one drip for hours."""
BYTES_MAX = 256 * 1024
AT_ONCE_MAX = 8
"""Answers waited for at once: a provider that hangs must not take every thread that serves."""
TURN_SECONDS = 1.0
"""How long one waits for one's turn to ask."""

Answer = tuple[int, dict[str, Any]]
"""HTTP status and the JSON object that came with it."""


class Fetcher:
    """Asks over verified TLS, follows no redirects, takes neither proxies nor passwords from the environment."""

    def __init__(self, trust: ssl.SSLContext | None = None, *, seconds_max: float = SECONDS_MAX) -> None:
        self._trust = trust or ssl.create_default_context()
        self._seconds_max = seconds_max
        self._turns = BoundedSemaphore(AT_ONCE_MAX)

    def get(self, url: str) -> Answer:
        """Raises NotProven."""
        return self._fetch(httpx2.Request("GET", url))

    def post(self, url: str, form: Mapping[str, str], auth: tuple[str, str] | None = None) -> Answer:
        """Raises NotProven."""
        return self._fetch(httpx2.Request("POST", url, data=form), httpx2.BasicAuth(*auth) if auth else None)

    def _fetch(self, request: httpx2.Request, auth: httpx2.BasicAuth | None = None) -> Answer:
        request.headers["Accept"] = "application/json"
        request.headers["Accept-Encoding"] = "identity"  # so that what is counted is what is kept
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise NotProven(Reason.PROVIDER_SLOW)
        try:
            return asyncio.run(self._within(request, auth))
        finally:
            self._turns.release()

    async def _within(self, request: httpx2.Request, auth: httpx2.BasicAuth | None) -> Answer:
        try:
            async with (
                asyncio.timeout(self._seconds_max),
                httpx2.AsyncClient(verify=self._trust, trust_env=False, timeout=None) as client,
            ):
                return await self._read(client, request, auth)
        except TimeoutError:
            raise NotProven(Reason.PROVIDER_SLOW) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise NotProven(Reason.PROVIDER_UNREACHABLE) from None

    async def _read(self, client: httpx2.AsyncClient, request: httpx2.Request, auth: httpx2.BasicAuth | None) -> Answer:
        response = await client.send(request, stream=True, auth=auth)
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > BYTES_MAX:
                raise NotProven(Reason.ANSWER_TOO_LARGE)
        try:
            answer = json.loads(bytes(body))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise NotProven(Reason.ANSWER_MALFORMED)
        return response.status_code, answer
