"""Importing an allocation plan in the console: each row tried, nothing half-done, the whole file as one proposal, once."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from ledger.domain.book import Book
from ledger.domain.catalogue import Role
from ledger.domain.decision import Accepted
from ledger.domain.movement import Actor
from ledger.domain.refusals import Code
from ledger.importing.allocation_plan import plan_allocation
from ledger.importing.columns import ALLOCATION_PLAN
from ledger.importing.judging import Judgement, judge
from ledger.importing.reading import read_sheet
from tests.api.desk import Desk
from tests.conftest import fresh_ledger
from tests.console.conftest import desk_of_two_projects
from tests.importing.sheets import as_csv, as_xlsx, lines
from tests.world import credit_code

TODAY = date(2025, 6, 30)
ON = "2025-06-30"
NEW = {"科技项目编号": "KJ-2025-0002", "项目名称": "另一项目(示例)"}


@pytest.fixture(scope="module")
def desk(server_dsn: str, people: DemoPeople) -> Iterator[Desk]:
    with fresh_ledger(server_dsn) as ledger, desk_of_two_projects(ledger, people, TODAY) as desk:
        yield desk


def chosen(desk: Desk, content: bytes, name: str = "plan.csv", who: str = "std-1") -> tuple[str, str]:
    """The address of the preview, and what it says."""
    sent: dict[str, Any] = {"data": {"on": ON}, "files": {"file": (name, content)}}
    answer = desk.client.post(
        "/import", headers=desk.session(who), params={"lang": "en"}, follow_redirects=False, **sent
    )
    assert answer.status_code == 303, answer.text
    there = answer.headers["location"]
    shown = desk.client.get(there, headers=desk.session(who))
    assert shown.status_code == 200, shown.text
    return there, unescape(shown.text)


def numbers(desk: Desk) -> int:
    return int(desk.client.get("/v1/periods", headers=desk.headers("std-1")).headers["Ledger-Number"])


def submit(desk: Desk, there: str, who: str = "std-1") -> Any:
    sha256 = there.partition("file=")[2].partition("&")[0]
    return desk.client.post("/import/proposal", headers=desk.session(who), data={"file": sha256, "on": ON},
                            params={"lang": "en"}, follow_redirects=False)  # fmt: skip


def test_every_row_is_tried_with_what_all_of_them_would_do_and_nothing_is_recorded(desk: Desk) -> None:
    before = numbers(desk)
    _, text = chosen(desk, as_xlsx(lines({})), "plan.xlsx")
    assert re.search(r"1 rows, [23] movements, all of them acceptable", text)
    assert "KJ-2025-0001" in text
    assert "500,000" in text or "50.00" in text
    assert numbers(desk) == before


def test_what_has_to_be_mended_is_told_by_row_and_column_and_there_is_nothing_to_submit(desk: Desk) -> None:
    before = numbers(desk)
    for content, row, reason in (
        (as_csv(lines({"本年(万元)": "50.0000001"})), 2, "fen"),
        (as_csv(lines({"总额(万元)": "90"})), 2, "the total says"),
        (as_csv(lines({**NEW, "总额(万元)": "900030", "本年(万元)": "900000"})), 2, "INSUFFICIENT"),
    ):
        there, text = chosen(desk, content)
        assert "What has to be mended" in text
        assert f'<td class="n">{row}</td>' in text
        assert reason in text, text
        assert "Propose all of it" not in text
        assert submit(desk, there).headers["location"].startswith("/import?")
    assert numbers(desk) == before


def test_a_file_becomes_one_proposal_once_however_often_it_is_sent(desk: Desk) -> None:
    before = numbers(desk)
    there, text = chosen(desk, as_csv(lines({}, {**NEW})))
    assert "Propose all of it" in text
    first, again = submit(desk, there), submit(desk, there)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["location"].startswith("/inbox/import-")
    assert numbers(desk) == before + 1
    shown = unescape(desk.client.get(there, headers=desk.session("std-1")).text)
    assert "The proposal of this file waits for approval" in shown
    name = first.headers["location"].removeprefix("/inbox/").partition("?")[0]
    desk.approve("fin-1", name)
    shown = unescape(desk.client.get(there, headers=desk.session("std-1")).text)
    assert "recorded twice" in shown
    assert "KJ-2025-0002" in str(desk.get("std-1", "/v1/projects/KJ-2025-0002"))


def test_a_file_that_somebody_else_uploaded_or_nobody_is_as_if_absent(desk: Desk) -> None:
    there, _ = chosen(desk, as_csv(lines({"期次": "7"})))
    assert desk.client.get(there, headers=desk.session("pm-1")).status_code == 404
    assert desk.client.get(f"/import?file={'0' * 64}", headers=desk.session("std-1")).status_code == 404


def row_by_row(text: str) -> str:
    return text.partition(">Row by row</caption>")[2].partition("</table>")[0]


def test_a_long_file_is_read_page_by_page_judged_once_while_the_ledger_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, name = list[int](), "科技项目编号"
    monkeypatch.setattr("ledger.application.TRIED_AT_ONCE", 200)

    def counted(book: Book, *asked: Any, **more: Any) -> Judgement:
        judged.append(book.number)
        return judge(book, *asked, **more)

    monkeypatch.setattr("api.console.importing.judge", counted)
    small = {"总额(万元)": "0.0002", "本年(万元)": "0.0001", "以后年度(万元)": "0.0001"}
    there, first = chosen(desk, as_csv(lines(*(NEW | small | {name: f"KJ-LONG-{n:03d}"} for n in range(250)))))
    assert "250 rows, 500 movements, all of them acceptable" in first
    assert re.findall(r"KJ-LONG-(\d+)", row_by_row(first)) == [f"{n:03d}" for n in range(50) for _ in "rc"]
    more = re.search(r'class="more" href="([^"]+)"', first)
    assert more
    second = unescape(desk.client.get(more[1], headers=desk.session("std-1")).text)
    assert "250 rows, 500 movements, all of them acceptable" in second
    assert re.findall(r"KJ-LONG-(\d+)", row_by_row(second)) == [f"{n:03d}" for n in range(50, 100) for _ in "rc"]
    file = desk.client.get(f"{there}&export=csv&table=Row+by+row", headers=desk.session("std-1"))
    assert file.text.count("KJ-LONG-") == 500
    number = numbers(desk)
    assert judged == [number]
    desk.record("std-1", "PartyRegistered", ON, credit_code=credit_code(77), name="另一单位", level="REGIONAL")
    desk.client.get(there, headers=desk.session("std-1"))
    assert judged == [number, number + 1], "the ledger moved"
    assert submit(desk, there).headers["location"].startswith("/inbox/import-")
    assert judged == [number, number + 1], "what is proposed was judged where the ledger stands"
    assert numbers(desk) == number + 2


def test_what_has_to_be_mended_is_read_page_by_page(desk: Desk) -> None:
    _, text = chosen(
        desk, as_csv(lines(*({"科技项目编号": f"KJ-BAD-{n:03d}", "总额(万元)": "90"} for n in range(120))))
    )
    assert text.count("the total says") == 100
    more = re.search(r'class="more" href="([^"]+)"', text)
    assert more
    assert desk.client.get(more[1], headers=desk.session("std-1")).text.count("the total says") == 20


def test_one_run_tells_rows_and_effect_within_what_its_proposer_is_confined_to(desk: Desk) -> None:
    ledger: Ledger = desk.client.app.state.ledger  # type: ignore[attr-defined]
    sheet = read_sheet(as_csv(lines({"科技项目编号": "KJ-2025-0009"})), ALLOCATION_PLAN)
    with ledger.reading() as book:
        planned, before = plan_allocation(sheet, book, TODAY), (book.number, dict(book.cells))
    for sources, refused in ((set[str](), []), ({"STIDF"}, []), ({"NSF"}, ["UNAUTHORISED"])):
        actor = Actor("p-std-1", Role.STD, sources=frozenset(sources))
        with ledger.reading() as book:
            faults, would = judge(book, sheet, planned, actor, day=TODAY)
        assert [next(code for code in Code if code in fault.en) for fault in faults] == refused
        assert would is not None
        assert would.number == before[0]
        assert sum(not isinstance(one.outcome, Accepted) for one in would.judged) == len(refused)
        assert bool(would.rows) is not bool(refused)
    with ledger.reading() as book:
        assert (book.number, dict(book.cells)) == before


def test_no_file_or_a_wrong_one_is_told_in_words(desk: Desk) -> None:
    sent: dict[str, Any] = {"data": {"on": ON}, "files": {"file": ("plan.csv", b"")}}
    answer = desk.client.post("/import", headers=desk.session("std-1"), params={"lang": "en"}, **sent)
    assert answer.status_code == 422
    assert "choose a file" in answer.text
    for content, name in ((b"\xd0\xcf\x11\xe0old", "plan.xls"), (b"no,such\n1,2\n", "plan.csv")):
        assert "What has to be mended" in chosen(desk, content, name)[1]


def test_the_empty_sheet_can_be_had(desk: Desk) -> None:
    answer = desk.client.get("/import/template", headers=desk.session("std-1"))
    assert answer.content[:2] == b"PK"
