"""What a movement says, in words: every field of every example is named in both languages, codes with what they mean."""

import pytest

from api.console.saying import plain_values
from api.console.shapes import Control, shape_of
from api.console.view import View
from api.language import EN, ZH, Language
from ledger.domain.examples import EXAMPLES
from ledger.domain.movement import MOVEMENTS


def said(kind: str, language: Language = ZH) -> list[tuple[str, str]]:
    return list(plain_values(View(language, "wan", "/", ()), dict(EXAMPLES[kind]), ("effective_on",)))


@pytest.mark.parametrize("kind", MOVEMENTS)
def test_every_field_of_every_kind_has_a_name_and_a_control(kind: str) -> None:
    assert {shape.name for shape in shape_of(kind)} == set(MOVEMENTS[kind].model_fields) - {"kind"}
    unnamed = [name for name, _ in (*said(kind), *said(kind, EN)) if "_" in name]
    assert not unnamed


def test_codes_are_called_what_they_mean_and_rows_are_counted() -> None:
    told = dict(said("PreFundingCommitted"))
    assert told["资金"] == "STIDF 科技创新发展专项资金"
    assert told["分期安排 2 · 金额(元)"] == "108000000"
    assert told["分期安排 2 · 须考核通过"] == "是"
    assert dict(said("PreFundingCommitted", EN))["Nature of support"] == "COMPETITIVE Competitive"


def test_what_a_form_cannot_take_apart_is_little() -> None:
    """A movement inside a movement is given as it is: whoever adds to these thinks of the form first."""
    rare = {
        (kind, shape.name)
        for kind, held in MOVEMENTS.items()
        for shape in (*shape_of(kind), *(inside for row in shape_of(kind) for inside in row.inside))
        if shape.control is Control.JSON and not held.of_proposals
    }
    assert rare == {("EntryCorrected", "replacement")}
