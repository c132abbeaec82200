"""ledger search: what was just recorded is found, by whoever owns the machine."""

from tests.cli.conftest import Desk


def test_it_finds_what_was_just_recorded(opened: Desk) -> None:
    ran = opened.run("search", "指标下达", "--from-amount", "1000")
    assert ran.code == 0, ran.said
    assert "AppropriationReceived" in ran.out
    assert "检索截至第 5 号" in ran.out
    first = opened.run("search", "--limit", "1")
    assert "--before 5" in first.out
    assert "AppropriationReceived" not in opened.run("search", "nothing").out


def test_an_amount_that_is_none_is_told(opened: Desk) -> None:
    assert opened.run("search", "--to-amount", "1e3").code == 2
