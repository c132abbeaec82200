"""The inbox and one proposal: what the routes answer; what is signed, struck out or turned down by a form is recorded once."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from html import unescape
from typing import Any

import httpx2
import pytest

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from tests.api.conftest import in_process
from tests.api.desk import Desk, Fields, done, movement
from tests.api.opening import DAY
from tests.console.test_pages import HAN, page

HIDDEN = re.compile(r'<input type="hidden" name="(key|digest|act)" value="([^"]*)"')
APPROPRIATED = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="100000", document={"number": "1号"}
)
ALLOCATED = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="60")


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own, with an appropriation to allocate."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered, today=lambda: date(2025, 6, 30))) as client,
    ):
        desk = Desk(client, people)
        done(desk.ask("fin-1", APPROPRIATED))
        yield desk


def propose(desk: Desk, *movements: Fields, **fields: str) -> str:
    body = {"effective_on": DAY, "movements": movements, **fields}
    name: str = done(desk.post("std-1", "/v1/proposals", body))["proposal"]["proposal"]
    return name


def form(text: str, act: str) -> dict[str, str]:
    """The hidden fields of the form that does something."""
    forms = [dict(HIDDEN.findall(part)) for part in text.split("<form")[1:]]
    return next(one for one in forms if one.get("act") == act)


def send(desk: Desk, who: str, name: str, fields: dict[str, str]) -> httpx2.Response:
    return desk.client.post(f"/inbox/{name}?lang=en", data=fields, headers=desk.session(who), follow_redirects=False)


def test_a_file_is_offered_to_whoever_may_open_it(office: Desk) -> None:
    sha256 = done(office.post("std-1", "/v1/documents", b"plan", name="a.pdf"))["sha256"]
    name = propose(office, ALLOCATED | {"document": {"number": "2号", "sha256": sha256}})
    for who, offered in (("std-1", True), ("aud-1", True), ("pm-1", False)):
        assert (f'href="/v1/documents/{sha256}"' in page(office, who, f"/inbox/{name}")) is offered, who
        assert (office.read(who, f"/v1/documents/{sha256}").status_code == 200) is offered, who


def test_what_waits_is_what_the_route_says_and_leads_to_its_page(office: Desk) -> None:
    name = propose(office, ALLOCATED, ALLOCATED | {"amount": "40"})
    text = page(office, "fin-1", "/inbox", lang="en", unit="yuan")
    (line,) = office.get("fin-1", "/v1/inbox")["proposals"]
    assert f'href="/inbox/{name}?lang=en&amp;unit=yuan"' in text
    assert 'data-fen="10000">100.00<' in text
    assert line["kinds"][0]["amount"] == "100.00"
    assert f'href="/inbox/{name}?lang=en"' in page(office, "fin-1", "/", lang="en")
    assert "No proposal waits for you" in page(office, "std-1", "/inbox", lang="en")
    mine = page(office, "std-1", "/inbox", shown="mine", what="PROPOSED", lang="en")
    assert name in mine
    assert name not in page(office, "std-1", "/inbox", shown="mine", what="SIGNED")
    assert name in page(office, "aud-1", "/inbox?shown=all&status=OPEN")
    assert name not in page(office, "aud-1", "/inbox?shown=all&status=REJECTED")


def test_a_page_of_the_inbox_goes_on(office: Desk) -> None:
    names = [propose(office, ALLOCATED | {"amount": str(n)}) for n in (1, 2, 3)]
    text = page(office, "fin-1", "/inbox", limit="2")
    assert [name in text for name in names] == [True, True, False]
    more = re.search(r'class="more" href="([^"]+)"', text)
    assert more
    assert names[2] in page(office, "fin-1", unescape(more[1]))


def test_what_is_signed_is_shown_whole_and_what_it_would_do(office: Desk) -> None:
    name = propose(office, ALLOCATED | {"document": {"number": "内科发〔2025〕1号"}}, ALLOCATED | {"amount": "40"})
    text = page(office, "fin-1", f"/inbox/{name}", lang="en", unit="yuan")
    found = office.get("fin-1", f"/v1/proposals/{name}")
    supposed = done(office.post("fin-1", "/v1/what-if", [line["movement"] for line in found["lines"]]))
    for said in (found["digest"], "内科发〔2025〕1号", "All 2 lines could be recorded", "p-std-1", "RDT-KRD"):
        assert said in text
    for row in supposed["rows"]:
        assert f">{float(row['before']):,.2f}<" in text
        assert f">{float(row['after']):,.2f}<" in text
    assert [line["movement"]["amount"] for line in found["lines"]] == ["60.00", "40.00"]
    assert re.findall(r'name="strike-(\d)"', text) == ["1", "2"]
    assert "Approve what is shown" in text
    assert "Approve what is shown" not in page(office, "std-1", f"/inbox/{name}", lang="en")
    assert "It does not wait for your signature" in page(office, "aud-1", f"/inbox/{name}", lang="en")


def test_a_line_that_would_be_refused_is_told_with_its_reason(office: Desk) -> None:
    other, name = (propose(office, ALLOCATED, ALLOCATED | {"amount": "60000"}) for _ in range(2))
    done(office.approve("fin-2", other))
    text = page(office, "fin-1", f"/inbox/{name}", lang="en")
    assert "Lines that would be refused" in text
    assert "Not enough money is left here" in text


def test_it_is_signed_once_however_often_it_is_sent(office: Desk) -> None:
    name = propose(office, ALLOCATED)
    fields = form(page(office, "fin-1", f"/inbox/{name}"), "approve")
    first, again = send(office, "fin-1", name, fields), send(office, "fin-1", name, fields)
    assert [answer.status_code for answer in (first, again)] == [303, 303]
    assert first.headers["location"] == f"/inbox/{name}?lang=en"
    assert office.balances("special")["RDT-KRD"]["available"] == "60.00"
    decided = office.get("fin-1", f"/v1/proposals/{name}")["decided"]["number"]
    text = page(office, "fin-1", f"/inbox/{name}", lang="en")
    assert f'href="/movements/{decided + 1}?lang=en">Recorded as number {decided + 1}</a>' in text
    assert "Approve what is shown" not in text


def test_lines_are_struck_out(office: Desk) -> None:
    name = propose(office, *(ALLOCATED | {"amount": str(n)} for n in (1, 2, 4, 8)))
    fields = form(page(office, "fin-1", f"/inbox/{name}"), "approve")
    ticked = {"strike-2": "on", "strike": "3-4", "reason": "重复"}
    wrong = send(office, "fin-1", name, fields | ticked | {"strike": "3-x"})
    assert wrong.status_code == 422
    assert 'name="strike-2" checked' in wrong.text
    assert send(office, "fin-1", name, fields | ticked).status_code == 303
    assert office.balances("special")["RDT-KRD"]["available"] == "1.00"
    text = page(office, "aud-1", f"/inbox/{name}", lang="en")
    assert text.count("struck out by number") == 3


def test_a_long_proposal_is_tried_once_while_the_ledger_stands_and_had_whole(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.console.proposal.LINES_MAX", 2)
    tried, try_them = list[int | None](), Ledger.what_if

    def counted(self: Ledger, *asked: Any) -> Any:
        tried.append(asked[-1])
        return try_them(self, *asked)

    monkeypatch.setattr(Ledger, "what_if", counted)
    name = propose(office, *(ALLOCATED | {"amount": str(n)} for n in (1, 2, 4, 8)))
    number = office.number()
    assert "All 4 lines could be recorded" not in page(office, "fin-1", f"/inbox/{name}", lang="en")
    for after in ("0", "2"):
        text = page(office, "fin-1", f"/inbox/{name}", lang="en", all_lines="true", after=after, limit="2")
        assert "All 4 lines could be recorded" in text
    assert tried == [number]
    whole = office.client.get(
        f"/inbox/{name}", headers=office.session("fin-1"),
        params={"lang": "en", "unit": "yuan", "export": "csv", "table": "Line by line"},
    )  # fmt: skip
    assert [line.split(",")[5] for line in whole.text.splitlines() if "RDT-KRD" in line] == [
        "1.00",
        "2.00",
        "4.00",
        "8.00",
    ]
    done(office.ask("fin-1", APPROPRIATED | {"document": {"number": "3号"}}))
    page(office, "fin-1", f"/inbox/{name}", lang="en", all_lines="true")
    assert tried == [number, number + 1]
    fields = form(text, "approve")
    assert send(office, "fin-1", name, fields | {"strike": "2"}).status_code == 303
    assert office.balances("special")["RDT-KRD"]["available"] == "13.00"


def test_what_changed_meanwhile_is_told_and_shown_anew(office: Desk) -> None:
    name = propose(office, ALLOCATED)
    fields = form(page(office, "fin-1", f"/inbox/{name}"), "approve")
    stale = send(office, "fin-1", name, fields | {"digest": f"sha256:{'0' * 64}", "reason": "同意"})
    assert stale.status_code == 409
    assert "The proposal changed after you read it" in stale.text
    assert 'value="同意"' in stale.text
    assert send(office, "fin-1", name, form(stale.text, "approve")).status_code == 303


def test_it_is_turned_down_or_withdrawn_with_a_reason(office: Desk) -> None:
    for who, button in (("fin-1", "Turn down"), ("std-1", "Withdraw")):
        name = propose(office, ALLOCATED)
        text = page(office, who, f"/inbox/{name}", lang="en")
        assert button in text
        fields = form(text, "reject")
        silent = send(office, who, name, fields | {"reason": " "})
        assert (silent.status_code, "Say why" in silent.text) == (422, True)
        assert send(office, who, name, fields | {"reason": "材料不全"}).status_code == 303
        assert "nothing was recorded" in page(office, who, f"/inbox/{name}", lang="en")
        assert office.get("aud-1", f"/v1/proposals/{name}")["status"] == "REJECTED"
        late = send(office, "fin-1", name, {"act": "approve", "key": "k", "digest": f"sha256:{'0' * 64}"})
        assert (late.status_code, "was decided before" in late.text) == (409, True)


def test_an_expired_one_says_what_to_do(office: Desk) -> None:
    name = propose(office, ALLOCATED, expires_on="2025-06-01")
    text = page(office, "fin-1", f"/inbox/{name}", lang="en")
    assert "It has expired" in text
    assert "Approve what is shown" not in text


def test_a_proposal_nobody_made_is_not_there(office: Desk) -> None:
    assert "未找到" in page(office, "fin-1", "/inbox/P-none", 404, lang="zh")
    assert send(office, "fin-1", "P-none", {"act": "reject", "key": "k", "reason": "x"}).status_code in (404, 409, 422)
    assert send(office, "aud-1", "P-none", {"act": "reject", "key": "k"}).status_code == 403


def test_lines_of_a_long_one_come_in_pages(office: Desk) -> None:
    name = propose(office, *(ALLOCATED | {"amount": f"0.{n:02d}"} for n in range(1, 100)), ALLOCATED, ALLOCATED)
    text = page(office, "fin-1", f"/inbox/{name}")
    assert len(re.findall(r'name="strike-\d+"', text)) == 100
    more = re.search(r'class="more" href="([^"]+)"', text)
    assert more
    following = page(office, "fin-1", unescape(more[1]))
    assert re.findall(r'name="strike-(\d+)"', following) == ["101"]
    assert form(following, "approve")["digest"] == form(text, "approve")["digest"]


def test_it_speaks_one_language(office: Desk) -> None:
    name = propose(office, ALLOCATED | {"document": {"number": "内科发〔2025〕1号"}})
    for path in ("/inbox", "/inbox?shown=mine", "/inbox?shown=all", f"/inbox/{name}"):
        text = page(office, "fin-1", path + ("&" if "?" in path else "?") + "lang=en")
        text = re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", "")
        assert not HAN.search(text), HAN.findall(text)
