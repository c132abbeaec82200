"""GET /v1/periods: states, what closes next, what blocks it and whose that is; what one may not see is as if absent."""

from tests.api.desk import Desk, refused

UNMATCHED = {"item": "PAY-9", "fund": "STIDF", "amount": "1000.02"}


def close(desk: Desk, *months: int) -> None:
    for month in months:
        desk.record(
            "fin-1", "PeriodClosed", f"{2025 + month // 12}-{month % 12 + 1:02d}-05", closes=f"2025-{month:02d}"
        )


def test_states_and_the_next_one_to_close(two_projects: Desk) -> None:
    close(two_projects, 1)
    answer = two_projects.get("fin-1", "/v1/periods")
    (year,) = answer["years"]
    first, second, *others = year["periods"]
    assert (year["year"], year["state"], answer["on"], len(others)) == (2025, "OPEN", "2025-06-30", 11)
    assert (first["period"], first["state"], first["closed_by"]) == ("2025-01", "CLOSED", two_projects.number())
    assert "closed_at" in first
    assert second == {"period": "2025-02", "state": "OPEN"}
    (following,) = answer["next"]
    assert (following["closes"], following["kind"], following["blocked"]) == ("2025-02", "PeriodClosed", 0)


def test_what_blocks_has_its_amount_clause_words_owner_and_remedy(two_projects: Desk) -> None:
    close(two_projects, 1)
    two_projects.record("tre-1", "UnmatchedSettlementRecorded", "2025-02-20", **UNMATCHED)
    (following,) = two_projects.get("aud-1", "/v1/periods", fiscal_year=2025)["next"]
    (blocker,) = following["blockers"]
    assert (blocker["code"], blocker["clause"], blocker["amount"]) == ("SUSPENSE_OPEN", "F", "1000.02")
    assert (blocker["account"], blocker["dimensions"]["ref"]) == ("X900", "PAY-9")
    assert "PAY-9" in blocker["words"]["zh"]
    assert blocker["owners"] == [{"role": "FIN", "name": {"zh": "财政部门", "en": "Finance department"}}]
    assert [one["kind"] for one in blocker["mended_by"]] == ["SuspenseCleared"]
    request = {"kind": "PeriodClosed", "effective_on": "2025-03-05", "closes": "2025-02"}
    problem = refused(two_projects.ask("fin-1", request), "SUSPENSE_OPEN")
    assert problem["asked"] == following["blocked_amount"]


def test_years_that_the_ledger_has_not_are_absent(two_projects: Desk) -> None:
    assert two_projects.get("fin-1", "/v1/periods", fiscal_year=2031)["years"] == []


def test_lists_are_cut_and_counted_whole(two_projects: Desk) -> None:
    close(two_projects, *range(1, 13))
    answer = two_projects.get("fin-1", "/v1/periods", limit=2)
    settling, year, january = answer["next"]
    assert (settling["closes"], year["closes"], january["closes"]) == ("2025-13", "2025", "2026-01")
    assert len(settling["blockers"]) == 2
    assert (settling["blocked"], settling["blocked_amount"]) == (year["blocked"], "1146260000.00")


def test_what_one_may_not_see_is_as_if_absent(two_projects: Desk) -> None:
    close(two_projects, *range(1, 13))
    settling = two_projects.get("pm-1", "/v1/periods")["next"][0]
    assert {one["dimensions"]["special"] for one in settling["blockers"]} == {"RDT-KRD"}
    assert settling["blocked_amount"] == "3000000.00"


def test_a_proposal_that_waits_is_seen_by_whom_its_content_concerns(two_projects: Desk) -> None:
    close(two_projects, 1)
    held = {"fund": "STIDF", "vintage": 2025, "special": "MSP-BRK", "amount": "7.50"}
    allocation = {"kind": "FundsAllocated", "effective_on": "2025-02-20", **held}
    body = {"proposal": "P-1", "effective_on": "2025-02-20", "movements": [allocation]}
    assert two_projects.post("std-1", "/v1/proposals", body).status_code == 201
    (seen,) = two_projects.get("fin-1", "/v1/periods")["next"][0]["look_at"]
    assert (seen["concern"], seen["ref"], seen["amount"]) == ("PROPOSAL_WAITS", "P-1", "7.50")
    assert [owner["role"] for owner in seen["owners"]] == ["FIN"]
    assert two_projects.get("pm-1", "/v1/periods")["next"][0]["look_at"] == []


def test_a_fact_that_takes_the_end_of_a_day_below_zero_says_so(two_projects: Desk) -> None:
    pay = {"order": "ORD-1", "project": "KRD-1", "instalment": "1", "amount": "1000000"}
    payee = two_projects.get("std-1", "/v1/projects/KRD-1")["undertaker"]["credit_code"]
    two_projects.record("std-1", "PaymentOrdered", "2025-03-10", payee=payee, document={"number": "拨付1号"}, **pay)
    fact = {"order": "ORD-1", "detail": "PAY-1", "amount": "400000.01"}
    (alert,) = two_projects.record("tre-1", "PaymentSettled", "2025-03-07", **fact)["alerts"]
    assert (alert["account"], alert["day"], alert["held"]) == ("B230", "2025-03-07", "-400000.01")
    on_its_day = two_projects.record("tre-1", "PaymentSettled", "2025-03-10", **fact | {"detail": "PAY-2"})
    assert "alerts" not in on_its_day
