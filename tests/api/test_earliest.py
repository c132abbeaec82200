"""From when an amount is free in a special, over HTTP: for everybody within what they see."""

from tests.api.desk import Desk, refused

EARLIEST = "/v1/availability/earliest"


def test_time_alone_or_the_steps_with_whose_signatures(two_projects: Desk) -> None:
    desk = two_projects
    found = desk.get("aud-1", EARLIEST, special="RDT-KRD", amount="2000000")
    assert (found["free"], found["by_time"], found["steps"]) == ("2000000.00", "2025-06-30", [])
    found = desk.get("aud-1", EARLIEST, special="RDT-KRD", amount="2500000.5")
    (step,) = found["steps"]
    assert (step["kind"], step["amount"], step["fund"]) == ("ALLOCATE", "500000.50", "STIDF")
    assert ["STD", "FIN"] in step["needs"]
    assert (found["by_time"], found["on"], found["short_by"]) == (None, "2025-06-30", "0.00")
    assert found["not_known"]["zh"]


def test_a_programme_manager_is_told_of_their_specials_alone(two_projects: Desk) -> None:
    desk = two_projects
    found = desk.get("pm-1", EARLIEST, special="RDT-KRD", amount="2500000")
    assert (found["steps"], found["short_by"], found["on"]) == ([], "500000.00", None)
    for who, special in (("pm-1", "MSP-BRK"), ("und-1", "RDT-KRD"), ("aud-1", "NON-EE")):
        refused(desk.read(who, EARLIEST, special=special, amount="1"), "NOT_FOUND", 404)
    for amount in ("0", "-1", "1.234", "x"):
        refused(desk.read("aud-1", EARLIEST, special="RDT-KRD", amount=amount), "MALFORMED", 422)
    assert desk.get("aud-1", EARLIEST, special="RDT-KRD", amount="1", on="2024-06-30")["by_time"] is None
