"""ledger alerts: what is due on a day, whose it is, and which parameters are missing."""

from tests.cli.conftest import Desk


def test_it_lists_what_is_due_with_owner_and_remedy_and_names_what_is_missing(opened: Desk) -> None:
    ran = opened.run("alerts", "--on", "2027-01-01")
    assert ran.code == 0, ran.said
    assert "指标满两年未用完 VINTAGE_OLD" in ran.out
    assert "财政部门、科技部门" in ran.out
    assert "加快拨付,或收回财政" in ran.out
    assert "idle_days" in ran.out
    assert "2027-01-01 截至第 5 号" in ran.out
    assert "VINTAGE_OLD" not in opened.run("alerts", "--on", "2026-12-31").out


def test_it_is_narrowed_to_a_kind(opened: Desk) -> None:
    ran = opened.run("alerts", "--on", "2027-01-01", "--kind", "MONEY_IDLE")
    assert "VINTAGE_OLD" not in ran.out
    assert "idle_days" in ran.out
    for wrong in (("--kind", "nothing"), ("--on", "soon")):
        assert opened.run("alerts", *wrong).code == 2
