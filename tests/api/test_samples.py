"""Working papers over HTTP: drawn, filled in and reviewed by auditors alone; their sheet foots and draws the sample again."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from io import BytesIO
from typing import Any

import httpx2
import pytest
from openpyxl import load_workbook

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.access.policy import POLICY, Action, Grant
from ledger.application import Ledger
from ledger.audit.tree import root_by
from ledger.domain.catalogue import Fund, Role
from tests.api.conftest import in_process
from tests.api.desk import Desk, done, refused

AT = 8_000
ASKED = {
    "matter": "国库支付",
    "at": AT,
    "kind": "PaymentSettled",
    "method": "MONETARY_UNIT",
    "seed": "2025-AUD",
    "size": 12,
}
FOUND = {"checks": ["AGREES"] * 6, "version": 1}


@pytest.fixture(scope="module")
def registered(demo_ledger: Ledger) -> Iterator[People]:
    with closing(People(demo_ledger.store.dsn, demo_ledger.secret)) as registered:
        yield registered


@pytest.fixture(scope="module")
def desk(demo_ledger: Ledger, registered: People, people: DemoPeople) -> Iterator[Desk]:
    with in_process(create_app(demo_ledger, registered, today=lambda: date(2025, 7, 1))) as client:
        yield Desk(client, people)


@pytest.fixture(scope="module")
def second(registered: People) -> dict[str, str]:
    """Headers of a second auditor."""
    person = registered.register.add("审计二", "test")
    registered.register.grant(person.id, Grant(Role.AUD), "test")
    _, secret = registered.keys.make(person.id, "test", {Action.AUDIT}, 30, person.id)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def paper(desk: Desk, request: pytest.FixtureRequest) -> Any:
    return done(sent(desk, "POST", "/v1/samples", {"paper": request.node.name, **ASKED}))


def sent(desk: Desk, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
    return desk.client.request(method, path, json=body, headers=headers or desk.headers("aud-1"))


def put(desk: Desk, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
    return sent(desk, "PUT", path, body, headers)


def test_each_item_is_proven_and_its_amount_is_the_movement_s(desk: Desk, paper: Any) -> None:
    assert paper["population_movements"] > len(paper["drawn_items"]) == paper["items"] > 0
    for item in paper["drawn_items"]:
        movement = desk.get("aud-1", f"/v1/movements/{item['number']}")
        assert (movement["leaf"], movement["kind"]) == (item["leaf"], "PaymentSettled")
        assert item["amount"] in {entry["amount"] for entry in movement["entries"]}
        leaf, *path = (bytes.fromhex(one) for one in (item["leaf"], *item["path"]))
        assert root_by(leaf, item["number"] - 1, AT, path) == bytes.fromhex(paper["root"])


def test_a_paper_is_filled_in_concluded_and_reviewed_by_another(desk: Desk, paper: Any, second: dict[str, str]) -> None:
    path = f"/v1/samples/{paper['id']}"
    differs = {**FOUND, "checks": ["DIFFERS", *FOUND["checks"][1:]], "exception": "少附发票", "criterion": "第 12 条"}
    for item in paper["drawn_items"]:
        body = differs if item["item"] == 1 else FOUND
        assert done(put(desk, f"{path}/items/{item['item']}", body))["version"] == 2
    refused(put(desk, f"{path}/items/1", {**FOUND, "reply": "已补"}), "PAPER_CHANGED")
    refused(put(desk, f"{path}/review", None, second), "PAPER_UNFINISHED")
    done(put(desk, f"{path}/conclusion", {"conclusion": "一项不符", "version": 1}))
    refused(put(desk, f"{path}/review", None), "OWN_PAPER", 403)
    reviewed = done(put(desk, f"{path}/review", None, second))
    assert (reviewed["finished"], reviewed["exceptions"]) == (paper["items"], 1)
    refused(put(desk, f"{path}/items/1", {**FOUND, "version": 2}), "PAPER_REVIEWED")
    sheet = desk.get("aud-1", "/v1/reports/sampling", sample=paper["id"])
    assert [row["A"][:2] for row in sheet["rows"]] == ["不符", *["相符"] * (paper["items"] - 1)]
    events = desk.get("log-1", "/v1/trail", event="SAMPLED")["lines"]
    assert events[0]["about"] == {"sample": paper["id"], "what": "review"}


def test_the_sheet_says_what_the_paper_says_and_draws_it_again(desk: Desk, paper: Any) -> None:
    sheet = desk.get("aud-1", "/v1/reports/sampling", sample=paper["id"])
    assert sheet["number"] == AT
    for row, item in zip(sheet["rows"], paper["drawn_items"], strict=True):
        assert (int(row["number"]), row["amount"]) == (item["number"], item["amount"])
        assert (row["leaf"], row["proof"].split()) == (item["leaf"], item["path"])
        assert row["figure"] == f"/movements/{item['number']}?at={AT}"
    checks = [line["values"] for line in sheet["foot"] if line["name"]["zh"].startswith("校验")]
    assert len(checks) == 2
    assert all(set(values.values()) == {"0.00"} for values in checks)
    answer = desk.read("aud-1", "/v1/reports/sampling", sample=paper["id"], format="xlsx")
    page = load_workbook(BytesIO(answer.content)).active
    assert page is not None
    assert [cell.value for row in page.iter_rows() for cell in row if cell.value == paper["drawn_items"][0]["leaf"]]
    assert "树" in desk.read("aud-1", "/v1/reports/sampling", sample=paper["id"], format="html").text


def test_it_is_the_auditors_alone(desk: Desk, paper: Any, registered: People) -> None:
    for who in ("fin-1", "std-1", "sec-1"):
        refused(desk.read(who, f"/v1/samples/{paper['id']}"), "NOT_FOR_THIS_ROLE", 403)
    refused(desk.read("fin-1", "/v1/reports/sampling", sample=paper["id"]), "NOT_FOUND", 404)
    assert "sampling" not in {one["report"] for one in desk.get("fin-1", "/v1/reports")["reports"]}
    confined = registered.register.add("审计三", "test")
    registered.register.grant(confined.id, Grant(Role.AUD, sources=frozenset({Fund.NSF})), "test")
    _, secret = registered.keys.make(
        confined.id, "test", POLICY[Role.AUD].keys() & {Action.AUDIT, Action.SEE_BOOKS}, 30, confined.id
    )
    answer = desk.client.get("/v1/samples", headers={"Authorization": f"Bearer {secret}"})
    refused(answer, "NOT_FOUND", 404)


@pytest.mark.parametrize(
    ("asked", "where"),
    [({"at": 5}, "at"), ({"period": "2025-06"}, "period"), ({"effective": "2025-06-01"}, "effective")],
)
def test_a_paper_stands_as_it_stands(desk: Desk, paper: Any, asked: dict[str, Any], where: str) -> None:
    problem = refused(desk.read("aud-1", "/v1/reports/sampling", sample=paper["id"], **asked), "MALFORMED", 422)
    assert problem["problems"][0]["where"] == f"query.{where}"


def test_a_sheet_of_no_paper_is_not_asked_for_one(desk: Desk, paper: Any) -> None:
    problem = refused(desk.read("aud-1", "/v1/reports/execution", sample=paper["id"]), "MALFORMED", 422)
    assert problem["problems"][0]["where"] == "query.sample"
    assert desk.read("aud-1", "/v1/reports/sampling").status_code == 404


@pytest.mark.parametrize(
    "body", [{**ASKED, "size": 0}, {**ASKED, "method": "DICE"}, {**ASKED, "seed": "a b"}, {**ASKED, "x": 1}]
)
def test_a_sample_that_is_asked_for_wrongly_is_malformed(desk: Desk, body: Any) -> None:
    refused(sent(desk, "POST", "/v1/samples", {"paper": "P", **body}), "MALFORMED", 422)
