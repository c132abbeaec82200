"""docs/security-controls.md holds every requirement of ASVS 5.0.0 up to level 2 once; what is met is kept by tests that exist."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.test_clauses import rows as table_rows
from tests.house.test_guarantees import exists

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security-controls.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
DOES_NOT_APPLY, NOT_MET = "does not apply: ", "**NOT MET**: "

LEVELS = (
    "22 1111122223 112222222223 222 123",
    "122 112 12223 23",
    "3 113 12223 11222233 11122333 3 22333",
    "12233 23333 22 1222",
    "2 112333 113 222",
    "122 111111112222 11223333 112233 22222333 2223 33 2222",
    "222 1111 22 11222 223 22",
    "1233 1123 133 23",
    "111 1222",
    "22 223 22223 1111122222233333 22222 22 222",
    "2233 22233 11233 1222 23 23 33",
    "12233 11 22223",
    "2333 222223 2233 1222233",
    "22 12223333 122",
    "12233 12233 1222222 3333",
    "2 22222 2222 222 2223",
    "23 22223333 22",
)
"""The levels of ASVS 5.0.0: a text for each chapter, a word for each of its sections, a digit for each requirement."""
WANTED = {
    f"V{chapter}.{section}.{number}": level
    for chapter, sections in enumerate(LEVELS, 1)
    for section, levels in enumerate(sections.split(), 1)
    for number, level in enumerate(levels, 1)
    if level in "12"
}
TOP_TEN = [f"API{number}:2023" for number in range(1, 11)]


class Control(NamedTuple):
    """One row: which requirement, of which level, what it is about, how it is met, and by which tests that is kept."""

    id: str
    level: str
    subject: str
    how: str
    tests: list[str]

    @property
    def state(self) -> str:
        return next((state for state in (DOES_NOT_APPLY, NOT_MET) if self.how.startswith(state)), "met")


def controls(text: str) -> list[Control]:
    found = [row for row in table_rows(text) if re.fullmatch(r"V\d+\.\d+\.\d+", row[0])]
    return [Control(*row[:4], re.findall(r"`(tests/[^`]+)`", row[4])) for row in found]


def faults(found: list[Control], wanted: dict[str, str], root: Path) -> list[str]:
    """Whatever is missing, doubled, of another level, said without a reason or kept by no test."""
    listed = Counter(one.id for one in found)
    wrong = [f"missing: {one}" for one in wanted if not listed[one]]
    wrong += [f"listed {count} times: {one}" for one, count in listed.items() if count > 1]
    for one in found:
        if wanted.get(one.id) != one.level:
            wrong.append(f"no such requirement of level {one.level}: {one.id}")
        if not one.subject or not one.how.removeprefix(one.state):
            wrong.append(f"says nothing: {one.id}")
        if one.state == "met" and not one.tests:
            wrong.append(f"met, and kept by no test: {one.id}")
        wrong += [f"{one.id} names what is not there: {test}" for test in one.tests if not exists(test, root)]
    return wrong


def counted(found: list[Control]) -> dict[str, tuple[int, int, int]]:
    """Chapter → how many are met, do not apply, are not met."""
    chapters = dict.fromkeys(one.id.partition(".")[0] for one in found)
    states = Counter((one.id.partition(".")[0], one.state) for one in found)
    return {
        chapter: (states[chapter, "met"], states[chapter, DOES_NOT_APPLY], states[chapter, NOT_MET])
        for chapter in chapters
    }


FOUND = controls(TEXT)


def test_the_standard_is_whole() -> None:
    """345 requirements: 70 of level 1, 183 of level 2, 92 of level 3."""
    assert Counter("".join(LEVELS).replace(" ", "")) == {"1": 70, "2": 183, "3": 92}
    assert len(WANTED) == 253


def test_every_requirement_stands_there_once_and_what_is_met_is_kept_by_a_test() -> None:
    assert faults(FOUND, WANTED, ROOT) == []


def test_the_counts_are_those_of_the_rows() -> None:
    said = {row[0].split()[0]: tuple(map(int, row[1:])) for row in table_rows(TEXT) if re.match(r"V\d+ ", row[0])}
    assert said == counted(FOUND)
    met, outside, not_met = map(sum, zip(*said.values(), strict=True))
    assert f"Of {len(FOUND)} requirements {met} are met, {outside} do not apply, {not_met} are not met." in TEXT


def test_what_is_not_met_stands_in_security_md_too() -> None:
    _, _, not_yet = SECURITY.partition("## Not yet")
    assert set(re.findall(r"V\d+\.\d+\.\d+", not_yet)) == {one.id for one in FOUND if one.state == NOT_MET}


def test_the_ten_risks_of_an_api_are_each_met_by_tests() -> None:
    rows = [row for row in table_rows(SECURITY) if row[0].startswith("API")]
    assert [row[0] for row in rows] == TOP_TEN
    for name, risk, how, tests in rows:
        named = re.findall(r"`(tests/[^`]+)`", tests)
        assert risk, name
        assert how, name
        assert named, name
        assert [test for test in named if not exists(test, ROOT)] == []


def test_the_table_leads_to_headings_that_are_there() -> None:
    for file, anchor in re.findall(r"\]\(([\w./-]+\.md)#([\w-]+)\)", TEXT):
        headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / file).read_text("utf-8"), re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, f"{file}#{anchor}"


# -- the checker itself

HERE = "tests/house/test_security_controls.py::test_the_standard_is_whole"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"| V1.1.1 | 2 | a | b | `{HERE}` |", ""),
        ("| V1.1.1 | 2 | a | does not apply: none | |", ""),
        ("| V1.1.1 | 2 | a | **NOT MET**: all of it | |", ""),
        ("| V1.1.1 | 2 | a | b | |", "kept by no test"),
        ("| V1.1.1 | 2 | a | **NOT MET**: | |", "kept by no test"),
        ("| V1.1.1 | 2 | | does not apply: none | |", "says nothing"),
        (f"| V1.1.1 | 1 | a | b | `{HERE}` |", "no such requirement of level 1"),
        (f"| V1.1.2 | 2 | a | b | `{HERE}` |", "missing"),
        (f"| V1.1.1 | 2 | a | b | `{HERE}_at_all` |", "is not there"),
        (f"| V1.1.1 | 2 | a | b | `{HERE}` |\n| V1.1.1 | 2 | a | b | `{HERE}` |", "listed 2 times"),
    ],
)
def test_whatever_is_wrong_with_a_row_is_found(row: str, says: str) -> None:
    head = "| id | level | subject | how | kept by |\n|---|---|---|---|---|\n"
    found = faults(controls(head + row), {"V1.1.1": "2"}, ROOT)
    assert bool(found) == bool(says)
    assert any(says in one for one in found) or not says
