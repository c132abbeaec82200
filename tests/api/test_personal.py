"""Personal texts over HTTP: who reads them in clear, that every reading is kept, and how somebody is erased by two people."""

import json
import logging
from typing import Any

import httpx2
import pytest

from ledger.access.policy import Action, Reach, reach
from ledger.domain.catalogue import Role
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import UNDERTAKER, department
from tests.application.history import superuser

MARK = "张某13800001111"
DECISION = {"reason": "本人依法申请", "document": "网信〔2025〕7号"}


@pytest.fixture
def with_texts(two_projects: Desk) -> Desk:
    """Texts on KRD-1 by the S&T department, by the undertaker and by the manager, and on BRK-1."""
    desk = two_projects
    for project, payee in (("KRD-1", department("und-1")), ("BRK-1", UNDERTAKER)):
        ordered = {"order": f"O-{project}", "project": project, "instalment": "1", "amount": "1000", "payee": payee}
        more = {"payee_account": f"6222 {MARK}", "reason": f"{project} 首期 {MARK}", "document": {"number": "拨1号"}}
        desk.record("std-1", "PaymentOrdered", "2025-03-01", **ordered, **more)
    report = {"project": "KRD-1", "amount": "9", "report": {"number": "支1"}, "verifier": f"核查人 {MARK}"}
    desk.record("und-1", "UndertakerExpenditureReported", "2025-03-02", **report, reason=f"报送 {MARK}")
    return desk


def number_of(desk: Desk, kind: str, **filters: Any) -> int:
    return int(desk.get("aud-1", "/v1/movements", kind=kind, order="newest", **filters)["movements"][0]["number"])


def texts(desk: Desk, who: str, number: int) -> dict[str, Any]:
    return {one["at"]: one for one in desk.get(who, f"/v1/movements/{number}/texts")["texts"]}


def by_session(desk: Desk, who: str, path: str, body: Any = None) -> httpx2.Response:
    return desk.client.post(path, json=body or {}, headers=desk.session(who))


def erase(desk: Desk, subject: str) -> int:
    asked = done(by_session(desk, "sec-1", "/v1/personal/erasures", {"subject": subject, **DECISION}))
    assert asked["status"] == "OPEN"
    confirmed = done(by_session(desk, "sec-2", f"/v1/personal/erasures/{asked['id']}/confirm"))
    assert (confirmed["status"], confirmed["requested_by"], confirmed["decided_by"]) == ("ERASED", "p-sec-1", "p-sec-2")
    return int(asked["id"])


# -- reading


@pytest.mark.parametrize("who", ["fin-1", "std-1", "std-2", "com-1", "aud-1"])
def test_whoever_decides_or_audits_reads_every_text_in_clear(with_texts: Desk, who: str) -> None:
    found = texts(with_texts, who, number_of(with_texts, "PaymentOrdered", project="KRD-1"))
    assert {at: (one["text"], one["subject"], one["state"]) for at, one in found.items()} == {
        "reason": (f"KRD-1 首期 {MARK}", "actor:p-std-1", "CLEAR"),
        "payee_account": (f"6222 {MARK}", f"payee:{department('und-1')}", "CLEAR"),
    }
    assert found["reason"]["label"] == {"zh": "理由", "en": "Reason"}
    assert found["payee_account"]["whose"] == {"zh": "收款单位", "en": "Payee"}


def test_others_read_what_they_gave_themselves_of_what_they_see(with_texts: Desk) -> None:
    desk = with_texts
    ordered, reported = (
        number_of(desk, kind, project="KRD-1") for kind in ("PaymentOrdered", "UndertakerExpenditureReported")
    )
    hidden = number_of(desk, "PaymentOrdered", project="BRK-1")
    assert texts(desk, "und-1", reported)["verifier"]["text"] == f"核查人 {MARK}"
    assert texts(desk, "und-1", reported)["verifier"]["subject"] == "project:KRD-1"
    for who in ("pm-1", "und-1", "rec-1", "cha-1", "lea-1"):
        assert desk.read(who, f"/v1/movements/{hidden}/texts").status_code == 404
        assert desk.read(who, f"/v1/movements/{ordered}/texts").status_code == 404
    for who in ("pm-1", "rec-1", "cha-1"):
        assert desk.read(who, f"/v1/movements/{reported}").status_code == 200
        assert desk.read(who, f"/v1/movements/{reported}/texts").status_code == 404
    for who in ("tre-1", "adm-1", "sec-1", "log-1"):
        refused(desk.read(who, f"/v1/movements/{ordered}/texts"), "NOT_FOR_THIS_ROLE", 403)
    refused(desk.read("aud-1", "/v1/movements/999999/texts"), "NOT_FOUND", 404)


def test_whoever_proposed_reads_what_was_proposed_and_what_became_of_it(with_texts: Desk) -> None:
    desk = with_texts
    request = movement(
        "FundsReserved", "2025-03-05", call="C-1", fund="STIDF", special="RDT-KRD", amount="9", expires_on="2025-12-31"
    )
    proposed = {
        "proposal": "P-1",
        "effective_on": "2025-03-05",
        "movements": [request | {"reason": f"预留 {MARK}"}] * 1,
    }
    done(desk.post("pm-1", "/v1/proposals", proposed | {"reason": f"请审 {MARK}"}))
    submitted = number_of(desk, "ProposalSubmitted")
    assert {at: one["text"] for at, one in texts(desk, "pm-1", submitted).items()} == {
        "reason": f"请审 {MARK}",
        "1.reason": f"预留 {MARK}",
    }
    assert texts(desk, "aud-1", submitted)["1.reason"]["kind"] == "FundsReserved"
    done(desk.approve("std-2", "P-1", effective_on="2025-03-05", reason=f"同意 {MARK}"))
    reserved, approved = number_of(desk, "FundsReserved"), number_of(desk, "ProposalApproved")
    assert texts(desk, "pm-1", reserved)["reason"]["text"] == f"预留 {MARK}"
    assert texts(desk, "fin-1", approved)["reason"]["text"] == f"同意 {MARK}"
    assert desk.read("pm-1", f"/v1/movements/{approved}/texts").status_code == 404


def test_every_reading_stands_in_the_audit_record_and_no_text_does(with_texts: Desk) -> None:
    desk = with_texts
    number = number_of(desk, "PaymentOrdered", project="KRD-1")
    texts(desk, "aud-1", number)
    desk.read("und-1", f"/v1/movements/{number}/texts")
    lines = desk.get("log-1", "/v1/trail", event="PERSONAL_READ")["lines"]
    assert [(line["person"], line["outcome"], line["about"]) for line in lines] == [
        ("p-aud-1", "DONE", {"number": number, "fields": "reason, payee_account"})
    ]
    assert MARK not in desk.read("log-1", "/v1/trail").text


def test_a_text_that_was_tampered_with_is_not_shown(with_texts: Desk, dsn: str) -> None:
    number = number_of(with_texts, "PaymentOrdered", project="KRD-1")
    committed = texts(with_texts, "aud-1", number)["reason"]["commitment"]
    with superuser(dsn) as db:
        db.execute("UPDATE sealed SET ciphertext = sha256(ciphertext) WHERE commitment = %s", (committed,))
    found = texts(with_texts, "aud-1", number)
    assert (found["reason"]["state"], "text" in found["reason"]) == ("DAMAGED", False)
    assert found["payee_account"]["state"] == "CLEAR"


def test_no_text_is_in_any_other_answer_or_in_the_log(
    with_texts: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = with_texts
    caplog.set_level(logging.DEBUG)
    seen = [desk.read("aud-1", f"/v1/{path}", **params).text for path, params in (
        ("movements", {"limit": 500}), ("attempts", {}), ("projects/KRD-1", {}), ("balances", {"by": "project"}), ("proposals", {}),
    )]  # fmt: skip
    for bad in (
        movement("PaymentOrdered", "2025-03-01", reason=f"{MARK}\x07", payee_account=MARK),
        movement("PartyRegistered", "2025-03-01", credit_code=UNDERTAKER, name="示例", level="REGIONAL", reason=MARK),
        movement("FundsReserved", "2025-03-01", call="C", special="NO-NO", fund="STIDF", amount="1", reason=[MARK]),
        movement("NoSuchKind", "2025-03-01", reason=MARK),
    ):
        answer = desk.ask("std-1", bad)
        assert answer.status_code >= 400
        seen.append(answer.text)
    seen += [desk.read("aud-1", "/v1/attempts").text, caplog.text, *capfd.readouterr()]
    assert "sha256:" in seen[0]
    assert not [text for text in seen if MARK in text or "13800001111" in text]


# -- erasing


def test_two_people_erase_somebody_and_everything_recorded_stays(with_texts: Desk) -> None:
    desk = with_texts
    number, other = (number_of(desk, "PaymentOrdered", project=project) for project in ("KRD-1", "BRK-1"))
    journal = desk.get("aud-1", "/v1/movements", limit=500)
    detail = desk.get("aud-1", f"/v1/movements/{number}")
    balances = desk.balances("project")
    subject = f"payee:{department('und-1')}"
    identity = erase(desk, subject)
    found = texts(desk, "aud-1", number)
    assert (found["payee_account"]["state"], "text" in found["payee_account"]) == ("ERASED", False)
    assert found["payee_account"]["erased_at"].startswith("20")
    assert found["reason"]["state"] == texts(desk, "aud-1", other)["payee_account"]["state"] == "CLEAR"
    assert desk.get("aud-1", "/v1/movements", limit=500) == journal
    assert desk.get("aud-1", f"/v1/movements/{number}") == detail
    assert desk.balances("project") == balances
    (line,) = [one for one in desk.get("sec-1", "/v1/personal/subjects")["subjects"] if one["subject"] == subject]
    assert (line["texts"], line["erased"]) == (0, 1)
    assert [one["id"] for one in desk.get("aud-1", "/v1/personal/erasures")["erasures"]] == [identity]
    events = [(one["event"], one["person"]) for one in desk.get("log-1", "/v1/trail")["lines"]]
    assert ("PERSONAL_ERASED", "p-sec-2") in events
    assert ("ERASURE_ASKED", "p-sec-1") in events


def test_what_is_given_afterwards_gets_a_new_key(with_texts: Desk) -> None:
    desk = with_texts
    before = number_of(desk, "UndertakerExpenditureReported")
    erase(desk, "actor:p-und-1")
    report = {"project": "KRD-1", "amount": "8", "report": {"number": "支2"}, "reason": "再次报送"}
    desk.record("und-1", "UndertakerExpenditureReported", "2025-03-03", **report)
    assert texts(desk, "und-1", before)["reason"]["state"] == "ERASED"
    assert texts(desk, "und-1", before + 1)["reason"]["text"] == "再次报送"
    erase(desk, "actor:p-und-1")
    assert texts(desk, "und-1", before + 1)["reason"]["state"] == "ERASED"
    (line,) = [
        one for one in desk.get("sec-1", "/v1/personal/subjects")["subjects"] if one["subject"] == "actor:p-und-1"
    ]
    assert (line["texts"], line["erased"]) == (0, 2)


def test_nobody_erases_alone_not_even_with_two_accounts(with_texts: Desk, registered: Any) -> None:
    desk = with_texts
    asked = done(by_session(desk, "sec-1", "/v1/personal/erasures", {"subject": "actor:p-std-1", **DECISION}))
    confirm = f"/v1/personal/erasures/{asked['id']}/confirm"
    refused(by_session(desk, "sec-1", confirm), "ONE_PERSON", 409)
    registered.register.join("p-sec-2", "p-sec-1", "p-adm-1")
    refused(by_session(desk, "sec-2", confirm), "ONE_PERSON", 409)
    for who in ("adm-1", "log-1", "aud-1", "fin-1"):
        refused(by_session(desk, who, confirm), "NOT_FOR_THIS_ROLE", 403)
    refused(desk.post("sec-1", confirm, {}), "NOT_FOR_THIS_ROLE", 403)  # a key will not do
    assert texts(desk, "aud-1", number_of(desk, "PaymentOrdered"))["reason"]["state"] == "CLEAR"


def test_a_request_is_decided_once(with_texts: Desk) -> None:
    desk = with_texts
    body = {"subject": "actor:p-std-1", **DECISION}
    asked = done(by_session(desk, "sec-1", "/v1/personal/erasures", body))
    refused(by_session(desk, "sec-2", "/v1/personal/erasures", body), "ERASURE_WAITS")
    path = f"/v1/personal/erasures/{asked['id']}"
    assert done(by_session(desk, "sec-1", f"{path}/decline"))["status"] == "DECLINED"
    for end in ("confirm", "decline"):
        refused(by_session(desk, "sec-2", f"{path}/{end}"), "ERASURE_DECIDED")
    identity = erase(desk, "actor:p-std-1")
    refused(by_session(desk, "sec-1", f"/v1/personal/erasures/{identity}/decline"), "ERASURE_DECIDED")
    refused(by_session(desk, "sec-1", "/v1/personal/erasures", body), "NOTHING_TO_ERASE")
    refused(by_session(desk, "sec-1", "/v1/personal/erasures/999999/confirm"), "NOT_FOUND", 404)
    refused(by_session(desk, "sec-1", "/v1/personal/erasures", body | {"subject": "张某"}), "MALFORMED", 422)
    assert [one["status"] for one in desk.get("sec-2", "/v1/personal/erasures")["erasures"]] == ["ERASED", "DECLINED"]
    page = desk.get("sec-2", "/v1/personal/erasures", limit=1)
    assert (page["erasures"][0]["id"], page["next"]) == (identity, identity)
    assert desk.get("sec-2", "/v1/personal/erasures", before=page["next"])["erasures"][0]["id"] == asked["id"]


def test_subjects_are_listed_page_by_page_without_their_texts(with_texts: Desk) -> None:
    desk = with_texts
    whole = desk.get("aud-1", "/v1/personal/subjects")["subjects"]
    names = [one["subject"] for one in whole]
    assert names == sorted(names)
    assert {"actor:p-std-1", "actor:p-und-1", "project:KRD-1", f"payee:{UNDERTAKER}"} <= set(names)
    assert MARK not in json.dumps(whole, ensure_ascii=False)
    paged, after = [], None
    while True:
        page = desk.get("aud-1", "/v1/personal/subjects", limit=2, **({"after": after} if after else {}))
        paged += page["subjects"]
        if (after := page.get("next")) is None:
            break
    assert paged == whole


def test_who_sees_texts_is_what_was_decided() -> None:
    """Written by hand beside the policy: a change of it is seen here."""
    reading = {role: reach(role, Action.SEE_PERSONAL) for role in Role}
    assert {role for role, found in reading.items() if found is Reach.ALL} == {Role.FIN, Role.STD, Role.COM, Role.AUD}
    assert {role for role, found in reading.items() if found is Reach.OWN} == {
        Role.PM,
        Role.REC,
        Role.CHA,
        Role.UND,
        Role.LEA,
    }
    assert {role for role in Role if reach(role, Action.ERASE_PERSONAL)} == {Role.SEC}
    assert {role for role in Role if reach(role, Action.SEE_ERASURES)} == {Role.SEC, Role.AUD}
