"""What if, over HTTP: nothing is recorded, on top of now or of then, and nobody sees more than they may."""

from tests.api.desk import Desk, Fields, done, movement, refused

WHAT_IF = "/v1/what-if"


def reallocated(amount: str, source: str = "RDT-KRD", to: str = "MSP-BRK") -> Fields:
    fields = {"fund": "STIDF", "vintage": 2025, "from_special": source, "to_special": to, "amount": amount}
    return movement("FundsReallocatedWithinFund", "2025-06-01", **fields, reason="重点支持")


def ask(desk: Desk, who: str, *movements: Fields, **params: object) -> Fields:
    found: Fields = done(desk.post(who, WHAT_IF, list(movements), **params))
    return found


def test_a_list_is_judged_and_nothing_is_recorded(two_projects: Desk) -> None:
    desk = two_projects
    before, card = desk.number(), desk.balances("special")
    attempts = len(desk.get("aud-1", "/v1/attempts")["attempts"])
    found = ask(desk, "aud-1", reallocated("3000000"), reallocated("500000"))
    assert [line["accepted"] for line in found["lines"]] == [False, True]
    short, _ = found["lines"]
    assert (short["problem"]["code"], short["problem"]["short_by"]) == ("INSUFFICIENT_FUNDS", "1000000.00")
    assert short["problem"]["message"]["zh"]
    assert (found["number"], found["accepted"], found["refused"]) == (before, 1, 1)
    rows = {row["special"]: (row["before"], row["after"]) for row in found["rows"]}
    assert rows["RDT-KRD"] == ("2000000.00", "1500000.00")
    assert rows["MSP-BRK"][0] == card["MSP-BRK"]["available"]
    assert (desk.number(), desk.balances("special")) == (before, card)
    assert len(desk.get("aud-1", "/v1/attempts")["attempts"]) == attempts
    assert done(desk.ask("std-1", reallocated("500000")))["number"] == before + 1


def test_on_top_of_then(two_projects: Desk) -> None:
    desk = two_projects
    before = desk.number()
    desk.record("std-1", kind="FundsReallocatedWithinFund", on="2025-06-01", **_rest(reallocated("2000000")))
    assert not ask(desk, "fin-1", reallocated("1"))["lines"][0]["accepted"]
    then = ask(desk, "fin-1", reallocated("1"), at=before)
    assert (then["lines"][0]["accepted"], then["number"]) == (True, before)
    assert then["lines"][0]["recorded"]["number"] == before + 1
    refused(desk.post("fin-1", WHAT_IF, [], at=10**20), "OUTSIDE_LIFE", 422)


def _rest(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name not in ("kind", "effective_on")}


def test_a_programme_manager_asks_and_sees_within_their_specials(two_projects: Desk) -> None:
    desk = two_projects
    reserved = movement("FundsReserved", "2025-06-01", call="C-1", fund="STIDF", amount="5", expires_on="2025-12-31")
    found = ask(desk, "pm-1", reserved | {"special": "RDT-KRD"}, reserved | {"special": "MSP-BRK"}, reallocated("1"))
    assert [line["accepted"] for line in found["lines"]] == [True, False, False]
    assert {row["special"] for row in found["rows"]} == {"RDT-KRD"}
    assert "MSP-BRK" not in str(found["accounts"])
    refused(desk.post("rec-1", WHAT_IF, []), "NOT_FOR_THIS_ROLE", 403)


def test_what_is_no_list_or_too_long_is_refused(two_projects: Desk) -> None:
    desk = two_projects
    refused(desk.post("aud-1", WHAT_IF, {}), "MALFORMED", 422)
    wrong = refused(desk.post("aud-1", WHAT_IF, [reallocated("1"), {"kind": "Nothing"}], at=10**6), "MALFORMED", 422)
    assert wrong["problems"][0]["where"].startswith("2.")
    refused(desk.post("aud-1", WHAT_IF, [reallocated("1")] * 1001), "TOO_LARGE", 413)
    proposal = {
        "kind": "ProposalSubmitted",
        "proposal": "P",
        "effective_on": "2025-06-01",
        "movements": [reallocated("1")],
    }
    refused(desk.post("aud-1", WHAT_IF, [proposal]), "MALFORMED", 422)
