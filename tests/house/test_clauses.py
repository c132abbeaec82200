"""docs/CLAUSES.md and the headings of the features say the same; money clauses and kinds are shown accepted and refused."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from ledger.domain import kinds
from ledger.domain.movement import MOVEMENTS
from ledger.domain.parameter import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "CLAUSES.md"

MONEY_CLAUSES = (
    "二(一)3",
    "二(二)3",
    "二(三)3",
    "二(四)3",
    "二(五)3",
    "三(一)",
    "四(一)",
    "四(二)",
    "四(三)",
    "五(二)",
)

CLAUSE = re.compile(r"^(二末|[一二三四五](?:\([一二三四五]\)[1-3]?)?)(?= )")
PRACTICE = re.compile(r"财政惯例:(.+)$")
PARAMETER = re.compile(r"政策参数[: ]([\u4e00-\u9fff、]*)")

ANY_KIND = "".join(("(?P<kind>", "|".join(sorted(MOVEMENTS, key=len, reverse=True)), ")"))
WHO = r"(?:[a-z]+ as )?[A-Z]+[23]?(?: of \w+)?(?: within \w+)?(?: for [a-z]+[23]?)?"
DRAFTED = re.compile(rf"^the request {ANY_KIND}:$")
NAMED = re.compile(rf"^{WHO} (?:records|proposes and {WHO} approves) a?n? ?{ANY_KIND}:$")
OF_DRAFT = re.compile(rf"^{WHO} (?:records|proposes and {WHO} approves) it\b(?! as )")
SAID_OTHERWISE = {
    re.compile(r"^everything is judged again\b"): "PolicyParameterSet",
    re.compile(r"^the year's end of \d{4} is tried on [\d-]+$"): "YearClosed",
    re.compile(rf"^{WHO} proposes and {WHO} approves the year's end of \d{{4}} on [\d-]+$"): "YearClosed",
    re.compile(r"^the correction on [\d-]+:$"): "EntryCorrected",
    re.compile(rf"^{WHO} proposes and {WHO} approves on [\d-]+ a correction of:$"): "EntryCorrected",
    re.compile(rf"^{WHO} proposes it as [\w-]+"): "ProposalSubmitted",
    re.compile(
        rf"^{WHO} approves [\w-]+(?: without lines? [\d, ]+)?(?: as it was noted down)? on [\d-]+$"
    ): "ProposalApproved",
    re.compile(rf"^{WHO} rejects [\w-]+ on [\d-]+$"): "ProposalRejected",
}
"""Words for a kind that do not name it."""

MALFORMED = re.compile(rf"^{WHO} sends it malformed\b")
COMPARED = re.compile(
    r"^they are reconciled through [\d-]+$|^a sample is drawn by |^duplicate funding is looked for$"
    r"|^the segregation of duties is looked at$"
)
"""Whens that record nothing, so that nothing is accepted or refused."""
OUTCOMES = {
    re.compile(r"^it is accepted$"): "accepted",
    re.compile(r"^it is refused with [A-Z_]+"): "refused",
    re.compile(r"^it is recorded as \w+$"): "refused",
}
"""A fact that fits nothing is recorded as unmatched: it is as much refused as a fact can be."""


class Example(NamedTuple):
    """What a scenario, or one row of its examples, does in the end: under which rule, to which kind, how it was answered."""

    rule: str
    scenario: str
    kind: str
    outcome: str


# -- the features


def features() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "features").glob("*.feature"))}


def headings(text: str) -> list[str]:
    return [child["rule"]["name"] for child in Parser().parse(text)["feature"]["children"] if "rule" in child]


def outside_a_rule(text: str) -> list[str]:
    """Scenarios that follow nothing."""
    children = Parser().parse(text)["feature"]["children"]
    return [child["scenario"]["name"] for child in children if "scenario" in child]


def keys(heading: str) -> list[str]:
    """What a rule is headed by: a clause, parameters (plain 政策参数 where none is named), a practice; often two of them."""
    found = [match[1] for match in [CLAUSE.search(heading)] if match]
    found += [
        f"政策参数:{name}" if name else "政策参数"
        for match in PARAMETER.finditer(heading)
        for name in match[1].split("、")
    ]
    return found + [f"财政惯例:{match[1]}" for match in [PRACTICE.search(heading)] if match]


def kind_of(steps: Iterable[str], when: str) -> str | None:
    """The kind that a When is about: named in it, or by the request that was last described before it."""
    drafted = None
    for text in steps:
        match = DRAFTED.match(text)
        drafted = (
            match["kind"] if match else next((k for word, k in SAID_OTHERWISE.items() if word.match(text)), drafted)
        )
    if named := NAMED.match(when):
        return named["kind"]
    said = next((kind for word, kind in SAID_OTHERWISE.items() if word.match(when)), None)
    return said or (drafted if OF_DRAFT.match(when) else None)


def examples(text: str) -> Iterator[Example]:
    """Every scenario with its background before it, outlines row by row; one that records nothing has no outcome."""
    document = Parser().parse(text)
    rule_of = {
        child["scenario"]["id"]: rule["rule"]["name"]
        for rule in document["feature"]["children"]
        if "rule" in rule
        for child in rule["rule"]["children"]
        if "scenario" in child
    }
    for pickle in Compiler().compile({**document, "uri": ""}):
        steps = [(step["type"], step["text"]) for step in pickle["steps"]]
        last = max((place for place, (role, _) in enumerate(steps) if role == "Action"), default=0)
        when = steps[last][1]
        said = [word for _, word in steps[last + 1 :]]
        outcome = next((o for word in said for form, o in OUTCOMES.items() if form.match(word)), "")
        kind = kind_of((word for role, word in steps[:last] if role == "Context"), when) or ""
        if not (MALFORMED.match(when) or COMPARED.match(when)):
            yield Example(rule_of.get(pickle["astNodeIds"][0], ""), pickle["name"], kind, outcome)


def unread(found: Iterable[Example]) -> list[str]:
    """Scenarios whose When is written in words that are not understood here."""
    return [one.scenario for one in found if not one.kind]


def lacking(found: Iterable[tuple[str, str]], wanted: Iterable[str]) -> list[str]:
    """What is not shown both accepted and refused."""
    shown = defaultdict(set)
    for what, outcome in found:
        shown[what].add(outcome)
    return [
        f"{what}: never {outcome}"
        for what in wanted
        for outcome in ("accepted", "refused")
        if outcome not in shown[what]
    ]


# -- the table


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, heads left out."""
    lines = [line.strip() for line in text.splitlines()]
    tables = [index for index, line in enumerate(lines) if re.fullmatch(r"\|[\s:|-]+\|", line)]
    heads = {index - 1 for index in tables} | set(tables)
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for index, line in enumerate(lines)
        if line.startswith("|") and index not in heads
    ]


def said_in_table(text: str) -> set[tuple[str, str]]:
    """Pairs of what heads a rule, in the first cell, and a feature, linked in the last."""
    return {
        (cells[0], feature)
        for cells in rows(text)
        for feature in re.findall(r"\[\w+\]\(\.\./features/(\w+)\.feature\)", cells[-1])
    }


def said_in_features(texts: dict[str, str]) -> set[tuple[str, str]]:
    return {(key, name) for name, text in texts.items() for heading in headings(text) for key in keys(heading)}


def differences(table: set[tuple[str, str]], features: set[tuple[str, str]]) -> list[str]:
    return [f"not in the table: {key} → {name}" for key, name in sorted(features - table)] + [
        f"no such rule: {key} → {name}" for key, name in sorted(table - features)
    ]


def untold(text: str) -> list[str]:
    """Rows that do not say what is kept, or where."""
    return [cells[0] for cells in rows(text) if len(cells) != 3 or not all(cells)]


# -- on the tree


ALL = [one for text in features().values() for one in examples(text)]


@pytest.mark.parametrize("name", features())
def test_every_scenario_stands_under_a_rule_with_its_clause(name: str) -> None:
    text = features()[name]
    assert not outside_a_rule(text)
    assert [heading for heading in headings(text) if not keys(heading)] == []


def test_the_table_and_the_features_say_the_same() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert differences(said_in_table(text), said_in_features(features())) == []
    assert untold(text) == []


def test_the_clauses_of_the_kinds_head_a_rule() -> None:
    headed = {key for key, _ in said_in_features(features())}
    clauses = {clause for kind in MOVEMENTS.values() for clause in kind.clause.split() if clause not in ("F", "P")}
    assert clauses - headed == set()


def test_every_parameter_heads_a_rule() -> None:
    headed = {key for key, _ in said_in_features(features())}
    named = {f"政策参数:{re.sub(r'[((].*', '', kind.name.zh)}" for kind in PARAMETERS.values()}
    assert {key for key in headed if key.startswith("政策参数:")} == named


def test_every_scenario_is_understood_here() -> None:
    assert unread(ALL) == []


def test_every_money_clause_is_shown_kept_and_broken() -> None:
    assert lacking(((key, one.outcome) for one in ALL for key in keys(one.rule)), MONEY_CLAUSES) == []


def test_every_kind_is_shown_accepted_and_refused() -> None:
    assert kinds.SUBJECTS
    assert lacking(((one.kind, one.outcome) for one in ALL), MOVEMENTS) == []


# -- the checkers themselves

FEATURE = """Feature: Something
  Rule: 四(一) Money 政策参数:甲、乙
    Background:
      Given the request FundsAllocated:
        | amount | 1 |
    Scenario: One
      When STD proposes and FIN approves it
      Then it is accepted
    Scenario Outline: Two
      Given <given>
      When <when>
      Then it is <outcome>
      Examples:
        | given                         | when                                          | outcome                                  |
        | nothing                       | STD records it with amount 2                  | refused with INSUFFICIENT_FUNDS          |
        | the request QuotaIssued:      | FIN records it without fund                   | accepted                                 |
        | the correction on 2025-01-01: | FIN proposes and FIN2 approves it             | refused with SELF_APPROVAL               |
        | nothing                       | TRE records PaymentSettled:                   | recorded as UnmatchedSettlementRecorded  |
        | nothing                       | STD proposes it as P-1                        | accepted                                 |
        | nothing                       | li as FIN approves P-1 on 2025-01-01          | accepted                                 |
        | nothing                       | STD sends it malformed without amount         | accepted                                 |
  Rule: 财政惯例:一笔业务只记一次
    Scenario: Three
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentSettled | amount | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)
    Scenario: Four
      When something else happens
      Then it is accepted
"""

SAID = """
| clause | what is kept | where |
|---|---|---|
| 四(一) | money | [one](../features/one.feature), [two](../features/two.feature) |
| 二末 | | [one](../features/one.feature) |
"""


def test_kinds_and_outcomes_are_read_out_of_a_feature() -> None:
    assert [(one.scenario, one.kind, one.outcome) for one in examples(FEATURE)] == [
        ("One", "FundsAllocated", "accepted"),
        ("Two", "FundsAllocated", "refused"),
        ("Two", "QuotaIssued", "accepted"),
        ("Two", "EntryCorrected", "refused"),
        ("Two", "PaymentSettled", "refused"),
        ("Two", "ProposalSubmitted", "accepted"),
        ("Two", "ProposalApproved", "accepted"),
        ("Three", "EntryCorrected", "refused"),
        ("Four", "", "accepted"),
    ]
    assert {one.rule for one in examples(FEATURE)} == set(headings(FEATURE))


def test_a_scenario_in_other_words_is_found() -> None:
    assert unread(examples(FEATURE)) == ["Four"]


def test_what_is_shown_only_once_is_found() -> None:
    shown = [(one.kind, one.outcome) for one in examples(FEATURE)]
    assert lacking(shown, ("FundsAllocated",)) == []
    assert lacking(shown, ("PaymentSettled",)) == ["PaymentSettled: never accepted"]
    assert lacking(shown, ("QuotaIssued",)) == ["QuotaIssued: never refused"]
    assert lacking(shown, ("YearClosed",)) == ["YearClosed: never accepted", "YearClosed: never refused"]


def test_a_scenario_outside_a_rule_is_found() -> None:
    assert not outside_a_rule(FEATURE)
    assert outside_a_rule("Feature: A\n  Scenario: Lost\n    When x\n    Then y\n") == ["Lost"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("四(一) Quota is cut 财政惯例:指标追减以文件为依据", ["四(一)", "财政惯例:指标追减以文件为依据"]),
        ("二(一)3 What was promised arrives", ["二(一)3"]),
        ("二末 全部纳入", ["二末"]),
        ("二 项目", ["二"]),
        ("四(二) 调整 政策参数:基金保留底线", ["四(二)", "政策参数:基金保留底线"]),
        ("二(四)3 奖励 政策参数:后补助比例、后补助上限", ["二(四)3", "政策参数:后补助比例", "政策参数:后补助上限"]),
        ("政策参数 指标下达期限:收到指标文件后 30 日内", ["政策参数:指标下达期限"]),
        ("政策参数 No figure is in the code", ["政策参数"]),
        ("H7 Same request twice 财政惯例:一笔业务只记一次", ["财政惯例:一笔业务只记一次"]),
        ("Money is kept", []),
        ("二次 nothing", []),
    ],
)
def test_what_heads_a_rule(heading: str, expected: list[str]) -> None:
    assert keys(heading) == expected


def test_table_and_features_that_differ_are_found() -> None:
    table = said_in_table(SAID)
    assert table == {("四(一)", "one"), ("四(一)", "two"), ("二末", "one")}
    found = said_in_features({"one": FEATURE})
    assert differences(table, found) == [
        "not in the table: 政策参数:乙 → one",
        "not in the table: 政策参数:甲 → one",
        "not in the table: 财政惯例:一笔业务只记一次 → one",
        "no such rule: 二末 → one",
        "no such rule: 四(一) → two",
    ]
    assert untold(SAID) == ["二末"]
