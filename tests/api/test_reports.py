"""GET /v1/reports: sheets as data and as workbooks, within one's sight, at any moment, audited where they leave as files."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ledger.application import Ledger
from ledger.domain.catalogue import Role
from ledger.domain.movement import Actor
from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.application import Reconciliations
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.xlsx import MEDIA_TYPE
from tests.api.desk import Desk, done, refused
from tests.api.opening import department


def rows(sheet: dict[str, object], key: str) -> dict[str, dict[str, str]]:
    found: list[dict[str, str]] = sheet["rows"]  # type: ignore[assignment]
    return {row[key]: row for row in found}


def test_the_sheets_are_listed_by_their_numbers(two_projects: Desk) -> None:
    listed = two_projects.get("aud-1", "/v1/reports")["reports"]
    assert [(one["report"], one["number"]) for one in listed] == [(code, one.number) for code, one in REPORTS.items()]
    seen = {one["report"] for one in two_projects.get("und-1", "/v1/reports")["reports"]}
    assert seen == {code for code, report in REPORTS.items() if report.of_projects}


def test_execution_as_data_in_yuan_and_in_wan_yuan(two_projects: Desk) -> None:
    answer = two_projects.read("aud-1", "/v1/reports/execution")
    sheet = answer.json()
    krd = rows(sheet, "special")["RDT-KRD"]
    assert (krd["quota"], krd["committed"], krd["commit_rate"]) == ("3000000.00", "1000000.00", "33.33")
    assert answer.headers["Ledger-Number"] == str(sheet["number"])
    assert sheet["foot"][0]["name"]["zh"] == "合计"
    assert sheet["foot"][0]["values"]["adjusted"] == "1146260000.00"
    wan = two_projects.get("aud-1", "/v1/reports/execution", unit="wan")
    assert rows(wan, "special")["RDT-KRD"]["quota"] == "300.00"
    assert [line["name"]["zh"] for line in wan["foot"]][:2] == ["尾差", "合计"]
    assert "execution" in {column["key"].split("_")[0] for column in wan["columns"]}
    assert any("万元" in column["name"]["zh"] for column in wan["columns"])


def test_as_of_then(two_projects: Desk) -> None:
    last = two_projects.number()
    then = two_projects.get("aud-1", "/v1/reports/execution", at=last - 1)
    assert (then["number"], then["as_of"]["number"]) == (last - 1, last - 1)
    assert rows(then, "special")["MSP-BRK"]["committed"] == "0.00"
    now = two_projects.get("aud-1", "/v1/reports/execution")
    assert rows(now, "special")["MSP-BRK"]["committed"] == "2000000.00"
    assert now["as_of"] is None
    early = two_projects.get("aud-1", "/v1/reports/execution", effective="2025-01-31")
    assert rows(early, "special")["MSP-BRK"]["quota"] == "0.00"
    refused(two_projects.read("aud-1", "/v1/reports/execution", at=last + 1), "OUTSIDE_LIFE", 422)


def test_one_sees_one_s_own_and_is_told_that_it_is_partial(two_projects: Desk) -> None:
    sheet = two_projects.get("pm-1", "/v1/reports/execution")
    assert "RDT-KRD" in rows(sheet, "special")
    assert "MSP-BRK" not in rows(sheet, "special")
    assert any("有权查看" in said["zh"] for said in sheet["scope"])
    assert two_projects.read("pm-1", "/v1/reports/execution", special="MSP-BRK").status_code == 404
    assert two_projects.read("und-1", "/v1/reports/execution").status_code == 404
    assert two_projects.read("tre-1", "/v1/reports/execution").status_code == 403


def test_a_workbook_is_an_attachment_and_stands_in_the_audit_record(two_projects: Desk) -> None:
    answer = two_projects.read("fin-1", "/v1/reports/execution", format="xlsx", unit="wan")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    page = load_workbook(BytesIO(answer.content)).active
    assert page is not None
    assert str(page.cell(1, 1).value).startswith("执行进度表")
    line = two_projects.get("log-1", "/v1/trail", event="EXPORTED")["lines"][0]
    about = {"what": "report", "by": "execution", "number": int(answer.headers["Ledger-Number"])}
    assert (line["person"], line["about"]) == ("p-fin-1", about)
    two_projects.get("fin-1", "/v1/reports/execution")
    assert len(two_projects.get("log-1", "/v1/trail", event="EXPORTED")["lines"]) == 1


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/reports/nothing", {}),
        ("/v1/reports/execution", {"unit": "li"}),
        ("/v1/reports/execution", {"format": "pdf"}),
    ],
)
def test_what_there_is_not_is_malformed(quiet_desk: Desk, path: str, asked: dict[str, str]) -> None:
    refused(quiet_desk.read("aud-1", path, **asked), "MALFORMED", 422)


@pytest.mark.parametrize(
    "code", [code for code, report in REPORTS.items() if not (report.of_projects or report.one_sample)]
)
def test_what_is_of_no_single_project_is_not_narrowed_to_one(two_projects: Desk, code: ReportCode) -> None:
    source = {"source": "TREASURY"} if REPORTS[code].one_source else {}
    problem = refused(two_projects.read("aud-1", f"/v1/reports/{code}", project="KRD-1", **source), "MALFORMED", 422)
    assert problem["problems"][0]["where"] == "query.project"


@pytest.mark.parametrize("title", ["=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(A1)"])
def test_a_hostile_title_stays_text_in_a_workbook(two_projects: Desk, title: str) -> None:
    amended = {"project": "KRD-1", "title": title, "document": {"number": title}}
    two_projects.record("std-1", "ProjectAmended", "2025-03-01", **amended)
    answer = two_projects.read("fin-1", "/v1/reports/project-card", project="KRD-1", format="xlsx")
    page = load_workbook(BytesIO(answer.content)).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.quotePrefix for cell in cells if cell.value == title]
    assert all(cell.quotePrefix for cell in cells if cell.value == title)


@pytest.mark.parametrize(
    "code", [code for code, report in REPORTS.items() if not (report.one_source or report.one_sample)]
)
def test_every_sheet_is_answered_as_data_and_as_a_workbook(two_projects: Desk, code: ReportCode) -> None:
    project = {"project": "KRD-1"} if REPORTS[code].one_project else {}
    for who in ("aud-1", "pm-1", *(("und-1", "rec-1") if REPORTS[code].of_projects else ())):
        sheet = two_projects.get(who, f"/v1/reports/{code}", unit="wan", **project)
        assert {column["key"] for column in sheet["columns"]} >= {key for row in sheet["rows"] for key in row}
        checks = [line["values"] for line in sheet["foot"] if line["name"]["zh"].startswith("校验")]
        assert not [values for values in checks if set(values.values()) - {"0.00"}]
        assert two_projects.read(who, f"/v1/reports/{code}", format="xlsx", **project).status_code == 200
    if project:
        assert two_projects.read("aud-1", f"/v1/reports/{code}").status_code == 404
        assert two_projects.read("und-1", f"/v1/reports/{code}", project="BRK-1").status_code == 404


def test_a_payee_s_account_is_shown_to_who_may_read_it_and_the_reading_is_noted(two_projects: Desk) -> None:
    account = "6222020200001234567"
    order = {"order": "O-1", "project": "KRD-1", "instalment": "1", "amount": "1000", "payee": department("und-1")}
    order |= {"payee_account": account, "document": {"number": "拨1号"}}
    number = two_projects.record("std-1", "PaymentOrdered", "2025-03-01", **order)["number"]
    read = {
        who: rows(two_projects.get(who, "/v1/reports/payments"), "order")["O-1"] for who in ("std-1", "pm-1", "und-1")
    }
    assert {who: row["account"] for who, row in read.items()} == {
        "std-1": account,
        "pm-1": "已封存 sealed",
        "und-1": "已封存 sealed",
    }
    line = two_projects.get("log-1", "/v1/trail", event="PERSONAL_READ")["lines"]
    about = {"what": "payments", "count": 1, "number": number}
    assert [(one["person"], one["about"]) for one in line] == [("p-std-1", about)]
    book = load_workbook(BytesIO(two_projects.read("pm-1", "/v1/reports/payments", format="xlsx").content)).active
    assert book is not None
    assert account not in {str(cell.value) for row in book.iter_rows() for cell in row}


def test_a_key_that_is_not_good_for_personal_texts_reads_none_through_a_sheet(two_projects: Desk) -> None:
    order = {"order": "O-1", "project": "KRD-1", "instalment": "1", "amount": "1000", "payee": department("und-1")}
    order |= {"payee_account": "6222", "document": {"number": "拨1号"}}
    two_projects.record("std-1", "PaymentOrdered", "2025-03-01", **order)
    asked = {"label": "报表", "days": 7, "actions": ["SEE_BOOKS"]}
    key = done(two_projects.client.post("/v1/keys", json=asked, headers=two_projects.session("std-1")))["secret"]
    answer = two_projects.client.get("/v1/reports/payments", headers={"Authorization": f"Bearer {key}"})
    assert rows(answer.json(), "order")["O-1"]["account"] == "已封存 sealed"


def test_a_sheet_of_a_source_is_answered_to_who_sees_all_money_and_is_not_there_for_others(
    two_projects: Desk, ledger: Ledger
) -> None:
    Reconciliations(ledger).open_source("TREASURY", StatementKind.TREASURY, Actor("finance", Role.FIN))
    for code in ("reconciliation", "final-accounts"):
        sheet = two_projects.get("fin-1", f"/v1/reports/{code}", source="TREASURY", unit="wan")
        assert any("TREASURY" in said["zh"] for said in sheet["scope"])
        for language in ("zh", "en"):
            asked = {"source": "TREASURY", "format": "html", "language": language}
            assert two_projects.read("aud-1", f"/v1/reports/{code}", **asked).status_code == 200
        assert two_projects.read("aud-1", f"/v1/reports/{code}", source="TREASURY", format="xlsx").status_code == 200
        refused(two_projects.read("fin-1", f"/v1/reports/{code}", source="BANK"), "NOT_FOUND", 404)
    refused(two_projects.read("aud-1", "/v1/reports/reconciliation"), "NOT_FOUND", 404)
    refused(two_projects.read("und-1", "/v1/reports/reconciliation", source="TREASURY"), "NOT_FOUND", 404)
    asked = two_projects.read("aud-1", "/v1/reports/matching", fiscal_year=2025)
    assert refused(asked, "MALFORMED", 422)["problems"][0]["where"] == "query.fiscal_year"
    asked = two_projects.read("fin-1", "/v1/reports/quota", source="TREASURY")
    assert refused(asked, "MALFORMED", 422)["problems"][0]["where"] == "query.source"
