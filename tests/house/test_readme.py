"""The README tells the truth: every command, setting and exit code is in it, and nothing that does not exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from ledger.cli.main import app
from ledger.cli.terminal import Exit
from ledger.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_command_is_there_and_no_other() -> None:
    assert set(re.findall(r"`ledger ([a-z][a-z-]*)", section("The command line"))) == set(get_command(app).commands)


def test_every_setting_is_there_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`)? ?\|", section("Settings"), re.MULTILINE)
    assert set(rows) == {(setting.variable, setting.default) for setting in SETTINGS}


def test_every_exit_code_is_there() -> None:
    said = section("The command line").split("Exit codes:")[1]
    assert {int(code) for code in re.findall(r"\b\d+\b", said)} == {code.value for code in Exit}


def test_the_two_commands_are_in_the_makefile() -> None:
    targets = re.findall(r"^make (\w+) ", section("Two commands"), re.MULTILINE)
    assert targets == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize("name", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_leads_somewhere(name: str) -> None:
    assert (ROOT / name).exists()
