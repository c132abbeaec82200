"""Sign-in through an OpenID provider: authorisation code flow with PKCE (OpenID Connect Core 1.0, RFC 7636, RFC 9700).

Each sign-in has a state, a nonce and a verifier of its own; no token is kept once it is known who signed in.
"""

import base64
import hashlib
import secrets
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import quote_plus

import httpx2
from joserfc.jwk import KeySet

from ledger.access.fetching import SECONDS_MAX, TURN_SECONDS, Fetcher
from ledger.access.id_token import Expected, Identity, NotProven, Reason, key_set, verified
from ledger.addresses import is_confidential, is_issuer

KEPT_SECONDS = 600
"""How long what a provider says of itself, and its keys, are believed without asking again."""
KEYS_AGAIN_SECONDS = 30
"""A token signed by a key we do not know makes us ask for the keys again, but not more often than this."""
FAILED_SECONDS = 5
"""A provider that just failed is left alone for so long."""
SCOPE = "openid profile"
_RANDOM_BYTES = 32
_CLIENT_ERRORS = ("invalid_client", "unauthorized_client")
T = TypeVar("T")


class Proof(NamedTuple):
    """By what the answer to a sign-in shows that it belongs to it; 256 random bits each, for nobody else to know."""

    nonce: str
    verifier: str


class SignInBegun(NamedTuple):
    """A sign-in under way: where the browser goes, by which state (256 random bits) it is known when it comes back."""

    url: str
    state: str
    proof: Proof


class _Metadata(NamedTuple):
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    authorization: str
    token: str
    keys: str
    end_session: str | None
    names_itself: bool
    """Whether it says ``iss`` when it sends a browser back (RFC 9207)."""


class _Kept(Generic[T]):
    """Something that was asked for, kept for a while; a failure is kept too, shortly."""

    def __init__(self, ask: Callable[[], T], now: Callable[[], float]) -> None:
        self._ask, self._now, self._lock = ask, now, Lock()
        self._found: tuple[float, T] | None = None
        self._failed: tuple[float, Reason] | None = None

    def no_older_than(self, seconds: float) -> T:
        """Raises NotProven."""
        if not self._lock.acquire(timeout=TURN_SECONDS):
            raise NotProven(Reason.PROVIDER_SLOW)
        try:
            return self._kept_or_asked(seconds)
        finally:
            self._lock.release()

    def _kept_or_asked(self, seconds: float) -> T:
        now = self._now()
        if self._found and 0 <= now - self._found[0] < seconds:
            return self._found[1]
        if self._failed and 0 <= now - self._failed[0] < FAILED_SECONDS:
            raise NotProven(self._failed[1])
        try:
            found = self._ask()
        except NotProven as failed:
            self._failed = self._now(), failed.why
            raise
        self._found, self._failed = (now, found), None
        return found


class Provider:
    """One provider, named by its issuer, at which the ledger is ``client_id``. May be shared between threads."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None = None,
        *,
        acr: tuple[str, ...] = (),
        trust: ssl.SSLContext | None = None,
        seconds_max: float = SECONDS_MAX,
        now: Callable[[], float] = time.time,
    ) -> None:
        """A client without a secret is a public one. ``acr``: by one of these somebody must be proven, where any is named.

        ``trust``: authorities other than the system's; ``seconds_max``: for each answer of the provider. Raises ValueError
        where the issuer is none, see ``is_issuer``.
        """
        if not is_issuer(issuer):
            raise ValueError(issuer)
        self.issuer = issuer
        self._client_id, self._client_secret, self._acr, self._now = client_id, client_secret, acr, now
        self._fetcher = Fetcher(trust, seconds_max=seconds_max)
        self._metadata = _Kept(self._discover, now)
        self._keys = _Kept(self._ask_for_keys, now)

    def begin(self, redirect_uri: str) -> SignInBegun:
        """Where to send a browser, and what to keep until it comes back. Raises NotProven."""
        state, nonce, verifier = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if self._acr:
            asked["acr_values"] = " ".join(self._acr)
        url = httpx2.URL(self._known().authorization).copy_merge_params(asked)
        return SignInBegun(str(url), state, Proof(nonce, verifier))

    def finish(self, code: str, proof: Proof, redirect_uri: str, iss: str | None = None) -> Identity:
        """Who signed in, by the code that came back with the state of ``proof``; ``iss`` as it came with it (RFC 9207).

        Raises NotProven.
        """
        known = self._known()
        if (iss is not None or known.names_itself) and iss != self.issuer:
            raise NotProven(Reason.WRONG_ISSUER)
        answer = self._redeem(known.token, code, proof.verifier, redirect_uri)
        expected = Expected(self.issuer, self._client_id, proof.nonce)

        def identity(keys: KeySet) -> Identity:
            found = verified(answer.get("id_token"), answer.get("access_token"), keys, expected, int(self._now()))
            if self._acr and found.acr not in self._acr:  # it was asked for, and a provider may pass that over
                raise NotProven(Reason.TOO_FEW_FACTORS)
            return found

        try:
            return identity(self._keys.no_older_than(KEPT_SECONDS))
        except NotProven as failed:
            if failed.why is not Reason.UNKNOWN_KEY:
                raise
        return identity(self._keys.no_older_than(KEYS_AGAIN_SECONDS))

    def logout_url(self, return_to: str) -> str | None:
        """Where to send a browser to end its session at the provider too (OpenID Connect RP-Initiated Logout 1.0); None
        where there is no such place. Raises NotProven.
        """
        end_session = self._known().end_session
        if end_session is None:
            return None
        asked = {"client_id": self._client_id, "post_logout_redirect_uri": return_to}
        return str(httpx2.URL(end_session).copy_merge_params(asked))

    def _known(self) -> _Metadata:
        return self._metadata.no_older_than(KEPT_SECONDS)

    def _discover(self) -> _Metadata:
        said = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise NotProven(Reason.WRONG_ISSUER)
        authorization, token, keys = (
            said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        )
        end_session, methods = said.get("end_session_endpoint"), said.get("code_challenge_methods_supported", ["S256"])
        if not (is_confidential(authorization) and is_confidential(token) and is_confidential(keys)):
            raise NotProven(Reason.PROVIDER_UNSUITABLE)
        if not (isinstance(methods, list) and "S256" in methods):
            raise NotProven(Reason.PROVIDER_UNSUITABLE)
        return _Metadata(
            authorization,
            token,
            keys,
            end_session if is_confidential(end_session) else None,
            said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _ask_for_keys(self) -> KeySet:
        return key_set(self._get(self._known().keys))

    def _get(self, url: str) -> dict[str, object]:
        status, said = self._fetcher.get(url)
        if status != HTTPStatus.OK:
            raise NotProven(Reason.ANSWER_MALFORMED)
        return said

    def _redeem(self, endpoint: str, code: str, verifier: str, redirect_uri: str) -> dict[str, object]:
        """The token endpoint's answer (RFC 6749, 4.1.3). Name and secret are quoted before they are joined, as 2.3.1 asks."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        if self._client_secret is None:
            status, said = self._fetcher.post(endpoint, form | {"client_id": self._client_id})
        else:
            auth = quote_plus(self._client_id), quote_plus(self._client_secret)
            status, said = self._fetcher.post(endpoint, form, auth)
        if status == HTTPStatus.OK:
            return said
        raise NotProven(Reason.CLIENT_REFUSED if said.get("error") in _CLIENT_ERRORS else Reason.CODE_REFUSED)
