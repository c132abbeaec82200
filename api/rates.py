"""How often somebody may ask, so that nobody takes the service from the others or guesses at its doors.

Counted in this process, as the service is one process; a window slides, so no burst of twice a limit fits around its edge.
The library's exact window keeps something of every address for ever; the one it calculates from two counters does not.
"""

import math
import time
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.origin import SESSION_COOKIES
from api.problems import ProblemRaised, Wrong, refuse

UNCOUNTED = frozenset({"/healthz", "/readyz"})
"""Whoever watches over the service asks these, often."""


class Work(StrEnum):
    """What is asked for, by what it costs."""

    READING = "reading"
    WRITING = "writing"
    SIGNING_IN = "signing in"
    ANONYMOUS = "anonymous"


ON_THIS_MACHINE: Mapping[Work, RateLimitItem] = {
    # A person who mistypes tries a few times; a dictionary needs thousands.
    Work.SIGNING_IN: parse("20/minute"),
}
"""A desk shares one address, and whoever is on it could stop the service anyway."""
ON_A_NETWORK: Mapping[Work, RateLimitItem] = {
    **ON_THIS_MACHINE,
    # A page of figures asks some twenty times, and nobody opens five pages a second.
    Work.READING: parse("6000/minute"),
    # A feed sends lists, each one request. One that sends singly reaches this at 100 a second, a fiftieth of what is recorded.
    Work.WRITING: parse("6000/minute"),
    # An office behind one address opens the sign-in page and the documentation; each loads some ten files.
    Work.ANONYMOUS: parse("600/minute"),
}


class Rates:
    """Counts what each identity asked for; classes of work without a limit are not counted."""

    def __init__(self, limits: Mapping[Work, RateLimitItem]) -> None:
        self._limits = limits
        self._counting = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, identity: str, work: Work) -> int | None:
        """Count one request of an identity (a person, a key, an address); seconds to wait where that is one too many."""
        limit = self._limits.get(work)
        if limit is None or self._counting.hit(limit, work, identity):
            return None
        reset = self._counting.get_window_stats(limit, work, identity).reset_time
        return min(max(1, math.ceil(reset - time.time())), limit.get_expiry())

    def admit(self, identity: str, work: Work) -> None:
        """The same, raising TOO_MANY_REQUESTS."""
        seconds = self.wait(identity, work)
        if seconds is not None:
            raise ProblemRaised(Wrong.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})


def address_of(connection: HTTPConnection) -> str:
    """Whom an address stands for: an IPv6 host may use any of its network's addresses, so the network counts."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return "address ?"
    if address.version == 6 and address.ipv4_mapped is None:
        return f"address {ip_network((address, 64), strict=False)}"
    return f"address {address}"


class AnonymousRates:
    """Limits, by address, requests that bring nothing to tell who asks: 429."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self.app, self.rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in UNCOUNTED and anonymous(Request(scope)):
            seconds = self.rates.wait(address_of(HTTPConnection(scope)), Work.ANONYMOUS)
            if seconds is not None:
                await refuse(Wrong.TOO_MANY_REQUESTS, scope, receive, send, {"Retry-After": str(seconds)})
                return
        await self.app(scope, receive, send)


def anonymous(request: Request) -> bool:
    """Whether a request brings neither a key nor a session."""
    return "authorization" not in request.headers and not any(name in request.cookies for name in SESSION_COOKIES)
