"""From the demo to signed in: three people's ways in are told to a terminal, and to nothing that keeps what it is told."""

import sys
from pathlib import Path

import pytest

from ledger.access.demo import demo_people
from ledger.cli.demo import show_ways_in


@pytest.mark.parametrize("terminal", [True, False])
def test_passwords_are_told_to_a_terminal_only(
    terminal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = demo_people(tmp_path)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    show_ways_in(tmp_path)
    said = capsys.readouterr().out
    for who in ("fin-1", "std-1", "aud-1"):
        assert (f"login {who}" in said and known.password_of(who) in said) == terminal
    assert known.password_of("adm-1") not in said
    assert known.key_of("fin-1") not in said
