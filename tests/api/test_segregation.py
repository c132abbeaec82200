"""Segregation of duties over HTTP: what really happened at the door is found, by the human behind the accounts."""

from ledger.access.people import People
from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.signatures import Signatures
from tests.api.desk import Desk, done, movement, refused

ALLOCATED = {"fund": "STIDF", "vintage": 2025, "special": "RDT-KRD", "amount": "1", "document": {"number": "1号"}}


def test_approving_one_s_own_and_two_accounts_of_one_human_are_found(
    two_projects: Desk, registered: People, ledger: Ledger
) -> None:
    asked = movement("FundsAllocated", "2025-03-01", **ALLOCATED)
    body = {"proposal": "P-OWN", "effective_on": "2025-03-01", "movements": [asked]}
    done(two_projects.post("std-1", "/v1/proposals", body))
    refused(two_projects.approve("std-1", "P-OWN", effective_on="2025-03-01"), "SELF_APPROVAL")
    number = done(two_projects.approve("fin-1", "P-OWN", effective_on="2025-03-01"))["number"]
    catch_up(ledger.store, ledger.id, Signatures())
    own = two_projects.get("aud-1", "/v1/segregation", duty="OWN_APPROVAL_TRIED")["findings"]
    assert [(one["human"], one["count"]) for one in own] == [("p-std-1", 1)]
    assert two_projects.get("aud-1", "/v1/segregation", duty="BOTH_SIDES")["findings"] == []
    registered.register.join("p-std-1", "p-fin-1", "p-adm-1")
    both = two_projects.get("aud-1", "/v1/segregation", duty="BOTH_SIDES")["findings"]
    assert {one["human"] for one in both} == {"p-fin-1"}
    signed = (ledger.mapper.to_domain_event(event) for event in ledger.store.select_events(ledger.id))
    by_both = [
        one.number  # type: ignore[attr-defined]
        for one in signed
        if {who.subject for who in (one.actor, *one.approvals)} == {"p-std-1", "p-fin-1"}  # type: ignore[attr-defined]
    ]
    assert number + 1 in by_both
    assert sum(one["count"] for one in both) == len(by_both)
    assert {found for one in both for found in one["numbers"]} <= set(by_both)
    for duty in ("ROLES_HELD", "ROLES_USED"):
        (one,) = two_projects.get("aud-1", "/v1/segregation", duty=duty)["findings"]
        assert [role["role"] for role in one["roles"]] == ["FIN", "STD"]
    refused(two_projects.read("aud-1", "/v1/segregation", duty="NONE"), "MALFORMED", 422)
