"""A correction begins with what stands under the number, so that only the wrong field is changed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk, movement
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import page

RECEIVED = {"fund": "NSF", "vintage": 2025, "amount": "50.00", "document": {"number": "1号"}}


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2025, 3, 10)) as desk:
        yield desk


def begun_with(desk: Desk, who: str, number: int) -> dict[str, object] | None:
    """The replacement that the form has at first."""
    text = page(desk, who, "/record/EntryCorrected", **{"lines.1.number": str(number)})
    found = re.search(r'<textarea id="lines\.1\.replacement"[^>]*>([^<]*)</textarea>', text)
    assert found
    return json.loads(unescape(found[1])) if found[1] else None


def test_the_form_begins_with_what_was_recorded_then_with_what_was_corrected(office: Desk) -> None:
    asked = movement("AppropriationReceived", "2025-02-10", reason="补发", **RECEIVED)
    number = office.record("fin-1", asked.pop("kind"), asked.pop("effective_on"), **asked)["number"]
    link = re.search(r'href="(/record/EntryCorrected[^"]+)"', page(office, "fin-1", f"/movements/{number}"))
    assert link
    assert f"lines.1.number={number}" in link[1]
    assert "/record/EntryCorrected" not in page(office, "std-1", f"/movements/{number}")
    stands = begun_with(office, "fin-1", number)
    assert stands == {"kind": "AppropriationReceived", "effective_on": "2025-02-10", **RECEIVED, "line": "1"}
    right = {**stands, "amount": "60"}
    office.sign("fin-1", "fin-2", movement("EntryCorrected", "2025-02-11", reason="更正",
                                           lines=[{"number": number, "replacement": right}]))  # fmt: skip
    assert begun_with(office, "fin-1", number) == {**right, "amount": "60.00"}
    office.sign("fin-1", "fin-2", movement("EntryCorrected", "2025-02-12", reason="撤销", lines=[{"number": number}]))
    assert begun_with(office, "fin-1", number) is None


def test_what_cannot_be_corrected_leads_nowhere(office: Desk) -> None:
    number = office.record("std-1", "SpecialSuspended", "2025-02-10", special="RDT-KRD", document={"number": "1号"})[
        "number"
    ]
    assert "/record/EntryCorrected" not in page(office, "fin-1", f"/movements/{number}")
    assert begun_with(office, "fin-1", number) is None
    assert begun_with(office, "fin-1", 999_999) is None
