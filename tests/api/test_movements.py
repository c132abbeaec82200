"""Recording and reading movements through the API."""

import hashlib

import pytest

from ledger.application import Ledger
from ledger.projections import journal
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY, UNDERTAKER, allocate, open_2025, register_project

APPROPRIATION = movement(
    "AppropriationReceived",
    DAY,
    fund="STIDF",
    vintage=2025,
    amount="1000.50",
    document={"number": "内财科〔2025〕1号"},
)


def test_a_receipt_says_number_voucher_and_balances(desk: Desk) -> None:
    answer = desk.ask("fin-1", APPROPRIATION)
    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["number"], receipt["voucher"], receipt["repeated"]) == (1, 1, False)
    assert receipt["label"] == {"zh": "指标下达(收到)", "en": "Appropriation received"}
    appropriated, unallocated = receipt["entries"]
    assert (appropriated["account"], appropriated["amount"]) == ("B100", "1000.50")
    assert unallocated["account_name"] == {"zh": "待分配", "en": "Unallocated"}
    assert unallocated["dimensions"] == {"fiscal_year": 2025, "source": "STIDF", "vintage": 2025}
    assert unallocated["balance_after"] == "1000.50"


def test_the_same_key_again_gives_the_same_receipt(desk: Desk) -> None:
    first = desk.ask("fin-1", APPROPRIATION, "k")
    desk.ask("fin-1", APPROPRIATION | {"line": "2"})
    again = desk.ask("fin-1", APPROPRIATION, "k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"repeated": True}


def test_the_same_key_of_another_person_is_another_key(desk: Desk) -> None:
    done(desk.ask("fin-1", APPROPRIATION, "k"))
    assert desk.ask("fin-2", APPROPRIATION | {"line": "2"}, "k").status_code == 201


def test_a_dry_run_answers_with_the_balances_and_records_nothing(desk: Desk) -> None:
    answer = desk.ask("fin-1", APPROPRIATION, "k", dry_run="true")
    assert answer.status_code == 200
    assert answer.json()["dry_run"] is True
    assert answer.json()["entries"][1]["balance_after"] == "1000.50"
    assert desk.number() == 0
    wrong = movement("FundsReallocatedWithinFund", DAY, fund="STIDF", vintage=2025, amount="1", reason="示例")
    wrong |= {"from_special": "RDT-KRD", "to_special": "MSP-BRK"}
    refused(desk.ask("std-1", wrong, dry_run="true"), "INSUFFICIENT_FUNDS")
    assert desk.get("aud-1", "/v1/attempts")["attempts"] == []
    assert desk.ask("fin-1", APPROPRIATION, "k").status_code == 201


def test_a_refusal_says_what_is_short_in_the_language_asked_for(desk: Desk) -> None:
    wrong = movement("FundsReallocatedWithinFund", DAY, fund="STIDF", vintage=2025, amount="3.50", reason="示例")
    wrong |= {"from_special": "RDT-KRD", "to_special": "MSP-BRK"}
    problem = refused(desk.ask("std-1", wrong), "INSUFFICIENT_FUNDS")
    assert (problem["asked"], problem["available"], problem["short_by"]) == ("3.50", "0.00", "3.50")
    assert problem["clause"] == "V3"
    assert problem["detail"] == problem["message"]["zh"]
    english = desk.headers("std-1") | {"Accept-Language": "en-GB,zh;q=0.5"}
    answer = desk.client.post("/v1/movements", json=wrong, headers=english)
    assert answer.json()["detail"] == problem["message"]["en"]
    assert answer.json()["title"] == "Not enough money is left here"


def test_who_may_not_is_answered_403_and_what_is_not_there_422(desk: Desk) -> None:
    refused(desk.ask("aud-1", APPROPRIATION), "NOT_FOR_THIS_ROLE", 403)
    unknown = movement("PartyRenamed", DAY, credit_code=UNDERTAKER, name="新名")
    refused(desk.ask("std-1", unknown), "UNKNOWN_REFERENCE", 422)


def test_the_journal_pages_in_both_directions(desk: Desk) -> None:
    for line in range(1, 8):
        desk.ask("fin-1", APPROPRIATION | {"line": str(line)})
    for order, expected in (("oldest", list(range(1, 8))), ("newest", list(range(7, 0, -1)))):
        seen: list[int] = []
        after = None
        while True:
            params = {"order": order, "limit": 3} | ({} if after is None else {"after": after})
            page = desk.get("aud-1", "/v1/movements", **params)
            seen += [line["number"] for line in page["movements"]]
            after = page.get("next")
            if after is None:
                break
        assert seen == expected


def test_the_journal_is_narrowed_by_kind_project_special_actor_and_number(desk: Desk) -> None:
    open_2025(desk)
    allocate(desk, "RDT-KRD", "500")
    register_project(desk, "KRD-1", "RDT-KRD", mode="COMPETITIVE")

    def kinds(**filters: object) -> list[str]:
        return [line["kind"] for line in desk.get("aud-1", "/v1/movements", **filters)["movements"]]

    assert kinds(project="KRD-1") == ["ProjectRegistered"]
    assert kinds(special="RDT-KRD") == ["ProposalSubmitted", "FundsAllocated", "ProjectRegistered"]
    assert set(kinds(project="OLD-MSTP")) >= {"ProjectRegistered", "OpeningBalanceImported"}
    assert kinds(kind="FundsAllocated") == ["FundsAllocated"]
    assert set(kinds(actor="p-fin-1", kind="AppropriationReceived")) == {"AppropriationReceived"}
    assert kinds(actor="p-tre-1") == []
    last = desk.number()
    assert kinds(from_number=last) == ["ProjectRegistered"]
    assert len(kinds(from_number=2, to_number=4)) == 3


def test_a_filtered_search_goes_on_where_its_windows_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WINDOW", 2)
    monkeypatch.setattr(journal, "WINDOWS_MAX", 2)
    for line in range(1, 10):
        desk.ask("fin-2" if line == 9 else "fin-1", APPROPRIATION | {"line": str(line)})
    page = desk.get("aud-1", "/v1/movements", actor="p-fin-2")
    assert (page["movements"], page["next"]) == ([], 4)
    page = desk.get("aud-1", "/v1/movements", actor="p-fin-2", after=8)
    assert [line["number"] for line in page["movements"]] == [9]
    assert "next" not in page
    newest = desk.get("aud-1", "/v1/movements", actor="p-fin-1", order="newest", limit=2)
    assert ([line["number"] for line in newest["movements"]], newest["next"]) == ([8, 7], 7)


def test_one_movement_shows_its_leaf_and_its_entries(desk: Desk, ledger: Ledger) -> None:
    receipt = desk.record("fin-1", **_without_kind())
    found = desk.get("aud-1", f"/v1/movements/{receipt['number']}")
    (event,) = ledger.store.select_numbers(ledger.id, [receipt["number"]])
    assert found["leaf"] == hashlib.sha256(b"\x00" + event.state).hexdigest()
    assert found["entries"] == receipt["entries"]
    assert found["movement"]["amount"] == "1000.50"
    assert found["movement"]["document"] == {"number": "内财科〔2025〕1号"}
    assert found["actor"] == {"subject": "p-fin-1", "role": "FIN"}
    assert (found["corrected_by"], found["corrects"]) == ([], [])


def _without_kind() -> dict[str, object]:
    fields = dict(APPROPRIATION)
    return {"kind": fields.pop("kind"), "on": fields.pop("effective_on"), **fields}


def test_free_texts_appear_as_commitments_only(desk: Desk) -> None:
    allocate_all(desk)
    secret = "王某某的说明"
    reallocated = {"fund": "STIDF", "vintage": 2025, "from_special": "RDT-KRD", "to_special": "MSP-BRK"}
    number = desk.record("std-1", "FundsReallocatedWithinFund", DAY, amount="1", reason=secret, **reallocated)["number"]
    answer = desk.read("aud-1", f"/v1/movements/{number}")
    assert answer.json()["movement"]["reason"].startswith("sha256:")
    refused(
        desk.ask("std-1", movement("FundsReallocatedWithinFund", DAY, amount="9", reason=secret, **reallocated)),
        "INSUFFICIENT_FUNDS",
    )
    everything = answer.text + desk.read("aud-1", "/v1/movements").text + desk.read("aud-1", "/v1/attempts").text
    assert secret not in everything


def allocate_all(desk: Desk) -> None:
    done(desk.ask("fin-1", APPROPRIATION))
    allocate(desk, "RDT-KRD", "5", on=DAY)


def test_a_correction_is_named_at_what_it_corrects(desk: Desk) -> None:
    number = done(desk.ask("fin-1", APPROPRIATION))["number"]
    replacement = APPROPRIATION | {"amount": "900.00"}
    corrected = movement(
        "EntryCorrected", DAY, reason="金额写错", lines=[{"number": number, "replacement": replacement}]
    )
    approval = desk.sign("fin-1", "fin-2", corrected)
    correction = approval["recorded"][0]["number"]
    assert desk.get("aud-1", f"/v1/movements/{number}")["corrected_by"] == [correction]
    assert desk.get("aud-1", f"/v1/movements/{correction}")["corrects"] == [number]
    assert desk.balances("fund")["STIDF"]["unallocated"] == "900.00"


def test_every_read_says_its_number_and_waits_for_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.reading.WAIT_SECONDS", 0.05)
    done(desk.ask("fin-1", APPROPRIATION))
    for path in (
        "/v1/movements",
        "/v1/movements/1",
        "/v1/balances?by=plan",
        "/v1/balances?by=project",
        "/v1/availability?special=RDT-KRD",
        "/v1/proposals",
        "/v1/projects",
        "/v1/parties",
        "/v1/attempts",
        "/v1/catalogue",
    ):
        join = "&" if "?" in path else "?"
        answer = desk.read("aud-1", f"{path}{join}min_number=1")
        assert (answer.status_code, answer.headers["Ledger-Number"]) == (200, "1"), path
        late = desk.read("aud-1", f"{path}{join}min_number=2")
        assert (late.status_code, late.json()["code"]) == (503, "NUMBER_NOT_REACHED"), path
        assert late.headers["Retry-After"]
