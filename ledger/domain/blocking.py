"""Blockers: what stands against closing a period or a year, one by one, each with what mends it and whose that is.

The rules refuse where there is any, and the work list prints them: both ask the same functions, and cannot disagree.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.domain.accounts import Account
from ledger.domain.catalogue import Role
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import Refusal, refuse


class Blocker(NamedTuple):
    """The refusal it would bring by itself, the kinds of movement that mend it, and the account it stands on, if any."""

    refusal: Refusal
    mended_by: tuple[str, ...] = ()
    account: Account | None = None

    @property
    def owners(self) -> tuple[Role, ...]:
        """Roles that record, propose or report what mends it."""
        return tuple(dict.fromkeys(chain[0] for kind in self.mended_by for chain in MOVEMENTS[kind].signs))


def refuse_blocked(blockers: Iterable[Blocker]) -> None:
    """Refuse where there is any: by the first one, whatever is refused under the same code summed with it."""
    found = [blocker.refusal for blocker in blockers]
    if not found:
        return
    first = found[0]
    if first.asked is None:
        raise first
    alike = [refusal for refusal in found if refusal.code is first.code]
    total = sum(refusal.asked or 0 for refusal in alike)
    items = " ".join(str(refusal.details["item"]) for refusal in alike if "item" in refusal.details)
    accounts = {str(refusal.details["account"]) for refusal in alike if "account" in refusal.details}
    refuse(first.code, first.clause, asked=total, available=0, items=items, accounts=" ".join(sorted(accounts)))
