"""Alerts over HTTP: by day and by parameter, within one's sight, with whose they are and how they end."""

import pytest

from ledger.application import Ledger
from ledger.projections.alerts import Alerts
from ledger.projections.follower import catch_up
from tests.api.desk import Desk, movement, refused

ALERTS = "/v1/alerts"


@pytest.fixture
def followed(two_projects: Desk, ledger: Ledger) -> Desk:
    """Two projects with money, of which it is known what is due."""
    catch_up(ledger.store, ledger.id, Alerts())
    return two_projects


def idle_after(desk: Desk, ledger: Ledger, days: int, **scope: str) -> None:
    fields = {"name": "idle_days", "days": days, "document": {"number": f"参数{days}号"}, **scope}
    desk.sign("fin-1", "std-1", movement("PolicyParameterSet", "2025-01-01", **fields))
    catch_up(ledger.store, ledger.id, Alerts())


def test_a_kind_without_its_parameter_is_named_as_such_and_appears_once_it_is_set(
    followed: Desk, ledger: Ledger
) -> None:
    before = followed.get("aud-1", ALERTS, on="2025-12-31")
    assert {one["parameter"] for one in before["missing_parameters"]} >= {"idle_days", "advance_days"}
    assert [one for one in before["alerts"] if one["kind"] == "MONEY_IDLE"] == []
    idle_after(followed, ledger, 90, scope="RDT-KRD")
    after = followed.get("aud-1", ALERTS, on="2025-12-31", kind="MONEY_IDLE")
    assert {one["special"] for one in after["alerts"]} == {"RDT-KRD"}
    (missing,) = after["missing_parameters"]
    assert (missing["parameter"], "RDT-KRD" in missing["scopes"]) == ("idle_days", False)
    (total,) = after["totals"]
    assert total["alerts"] == len(after["alerts"]) == 2
    assert [owner["role"] for owner in total["owners"]] == ["STD", "PM"]
    assert total["remedy"]["zh"]
    assert total["amount"] == "3000000.00"


def test_an_alert_says_since_when_and_of_how_much(followed: Desk, ledger: Ledger) -> None:
    idle_after(followed, ledger, 90)
    lines = followed.get("aud-1", ALERTS, on="2025-12-31", project="KRD-1", kind="MONEY_IDLE")["alerts"]
    (line,) = lines
    assert (line["amount"], line["special"], line["vintage"]) == ("1000000.00", "RDT-KRD", 2025)
    due_on = line["due_on"]
    assert followed.get("aud-1", ALERTS, on=due_on, project="KRD-1", kind="MONEY_IDLE")["alerts"] == []
    assert line["days_late"] > 0


@pytest.mark.parametrize("who", ["pm-1", "und-1"])
def test_one_sees_what_is_due_of_one_s_own(followed: Desk, ledger: Ledger, who: str) -> None:
    idle_after(followed, ledger, 90)
    own = followed.get(who, ALERTS, on="2028-01-01")
    assert own["alerts"]
    assert {one.get("special") for one in own["alerts"]} == {"RDT-KRD"}
    whole = followed.get("aud-1", ALERTS, on="2028-01-01")
    assert len(own["alerts"]) < len(whole["alerts"])
    assert sum(total["alerts"] for total in own["totals"]) == len(own["alerts"])
    assert followed.get(who, ALERTS, on="2028-01-01", project="BRK-1")["alerts"] == []


def test_pages_go_on_and_the_most_overdue_come_first(followed: Desk) -> None:
    whole = followed.get("aud-1", ALERTS, on="2028-01-01")["alerts"]
    assert [one["due_on"] for one in whole] == sorted(one["due_on"] for one in whole)
    first = followed.get("aud-1", ALERTS, on="2028-01-01", limit=1)
    rest = followed.get("aud-1", ALERTS, on="2028-01-01", after=first["next"])
    assert first["alerts"] + rest["alerts"] == whole
    assert "next" not in rest


def test_it_says_what_the_follower_knew(followed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.reading.WAIT_SECONDS", 0.1)
    number = followed.number()
    answer = followed.read("aud-1", ALERTS)
    assert answer.json()["number"] == number == int(answer.headers["Ledger-Number"])
    assert answer.json()["on"] == "2025-06-30"
    refused(followed.read("aud-1", ALERTS, min_number=number + 1), "NUMBER_NOT_REACHED", 503)
    refused(followed.read("aud-1", ALERTS, kind="NOTHING"), "MALFORMED", 422)
