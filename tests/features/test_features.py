"""Every feature is run; the words are in conftest.py and the steps_of_… files beside it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from pytest_bdd import scenarios

FEATURES = sorted((Path(__file__).resolve().parents[2] / "features").glob("*.feature"))

pytest_plugins = [
    "tests.features.steps_of_alerts",
    "tests.features.steps_of_approval",
    "tests.features.steps_of_audit",
    "tests.features.steps_of_closing",
    "tests.features.steps_of_reports",
    "tests.features.steps_of_payments",
    "tests.features.steps_of_reconciliation",
    "tests.features.steps_of_rejudging",
    "tests.features.steps_of_year_end",
]

scenarios(".")


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.stem)
def test_no_two_scenarios_of_a_feature_bear_one_name(feature: Path) -> None:
    """Scenarios are found by name: of two with one name, the first would not be run."""
    names = re.findall(r"^\s*Scenario(?: Outline)?: (.+)$", feature.read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert [name for name, times in Counter(names).items() if times > 1] == []
