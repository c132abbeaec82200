"""Where a request was meant to go, and from where a browser sent it.

A page elsewhere can make a browser send requests here: by a name of its own that leads to this machine (DNS rebinding), or
with the cookie of whoever is signed in (CSRF). Neither is answered.
"""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Wrong, refuse
from ledger.addresses import is_loopback
from ledger.settings import LOOPBACK_NAMES

SECURE_COOKIE = "__Host-ledger"
"""Name of the session cookie under https: the prefix binds it to this host, the whole of it, and to https."""
LOOPBACK_COOKIE = "ledger-session"
"""Its name on this machine without TLS, where browsers refuse the prefix."""
SESSION_COOKIES = (SECURE_COOKIE, LOOPBACK_COOKIE)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SAME = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says where our own page asks, or the user by hand. Pages cannot set it."""


class PublicUrl(NamedTuple):
    """Under which URL people reach the ledger: ``https://ledger.example.cn``, without a slash at its end."""

    text: str

    @property
    def scheme(self) -> str:
        return urlsplit(self.text).scheme

    @property
    def host(self) -> str:
        return urlsplit(self.text).hostname or ""

    @property
    def on_a_network(self) -> bool:
        """Whether others than this machine reach it."""
        return not is_loopback(self.host)


ON_THIS_MACHINE = PublicUrl("http://127.0.0.1:8000")


class KnownHost:
    """Answers requests for the public URL, and those of this machine to itself; 421 to any other Host."""

    def __init__(self, app: ASGIApp, public: PublicUrl) -> None:
        self.app, self.public = app, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._known(Request(scope)):
            await refuse(Wrong.MISDIRECTED, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _known(self, request: Request) -> bool:
        host = _host(request.headers.getlist("host"))
        if host == self.public.host and request.scope["scheme"] == self.public.scheme:
            return True
        return host in LOOPBACK_NAMES and _of_this_machine(request)


def _host(sent: list[str]) -> str | None:
    """The host that is asked for, without its port."""
    if len(sent) != 1 or any(character in sent[0] for character in "@/\\?#"):
        return None
    try:
        return urlsplit(f"//{sent[0]}").hostname
    except ValueError:
        return None


def _of_this_machine(request: Request) -> bool:
    try:
        return request.client is None or ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def led_here(request: Request) -> bool:
    """Whether a browser says that another site led it here; one that says nothing is an older one."""
    return not _SAME.issuperset(request.headers.getlist("sec-fetch-site"))


class SameOrigin:
    """Refuses what another site made a browser send: 403 CROSS_SITE.

    Whoever sends Authorization and no cookie is no browser that was tricked: no page can send that header here.
    """

    def __init__(self, app: ASGIApp, public: PublicUrl) -> None:
        self.app, self.public = app, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and self._cross_site(Request(scope)):
            await refuse(Wrong.CROSS_SITE, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _cross_site(self, request: Request) -> bool:
        headers = request.headers
        cookie = any(name in request.cookies for name in SESSION_COOKIES)
        if not cookie and "authorization" in headers:
            return False
        if "sec-fetch-site" in headers:
            return led_here(request)
        if origins := headers.getlist("origin"):  # an older browser
            own = {
                self.public.text,
                f"{request.scope['scheme']}://{headers.get('host')}",
            }  # the host is known to be ours
            return not own.issuperset(origins)
        return cookie
