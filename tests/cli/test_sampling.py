"""ledger sample: drawn once under its paper number, listed, and its working paper as a sheet."""

from tests.cli.conftest import Desk


def test_a_sample_is_drawn_listed_and_has_its_sheet(opened: Desk) -> None:
    asked = ("sample", "审抽1号", "--method", "random", "--seed", "S-1", "--size", "2", "--as", "aud-1")
    ran = opened.run(*asked)
    assert ran.code == 0, ran.said
    assert "SHA-256" in ran.out
    assert opened.run(*asked).out == ran.out
    listed = opened.run("sample")
    assert listed.out.count("审抽1号") == 1
    sheet = opened.run("report", "sampling", "--sample", "1")
    assert sheet.code == 0, sheet.said
    assert "审计抽样底稿" in sheet.out


def test_what_cannot_be_drawn_is_told(opened: Desk) -> None:
    assert opened.run("sample", "P", "--method", "dice").code == 2
    assert opened.run("sample", "P", "--method", "random", "--size", "2").code == 1
    assert opened.run("sample", "P", "--method", "all", "--threshold", "1", "--as", "fin-1").code == 2
    assert opened.run("report", "sampling").code == 2
