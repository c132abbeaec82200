"""Who signed what, folded page by page: what a naive reading of the log says, wherever pages end."""

from collections import defaultdict
from typing import Any

import pytest

from ledger.access.segregation import NUMBERS, Signed, Signer
from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.signatures import Signatures, signatures


def naive(ledger: Ledger) -> dict[int, dict[tuple[Any, ...], list[tuple[int, int]]]]:
    """Year → who signed, entered and paid → the number and amount of each movement."""
    found: dict[int, dict[tuple[Any, ...], list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for event in ledger.store.select_events(ledger.id):
        one: Any = ledger.mapper.to_domain_event(event)
        signers = tuple(Signer(who.subject, who.role, who.acting_for) for who in (one.actor, *one.approvals))
        asked = one.movement
        enters = asked.credit_code if asked.kind in ("PartyRegistered", "PartyRenamed") else None
        key = signers, enters, getattr(asked, "payee", None)
        found[asked.fiscal_year][key].append((one.number, getattr(asked, "amount", None) or 0))
    return found


@pytest.mark.parametrize("ends", [(), (1, 777, 5_000, 5_001)])
def test_it_is_what_a_naive_reading_says_wherever_pages_end(demo_ledger: Ledger, ends: tuple[int, ...]) -> None:
    class Anew(Signatures):
        name = f"signatures-{len(ends)}"

    for end in (*ends, None):
        catch_up(demo_ledger.store, demo_ledger.id, Anew(), to=end)
    catch_up(demo_ledger.store, demo_ledger.id, Signatures())
    expected = naive(demo_ledger)
    years = signatures(demo_ledger.store, demo_ledger.id, None).years
    assert years == sorted(expected)
    for year in years:
        seen = signatures(demo_ledger.store, demo_ledger.id, year)
        assert set(seen.signed) == {
            Signed(
                signers, tuple(n for n, _ in those[:NUMBERS]), len(those), enters, pays, sum(fen for _, fen in those)
            )
            for (signers, enters, pays), those in expected[year].items()
        }
        numbers = [number for those in expected[year].values() for number, _ in those]
        assert (seen.first, seen.last) == (min(numbers), max(numbers))
        assert {one.enters for one in seen.entered} == {key[1] for of in expected.values() for key in of if key[1]}
