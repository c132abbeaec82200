"""House rules no linter knows, kept as tests: each is a checker, run on the tree and on a bad example."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser

ROOT = Path(__file__).resolve().parents[2]
LINES_MAX = 400
MADE_BY_MACHINES = {".git", ".venv", ".node", ".ledger", "node_modules", "dist", "build"}

# Written in pieces: this file is searched too.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
VAGUE = {"manager", "managers", "helper", "helpers", "util", "utils", "common"}
MACHINE_PATH = re.compile(r"(?<![\w.~\-/])/(?:wo" r"rk|ro" r"ot|ho" r"me)/")
REGISTRY = re.compile(
    r"py"
    r"pi\.org|python"
    r"hosted\.org|npm"
    r"js\.(?:org|com)|npm"
    r"mirror\.com|yarn"
    r"pkg\.com"
    r"|--(?:extra-)?index"
    r"-url|\"resol"
    r"ved\": *\"http",
    re.IGNORECASE,
)

# A keyword of the other language, or with a full-width colon, is read as description: the step vanishes.
LOST_KEYWORD = re.compile(
    r"^\s*(?:(?:Feature|Background|Scenario(?: Outline)?|Examples?|Rule)\s*[:：]"
    r"|(?:功能|背景|场景|场景大纲|剧本|剧本大纲|例子|规则)\s*[:：]"
    r"|(?:Given|When|Then|And|But)\s|假如|假设|假定)"
)
RARE_BUT_SIMPLIFIED: set[str] = set()  # characters of personal names outside GB 2312, such as those added in 2013


def files() -> list[Path]:
    """Whatever is tracked or about to be; without git, whatever lies in the tree."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        walked = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [str(path) for path in walked if not set(path.parts) & MADE_BY_MACHINES and path.suffix != ".pyc"]
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a spreadsheet


def written_by_hand(name: str) -> bool:
    return not (name.endswith((".lock", "package-lock.json")) or ".min." in name or "/vendor/" in name)


def product(name: str) -> bool:
    return name.endswith(".py") and name.startswith(("ledger/", "api/"))


def matching_lines(pattern: re.Pattern[str], text: str) -> list[str]:
    return [
        f"line {number}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def unfinished(text: str) -> list[str]:
    return matching_lines(UNFINISHED, text)


def ties_to_a_machine(text: str) -> list[str]:
    return matching_lines(MACHINE_PATH, text) + matching_lines(REGISTRY, text)


def vague_name(name: str) -> list[str]:
    parts = [part.split(".")[0] for part in Path(name).parts]
    return [part for part in parts if VAGUE & set(re.split(r"[_\-]", part.lower()))]


def too_long(text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines} lines, at most {LINES_MAX}"] if lines > LINES_MAX else []


def unexplained(text: str) -> list[str]:
    return [] if ast.get_docstring(ast.parse(text)) else ["no docstring on the module"]


def hollow_scenarios(text: str) -> list[str]:
    """Scenarios that would pass without doing or checking anything."""
    try:
        feature = Parser().parse(text).get("feature")
    except (CompositeParserException, ParserError) as error:
        return [f"not Gherkin: {error}"]
    if not feature:
        return ["no feature"]
    problems = lost_keywords(feature)
    scenarios = list(scenarios_of(feature, problems))
    for scenario in scenarios:
        kinds = [step.get("keywordType") for step in scenario["steps"]]
        problems += [
            f"{scenario['name']}: no {word}"
            for word, kind in (("When", "Action"), ("Then", "Outcome"))
            if kind not in kinds
        ]
    return problems if scenarios else [*problems, "no scenario"]


def scenarios_of(parent: dict, problems: list[str]) -> Iterator[dict]:
    for child in parent["children"]:
        for kind, node in child.items():
            problems += lost_keywords(node)
            if kind == "scenario":
                yield node
            elif kind == "rule":
                yield from scenarios_of(node, problems)


def lost_keywords(node: dict) -> list[str]:
    return [
        f"read as description: {line.strip()}" for line in node["description"].splitlines() if LOST_KEYWORD.match(line)
    ]


def traditional(text: str) -> list[str]:
    """Chinese characters outside GB 2312, which holds simplified forms only."""
    found = sorted(set(re.findall(r"[\u3400-\u9fff]", text)) - RARE_BUT_SIMPLIFIED)
    return [character for character in found if character.encode("gb2312", "ignore") == b""]


def named(problems: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {problem}" for name, found in problems.items() for problem in found)


def test_there_is_something_to_check() -> None:
    names = [name for name, _ in texts()]
    assert "pyproject.toml" in names
    assert "tests/house/test_house.py" in names


def test_nothing_is_left_unfinished() -> None:
    assert not named({name: unfinished(text) for name, text in texts() if written_by_hand(name)})


def test_no_file_has_a_vague_name() -> None:
    assert not named({name: vague_name(name) for name, _ in texts()})


def test_nothing_ties_to_a_registry_or_a_machine() -> None:
    assert not named({name: ties_to_a_machine(text) for name, text in texts()})


def test_no_module_is_too_long() -> None:
    assert not named({name: too_long(text) for name, text in texts() if product(name)})


def test_every_module_says_what_it_holds() -> None:
    assert not named({name: unexplained(text) for name, text in texts() if product(name)})


def test_every_scenario_does_and_checks_something() -> None:
    assert not named({name: hollow_scenarios(text) for name, text in texts() if name.endswith(".feature")})


def test_features_are_written_in_simplified_chinese() -> None:
    assert not named({name: traditional(text) for name, text in texts() if name.endswith(".feature")})


@pytest.mark.parametrize(
    ("checker", "bad", "good"),
    [
        (unfinished, "# TO" "DO later", "a to-do list, mktemp.XX" "XXXX"),
        (vague_name, "api/db_utils.py", "ledger/domain/commitment.py"),
        (vague_name, "tests/common/x.py", "tests/uncommon/x.py"),
        (ties_to_a_machine, "see /ho" "me/me/ledger", "https://example.org/ho" "me/ and ./wo" "rk/x"),
        (ties_to_a_machine, "https://py" "pi.org/simple", "py" "pi"),
        (ties_to_a_machine, '"resol' 'ved": "https://mirror.example/x.tgz"', '"integrity": "sha512-x"'),
        (too_long, "x\n" * (LINES_MAX + 1), "x\n" * LINES_MAX),
        (unexplained, "x = 1", '"""Why x."""\nx = 1'),
        (traditional, "經費", "经费"),
    ],
)  # fmt: skip
def test_a_checker_tells_bad_from_good(checker, bad, good) -> None:
    assert checker(bad)
    assert not checker(good)


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ("场景: 甲\n 假如 a\n 当 b\n 那么 c", None),
        ("规则: 一\n 场景: 甲\n 当 b\n 那么 c", None),
        ("场景: 甲\n 假如 a\n 那么 c", "甲: no When"),
        ("场景: 甲\n 当 b", "甲: no Then"),
        ("场景: 甲\n Given a\n 当 b\n 那么 c", "read as description: Given a"),
        ("场景: 甲\n Given a\n When b\n Then c", "甲: no When"),
        ("场景: 甲\n 当 b\n Then c", "not Gherkin"),
        ("场景：甲\n 场景: 乙\n 当 b\n 那么 c", "read as description: 场景：甲"),
        ("", "no scenario"),
    ],
)
def test_hollow_scenarios_are_told_from_whole_ones(steps, complaint) -> None:
    problems = hollow_scenarios(f"# language: zh-CN\n功能: 试\n {steps}\n")
    assert any(complaint in problem for problem in problems) if complaint else not problems
