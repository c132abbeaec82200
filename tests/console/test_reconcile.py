"""Reconciling on pages, by plain forms: what they show is what the routes answer, and what is done is done by the routes' rules."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.main import create_app
from ledger import jobs
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger, business_day
from ledger.demo.statements import StatementFile, statement_files
from ledger.domain.reconciliation import StatementKind
from tests.api.conftest import in_process
from tests.api.desk import Desk, done
from tests.application.test_jobs import await_end
from tests.conftest import demo_year

PATH, ROUTE, THROUGH = "/reconcile/treasury", "/v1/reconciliations/treasury", "2025-06-30"


@pytest.fixture(scope="module")
def ledger(server_dsn: str) -> Iterator[Ledger]:
    with demo_year(server_dsn) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def file(ledger: Ledger) -> StatementFile:
    with ledger.reading() as book:
        return next(one for one in statement_files(book) if one.kind is StatementKind.TREASURY)


@pytest.fixture(scope="module")
def app(ledger: Ledger) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        patch.setattr(jobs, "HEARD_SECONDS", 0.02)
        yield create_app(ledger, registered, today=business_day)


@pytest.fixture(scope="module")
def office(app: FastAPI, people: DemoPeople, file: StatementFile) -> Iterator[Desk]:
    """Everybody's desk; treasury's statement was uploaded and matched on the pages."""
    with in_process(app) as client:
        desk = Desk(client, people)
        opened = post(desk, "/reconcile", name="treasury", kind="TREASURY", against="")
        assert (opened.status_code, opened.headers["location"]) == (303, PATH)
        ended(desk, upload(desk, file.content))
        ended(desk, post(desk, f"{PATH}/matchings", through=THROUGH))
        yield desk


def post(desk: Desk, path: str, *, who: str = "fin-1", **fields: str) -> httpx2.Response:
    return desk.client.post(path, headers=desk.session(who), data=fields, follow_redirects=False)


def upload(desk: Desk, content: bytes, **fields: str) -> httpx2.Response:
    files = {"file": ("账单.csv", content)}
    return desk.client.post(
        f"{PATH}/statements", headers=desk.session("fin-1"), data=fields, files=files, follow_redirects=False
    )


def ended(desk: Desk, begun: httpx2.Response) -> str:
    """The page of long work once it has ended."""
    assert begun.status_code == 303, begun.text
    path = begun.headers["location"]
    await_end(desk.client.app.state.jobs, int(path.rpartition("/")[2]), "p-fin-1")  # type: ignore[attr-defined]
    return page(desk, path)


def page(desk: Desk, path: str, who: str = "fin-1", **params: Any) -> str:
    answer = desk.client.get(path, headers=desk.session(who), params={"lang": "en", "unit": "yuan", **params})
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def cases(desk: Desk, **params: Any) -> list[Any]:
    found, after = [], {}
    while True:
        answer = desk.get("aud-1", f"{ROUTE}/cases", limit=500, **params, **after)
        found += answer["cases"]
        if "next" not in answer:
            return found
        after = {"after": answer["next"]}


def tasks(desk: Desk, month: str) -> list[Any]:
    found: list[Any] = desk.get("aud-1", f"{ROUTE}/worklist", month=month)["tasks"]
    return found


def test_the_months_are_those_of_the_route(office: Desk) -> None:
    (source,) = office.get("aud-1", "/v1/reconciliations")["sources"]
    for said in (page(office, "/reconcile"), page(office, PATH), page(office, "/reconcile", "aud-1")):
        for month in source["months"]:
            every = sum(one["cases"] for one in month["statuses"])
            assert re.search(rf">{month['month']}</a></td>\s*<td class=\"n\">{every}</td>", said)
    assert "<form" not in page(office, PATH, "aud-1").split("<main")[1]
    assert page(office, PATH, "pm-1") == "404"


def test_cases_are_those_of_the_route_page_by_page(office: Desk) -> None:
    waiting = cases(office, open_only="true")
    said = page(office, f"{PATH}/cases", open_only="true", limit=10)
    assert re.findall(r'<tbody id="case-(\d+)"', said) == [str(one["case"]) for one in waiting[:10]]
    assert f"Whole filter: {len(waiting)} cases, {len(waiting)} of them open" in said
    assert re.search(r'class="more" href="[^"]*after=', said)
    slip = next(one for one in waiting if one.get("cause") == "UNIT_SLIP")
    (row,) = re.findall(
        rf'<tbody id="case-{slip["case"]}".*?</tbody>', page(office, f"{PATH}/cases", open_only="true"), re.DOTALL
    )
    for side in ("ours", "theirs"):
        assert f"{float(slip[side][0]['moved']):,.2f}" in row
    assert f"{float(slip['difference']):,.2f}" in row


def test_columns_are_shown_and_chosen_and_a_faulty_file_comes_back(office: Desk, file: StatementFile) -> None:
    odd = file.content.decode("gb18030").replace("实际支付金额", "划出数", 1).encode()
    seen = upload(office, odd, look="1")
    assert seen.status_code == 200
    assert re.search(r'name="column.actual"[^>]*><option value="">[^<]*</option>.*?划出数', seen.text)
    failed = ended(office, upload(office, odd, **{"column.actual": "无此列"}))
    assert 'role="alert"' in failed
    assert re.search(r'href="/v1/jobs/\d+/file"', failed)
    none = office.client.post(f"{PATH}/statements", headers=office.session("fin-1"), data={}, files={"file": ("", b"")})
    assert none.status_code == 422
    assert 'role="alert"' in none.text


def test_cases_are_accepted_taken_apart_matched_and_explained(office: Desk) -> None:
    good = next(one for one in cases(office, status="MATCHED") if one["kept"] == "PROPOSED")
    answer = post(office, f"{PATH}/cases?status=MATCHED", accept=str(good["case"]), next="7")
    assert answer.headers["location"] == f"{PATH}/cases?status=MATCHED&did=accept#case-7"
    assert next(one for one in cases(office) if one["case"] == good["case"])["kept"] == "ACCEPTED"
    waiting = cases(office, open_only="true")
    refused = post(office, f"{PATH}/cases", accept=str(waiting[0]["case"]))
    assert refused.status_code == 409
    slip = next(one for one in waiting if one.get("cause") == "UNIT_SLIP")
    empty = post(office, f"{PATH}/cases", explain="1", reason="国库按万元录入")
    assert empty.status_code == 422
    assert "国库按万元录入" in empty.text
    chosen = {f"case.{slip['case']}": "on"}
    post(office, f"{PATH}/cases", explain="1", reason="国库按万元录入", cause="UNIT_SLIP", **chosen)
    explained = next(one for one in cases(office) if one["case"] == slip["case"])
    assert (explained["status"], explained["reason"]) == ("EXPLAINED", "国库按万元录入")
    mine = next(one for one in waiting if one["status"] == "MISSING_IN_TREASURY")["ours"][0]["key"]
    other = next(one for one in waiting if one["status"] == "MISSING_IN_LEDGER")["theirs"][0]["key"]
    lines = {f"ours.{mine}": "on", f"theirs.{other}": "on"}
    unreasoned = post(office, f"{PATH}/cases?open_only=true", match="1", reason="", **lines)
    assert unreasoned.status_code == 422
    assert re.search(rf'name="ours.{mine}"[^>]* checked', unreasoned.text)
    assert post(office, f"{PATH}/cases", match="1", reason="同一笔", **lines).status_code == 303
    by_hand = next(one for one in cases(office) if one["kept"] == "BY_HAND")
    assert [line["key"] for line in by_hand["ours"]] == [mine]
    for apart in (by_hand, slip):
        assert post(office, f"{PATH}/cases", apart=str(apart["case"])).status_code == 303
    assert by_hand["case"] not in {one["case"] for one in cases(office)}
    ended(office, post(office, f"{PATH}/matchings", through=THROUGH))


def test_lines_ticked_on_one_page_are_matched_with_those_of_another(office: Desk) -> None:
    waiting = cases(office, open_only="true")
    mine = next(one for one in waiting if one["status"] == "MISSING_IN_TREASURY")["ours"][0]
    other = next(one for one in waiting if one["status"] == "MISSING_IN_LEDGER")["theirs"][0]
    first, second = f"ours.{mine['key']}", f"theirs.{other['key']}"
    kept = post(office, f"{PATH}/cases?status=MISSING_IN_TREASURY", keep="1", **{first: "on"})
    assert kept.headers["location"] == f"{PATH}/cases?status=MISSING_IN_TREASURY&held={first}"
    elsewhere = page(office, f"{PATH}/cases", status="MISSING_IN_LEDGER", held=f"{first},{second}")
    for name, line in ((first, mine), (second, other)):
        (box,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', elsewhere)
        assert " checked" in box
        assert f'data-fen="{line["moved"].replace(".", "")}"' in box
    matched = post(
        office, f"{PATH}/cases?held={first}", match="1", reason="同一笔", **dict.fromkeys((first, second), "on")
    )
    assert matched.headers["location"] == f"{PATH}/cases?did=match"
    by_hand = next(one for one in cases(office) if one["kept"] == "BY_HAND")
    assert ([mine["key"]], [other["key"]]) == tuple([line["key"] for line in by_hand[s]] for s in ("ours", "theirs"))
    assert post(office, f"{PATH}/cases", apart=str(by_hand["case"])).status_code == 303
    ended(office, post(office, f"{PATH}/matchings", through=THROUGH))


def test_what_cannot_be_done_is_not_shown(office: Desk) -> None:
    shut = page(office, f"{PATH}/worklist", month="2025-03")
    assert 'name="sign_off"' not in shut
    assert 'name="reopen"' not in shut
    assert "The month is closed in the ledger" in shut


def test_facts_are_handed_on_and_a_month_is_signed_by_a_second_person(office: Desk) -> None:
    listed = tasks(office, "2025-06")
    record = next(one for one in listed if one["act"] == "RECORD")
    path = f"{PATH}/worklist?month=2025-06"
    said = page(office, f"{PATH}/worklist", month="2025-06")
    assert said.count("<tr><th") == len(listed)
    assert "export" in said
    assert post(office, path, facts="1").status_code == 422
    proposed = post(office, path, facts="1", **{f"case.{record['case']}": "on"})
    assert proposed.status_code == 303
    assert "APPROVE" in {
        one["act"] for one in office.get("aud-1", "/v1/reconciliations/treasury/worklist", month="2025-06")["tasks"]
    }
    shut = post(office, f"{PATH}/worklist?month=2025-03", sign_off="1")
    assert (shut.status_code, "2025-03" in shut.text) == (409, True)
    ended(office, post(office, f"{PATH}/matchings", through="2025-07-31"))
    signing = post(office, f"{PATH}/worklist?month=2025-07", sign_off="1")
    assert signing.status_code == 303
    (source,) = office.get("aud-1", "/v1/reconciliations")["sources"]
    month = next(one for one in source["months"] if one["month"] == "2025-07")
    assert month["state"] == "WAITING"
    done(office.approve("fin-2", month["sign_off"]["proposal"], effective_on=business_day().isoformat()))
    assert "Sign-off · Signed" in page(office, f"{PATH}/worklist", month="2025-07")
    settled = page(office, f"{PATH}/cases", month="2025-07")
    assert '<tbody id="case-' in settled
    assert not re.search(r'name="(accept|apart|case[.]|ours[.]|theirs[.])', settled)
    assert post(office, f"{PATH}/worklist?month=2025-07", reopen="1").status_code == 303
    assert "Sign-off · Not signed" in page(office, f"{PATH}/worklist", month="2025-07")


@pytest.mark.parametrize("report", ["payments", "reconciliation", "final-accounts"])
def test_the_sheets_of_the_month_are_had(office: Desk, report: str) -> None:
    said = page(office, f"{PATH}/worklist", month="2025-06")
    (href,) = re.findall(rf'href="(/v1/reports/{report}\?[^"]*format=xlsx[^"]*)"', said)
    answer = office.client.get(href.replace("&amp;", "&"), headers=office.session("fin-1"))
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
