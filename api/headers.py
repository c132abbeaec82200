"""Headers that every answer carries, so that no browser reads more into it than it says, keeps it, or shows it elsewhere."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_OF_THE_BOOKS = {"Cache-Control": "no-store"}
"""Figures are of their moment, and somebody else may use the browser next."""
_OF_TRAINING = {"Ledger-Training": "true"}
_UNDER_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def safe_headers(*, of_the_books: bool, https: bool, training: bool) -> dict[str, str]:
    """What an answer carries unless it says otherwise itself."""
    added = _ALWAYS | (_OF_TRAINING if training else {})
    return added | (_OF_THE_BOOKS if of_the_books else {}) | (_UNDER_HTTPS if https else {})


class SafeHeaders:
    """Adds what an answer does not say itself."""

    def __init__(self, app: ASGIApp, *, training: bool = False) -> None:
        self.app, self._training = app, training

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        of_the_books, https = scope["path"].startswith("/v1/"), scope["scheme"] == "https"
        added = safe_headers(of_the_books=of_the_books, https=https, training=self._training)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
