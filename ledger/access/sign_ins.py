"""Sign-ins at a provider that are under way: begun in one browser, finished there once, within minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple

from ledger.access.credentials import token_hash
from ledger.access.id_token import NotProven, Reason
from ledger.access.keeper import Keeper
from ledger.access.oidc import Proof, SignInBegun

GOOD_FOR = timedelta(minutes=10)
UNDER_WAY_MAX = 10_000
"""One more drops the oldest: whoever begins sign-ins without end neither fills the disk nor keeps others out."""


class Returned(NamedTuple):
    """A sign-in whose browser came back: what the provider's answer must fit, and the local path to go on to."""

    proof: Proof
    return_to: str


class SignIns:
    """Those of one database. ``clock`` gives the instant, UTC; ``browser`` is a random value that only one browser holds."""

    def __init__(self, keeper: Keeper, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock

    def keep(self, begun: SignInBegun, browser: str, return_to: str) -> None:
        """Until the browser comes back."""
        now = self._clock()
        with self._keeper.connection() as connection:
            connection.execute(
                "DELETE FROM sign_in WHERE made_at < %s OR state IN (SELECT state FROM sign_in ORDER BY made_at DESC OFFSET %s)",
                (now - GOOD_FOR, UNDER_WAY_MAX - 1),
            )
            connection.execute(
                "INSERT INTO sign_in (state, browser, nonce, verifier, return_to, made_at) VALUES (%s, %s, %s, %s, %s, %s)",
                (token_hash(begun.state), token_hash(browser), *begun.proof, return_to, now),
            )

    def take(self, state: str, browser: str) -> Returned:
        """What was kept under a state; it is gone with this, whatever comes of it. Raises NotProven."""
        with self._keeper.connection() as connection:
            row = connection.execute(
                "DELETE FROM sign_in WHERE state = %s RETURNING browser, made_at, nonce, verifier, return_to",
                (token_hash(state),),
            ).fetchone()
        if row is None:
            raise NotProven(Reason.UNKNOWN_STATE)
        if row[1] <= self._clock() - GOOD_FOR:
            raise NotProven(Reason.TOO_LATE)
        if not compare_digest(row[0], token_hash(browser)):
            raise NotProven(Reason.ANOTHER_BROWSER)
        return Returned(Proof(row[2], row[3]), row[4])
