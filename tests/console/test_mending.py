"""Where something is mended: a link into the form that does it, filled in with what is known, for those who may begin it."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk
from tests.api.test_periods import close
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import page

ORDERED = {"project": "KRD-1", "instalment": "1", "amount": "400000", "document": {"number": "拨付1号"}}


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects; KRD-1 has an order of its undertaker."""
    with desk_of_two_projects(ledger, people, date(2025, 3, 10)) as desk:
        payee = desk.get("std-1", "/v1/projects/KRD-1")["undertaker"]["credit_code"]
        desk.record("std-1", "PaymentOrdered", "2025-02-05", order="O-1", payee=payee, **ORDERED)
        yield desk


def links(desk: Desk, who: str, path: str, **asked: str) -> list[str]:
    """Addresses of forms to which a page leads."""
    text = page(desk, who, path, lang="en", **asked)
    return [unescape(found) for found in re.findall(r'href="(/record/[^"]+)"', text)]


def filled(desk: Desk, who: str, address: str) -> dict[str, str]:
    """What stands in a form that an address opens."""
    text = page(desk, who, address)
    inputs = dict(re.findall(r'<input id="([^"]+)" name="[^"]+"[^>]* value="([^"]+)"', text))
    chosen = re.findall(r'<select id="([^"]+)"(?:(?!</select>).)*?<option value="([^"]+)" selected', text, re.DOTALL)
    return {**inputs, **dict(chosen)}


def test_suspense_leads_to_its_clearing_with_the_order_that_was_cited(office: Desk) -> None:
    too_much = {"item": "PAY-9", "fund": "STIDF", "amount": "500000", "cited": "O-1", "vintage": 2025}
    office.record("tre-1", "UnmatchedSettlementRecorded", "2025-01-20", **too_much)
    (there,) = (one for one in links(office, "fin-1", "/periods") if "SuspenseCleared" in one)
    assert "item=PAY-9" in there
    found = filled(office, "fin-1", there)
    assert {name: found[name] for name in ("item", "amount", "order", "period")} == {
        "item": "PAY-9", "amount": "500000.00", "order": "O-1", "period": "2025-01",
    }  # fmt: skip
    assert not any("SuspenseCleared" in one for one in links(office, "std-1", "/periods"))
    assert "Suspense cleared" in page(office, "std-1", "/periods", lang="en")


def test_a_rejected_payment_leads_to_ordering_it_again_and_an_open_order_to_taking_it_back(office: Desk) -> None:
    close(office, 1)
    cancelled = [one for one in links(office, "std-1", "/periods") if "PaymentOrderCancelled" in one]
    assert [re.search(r"order=([^&]+)", one)[1] for one in cancelled] == ["O-1"]  # type: ignore[index]
    office.record("tre-1", "PaymentRejected", "2025-02-07", order="O-1", amount="400000", detail="R-1")
    (again,) = (one for one in links(office, "std-1", "/periods") if "PaymentOrdered" in one)
    payee = office.get("std-1", "/v1/projects/KRD-1")["undertaker"]["credit_code"]
    found = filled(office, "std-1", again)
    wanted = {"project": "KRD-1", "instalment": "1", "amount": "1000000.00", "payee": payee}
    assert {name: found.get(name) for name in wanted} == wanted
    assert "order" not in found


def test_what_is_available_of_a_special_leads_to_what_draws_on_it(office: Desk) -> None:
    found = links(office, "std-1", "/availability/RDT-KRD")
    kinds = {one.split("?")[0].rpartition("/")[2] for one in found}
    assert {"PreFundingCommitted", "FundsReserved", "FundsReallocatedWithinFund", "PaymentOrdered"} <= kinds
    (reserved,) = (one for one in found if "FundsReserved" in one)
    form = filled(office, "std-1", reserved)
    assert (form["fund"], form["special"], form["amount"]) == ("STIDF", "RDT-KRD", "2000000.00")
    assert links(office, "aud-1", "/availability/RDT-KRD") == []
    assert not links(office, "std-1", "/availability/RDT-KRD", at=str(office.number()))


def test_a_pledge_leads_its_pledger_to_its_receipt_and_nobody_else(office: Desk) -> None:
    pledge = {"pledge": "M-1", "project": "KRD-1", "amount": "90000", "basis": "承诺函",
              "tranches": [{"due_on": "2025-03-01", "amount": "90000"}]}  # fmt: skip
    pledger = office.get("std-1", "/v1/projects/KRD-1")["recommender"]["credit_code"]
    office.record("rec-1", "MatchingCommitted", "2025-02-06", pledger=pledger, **pledge)
    (there,) = links(office, "rec-1", "/pledges")
    found = filled(office, "rec-1", there)
    assert (found["pledge"], found["amount"]) == ("M-1", "90000.00")
    assert links(office, "und-1", "/pledges") == []
    assert {one.split("?")[0] for one in links(office, "com-1", "/pledges")} == {
        "/record/MatchingReduced", "/record/MatchingRescheduled",
    }  # fmt: skip


def test_a_form_says_nothing_of_what_somebody_may_not_see(office: Desk) -> None:
    office.record("std-1", "FundsReserved", "2025-02-06", call="C-1", fund="STIDF", special="MSP-BRK", amount="7",
                  expires_on="2025-12-31")  # fmt: skip
    assert filled(office, "std-1", "/record/ReservationReleased?call=C-1")["amount"] == "7.00"
    assert "amount" not in filled(office, "pm-1", "/record/ReservationReleased?call=C-1")
