"""GUARANTEES.md names tests; they exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[^`]+)`", (ROOT / "GUARANTEES.md").read_text("utf-8"))


def exists(named: str, root: Path) -> bool:
    """Whether a test is there: a folder, a file, or a function or class of a file."""
    path, _, name = named.partition("::")
    found = root / path
    if not name:
        return found.is_file() or (found.is_dir() and any(found.glob("test_*.py")))
    return (
        found.is_file()
        and re.search(rf"^(def|class) {re.escape(name)}\b", found.read_text("utf-8"), re.MULTILINE) is not None
    )


def test_a_test_that_is_not_there_is_noticed() -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert exists(f"{here}::test_a_test_that_is_not_there_is_noticed", ROOT)
    assert not exists(f"{here}::test_of_something_else", ROOT)
    assert not exists("tests/nowhere.py", ROOT)


@pytest.mark.parametrize("named", sorted(set(NAMED)))
def test_every_promise_names_a_test_that_exists(named: str) -> None:
    assert exists(named, ROOT)
