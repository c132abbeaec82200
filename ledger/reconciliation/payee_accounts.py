"""Payees' accounts in reconciliation: compared by mark and told apart by their last digits, never kept in clear.

A mark is HMAC-SHA-256 under a key derived for this purpose: without the secret nobody can try numbers against it.
"""

import hmac
import unicodedata
from collections.abc import Callable, Collection
from typing import NamedTuple

from ledger.personal.texts import SealedTexts, State
from ledger.sealing import Place
from ledger.secret import Secret

_TAIL = 4
_MARK_BYTES = 16
_PAGE = 5_000


class Marked(NamedTuple):
    """An account as it is kept: the mark, in hexadecimal, and its last digits."""

    mark: str
    tail: str


def marking(secret: Secret) -> Callable[[str], Marked]:
    """Account as a statement or an order has it → as it is kept. What is no part of a number does not count."""
    key = secret.derive("accounts of payees in reconciliation")

    def marked(account: str) -> Marked:
        plain = "".join(unicodedata.normalize("NFKC", account).split()).replace("-", "")
        if not plain:
            return Marked("", "")
        return Marked(hmac.digest(key, plain.encode(), "sha256")[:_MARK_BYTES].hex(), plain[-_TAIL:])

    return marked


def marks_of(texts: SealedTexts, commitments: Collection[str], marked: Callable[[str], Marked]) -> dict[str, str]:
    """Commitment → mark, of those whose text can still be read."""
    places = [Place("payee_account", "PaymentOrdered", "payee_account", committed) for committed in sorted(commitments)]
    found = {}
    for start in range(0, len(places), _PAGE):
        for opened in texts.at(places[start : start + _PAGE]):
            if opened.state is State.CLEAR and opened.text:
                found[opened.place.commitment] = marked(opened.text).mark
    return found
