"""Secrets of one-time codes as they are kept: wrapped with the master secret, so that a copy of the database gives no codes."""

import logging
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.access.credentials import totp_step
from ledger.access.keeper import Keeper
from ledger.secret import Secret

_NONCE = 12
_log = logging.getLogger("ledger.access")


class SecondFactors:
    """Wraps and opens them; each opens only for the login and the person it was wrapped for."""

    def __init__(self, secret: Secret) -> None:
        self._cipher = AESGCM(secret.derive("wrapping of one-time code secrets"))

    def wrap(self, totp: str, login: str, person: str) -> bytes:
        """nonce ‖ AES-256-GCM."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, totp.encode(), _whose(login, person))

    def step(self, wrapped: bytes, login: str, person: str, code: str, at: datetime) -> int | None:
        """The time step a code belongs to, as ``totp_step`` has it; no code fits what was tampered with."""
        try:
            totp = self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _whose(login, person)).decode()
        except (InvalidTag, ValueError):
            _log.error("the secret of the one-time codes of %s does not open: reset the account", person)
            return None
        return totp_step(totp, code, at)

    def wrap_what_lies_in_clear(self, keeper: Keeper) -> None:
        """What a version before kept as it is."""
        with keeper.connection() as connection:
            clear = connection.execute(
                "SELECT login, person, totp FROM local_account WHERE totp IS NOT NULL FOR UPDATE"
            ).fetchall()
            for login, person, totp in clear:
                connection.execute(
                    "UPDATE local_account SET totp = NULL, totp_wrapped = %s WHERE login = %s",
                    (self.wrap(totp, login, person), login),
                )


def _whose(login: str, person: str) -> bytes:
    return f"{login}\0{person}".encode()
