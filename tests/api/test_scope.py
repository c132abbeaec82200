"""How far somebody sees and signs: own and other specials, plans, departments, sources; what one did oneself."""

from collections.abc import Callable

import httpx2
import pytest

from ledger.access.people import People
from ledger.access.policy import NOT_BY_KEY, POLICY, Action, Grant
from ledger.access.sight import Sight, sight
from ledger.domain.book import Book
from ledger.domain.catalogue import Role
from tests.api.desk import Desk, Fields, movement, refused
from tests.api.opening import DAY, UNDERTAKER, allocate, department

SCOPED = ("pm-1", "und-1", "rec-1", "cha-1")
"""Who sees KRD-1 and not BRK-1."""


@pytest.mark.parametrize("who", SCOPED)
def test_one_s_own_project_is_there_and_another_is_not(two_projects: Desk, who: str) -> None:
    desk = two_projects
    assert desk.read(who, "/v1/projects/KRD-1").status_code == 200
    assert desk.read(who, "/v1/projects/BRK-1").status_code == 404
    assert [line["project"] for line in desk.get(who, "/v1/projects")["projects"]] == ["KRD-1"]
    assert {line["project"] for line in desk.get("aud-1", "/v1/projects")["projects"]} > {"KRD-1", "BRK-1"}


@pytest.mark.parametrize("who", SCOPED)
def test_the_journal_holds_one_s_own(two_projects: Desk, who: str) -> None:
    desk = two_projects
    whole = {line["number"]: line for line in desk.get("aud-1", "/v1/movements", limit=500)["movements"]}
    seen = {line["number"] for line in desk.get(who, "/v1/movements", limit=500)["movements"]}
    others = {number for number, line in whole.items() if line["movement"].get("project") == "BRK-1"}
    own = {number for number, line in whole.items() if line["movement"].get("project") == "KRD-1"}
    assert own
    assert others
    assert own <= seen < set(whole)
    assert not seen & others
    for number in others:
        assert desk.read(who, f"/v1/movements/{number}").status_code == 404
        assert desk.read("aud-1", f"/v1/movements/{number}").status_code == 200
    for number in own:
        assert desk.read(who, f"/v1/movements/{number}").status_code == 200


@pytest.mark.parametrize("by", ["plan", "special", "project", "source", "fund"])
@pytest.mark.parametrize(
    ("who", "total", "committed"), [("pm-1", "3000000.00", "1000000.00"), ("und-1", "1000000.00", "1000000.00")]
)
def test_balances_are_of_one_s_own_money(two_projects: Desk, who: str, total: str, committed: str, by: str) -> None:
    """The manager sees all of the special, what is not committed too; the undertaker sees the money of the project."""
    card = two_projects.get(who, "/v1/balances", by=by)
    assert (card["total"]["total"], card["total"]["committed"]) == (total, committed)
    assert sum(float(row["figures"]["total"]) for row in card["rows"]) == float(total)
    keys = {row["key"] for row in card["rows"]}
    assert not keys & {"MSP", "MSP-BRK", "BRK-1"}


def test_availability_is_for_the_specials_assigned(two_projects: Desk) -> None:
    desk = two_projects
    assert desk.get("pm-1", "/v1/availability", special="RDT-KRD")["available"] == "2000000.00"
    for who, special in (("pm-1", "MSP-BRK"), ("und-1", "RDT-KRD")):
        assert desk.read(who, "/v1/availability", special=special).status_code == 404
    assert desk.get("std-1", "/v1/availability", special="MSP-BRK")["available"] == "3000000.00"


def test_proposals_are_one_s_own_or_touch_what_one_sees(two_projects: Desk) -> None:
    desk = two_projects
    for name, special in (("P-KRD", "RDT-KRD"), ("P-BRK", "MSP-BRK")):
        request = movement("FundsAllocated", "2025-03-01", fund="STIDF", vintage=2025, special=special, amount="1")
        body = {"proposal": name, "effective_on": "2025-03-01", "movements": [request]}
        assert desk.post("std-1", "/v1/proposals", body).status_code == 201
    assert [line["proposal"] for line in desk.get("pm-1", "/v1/proposals", status="OPEN")["proposals"]] == ["P-KRD"]
    assert desk.read("pm-1", "/v1/proposals/P-BRK").status_code == 404
    assert desk.read("pm-1", "/v1/proposals/P-KRD").status_code == 200
    assert len(desk.get("aud-1", "/v1/proposals", status="OPEN")["proposals"]) == 2


def test_attempts_and_files_are_one_s_own(two_projects: Desk) -> None:
    desk = two_projects
    refused = movement(
        "FundsReserved", "2025-03-01", call="C-1", fund="STIDF", special="MSP-BRK", amount="9", expires_on=DAY
    )
    for who in ("und-1", "rec-1"):
        assert desk.ask(who, refused).status_code == 403
    assert {line["actor"]["subject"] for line in desk.get("und-1", "/v1/attempts")["attempts"]} == {"p-und-1"}
    assert len(desk.get("aud-1", "/v1/attempts")["attempts"]) == 2
    sha256 = desk.post("und-1", "/v1/documents", b"report", name="a.txt").json()["sha256"]
    for who, status in (("und-1", 200), ("rec-1", 404), ("std-1", 200), ("tre-1", 403)):
        assert desk.read(who, f"/v1/documents/{sha256}").status_code == status
    opened = desk.get("log-1", "/v1/trail", event="DOCUMENT_OPENED")["lines"]
    assert [(line["person"], line["about"]) for line in opened] == [
        (person, {"sha256": sha256}) for person in ("p-std-1", "p-und-1")
    ]


# -- confined to a source, or to a plan


Reader = Callable[..., httpx2.Response]
IN_BOTH = (*[(Role.FIN, source) for source in ("NSF", "STIDF")], *[(Role.AUD, source) for source in ("NSF", "STIDF")])
OF = {"STIDF": "KRD-1", "NSF": "NSP-1"}
SPECIAL_OF = {"STIDF": "RDT-KRD", "NSF": "BAS-NSP"}


@pytest.fixture
def both_funds(two_projects: Desk) -> Desk:
    """Beside KRD-1 and BRK-1 of the innovation fund, NSP-1 of the Natural Science Fund."""
    desk = two_projects
    allocate(desk, "BAS-NSP", "700000", fund="NSF")
    fields = {
        "project": "NSP-1",
        "special": "BAS-NSP",
        "mode": "OPEN",
        "external_id": "X-NSP",
        "undertaker": UNDERTAKER,
    }
    desk.record("std-1", "ProjectRegistered", "2025-02-02", **fields, title="示例", function="2060203")
    plan = [{"instalment": "1", "amount": "400000"}]
    committed = {"project": "NSP-1", "fund": "NSF", "vintage": 2025, "amount": "400000", "instalments": plan}
    desk.record("std-1", "PreFundingCommitted", "2025-02-03", scheme={"number": "方案2号"}, **committed)
    return desk


@pytest.fixture
def somebody(both_funds: Desk, registered: People) -> Callable[[Grant], Reader]:
    """Enrols somebody with one grant; what they ask, by their key."""

    def enrol(grant: Grant) -> Reader:
        person = registered.register.add("某人", "p-adm-1")
        registered.register.grant(person.id, grant, "p-sec-1")
        key = registered.keys.make(person.id, "all", POLICY[grant.role].keys() - NOT_BY_KEY, 9, person.id)[1]

        def asks(path: str, body: Fields | None = None, **params: object) -> httpx2.Response:
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"key-{person.id}-{path}"}
            if body is None:
                return both_funds.client.get(path, headers=headers, params=params)
            return both_funds.client.post(path, headers=headers, json=body)

        return asks

    return enrol


@pytest.mark.parametrize(("role", "source"), IN_BOTH)
def test_who_is_confined_to_a_source_sees_its_money_alone(
    both_funds: Desk, somebody: Callable[[Grant], Reader], role: Role, source: str
) -> None:
    asks = somebody(Grant(role, sources=frozenset({source})))
    (other,) = {"STIDF", "NSF"} - {source}
    whole = both_funds.balances("source")
    for by in ("plan", "special", "project", "source", "fund"):
        card = asks("/v1/balances", by=by).json()
        assert card["total"]["total"] == whole[source]["total"], by
        assert not {row["key"] for row in card["rows"]} & {other, SPECIAL_OF[other], OF[other]}
    assert asks(f"/v1/projects/{OF[source]}").status_code == 200
    assert asks(f"/v1/projects/{OF[other]}").status_code == 404
    assert asks("/v1/availability", special=SPECIAL_OF[source]).json()["available"] != "0.00"
    there = asks("/v1/availability", special=SPECIAL_OF[other]).json()
    assert (there["available"], there["available_from"]) == ("0.00", [])
    journal = both_funds.get("aud-1", "/v1/movements", limit=500)["movements"]
    seen = {line["number"] for line in asks("/v1/movements", limit=500).json()["movements"]}
    for line in journal:
        asked = line["movement"]
        own = source in (asked.get("fund"), None) or asked.get("project") == OF[source]
        others = other in (asked.get("fund"), None) or asked.get("project") == OF[other]
        assert line["number"] in seen or not own, line
        assert line["number"] not in seen or not others, line
        status = asks(f"/v1/movements/{line['number']}").status_code
        assert status == (200 if line["number"] in seen else 404)


def test_a_proposal_of_another_source_is_not_there_and_not_signed(
    both_funds: Desk, somebody: Callable[[Grant], Reader]
) -> None:
    desk, asks = both_funds, somebody(Grant(Role.FIN, sources=frozenset({"NSF"})))
    for name, fund, special in (("P-NSF", "NSF", "BAS-NSP"), ("P-STIDF", "STIDF", "RDT-KRD")):
        request = movement("FundsAllocated", "2025-03-01", fund=fund, vintage=2025, special=special, amount="1")
        body = {"proposal": name, "effective_on": "2025-03-01", "movements": [request]}
        assert desk.post("std-1", "/v1/proposals", body).status_code == 201
    document = {"number": "拨付1号"}
    order = movement("PaymentOrdered", "2025-03-01", project="KRD-1", instalment="1", order="O-1", amount="1")
    order |= {"payee": department("und-1"), "document": document}
    body = {"proposal": "P-ORDER", "effective_on": "2025-03-01", "movements": [order]}
    assert desk.post("std-1", "/v1/proposals", body).status_code == 201
    assert [line["proposal"] for line in asks("/v1/proposals", status="OPEN").json()["proposals"]] == ["P-NSF"]
    assert [line["proposal"] for line in asks("/v1/inbox").json()["proposals"]] == ["P-NSF"]
    for name, status in (("P-NSF", 201), ("P-STIDF", 403)):
        digest = desk.get("aud-1", f"/v1/proposals/{name}")["digest"]
        signing = {"digest": digest, "effective_on": "2025-03-02"}
        answer = asks(f"/v1/proposals/{name}/approve", signing)
        assert answer.status_code in (status, 404), answer.text
    assert desk.get("aud-1", "/v1/proposals/P-NSF")["status"] == "APPROVED"
    assert desk.get("aud-1", "/v1/proposals/P-STIDF")["status"] == "OPEN"


def test_what_is_of_another_source_is_not_recorded(somebody: Callable[[Grant], Reader]) -> None:
    asks = somebody(Grant(Role.FIN, sources=frozenset({"NSF"})))
    request = movement("AppropriationReceived", "2025-03-01", fund="STIDF", vintage=2025, amount="1", batch_no="7")
    request["document"] = {"number": "内财科〔2025〕77号"}
    problem = refused(asks("/v1/movements", request), "UNAUTHORISED", 403)
    assert problem["details"]["source"] == "STIDF"


def test_a_manager_of_a_plan_sees_all_its_specials_later_ones_too(
    both_funds: Desk, somebody: Callable[[Grant], Reader]
) -> None:
    desk, asks = both_funds, somebody(Grant(Role.PM, specials=frozenset({"RDT"})))
    added = {"special": "RDT-NEW", "plan": "RDT", "title_zh": "新设", "title_en": "New", "modes": ["DIRECTED"]}
    desk.record("std-1", "SpecialAdded", DAY, **added)
    allocate(desk, "RDT-NEW", "50")
    keys = {row["key"] for row in asks("/v1/balances", by="special").json()["rows"]}
    assert keys == {"RDT-KRD", "RDT-NEW"}
    assert asks("/v1/availability", special="RDT-NEW").json()["available"] == "50.00"
    assert asks("/v1/availability", special="MSP-BRK").status_code == 404
    assert asks("/v1/projects/KRD-1").status_code == 200
    assert asks("/v1/projects/BRK-1").status_code == 404


def test_attempts_and_files_of_who_is_confined_are_their_own(
    both_funds: Desk, somebody: Callable[[Grant], Reader]
) -> None:
    sha256 = both_funds.post("std-1", "/v1/documents", b"report", name="a.txt").json()["sha256"]
    request = movement("FundsReserved", DAY, call="C-1", fund="STIDF", special="MSP-BRK", amount="9", expires_on=DAY)
    assert both_funds.ask("und-1", request).status_code == 403
    asks = somebody(Grant(Role.AUD, sources=frozenset({"NSF"})))
    assert asks("/v1/attempts").json()["attempts"] == []
    assert asks(f"/v1/documents/{sha256}").status_code == 404
    unbound = somebody(Grant(Role.AUD))
    assert len(unbound("/v1/attempts").json()["attempts"]) == 1
    assert unbound(f"/v1/documents/{sha256}").status_code == 200


def test_a_sight_of_nothing_sees_nothing() -> None:
    book = Book()
    assert sight(Grant(Role.UND), Action.SEE_BOOKS) == Sight(department="")
    assert not Sight(specials=frozenset()).special(book, "RDT-KRD")
    assert not Sight(specials=frozenset()).special(book, None)
    assert not Sight(sources=frozenset()).source("NSF")
    assert Sight().special(book, None)
    assert sight(Grant(Role.ADM), Action.SEE_BOOKS) is None
