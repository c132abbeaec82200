"""Signing over HTTP: chains of signatures, digests, lines struck out, the inbox and what became of what one signed."""

import pytest

from ledger.access.demo import DEMO_PEOPLE
from ledger.application import Ledger
from ledger.domain.approval import PROPOSALS, ProposalApproved
from tests.api.desk import Desk, Fields, done, movement, refused
from tests.api.opening import DAY

APPROPRIATED = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="1000", document={"number": "1号"}
)


def allocated(amount: str, special: str = "RDT-KRD") -> Fields:
    return movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special=special, amount=amount)


def ruled(steps: list[str], from_amount: str | None = None, kind: str = "FundsAllocated") -> Fields:
    document = {"number": "内财科〔2025〕9号"}
    return movement(
        "SigningRuleSet", DAY, rule="R-1", kinds=[kind], from_amount=from_amount, steps=steps, document=document
    )


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Allocations of 100 yuan or more together are signed by the commission office as well."""
    done(desk.ask("fin-1", APPROPRIATED))
    desk.sign("fin-1", "std-1", ruled(["COM"], "100"))
    return desk


def propose(desk: Desk, *movements: Fields, who: str = "std-1", **fields: str) -> Fields:
    """How a new proposal stands."""
    body = {"effective_on": DAY, "movements": movements, **fields}
    found: Fields = done(desk.post(who, "/v1/proposals", body))["proposal"]
    return found


def waiting_for(desk: Desk, who: str) -> list[str]:
    return [line["proposal"] for line in desk.get(who, "/v1/inbox")["proposals"]]


def test_each_signature_is_told_who_signs_next_and_the_last_one_records_it(desk: Desk) -> None:
    name = propose(desk, allocated("60"), allocated("40", "MSP-BRK"))["proposal"]
    first = done(desk.approve("fin-1", name))
    assert (first["recorded"], first["proposal"]["status"], first["proposal"]["awaits"]) == ([], "OPEN", ["COM"])
    refused(desk.approve("fin-2", name), "UNAUTHORISED", 403)
    assert desk.balances("special")["RDT-KRD"]["available"] == "0.00"
    last = done(desk.approve("com-1", name))
    assert [line["kind"] for line in last["recorded"]] == ["FundsAllocated"] * 2
    assert (last["proposal"]["status"], last["proposal"]["awaits"]) == ("APPROVED", [])
    line = desk.get("aud-1", f"/v1/movements/{last['recorded'][1]['number']}")
    assert [one["subject"] for one in (line["actor"], *line["approvals"])] == ["p-std-1", "p-fin-1", "p-com-1"]
    shown = desk.get("aud-1", f"/v1/proposals/{name}")
    assert [(one["signer"]["role"], one["number"]) for one in shown["signatures"]] == [
        ("STD", shown["number"]),
        ("FIN", first["number"]),
        ("COM", last["number"]),
    ]
    assert [one["at"] for one in shown["signatures"][1:]] == [first["recorded_at"], last["recorded_at"]]
    assert shown["decided"]["number"] == last["number"]


def test_below_the_amount_two_are_enough(desk: Desk) -> None:
    name = propose(desk, allocated("60"), allocated("39.99"))["proposal"]
    assert len(done(desk.approve("fin-1", name))["recorded"]) == 2


def test_what_one_records_alone_is_proposed_once_a_rule_adds_a_step(desk: Desk) -> None:
    desk.sign("fin-1", "std-1", ruled(["FIN"], kind="AppropriationReceived"))
    more = APPROPRIATED | {"line": "2"}
    problem = refused(desk.ask("fin-1", more), "UNAUTHORISED", 403)
    assert problem["details"]["needs"] == "FIN+FIN"
    desk.sign("fin-1", "fin-2", more)
    assert desk.balances("fund")["STIDF"]["unallocated"] == "2000.00"


@pytest.mark.parametrize("path", ["/v1/movements", "/v1/movements/bulk", "proposal"])
def test_nobody_approves_without_saying_what_they_read(desk: Desk, path: str) -> None:
    name = propose(desk, allocated("1"))["proposal"]
    if path == "proposal":
        answer = desk.post("fin-1", f"/v1/proposals/{name}/approve", {"effective_on": DAY})
    else:
        request = movement("ProposalApproved", DAY, proposal=name)
        answer = desk.post("fin-1", path, [request] if path.endswith("bulk") else request)
    problem = answer.json() if answer.status_code == 422 else answer.json()["outcomes"][0]["problem"]
    assert problem["code"] == "MALFORMED", answer.text
    (fault,) = problem["problems"]
    assert fault["where"].endswith("digest")
    assert "read the proposal and send its digest" in fault["en"]
    assert desk.get("aud-1", f"/v1/proposals/{name}")["status"] == "OPEN"


def test_the_digest_is_that_of_what_stands(desk: Desk) -> None:
    stands = propose(desk, allocated("60"), allocated("50"), allocated("1", "MSP-BRK"))
    name, digest = stands["proposal"], stands["digest"]
    assert desk.get("aud-1", f"/v1/proposals/{name}")["digest"] == digest
    assert [line["digest"] for line in desk.get("aud-1", "/v1/proposals", status="OPEN")["proposals"]] == [digest]
    refused(desk.post("fin-1", f"/v1/proposals/{name}/approve", {"digest": f"sha256:{'0' * 64}"}), "PROPOSAL_CHANGED")
    first = done(desk.approve("fin-1", name, struck=[3]))
    assert first["proposal"]["digest"] != digest
    problem = refused(desk.post("com-1", f"/v1/proposals/{name}/approve", {"digest": digest}), "PROPOSAL_CHANGED")
    assert "摘要" in problem["message"]["zh"]
    last = done(desk.approve("com-1", name))
    assert [line["entries"][0]["dimensions"].get("special") for line in last["recorded"]] == [None, None]
    assert desk.balances("special")["RDT-KRD"]["available"] == "110.00"
    assert desk.balances("special")["MSP-BRK"]["available"] == "0.00"


def test_lines_struck_out_are_shown_with_who_struck_them(desk: Desk) -> None:
    name = propose(desk, allocated("60"), allocated("50"), allocated("1", "MSP-BRK"))["proposal"]
    first = done(desk.approve("fin-1", name, struck=[3]))
    shown = desk.get("aud-1", f"/v1/proposals/{name}")
    assert [(line["line"], line.get("struck_by")) for line in shown["lines"]] == [
        (1, None),
        (2, None),
        (3, first["number"]),
    ]
    assert shown["lines"][2]["movement"]["special"] == "MSP-BRK"
    assert [one["struck"] for one in shown["signatures"]] == [[], [3]]
    assert desk.get("aud-1", f"/v1/movements/{first['number']}")["movement"]["struck"] == [3]
    refused(desk.approve("com-1", name, struck=[3]), "UNKNOWN_REFERENCE", 422)
    refused(desk.approve("com-1", name, struck=[1, 2]), "NOTHING_LEFT")
    for wrong in ([], [2, 1], [1, 1], [0], ["1"]):
        refused(desk.approve("com-1", name, struck=wrong), "MALFORMED", 422)


def test_the_inbox_holds_what_waits_for_one_s_own_signature_now(desk: Desk) -> None:
    empty = [waiting_for(desk, who) for who in ("std-1", "fin-1", "com-1", "pm-1", "aud-1")]
    assert empty == [[]] * 5
    name = propose(desk, allocated("60"), allocated("50.50", "MSP-BRK"), expires_on="2099-12-31")["proposal"]
    assert [waiting_for(desk, who) for who in ("std-1", "std-2", "com-1")] == [[]] * 3
    assert [waiting_for(desk, who) for who in ("fin-1", "fin-2")] == [[name]] * 2
    done(desk.approve("fin-1", name))
    assert [waiting_for(desk, who) for who in ("fin-1", "fin-2", "std-2")] == [[]] * 3
    (line,) = desk.get("com-1", "/v1/inbox")["proposals"]
    (kind,) = line["kinds"]
    assert (kind["kind"], kind["lines"], kind["amount"], line["lines"]) == ("FundsAllocated", 2, "110.50", 2)
    assert (line["awaits"], line["expires_on"], line["proposer"]["subject"]) == (["COM"], "2099-12-31", "p-std-1")
    assert [one["signer"]["subject"] for one in line["signatures"]] == ["p-std-1", "p-fin-1"]
    assert line["submitted_at"] == line["signatures"][0]["at"]
    done(desk.approve("com-1", name))
    assert waiting_for(desk, "com-1") == []


def test_what_expired_or_was_turned_down_waits_for_nobody(desk: Desk) -> None:
    expired = propose(desk, allocated("1"), expires_on="2025-06-29")["proposal"]
    last_day = propose(desk, allocated("2"), expires_on="2025-06-30")["proposal"]
    assert waiting_for(desk, "fin-1") == [last_day]
    assert expired in [line["proposal"] for line in desk.get("aud-1", "/v1/proposals", status="OPEN")["proposals"]]
    open_ended = propose(desk, allocated("3"))["proposal"]
    done(desk.post("com-1", f"/v1/proposals/{open_ended}/reject", b""))
    assert waiting_for(desk, "fin-1") == [last_day]


def test_the_inbox_and_the_history_page(desk: Desk) -> None:
    names = [propose(desk, allocated(str(n)))["proposal"] for n in (1, 2, 3)]
    first = desk.get("fin-1", "/v1/inbox", limit=2)
    second = desk.get("fin-1", "/v1/inbox", limit=2, after=first["next"])
    assert [line["proposal"] for line in first["proposals"] + second["proposals"]] == names
    assert "next" not in second
    newest = desk.get("std-1", "/v1/inbox/history", limit=2)
    older = desk.get("std-1", "/v1/inbox/history", limit=2, before=newest["next"])
    acts = newest["acts"] + older["acts"]
    assert [act["proposal"]["proposal"] for act in acts[:3]] == names[::-1]
    assert [act["number"] for act in acts] == sorted((act["number"] for act in acts), reverse=True)


def test_the_history_says_what_one_did_and_what_became_of_it(desk: Desk) -> None:
    name = propose(desk, allocated("60"), allocated("50"), allocated("1"))["proposal"]
    done(desk.approve("fin-1", name, struck=[3]))
    other = propose(desk, allocated("2"))["proposal"]
    done(desk.post("fin-1", f"/v1/proposals/{other}/reject", b""))
    acts = desk.get("fin-1", "/v1/inbox/history")["acts"]
    assert [(act["what"], act["proposal"]["proposal"], act["struck"]) for act in acts[:2]] == [
        ("REJECTED", other, []),
        ("SIGNED", name, [3]),
    ]
    assert [(act["proposal"]["status"], act.get("decided")) for act in acts[:2]] == [
        ("REJECTED", acts[0]["number"]),
        ("OPEN", None),
    ]
    last = done(desk.approve("com-1", name))
    assert desk.get("fin-1", "/v1/inbox/history")["acts"][1]["decided"] == last["number"]
    assert [act["what"] for act in desk.get("com-1", "/v1/inbox/history")["acts"]] == ["SIGNED"]
    assert desk.get("pm-1", "/v1/inbox/history")["acts"] == []
    assert [act["what"] for act in desk.get("std-1", "/v1/inbox/history")["acts"]][:2] == ["PROPOSED", "PROPOSED"]


def test_what_is_signed_in_another_s_place_is_shown_and_counts_as_theirs(desk: Desk, ledger: Ledger) -> None:
    """std-2 signs in the name of std-1, for whom it waits no more."""
    people = {person.id: person.actor for person in DEMO_PEOPLE}
    name = propose(desk, allocated("60"), allocated("60"), who="fin-1")["proposal"]
    assert waiting_for(desk, "std-1") == [name]
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[name].digest
    placed = people["std-2"]._replace(acting_for="p-std-1")
    given = ledger.record(
        ProposalApproved.model_validate_json(f'{{"proposal":"{name}","effective_on":"{DAY}","digest":"{digest}"}}'),
        placed,
        "k",
    )
    line = desk.get("aud-1", f"/v1/movements/{given.number}")
    assert line["actor"] == {"subject": "p-std-2", "role": "STD", "acting_for": "p-std-1"}
    assert waiting_for(desk, "std-1") == []
    for who in ("std-1", "std-2"):
        (act, *_) = desk.get(who, "/v1/inbox/history")["acts"]
        assert (act["what"], act["by"]["acting_for"], act["proposal"]["awaits"]) == ("SIGNED", "p-std-1", ["COM"])
