"""Reconciliation over HTTP with the demo year and its statements: taken, matched, looked at, dealt with, signed off by two."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from api.main import create_app
from api.routes import jobs as routes
from ledger import jobs
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.access.policy import Grant
from ledger.application import Ledger, business_day
from ledger.demo.statements import StatementFile, statement_files
from ledger.domain.catalogue import Role
from ledger.domain.reconciliation import StatementKind
from tests.api.conftest import in_process
from tests.api.desk import Desk, done, movement, refused
from tests.application.test_jobs import await_end
from tests.conftest import demo_year

TREASURY, BANK, QUOTA = "treasury", "bank", "quota"
NAMES = {StatementKind.TREASURY: TREASURY, StatementKind.BANK: BANK, StatementKind.QUOTA: QUOTA}
THROUGH = "2025-06-30"
AMOUNT = "实际支付金额"
PATH = "/v1/reconciliations"


@pytest.fixture(scope="module")
def ledger(server_dsn: str) -> Iterator[Ledger]:
    with demo_year(server_dsn) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def registered(ledger: Ledger) -> Iterator[People]:
    with closing(People(ledger.store.dsn, ledger.secret)) as registered:
        yield registered


@pytest.fixture(scope="module")
def files(ledger: Ledger) -> dict[str, StatementFile]:
    with ledger.reading() as book:
        return {NAMES[file.kind]: file for file in statement_files(book)}


@pytest.fixture(scope="module")
def app(ledger: Ledger, registered: People) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "HEARD_SECONDS", 0.02)
        patch.setattr(routes, "LOOK_SECONDS", 0.02)
        yield create_app(ledger, registered, today=business_day)


@pytest.fixture(scope="module")
def desk(app: FastAPI, people: DemoPeople, files: dict[str, StatementFile]) -> Iterator[Desk]:
    """Everybody's desk, and all three statements taken and matched."""
    with in_process(app) as client:
        desk = Desk(client, people)
        for kind, name in NAMES.items():
            against = {"against": TREASURY} if name == BANK else {}
            assert put(desk, "fin-1", name, {"kind": kind, **against}).status_code == 201
            taken = upload(desk, name, files[name].content, files[name].name)
            assert (taken["state"], taken["result"]["again"], taken["result"]["known"]) == ("DONE", False, 0)
            assert work(desk, post(desk, "fin-1", f"{name}/matchings", through=THROUGH))["state"] == "DONE"
        yield desk


@pytest.fixture(scope="module")
def faulty(files: dict[str, StatementFile]) -> bytes:
    """Treasury's file with a word for the amount in its third row."""
    rows = [line.split(",") for line in files[TREASURY].content.decode("gb18030").splitlines()]
    rows[2][rows[0].index(AMOUNT)] = "不是数字"
    return "\n".join(",".join(row) for row in rows).encode("gb18030")


def put(desk: Desk, who: str, name: str, body: Any) -> httpx2.Response:
    return desk.client.put(f"{PATH}/{name}", json=body, headers=desk.headers(who))


def post(desk: Desk, who: str, path: str, **body: Any) -> httpx2.Response:
    return desk.client.post(f"{PATH}/{path}", json=body, headers=desk.headers(who))


def work(desk: Desk, begun: httpx2.Response, who: str = "fin-1") -> Any:
    """Long work, once it has ended."""
    assert begun.status_code == 202, begun.text
    path = begun.headers["Location"]
    assert path == f"/v1/jobs/{begun.json()['job']}"
    await_end(desk.client.app.state.jobs, begun.json()["job"], f"p-{who}")  # type: ignore[attr-defined]
    return desk.get(who, path)


def upload(desk: Desk, name: str, content: bytes, file_name: str, **params: Any) -> Any:
    return work(desk, desk.post("fin-1", f"{PATH}/{name}/statements", content, name=file_name, **params))


def cases(desk: Desk, name: str, **params: Any) -> list[Any]:
    """All of them, page by page."""
    found, after = [], None
    while True:
        page = desk.get("aud-1", f"{PATH}/{name}/cases", **params, **({"after": after} if after else {}))
        found += page["cases"]
        after = page.get("next")
        if after is None:
            return found


def one(desk: Desk, **wanted: str) -> Any:
    """A case of treasury's."""
    return next(case for case in cases(desk, TREASURY) if wanted.items() <= case.items())


def standing(desk: Desk, name: str) -> dict[str, Any]:
    return next(source for source in desk.get("aud-1", PATH)["sources"] if source["source"] == name)


@pytest.mark.parametrize("name", NAMES.values())
def test_every_line_ends_as_the_files_say(desk: Desk, files: dict[str, StatementFile], name: str) -> None:
    found = Counter((case["status"], case.get("cause")) for case in cases(desk, name))
    del found["MATCHED", None]
    expected = Counter((str(one.status), one.cause and str(one.cause)) for one in files[name].expected)
    assert found == expected


def test_it_says_how_far_each_month_is(desk: Desk) -> None:
    source = standing(desk, TREASURY)
    assert (source["kind"], source["statements"], source["through"]) == ("TREASURY", 1, THROUGH)
    counted = Counter[str]()
    for month in source["months"]:
        counted.update({one["status"]: one["cases"] for one in month["statuses"]})
    assert counted == Counter(case["status"] for case in cases(desk, TREASURY))
    assert standing(desk, BANK)["against"] == TREASURY
    assert desk.read("aud-1", PATH).headers["Ledger-Number"] == str(desk.number())


def test_both_sides_stand_side_by_side(desk: Desk) -> None:
    slip = one(desk, cause="UNIT_SLIP")
    (mine,), (other,) = slip["ours"], slip["theirs"]
    assert mine["detail"] == other["detail"]
    assert mine["account_tail"] == other["account_tail"]
    assert len(mine["account_tail"]) <= 4
    assert float(mine["amount"]) == 10_000 * float(other["amount"])
    assert {"payee", "project", "document"} <= mine.keys()
    assert slip["rule_name"]["zh"]
    assert slip["owner"] == "FIN"
    open_one = next(case for case in cases(desk, BANK) if case["status"] == "MISSING_IN_LEDGER")
    assert (open_one["ours"], len(open_one["theirs"]), open_one["theirs"][0]["row"] > 1) == ([], 1, True)
    assert not [
        line for name in NAMES.values() for case in cases(desk, name) for line in case["ours"] if "gone" in line
    ]


def test_pages_are_of_a_month_a_status_or_what_is_open(desk: Desk) -> None:
    every = cases(desk, TREASURY, limit=500)
    assert [case["case"] for case in cases(desk, TREASURY, limit=97)] == [case["case"] for case in every]
    for params, good in (
        ({"month": "2025-03"}, lambda case: case["day"].startswith("2025-03")),
        ({"status": "TIMING"}, lambda case: case["status"] == "TIMING"),
        ({"open_only": "true"}, lambda case: "owner" in case),
    ):
        assert cases(desk, TREASURY, **params) == [case for case in every if good(case)] != []


def test_the_same_file_is_known(desk: Desk, files: dict[str, StatementFile]) -> None:
    again = upload(desk, TREASURY, files[TREASURY].content, "renamed.csv")
    assert (again["state"], again["result"]["again"]) == ("DONE", True)
    assert standing(desk, TREASURY)["statements"] == 1


def test_a_faulty_file_comes_back_with_reasons_and_leaves_nothing(desk: Desk, faulty: bytes) -> None:
    before = standing(desk, TREASURY)
    failed = upload(desk, TREASURY, faulty, "坏.csv")
    assert (failed["state"], failed["file"]) == ("FAILED", "坏-原因.xlsx")
    problem = failed["problem"]
    assert (problem["code"], problem["status"]) == ("FILE_NOT_TAKEN", 422)
    (fault,) = problem["problems"]
    assert (fault["row"], fault["where"], fault["column"].split()[1]) == (3, "row 3", AMOUNT)
    assert fault["zh"]
    assert fault["en"]
    file = desk.read("fin-1", f"/v1/jobs/{failed['job']}/file")
    assert "spreadsheetml" in file.headers["content-type"]
    header, good, bad = list(load_workbook(BytesIO(file.content)).active.values)[:3]  # type: ignore[union-attr]
    assert [cell for cell in header if cell][-2].startswith("原因 Reason")
    assert "不是数字" in bad
    assert fault["zh"] in str(bad[-2])
    assert good[-1] is good[-2] is None
    assert standing(desk, TREASURY) == before


def test_a_statement_is_tried_and_not_kept(desk: Desk, files: dict[str, StatementFile], faulty: bytes) -> None:
    assert put(desk, "fin-1", "trial", {"kind": "TREASURY"}).status_code == 201
    assert put(desk, "fin-1", "trial", {"kind": "TREASURY"}).status_code == 200
    tried = upload(desk, "trial", files[TREASURY].content, "t.csv", dry_run="true")
    told = {one["status"]: one["cases"] for one in tried["result"]["statuses"]}
    assert tried["result"]["lines"] == 1147
    assert told["AMOUNT_DIFF"] == sum(case["status"] == "AMOUNT_DIFF" for case in cases(desk, TREASURY))
    assert standing(desk, "trial")["statements"] == 0
    assert cases(desk, "trial") == []
    failed = upload(desk, "trial", faulty, "bad.csv", dry_run="true")
    assert failed["file"] == "bad-原因.xlsx"


def test_columns_are_seen_and_chosen_before_a_statement_is_taken(desk: Desk, files: dict[str, StatementFile]) -> None:
    odd = files[TREASURY].content.decode("gb18030").replace(AMOUNT, "划出数", 1).encode()
    assert put(desk, "fin-1", "chosen", {"kind": "TREASURY"}).status_code == 201
    seen = done(desk.post("fin-1", f"{PATH}/chosen/columns", odd))
    assert (seen["row"], len(seen["samples"]), "划出数" in seen["headers"]) == (1, 3, True)
    guessed = {one["field"]: one.get("header") for one in seen["fields"]}
    assert (guessed["detail"], guessed["actual"], guessed["applied"]) == ("支付明细号", None, "申请金额")
    column = ["actual=划出数", "text="]
    for wrong in (["actual=无此列"], ["nothing=划出数"]):
        failed = upload(desk, "chosen", odd, "w.csv", column=wrong)
        assert (failed["state"], failed["problem"]["problems"][0]["row"]) == ("FAILED", 1)
    twice = desk.post("fin-1", f"{PATH}/chosen/statements", odd, name="t.csv", column=["actual=划出数", "actual=摘要"])
    refused(twice, "MALFORMED", 422)
    assert standing(desk, "chosen").get("columns") is None
    taken = upload(desk, "chosen", odd, "t.csv", column=column)
    assert (taken["state"], taken["result"]["lines"]) == ("DONE", 1147)
    kept = standing(desk, "chosen")["columns"]
    assert (kept["actual"], kept.get("text")) == ("划出数", None)
    again = done(desk.post("fin-1", f"{PATH}/chosen/columns", odd))
    assert {one["field"]: one.get("header") for one in again["fields"]}["actual"] == "划出数"


def test_some_matches_are_accepted_and_no_case_that_is_open(desk: Desk) -> None:
    good, open_one = one(desk, status="MATCHED", kept="PROPOSED"), one(desk, cause="UNIT_SLIP")
    path = f"{TREASURY}/cases/acceptances"
    refused(post(desk, "fin-1", path, cases=[good["case"], open_one["case"]]), "TO_DO")
    assert [done(post(desk, "fin-1", path, cases=[good["case"]]))["cases"] for _ in range(2)] == [1, 0]
    accepted = next(case for case in cases(desk, TREASURY) if case["case"] == good["case"])
    assert (accepted["kept"], accepted["by"]) == ("ACCEPTED", "p-fin-1")
    done(post(desk, "fin-1", f"{TREASURY}/unmatchings", cases=[good["case"]]))
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through=THROUGH))


def test_what_cannot_be_done_says_why(desk: Desk) -> None:
    refused(put(desk, "fin-1", TREASURY, {"kind": "BANK"}), "OTHER_KIND")
    refused(put(desk, "fin-1", "new", {"kind": "BANK", "against": "nobody"}), "UNKNOWN_SOURCE", 404)
    refused(post(desk, "fin-1", "nobody/matchings", through=THROUGH), "UNKNOWN_SOURCE", 404)
    refused(post(desk, "fin-1", f"{TREASURY}/unmatchings", cases=[999_999]), "UNKNOWN_CASE", 422)
    for lines in ({"ours": [], "theirs": []}, {"ours": [], "theirs": ["999999"]}):
        refused(post(desk, "fin-1", f"{TREASURY}/matches", **lines, reason="x"), "UNKNOWN_LINE", 422)
    refused(post(desk, "fin-1", f"{TREASURY}/reopenings", month="2025-01"), "NOT_SIGNED")
    refused(post(desk, "fin-1", f"{TREASURY}/sign-offs", month="2031-01"), "NOT_MATCHED")
    empty = desk.post("fin-1", f"{PATH}/{TREASURY}/statements", b"", name="a.csv")
    refused(empty, "MALFORMED", 422)


def test_people_explain_match_by_hand_and_take_apart(desk: Desk) -> None:
    slip = one(desk, cause="UNIT_SLIP")
    reason = "国库按万元录入,已去函更正"
    done(post(desk, "fin-1", f"{TREASURY}/explanations", cases=[slip["case"]], cause="UNIT_SLIP", reason=reason))
    lonely, missing = one(desk, status="MISSING_IN_TREASURY"), one(desk, status="MISSING_IN_LEDGER")
    ours, theirs = [lonely["ours"][0]["key"]], [missing["theirs"][0]["key"]]
    done(post(desk, "fin-1", f"{TREASURY}/matches", ours=ours, theirs=theirs, reason="同一笔"))
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through=THROUGH))
    after = {case["case"]: case for case in cases(desk, TREASURY)}
    explained = after[slip["case"]]
    assert (explained["status"], explained["was"], explained["reason"]) == ("EXPLAINED", "AMOUNT_DIFF", reason)
    by_hand = next(case for case in after.values() if case["kept"] == "BY_HAND")
    assert ([line["key"] for line in by_hand["ours"]], by_hand["by"]) == (ours, "p-fin-1")
    apart = [by_hand["case"], slip["case"]]
    assert done(post(desk, "fin-1", f"{TREASURY}/unmatchings", cases=apart)) == {"source": TREASURY, "cases": 2}
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through=THROUGH))
    assert one(desk, cause="UNIT_SLIP")["kept"] == "PROPOSED"
    noted = [line["about"]["what"] for line in desk.get("log-1", "/v1/trail", event="RECONCILED", limit=500)["lines"]]
    assert noted[:5] == ["matching", "unmatching", "matching", "match", "explanation"]


def test_what_only_the_statement_tells_is_recorded_by_two_people_from_the_work_list(desk: Desk) -> None:
    path, month = f"{PATH}/{TREASURY}/worklist", "2025-06"
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through=THROUGH))
    listed = desk.get("aud-1", path, month=month)
    lacking = {task["facts"][0]["detail"]: task for task in listed["tasks"] if task["act"] == "RECORD"}
    unknown = lacking["MX-2025-990001"]
    assert (unknown["owner"], unknown["amount"]) == ("FIN", "88000.00")
    (fact,) = unknown["facts"]
    assert (fact["kind"], fact["fund"], fact["amount"]) == ("UnmatchedSettlementRecorded", "STIDF", "88000.00")
    assert listed["tasks"][-1]["act"] == "SIGN_OFF"
    slip = one(desk, cause="DIGITS_SWAPPED")["case"]
    refused(post(desk, "fin-1", f"{TREASURY}/facts", cases=[slip]), "NOT_LACKING")
    told = [{"case": unknown["case"], "detail": "MX-OTHER"}]
    proposal = done(post(desk, "fin-1", f"{TREASURY}/facts", cases=[unknown["case"]], told=told))["proposal"]
    refused(post(desk, "fin-1", f"{TREASURY}/facts", cases=[unknown["case"]]), "FACT_WAITS")
    refused(desk.approve("fin-1", proposal, effective_on=business_day().isoformat()), "SELF_APPROVAL")
    (waiting,) = (task for task in desk.get("aud-1", path, month=month)["tasks"] if task.get("proposal") == proposal)
    assert waiting["act"] == "APPROVE"
    done(desk.approve("fin-2", proposal, effective_on=business_day().isoformat()))
    refused(desk.read("pm-1", path, month=month), "NOT_FOUND", 404)
    (clear,) = (task for task in desk.get("aud-1", path, month="2025-07")["tasks"] if task["act"] == "CLEAR")
    assert (clear["item"], clear["amount"]) == ("MX-OTHER", "88000.00")


def test_a_month_is_signed_off_by_two_people_over_the_same_routes(desk: Desk) -> None:
    month = "2025-07"
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through="2025-07-31"))
    accepted = done(post(desk, "fin-1", f"{TREASURY}/acceptances", through=THROUGH))["cases"]
    assert accepted == sum(case["kept"] == "ACCEPTED" for case in cases(desk, TREASURY)) > 1_000
    signing = done(post(desk, "fin-1", f"{TREASURY}/sign-offs", month=month))
    assert signing["ledger_total"] == signing["statement_total"] != "0.00" == signing["unexplained"]
    refused(post(desk, "fin-1", f"{TREASURY}/sign-offs", month=month), "WAITS")
    (waiting,) = (one for one in standing(desk, TREASURY)["months"] if one["month"] == month)
    assert (waiting["state"], waiting["sign_off"]["proposal"]) == ("WAITING", signing["proposal"])
    on = business_day().isoformat()
    done(desk.approve("fin-2", signing["proposal"], effective_on=on))
    (signed,) = (one for one in standing(desk, TREASURY)["months"] if one["month"] == month)
    assert (signed["state"], signed["sign_off"]["number"]) == ("SIGNED", desk.number() - 1)
    (case,) = cases(desk, TREASURY, month=month)
    refused(post(desk, "fin-1", f"{TREASURY}/unmatchings", cases=[case["case"]]), "SIGNED")
    reopened = done(post(desk, "fin-1", f"{TREASURY}/reopenings", month=month))
    assert next(one for one in reopened["months"] if one["month"] == month)["state"] == "OPEN"


def test_a_month_whose_line_was_corrected_since_is_matched_again_before_it_is_signed(desk: Desk) -> None:
    month, done_by = "2025-06", {"status": "MATCHED", "month": "2025-06"}
    done(post(desk, "fin-1", f"{TREASURY}/acceptances", through=THROUGH))
    case = next(case for case in cases(desk, TREASURY, **done_by) if len(case["ours"]) == len(case["theirs"]) == 1)
    correction = movement(
        "EntryCorrected", "2025-07-01", reason="误记", lines=[{"number": int(case["ours"][0]["key"])}]
    )
    desk.sign("fin-1", "fin-2", correction)
    (touched,) = (one for one in cases(desk, TREASURY, **done_by) if one["case"] == case["case"])
    assert (touched["changed"], touched["ours"]) == (True, [{"key": case["ours"][0]["key"], "gone": True}])
    problem = refused(post(desk, "fin-1", f"{TREASURY}/sign-offs", month=month), "LINE_CHANGED")
    assert problem["details"] == {"case": case["case"]}
    done(post(desk, "fin-1", f"{TREASURY}/unmatchings", cases=[case["case"]]))
    work(desk, post(desk, "fin-1", f"{TREASURY}/matchings", through=THROUGH))
    again = next(one for one in cases(desk, TREASURY) if one["theirs"][:1] == case["theirs"])
    assert again["status"] == "TIMING"  # its order waits to be paid
    refused(
        post(desk, "fin-1", f"{TREASURY}/sign-offs", month=month), "PERIOD_CLOSED"
    )  # all that is left, in this year


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_the_sheet_is_made_while_one_goes_on(desk: Desk, form: str) -> None:
    made = work(desk, post(desk, "aud-1", f"{TREASURY}/sheets", through=THROUGH, format=form), "aud-1")
    assert made["file"] == f"对账单-{TREASURY}-{THROUGH}.{form}"
    file = desk.read("aud-1", f"/v1/jobs/{made['job']}/file")
    if form == "xlsx":
        assert len(list(load_workbook(BytesIO(file.content)).active.values)) > 1_000  # type: ignore[union-attr]
    else:
        assert file.headers["content-disposition"].startswith("attachment")
        assert "余额调节表" in file.text


def test_who_sees_but_some_of_the_money_sees_no_reconciliation(desk: Desk, registered: People) -> None:
    assert desk.get("pm-1", PATH) == {"sources": []}
    refused(desk.read("pm-1", f"{PATH}/{TREASURY}/cases"), "NOT_FOUND", 404)
    refused(post(desk, "pm-1", f"{TREASURY}/sheets", through=THROUGH), "NOT_FOUND", 404)
    person = registered.register.add("confined", "p-sec-1")
    registered.register.grant(person.id, Grant(Role.FIN, sources=frozenset({"STIDF"})), "p-sec-1")
    actions = registered.keyable(person.id, business_day())
    _, secret = registered.keys.make(person.id, "x", actions, 1, person.id)
    headers = {"Authorization": f"Bearer {secret}"}
    assert desk.client.get(PATH, headers=headers).json() == {"sources": []}
    refused(desk.client.get(f"{PATH}/{TREASURY}/cases", headers=headers), "NOT_FOUND", 404)
    for path, body in (("unmatchings", {"cases": [1]}), ("matchings", {"through": THROUGH})):
        answer = desk.client.post(f"{PATH}/{TREASURY}/{path}", json=body, headers=headers)
        refused(answer, "NOT_FOUND", 404)
