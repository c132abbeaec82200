"""Looked up while somebody types: projects, parties and references, a few at once, and only what they may see."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest

from api.console.looking_up import OPTIONS, looked_up
from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.searched import Searched
from tests.api.desk import Desk
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import page


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects, a call, an order and a pledge of KRD-1; the search knows them."""
    with desk_of_two_projects(ledger, people, date(2025, 3, 10)) as desk:
        krd = desk.get("std-1", "/v1/projects/KRD-1")
        desk.record("std-1", "FundsReserved", "2025-02-06", call="CALL-1", fund="STIDF", special="MSP-BRK",
                    amount="7", expires_on="2025-12-31")  # fmt: skip
        desk.record("std-1", "PaymentOrdered", "2025-02-06", order="O-1", payee=krd["undertaker"]["credit_code"], amount="5",
                    project="KRD-1", instalment="1", document={"number": "1号"})  # fmt: skip
        desk.record("rec-1", "MatchingCommitted", "2025-02-06", pledge="M-1", project="KRD-1", amount="9", basis="函",
                    pledger=krd["recommender"]["credit_code"], tranches=[{"due_on": "2025-03-01", "amount": "9"}])  # fmt: skip
        catch_up(ledger.store, ledger.id, Searched())
        yield desk


def options(desk: Desk, who: str, **asked: str) -> dict[str, str]:
    """Value of each option, and what it says."""
    return dict(re.findall(r'<option value="([^"]+)" label="([^"]*)">', unescape(page(desk, who, "/look-up", **asked))))


@pytest.mark.parametrize(
    ("who", "asked", "found"),
    [
        ("std-1", {"of": "project", "q": "krd"}, {"KRD-1"}),
        ("std-1", {"of": "project", "q": "示例"}, {"BRK-1", "KRD-1"}),
        ("und-1", {"of": "project", "q": "示例"}, {"KRD-1"}),
        ("sec-1", {"of": "project", "q": "示例"}, set()),
        ("std-1", {"of": "project", "q": "%"}, set()),
        ("std-1", {"of": "project"}, set()),
        ("std-1", {"of": "order", "q": "O-"}, {"O-1"}),
        ("std-1", {"of": "order", "q": "KRD-1"}, {"O-1"}),
        ("und-1", {"of": "pledge", "q": "M-1"}, {"M-1"}),
        ("std-1", {"of": "call", "q": "CALL"}, {"CALL-1"}),
        ("und-1", {"of": "call", "q": "CALL"}, set()),
        ("std-1", {"of": "instalment", "project": "KRD-1"}, {"1"}),
        ("und-1", {"of": "instalment", "project": "BRK-1"}, set()),
        ("std-1", {"of": "nothing", "q": "a"}, set()),
    ],
)
def test_what_is_found_is_what_somebody_may_see(office: Desk, who: str, asked: dict[str, str], found: set[str]) -> None:
    assert {code for code in options(office, who, **asked) if not code.startswith("OLD-")} == found


def test_a_party_is_found_by_its_name_and_said_with_it(office: Desk) -> None:
    found = options(office, "std-1", of="party", q="und-1")
    assert [label for label in found.values() if "und-1 示例" in label]
    assert not options(office, "sec-1", of="party", q="und-1")


def test_so_many_options_and_no_more(desk: Desk) -> None:
    assert len(options(desk, "std-1", of="project", q="RDT")) in (
        0,
        OPTIONS,
    )  # 0: the search of the demo year is not kept
    assert len(options(desk, "pm-1", of="project", q="MSP")) <= OPTIONS


def test_what_a_form_names_anew_is_not_looked_up() -> None:
    assert looked_up("PaymentOrdered") == {"project": "project", "instalment": "instalment", "payee": "party"}
    assert looked_up("FundsReserved") == {}
    assert looked_up("SuspenseCleared") == {"item": "item", "order": "order"}
    assert looked_up("ProjectRegistered") == {"undertaker": "party", "recommender": "party"}


def test_forms_and_filters_have_the_list_and_the_script(office: Desk) -> None:
    for path, of in (
        ("/record/PaymentOrdered", "project"), ("/movements", "project"), ("/projects", "project"),
        ("/parties", "party"), ("/pledges", "pledge"),
    ):  # fmt: skip
        text = page(office, "std-1", path)
        assert f'list="look-up" data-look-up="{of}"' in text
        assert text.count('<datalist id="look-up">') == 1
        assert re.search(r'<script src="[^"]*lookup\.js', text)
