"""The corpus names tests that exist, and no test of this folder is left out of it."""

import re
from pathlib import Path

import pytest

from tests.attacks.corpus import ATTACKS
from tests.house.test_guarantees import ROOT, exists

NAMED = {test for tests in ATTACKS.values() for test in tests}
HERE = Path(__file__)
NO_ATTACK = {
    "test_a_good_file_is_still_read",
    "test_mongolian_keeps_what_shapes_its_letters",
    "test_the_poison_reaches_every_text_of_every_kind",
    "test_asking_to_upgrade_is_one_request_and_no_word_of_it_in_the_log",
}
"""What they show is that the attacks beside them are aimed well."""


@pytest.mark.parametrize("test", sorted(NAMED))
def test_every_attack_names_a_test_that_exists(test: str) -> None:
    assert "::" in test
    assert exists(test, ROOT)


def test_every_test_of_this_folder_is_an_attack_of_the_corpus() -> None:
    files = [file for file in HERE.parent.glob("test_*.py") if file != HERE]
    there = {
        f"{file.relative_to(ROOT).as_posix()}::{name}"
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
        if name not in NO_ATTACK
    }
    assert there == {test for test in NAMED if test.startswith("tests/attacks/")}
