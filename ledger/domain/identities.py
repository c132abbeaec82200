"""What must hold after every movement (V1, V5, V9 and the memo pairs), checked on what each movement changes.

A full scan would cost tens of milliseconds; what holds before and is kept by every change holds after.
"""

from collections.abc import Iterable

from ledger.domain.accounts import ACCOUNTS, SUPPLY, Leg

_NET_ZERO = ("B105", "B106")


class IdentityViolated(Exception):
    """The entries of a movement break an identity: a fault in the rules, never in the request."""


def check_identities(legs: Iterable[Leg]) -> None:
    """Raise IdentityViolated where debits and credits of a movement do not agree.

    V1 per (fiscal year, fund) over the budget accounts; V5 for B105 and B106 over all funds; each family of memo accounts.
    """
    sides: dict[tuple[object, ...], int] = {}
    for account, amount, *_ in legs:
        code = account.code
        signed = amount if ACCOUNTS[code].debit else -amount
        family = ("V1", account.fiscal_year, account.source) if code[0] in "BX" else (code[0], account.source)
        sides[family] = sides.get(family, 0) + signed
        if code in _NET_ZERO:
            sides["V5", code] = sides.get(("V5", code), 0) + amount
    broken = {key: value for key, value in sides.items() if value}
    if broken:
        raise IdentityViolated(str(broken))


def total_identities(balances: Iterable[tuple[tuple[str, int | None, str | None], int]]) -> list[str]:
    """The same over whole balances, for verification: ((code, fiscal year, source), fen) → what does not hold."""
    sides: dict[tuple[object, ...], int] = {}
    for (code, year, source), amount in balances:
        signed = amount if ACCOUNTS[code].debit else -amount
        family = ("V1", year, source) if code in SUPPLY or code[0] == "B" else ("memo " + code[0], source)
        sides[family] = sides.get(family, 0) + signed
        if code in _NET_ZERO:
            sides["V5", code] = sides.get(("V5", code), 0) + amount
    return [f"{key}: {value} fen" for key, value in sorted(sides.items(), key=str) if value]
