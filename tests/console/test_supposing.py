"""A list supposed on its page: judged as the route judges it, kept as it was typed, changed line by line, proposed whole."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk, done
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import HAN, page

PATH = "/what-if/list"
DAY = "2025-06-30"
ALLOCATED = {"effective_on": DAY, "fund": "STIDF", "vintage": "2025", "special": "RDT-KRD", "amount": "1,000"}
HIDDEN = re.compile(r'<input type="hidden" name="(supposed\.\d+|key|place|kind)" value="([^"]*)">')


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2025, 6, 30)) as desk:
        yield desk


class Sheet:
    """The page as somebody works on it: what its form holds goes along with each act."""

    def __init__(self, desk: Desk, who: str, **asked: str) -> None:
        self.desk, self.who = desk, who
        self.raw = page(desk, who, PATH, lang="en", **asked)
        self.text = unescape(self.raw)

    def hidden(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in HIDDEN.findall(self.raw)}

    def act(self, act: str, status: int = 200, path: str = PATH, **fields: str) -> str:
        sent = self.hidden() | fields | {"act": act}
        answer = self.desk.client.post(
            f"{path}?lang=en", data=sent, headers=self.desk.session(self.who), follow_redirects=False
        )
        assert answer.status_code == status, answer.text
        if status == 303:
            return str(answer.headers["location"])
        self.raw, self.text = answer.text, unescape(answer.text)
        return self.text

    def add(self, kind: str, **fields: str) -> str:
        self.act("choose", new_kind=kind)
        return self.act("keep", **fields)

    def amounts(self) -> list[str]:
        """Of each line, in fen."""
        return re.findall(
            r'</td><td class="n"><span class="amount" data-fen="(\d+)"[^>]*>[^<]*</span></td>\n<td>', self.raw
        )


def route(desk: Desk, *movements: dict[str, Any]) -> Any:
    return desk.post("std-1", "/v1/what-if", list(movements)).json()


def test_each_line_is_judged_on_those_before_it_as_the_route_judges_it(office: Desk) -> None:
    before = office.number()
    sheet = Sheet(office, "std-1")
    free = float(office.balances("special")["RDT-KRD"]["available"])
    sheet.add("FundsAllocated", **ALLOCATED | {"amount": f"{free * 1000:.2f}"})
    sheet.add("FundsAllocated", **ALLOCATED)
    asked = [
        {"kind": "FundsAllocated", **ALLOCATED, "vintage": 2025, "amount": amount}
        for amount in (f"{free * 1000:.2f}", "1000")
    ]
    told = route(office, *asked)
    assert f"Lines: 2; accepted: {told['accepted']}; refused: {told['refused']}" in sheet.text
    for line in told["lines"]:
        if "problem" in line:
            assert line["problem"]["message"]["en"] in sheet.text
        else:
            last = line["recorded"]["entries"][-1]
            assert f'data-fen="{round(float(last["balance_after"]) * 100)}"' in sheet.text
    for row in told["rows"]:
        assert f'data-fen="{round(float(row["after"]) * 100)}"' in sheet.text
    assert office.number() == before


def test_lines_are_moved_changed_and_removed_and_nothing_typed_is_lost(office: Desk) -> None:
    sheet = Sheet(office, "std-1")
    for amount in ("1", "2", "3"):
        sheet.add("FundsAllocated", **ALLOCATED | {"amount": amount})
    assert sheet.amounts() == ["100", "200", "300"]
    sheet.act("up:3")
    assert sheet.amounts() == ["100", "300", "200"]
    sheet.act("down:1")
    assert sheet.amounts() == ["300", "100", "200"]
    sheet.act("edit:2")
    assert 'value="1"' in sheet.raw
    sheet.act("keep", 422, **ALLOCATED | {"amount": "a lot"})
    assert re.search(r'<input id="amount"[^>]*aria-invalid="true"[^>]*value="a lot"', sheet.text)
    sheet.act("remove:1", **ALLOCATED | {"amount": "a lot", "reason": "因为"})
    assert (sheet.amounts(), sheet.hidden()["place"]) == (["100", "200"], "1")
    assert 'value="a lot"' in sheet.text
    assert "因为</textarea>" in sheet.text
    sheet.act("keep", **ALLOCATED | {"amount": "7", "reason": "因为"})
    assert sheet.amounts() == ["700", "200"]
    sheet.act("edit:1")
    assert "因为</textarea>" in sheet.text
    sheet.act("cancel")
    assert sheet.amounts() == ["700", "200"]


def test_rows_are_kept_with_their_line(office: Desk) -> None:
    sheet = Sheet(office, "std-1", kind="PreFundingCommitted", project="P-1")
    assert re.search(r'<input id="project"[^>]*value="P-1"[^>]* data-look-up="project"', sheet.text)
    sheet.act("add:instalments", project="P-1", amount="5", **{"instalments.1.amount": ""})
    assert 'id="instalments.2.amount"' in sheet.text
    rows = {"instalments.1.instalment": "1", "instalments.1.amount": "5"}
    scheme = {"scheme.number": "方案1号"}
    sheet.act("keep", effective_on=DAY, project="P-1", fund="STIDF", vintage="2025", amount="5", **rows, **scheme)
    assert sheet.amounts() == ["500"]
    sheet.act("edit:1")
    assert re.search(r'<input id="instalments.1.amount"[^>]*value="5"', sheet.text)


def test_it_is_tried_on_top_of_the_number_that_is_named(office: Desk) -> None:
    sheet = Sheet(office, "fin-1", at="2")
    sheet.act("choose", new_kind="FundsAllocated", at="2")
    sheet.act("keep", at="2", **ALLOCATED)
    assert "Lines: 1; accepted: 0; refused: 1" in sheet.text
    assert "on top of number 2 of the ledger" in sheet.text
    assert "/proposal" not in sheet.text
    sheet.act("try", at="")
    assert "Lines: 1; accepted: 1; refused: 0" in sheet.text
    for at in ("999999", "x"):
        sheet.act("try", 422, at=at)
        assert sheet.amounts() == ["100000"]
        assert f'name="at" inputmode="numeric" value="{at}"' in sheet.text


def test_the_whole_list_becomes_one_proposal_once(office: Desk) -> None:
    sheet = Sheet(office, "std-1")
    sheet.add("FundsAllocated", **ALLOCATED)
    sheet.add("FundsAllocated", **ALLOCATED | {"amount": "2000"})
    assert f'formaction="{PATH}/proposal?lang=en"' in sheet.text
    there = sheet.act("", 303, f"{PATH}/proposal")
    assert sheet.act("", 303, f"{PATH}/proposal") == there
    (waiting,) = office.get("fin-1", "/v1/inbox")["proposals"]
    assert there == f"/inbox/{waiting['proposal']}?lang=en"
    done(office.approve("fin-1", waiting["proposal"]))
    sheet.act("remove:1")
    text = sheet.act("", 409, f"{PATH}/proposal")
    assert "IDEMPOTENCY_CONFLICT" in text
    assert sheet.amounts() == ["200000"]
    assert sheet.act("", 303, f"{PATH}/proposal") != there


def test_who_may_not_begin_all_of_it_or_records_nothing_cannot_propose_it(office: Desk) -> None:
    for who in ("aud-1", "fin-1"):
        sheet = Sheet(office, who)
        sheet.add("FundsAllocated", **ALLOCATED)
        assert "Lines: 1; accepted: 1" in sheet.text
    assert ("does not begin all" in sheet.text) == (f"{PATH}/proposal" not in sheet.text)
    auditor = Sheet(office, "aud-1")
    auditor.add("FundsAllocated", **ALLOCATED)
    assert f"{PATH}/proposal" not in auditor.text
    auditor.act("", 403, f"{PATH}/proposal")
    page(office, "und-1", PATH, 403)


def test_switches_take_the_form_along_and_it_speaks_one_language(office: Desk) -> None:
    sheet = Sheet(office, "std-1", kind="FundsAllocated")
    assert f'<button form="form" formaction="{PATH}?kind=FundsAllocated&lang=zh" name="act" value="try"' in sheet.text
    sheet.act("keep", **ALLOCATED)
    assert f'<button form="form" formaction="{PATH}?lang=en&unit=yuan" name="act" value="try"' in sheet.text
    assert not HAN.search(re.sub(r'(?s)class="recorded">.*?<', "<", sheet.text).replace("中文", ""))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"supposed.1": "kind=Nothing"}, 404),
        ({"supposed.1": "kind=ProposalApproved"}, 404),
        ({"supposed.1": "kind=FundsAllocated&amount=x"}, 422),
        ({"supposed.0": "kind=FundsAllocated"} | {f"supposed.{line}": "a=b" for line in range(1, 102)}, 413),
        ({"key": ""}, 422),
        ({"new_kind": "Nothing", "act": "choose"}, 404),
        ({"kind": "Nothing"}, 404),
        ({"supposed.1²": "a"}, 200),
        ({"act": "remove:7"}, 200),
        ({"place": "9", "kind": "FundsAllocated"}, 200),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(desk: Desk, fields: dict[str, str], status: int) -> None:
    sent = {"key": "k", "act": "try", **fields}
    answer = desk.client.post(PATH, data=sent, headers=desk.session("std-1"))
    assert answer.status_code == status, answer.text
