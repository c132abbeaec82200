"""GET /v1/vouchers/{number}: vouchers as data, page and workbook, within one's sight, audited where they leave."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ledger.reports.printing import SENT_WITH
from ledger.reports.xlsx import MEDIA_TYPE
from tests.api.desk import Desk, refused
from tests.api.opening import department

ACCOUNT = "6222020200001234567"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ordered(two_projects: Desk) -> tuple[Desk, int]:
    order = {"order": "O-1", "project": "KRD-1", "instalment": "1", "amount": "1680.32", "payee": department("und-1")}
    order |= {"payee_account": ACCOUNT, "document": {"number": f"拨1号{HOSTILE}"}}
    return two_projects, two_projects.record("std-1", "PaymentOrdered", "2025-03-01", **order)["number"]


def test_the_entries_of_a_movement_on_both_sides(ordered: tuple[Desk, int]) -> None:
    desk, number = ordered
    answer = desk.read("fin-1", f"/v1/vouchers/{number}")
    slip = answer.json()
    assert answer.headers["Ledger-Number"] == str(slip["standing"]) == str(number)
    assert [(line["account"], line.get("debit"), line.get("credit")) for line in slip["entries"]] == [
        ("B220", "1680.32", None),
        ("B230", None, "1680.32"),
    ]
    assert (slip["total"], slip["capitals"]) == ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分")
    assert slip["prepared"] == "p-std-1 STD"


def test_a_payee_s_account_is_shown_to_who_may_read_it(ordered: tuple[Desk, int]) -> None:
    desk, number = ordered
    for who, said in (("aud-1", ACCOUNT), ("pm-1", "已封存 sealed"), ("und-1", "已封存 sealed")):
        slip = desk.get(who, f"/v1/vouchers/{number}", form="payment")
        assert {fact["key"]: fact["value"] for fact in slip["facts"]}["account"] == said
    (line,) = desk.get("log-1", "/v1/trail", event="PERSONAL_READ")["lines"]
    assert (line["person"], line["about"]) == ("p-aud-1", {"what": "voucher", "number": number, "count": 1})


def test_a_page_to_print_loads_nothing_and_a_workbook_is_an_attachment(ordered: tuple[Desk, int]) -> None:
    desk, number = ordered
    page = desk.read("fin-1", f"/v1/vouchers/{number}", form="payment", format="html", language="en")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == SENT_WITH
    assert "Payment voucher" in page.text
    assert HOSTILE not in page.text
    file = desk.read("fin-1", f"/v1/vouchers/{number}", format="xlsx")
    assert (file.status_code, file.headers["content-type"]) == (200, MEDIA_TYPE)
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert load_workbook(BytesIO(file.content)).active is not None
    exported = desk.get("log-1", "/v1/trail", event="EXPORTED")["lines"]
    assert [line["about"]["by"] for line in exported] == ["accounting", "payment"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_is_printed_in_one_language(two_projects: Desk, language: str) -> None:
    page = two_projects.read("fin-1", "/v1/reports/execution", format="html", unit="wan", language=language)
    assert page.headers["content-security-policy"] == SENT_WITH
    assert ("单位:万元" if language == "zh" else "Unit: 10,000 yuan") in page.text
    assert page.headers["Ledger-Number"] == str(two_projects.number())
    (line,) = two_projects.get("log-1", "/v1/trail", event="EXPORTED")["lines"]
    assert line["about"] == {"what": "report", "by": "execution", "number": two_projects.number()}


def test_what_is_not_seen_posts_nothing_or_is_no_payment_is_not_there(ordered: tuple[Desk, int]) -> None:
    desk, number = ordered
    journal = desk.get("aud-1", "/v1/movements", limit=500)["movements"]
    posts_nothing = next(one["number"] for one in journal if one["kind"] == "ProjectRegistered")
    elsewhere = next(
        one["number"]
        for one in journal
        if one["kind"] == "PreFundingCommitted" and one["movement"]["project"] == "BRK-1"
    )
    refused(desk.read("fin-1", f"/v1/vouchers/{posts_nothing}"), "NOT_FOUND", 404)
    refused(desk.read("und-1", f"/v1/vouchers/{elsewhere}"), "NOT_FOUND", 404)
    refused(desk.read("fin-1", f"/v1/vouchers/{elsewhere}", form="payment"), "NOT_FOUND", 404)
    refused(desk.read("fin-1", f"/v1/vouchers/{number + 1}"), "NOT_FOUND", 404)
    assert desk.get("fin-1", f"/v1/vouchers/{elsewhere}")["number"] == elsewhere
