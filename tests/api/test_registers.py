"""Projects, parties, availability, refused attempts, documents and the catalogue."""

import hashlib

import pytest

from ledger.domain.catalogue import FUNDS, PLANS, ROLES, SPECIALS
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import Code
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY, UNDERTAKER, allocate, credit_code, open_2025, register_project


def register_parties(desk: Desk, count: int) -> list[str]:
    codes = sorted(credit_code(serial) for serial in range(1, count + 1))
    for code in codes:
        desk.record("std-1", "PartyRegistered", DAY, credit_code=code, name=f"单位{code[-4:]}", level="REGIONAL")
    return codes


def test_parties_come_in_pages_with_all_their_names(desk: Desk) -> None:
    codes = register_parties(desk, 5)
    desk.record("std-1", "PartyRenamed", "2025-02-01", credit_code=codes[0], name="新名称")
    first = desk.get("aud-1", "/v1/parties", limit=3)
    second = desk.get("aud-1", "/v1/parties", limit=3, after=first["next"])
    assert [party["credit_code"] for party in first["parties"] + second["parties"]] == codes
    assert "next" not in second
    party = desk.get("aud-1", f"/v1/parties/{codes[0]}")
    assert (party["name"], len(party["names"])) == ("新名称", 2)


def test_projects_come_in_pages_and_by_special(desk: Desk) -> None:
    register_parties(desk, 1)
    for project in ("KJ/2025/2", "A-1", "B-1"):
        register_project(desk, project, "RDT-KRD", mode="COMPETITIVE")
    register_project(desk, "C-1", "RDT-CHN", mode="CHALLENGE")
    first = desk.get("pm-1", "/v1/projects", limit=2)
    second = desk.get("pm-1", "/v1/projects", limit=2, after=first["next"])
    assert [line["project"] for line in first["projects"] + second["projects"]] == ["A-1", "B-1", "C-1", "KJ/2025/2"]
    assert [line["project"] for line in desk.get("pm-1", "/v1/projects", special="RDT-CHN")["projects"]] == ["C-1"]
    assert desk.get("pm-1", "/v1/projects", undertaker=credit_code(9))["projects"] == []
    project = desk.get("pm-1", "/v1/projects/KJ/2025/2")
    assert project["mode"]["name"] == {"zh": "竞争立项", "en": "Competitive selection"}
    assert project["undertaker"] == {"credit_code": UNDERTAKER, "name": f"单位{UNDERTAKER[-4:]}"}
    assert (project["plan"], project["function"]) == ("RDT", "2060404")


def test_availability_says_from_where_and_what_is_reserved(desk: Desk) -> None:
    open_2025(desk)
    nothing = desk.get("pm-1", "/v1/availability", special="RDT-KRD")
    assert (nothing["available"], nothing["net"]) == ("0.00", "0.00")
    assert any("allocate" in words["en"] for words in nothing["why"])
    allocate(desk, "RDT-KRD", "100")
    reserved = movement("FundsReserved", "2025-02-01", fund="STIDF", vintage=2025, special="RDT-KRD", amount="30")
    reserved |= {"call": "CALL-1", "expires_on": "2025-12-31", "document": {"number": "1号"}}
    reserved.pop("vintage")
    desk.sign("std-1", "fin-1", reserved)
    found = desk.get("pm-1", "/v1/availability", special="RDT-KRD", fiscal_year=2025)
    assert (found["available"], found["reserved"], found["net"]) == ("100.00", "30.00", "70.00")
    assert found["available_from"] == [{"fund": "STIDF", "vintage": 2025, "available": "100.00"}]
    assert found["reserved_for"][0] | {"expires_on": ""} == {
        "call": "CALL-1",
        "fund": "STIDF",
        "reserved": "30.00",
        "expires_on": "",
    }
    assert found["reservations_block"] is False
    assert desk.get("pm-1", "/v1/availability", special="RDT-KRD", fiscal_year=2024)["available"] == "0.00"


def test_a_call_that_expired_and_another_year_hold_nothing_back(desk: Desk) -> None:
    open_2025(desk)
    allocate(desk, "RDT-KRD", "100")
    for call, amount, expires in (("OLD", "30", "2025-06-29"), ("NEW", "20", "2025-06-30")):
        fields = {"call": call, "fund": "STIDF", "special": "RDT-KRD", "amount": amount, "expires_on": expires}
        desk.sign("std-1", "fin-1", movement("FundsReserved", "2025-02-01", **fields))
    found = desk.get("pm-1", "/v1/availability", special="RDT-KRD")
    assert (found["available"], found["reserved"], found["net"]) == ("100.00", "20.00", "80.00")
    assert [held["call"] for held in found["reserved_for"]] == ["NEW"]
    for by in ("plan", "special", "source", "project"):
        total = desk.get("aud-1", "/v1/balances", by=by)["total"]
        assert (total["reserved"], total["net"]) == ("50.00", "80.00")
    assert desk.get("aud-1", "/v1/balances", by="plan", fiscal_year=2030)["total"]["net"] == "0.00"


def test_the_balances_of_one_project_are_its_own_in_every_grouping(desk: Desk) -> None:
    open_2025(desk)
    for by in ("plan", "special", "project", "source", "fund"):
        total = desk.get("aud-1", "/v1/balances", by=by, project="OLD-NSF")["total"]
        assert (total["total"], total["committed"], total["appropriated"]) == ("12600000.00", "12600000.00", "0.00")


def test_refused_attempts_are_kept_and_paged(desk: Desk) -> None:
    wrong = movement("AppropriationReceived", DAY, fund="ATRD", vintage=2025, amount="1", document={"number": "1号"})
    for who in ("fin-1", "fin-2", "std-1"):
        desk.ask(who, wrong)
    first = desk.get("aud-1", "/v1/attempts", limit=2)
    second = desk.get("aud-1", "/v1/attempts", limit=2, before=first["next"])
    attempts = first["attempts"] + second["attempts"]
    assert [attempt["actor"]["subject"] for attempt in attempts] == ["p-std-1", "p-fin-2", "p-fin-1"]
    assert [attempt["code"] for attempt in attempts] == ["UNAUTHORISED", "FUND_CLOSED", "FUND_CLOSED"]
    assert (attempts[1]["number"], attempts[1]["request"]["amount"]) == (0, "1.00")
    assert attempts[1]["message"]["zh"].startswith("该资金已整合")
    assert len(desk.get("aud-1", "/v1/attempts", code="UNAUTHORISED")["attempts"]) == 1


def test_the_catalogue_names_everything_in_two_languages(desk: Desk) -> None:
    found = desk.get("adm-1", "/v1/catalogue")

    def codes(what: str) -> list[str]:
        assert all(line["name"]["zh"] and line["name"]["en"] for line in found[what]), what
        return [line["code"] for line in found[what]]

    assert codes("plans") == list(PLANS)
    assert codes("specials") == list(SPECIALS)
    assert codes("funds") == list(FUNDS)
    assert codes("roles") == list(ROLES)
    assert codes("kinds") == list(MOVEMENTS)
    assert codes("refusals") == list(Code)
    assert {"MALFORMED", "UNKNOWN_OUTCOME"} <= set(codes("problems"))
    assert {"net", "available"} <= set(codes("figures"))
    allocated = next(kind for kind in found["kinds"] if kind["code"] == "FundsAllocated")
    assert ["STD", "FIN"] in allocated["signs"]
    assert allocated["clause"]


# -- documents


def upload(desk: Desk, content: bytes, name: str, media_type: str = "application/pdf") -> dict[str, object]:
    headers = desk.headers("fin-1") | {"Content-Type": media_type}
    return done(desk.client.post("/v1/documents", content=content, headers=headers, params={"name": name}))  # type: ignore[no-any-return]


def test_a_document_is_opened_by_its_hash_as_an_attachment(desk: Desk) -> None:
    content = bytes(range(256)) * 10
    kept = upload(desk, content, '指标 "文件"/1.pdf')
    assert kept == {"sha256": hashlib.sha256(content).hexdigest(), "size": 2560, "new": True}
    assert upload(desk, content, "again.pdf")["new"] is False
    answer = desk.read("aud-1", f"/v1/documents/{kept['sha256']}")
    assert (answer.content, answer.headers["content-type"]) == (content, "application/pdf")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''%E6%8C%87")
    assert '"' not in disposition
    assert "%2F" not in disposition


def test_a_document_of_an_odd_media_type_is_bytes(desk: Desk) -> None:
    for media_type in ("", "nonsense", "text/html\\n", "a/b/c"):
        kept = upload(desk, f"<script>{media_type}</script>".encode(), "x.html", media_type)
        answer = desk.read("aud-1", f"/v1/documents/{kept['sha256']}")
        assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(("content", "name"), [(b"", "a"), (b"a", ""), (b"a", "a\x00b"), (b"a", "x" * 401)])
def test_an_odd_document_is_refused(desk: Desk, content: bytes, name: str) -> None:
    answer = desk.client.post("/v1/documents", content=content, headers=desk.headers("fin-1"), params={"name": name})
    refused(answer, "MALFORMED", 422)


def test_a_document_beyond_the_limit_is_refused(desk: Desk) -> None:
    content = bytes(20 * 1024**2 + 1)
    answer = desk.client.post("/v1/documents", content=content, headers=desk.headers("fin-1"), params={"name": "a"})
    refused(answer, "TOO_LARGE", 413)


def test_balances_by_project_come_in_pages(desk: Desk) -> None:
    open_2025(desk)
    seen: list[str | None] = []
    params: dict[str, str] = {}
    while True:
        page = desk.get("aud-1", "/v1/balances", by="project", limit=2, **params)
        seen += [row["key"] for row in page["rows"] if row["key"]]
        if page["next"] is None:
            break
        params = {"after": page["next"]}
    assert seen == ["OLD-ATRD", "OLD-MSTP", "OLD-NSF", "OLD-STTC"]
