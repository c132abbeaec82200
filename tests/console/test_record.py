"""Recording by form: what stands in the list, what a form is made of, and that an act ends as the routes would have it."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from html import unescape

import pytest

from api.console.shapes import shape_of
from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from ledger.domain.movement import MOVEMENTS
from tests.api.conftest import in_process
from tests.api.desk import Desk, done, movement
from tests.api.opening import DAY
from tests.console.test_pages import HAN, page

ALLOCATED = {"effective_on": DAY, "fund": "STIDF", "vintage": "2025", "special": "RDT-KRD", "amount": "60,000"}
COMMITTED = {"effective_on": DAY, "project": "P-1", "fund": "STIDF", "vintage": "2025", "amount": "12"}
LINK = re.compile(r'href="/record/(\w+)')


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own, with an appropriation to allocate."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered, today=lambda: date(2025, 6, 30))) as client,
    ):
        desk = Desk(client, people)
        about = {"fund": "STIDF", "vintage": 2025, "amount": "100000", "document": {"number": "1号"}}
        done(desk.ask("fin-1", movement("AppropriationReceived", DAY, **about)))
        yield desk


def send(desk: Desk, who: str, kind: str, status: int = 200, lang: str = "en", **fields: str) -> str:
    """The page after a form was sent."""
    answer = desk.client.post(
        f"/record/{kind}", params={"lang": lang}, headers=desk.session(who),
        data={"key": "test-of-the-form", **fields}, follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else unescape(answer.text)


def test_the_list_holds_what_a_role_begins(desk: Desk) -> None:
    assert set(LINK.findall(page(desk, "com-1", "/record"))) == {"MatchingReduced", "MatchingRescheduled"}
    assert "FundsAllocated" in LINK.findall(page(desk, "fin-1", "/record"))
    assert LINK.findall(page(desk, "pm-1", "/record")) == [
        kind for kind in LINK.findall(page(desk, "std-1", "/record")) if ("STD",) in MOVEMENTS[kind].signs
    ]


@pytest.mark.parametrize("kind", [kind for kind, held in MOVEMENTS.items() if not held.of_proposals])
def test_every_kind_has_its_form_with_every_field(desk: Desk, kind: str) -> None:
    who = next(f"{chain[0].lower()}-1" for chain in MOVEMENTS[kind].signs if chain[0] != "TRE")
    text = page(desk, who, f"/record/{kind}", lang="en")
    for shape in shape_of(kind):
        assert re.search(rf'(name|id)="{shape.name}[".]', text), shape.name
    assert not HAN.search(re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", ""))


def test_what_needs_another_signature_is_submitted_once_and_what_does_not_is_recorded(office: Desk) -> None:
    there = send(office, "std-1", "FundsAllocated", 303, act="record", **ALLOCATED)
    assert send(office, "std-1", "FundsAllocated", 303, act="record", **ALLOCATED) == there
    (waiting,) = office.get("fin-1", "/v1/inbox")["proposals"]
    assert there == f"/inbox/{waiting['proposal']}?lang=en"
    assert waiting["kinds"][0]["amount"] == "60000.00"
    fields = {"effective_on": DAY, "fund": "STIDF", "vintage": "2025", "amount": "5", "document.number": "2号"}
    there = send(office, "fin-1", "AppropriationReceived", 303, act="record", **fields)
    number = int(there.split("?")[0].rpartition("/")[2])
    assert office.get("fin-1", f"/v1/movements/{number}")["movement"]["amount"] == "5.00"
    assert send(office, "fin-1", "AppropriationReceived", 303, act="record", **fields) == there


def test_a_dry_run_says_what_would_change_and_records_nothing(office: Desk) -> None:
    before = office.get("fin-1", "/v1/movements")["movements"]
    text = send(office, "std-1", "FundsAllocated", act="try", **ALLOCATED)
    assert "It could be recorded" in text
    assert 'data-fen="6000000"' in text
    text = page(office, "std-1", "/record/FundsAllocated", lang="en", **ALLOCATED)
    assert "It could be recorded" in text
    assert office.get("fin-1", "/v1/movements")["movements"] == before


def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(office: Desk) -> None:
    asked = ALLOCATED | {"amount": "200000"}
    text = send(office, "std-1", "FundsAllocated", 409, act="record", **asked)
    assert "INSUFFICIENT_FUNDS" in text
    assert re.search(r'<input id="amount"[^>]*aria-invalid="true"[^>]*value="200000"', text)
    assert not office.get("fin-1", "/v1/inbox")["proposals"]


def test_rows_are_added_and_their_faults_are_at_them(office: Desk) -> None:
    rows = {"instalments.1.instalment": "", "instalments.2.instalment": "2", "instalments.2.amount": "a lot"}
    text = send(office, "std-1", "PreFundingCommitted", act="add:instalments", **COMMITTED, **rows)
    assert 'id="instalments.3.amount"' in text
    part = office.client.post("/record/PreFundingCommitted", data={"key": "k", "act": "add:instalments", **rows},
                              headers=office.session("std-1") | {"HX-Request": "true"})  # fmt: skip
    assert part.status_code == 200
    assert 'id="instalments.3.instalment"' in part.text
    assert "<html" not in part.text
    text = send(office, "std-1", "PreFundingCommitted", 422, act="record", **COMMITTED, **rows)
    assert re.search(r'<input id="instalments.1.amount"[^>]*aria-invalid="true"[^>]*value="a lot"', text)
    assert 'id="instalments.2.amount"' not in text


def test_a_file_is_uploaded_into_its_document(office: Desk) -> None:
    sent = {"key": "k", "act": "upload:document", "document.number": "2号", "amount": "7"}
    for content in (b"", b"the document"):
        answer = office.client.post("/record/FundsAllocated", params={"lang": "en"}, headers=office.session("std-1"),
                                    data=sent, files={"file": ("a.pdf", content, "application/pdf")})  # fmt: skip
        assert answer.status_code == (200 if content else 422)
        assert 'value="7"' in answer.text
    (kept,) = re.findall(r'name="document.sha256"[^>]*value="([0-9a-f]{64})"', answer.text)
    opened = office.read("std-1", f"/v1/documents/{kept}")
    assert opened.content == b"the document"
    assert opened.headers["content-type"] == "application/pdf"


def test_a_role_that_does_not_begin_a_kind_is_told_who_does(office: Desk) -> None:
    text = page(office, "rec-1", "/record/FundsAllocated", 403, lang="en")
    assert "STD+FIN" in unescape(text)
    page(office, "fin-1", "/record/ProposalApproved", 404)
    page(office, "fin-1", "/record/Nothing", 404)
