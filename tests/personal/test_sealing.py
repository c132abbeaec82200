"""Sealing without a database: commitments, keys, and what a lost key leaves behind."""

import json
import secrets
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.codec import canonical
from ledger.domain.catalogue import Role
from ledger.domain.examples import EXAMPLES
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import MOVEMENTS, Actor, Movement, sealed_fields
from ledger.personal.texts import FIELDS, SUBJECTS
from ledger.sealing import Damaged, SealedRow, SubjectKey, places, seal

STD = Actor("s_std", Role.STD)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=200)


def key() -> SubjectKey:
    return SubjectKey(uuid4(), secrets.token_bytes(32))


def example(kind: str, **more: object) -> Movement:
    return ANY_MOVEMENT.validate_json(json.dumps(EXAMPLES[kind] | more))


@given(TEXTS)
def test_what_was_sealed_opens_with_its_key_and_no_other(text: str) -> None:
    movement = example("SpecialSuspended").model_copy(update={"reason": text})
    sealed, (kept,) = seal(movement, STD)
    own = key()
    row = own.seal(kept)
    assert own.open(row) == text
    assert sealed.reason == row.commitment
    for other in (key(), SubjectKey(own.id, secrets.token_bytes(32))):
        with pytest.raises(Damaged):
            other.open(row)


def test_the_same_text_is_sealed_differently_each_time_and_marked_alike() -> None:
    _, (kept,) = seal(example("SpecialSuspended", reason="同一理由"), STD)
    own, other = key(), key()
    assert len({own.seal(kept).ciphertext for _ in range(20)}) == 20
    assert own.mark("同一理由") == own.mark("同一理由") != other.mark("同一理由")
    assert own.mark("同一理由") != own.mark("另一理由")


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_does_not_open(place: int, change: int) -> None:
    own = key()
    _, (kept,) = seal(example("SpecialSuspended", reason="因家属住院"), STD)
    row = own.seal(kept)
    changed = bytearray(row.ciphertext)
    changed[place % len(changed)] ^= change
    with pytest.raises(Damaged):
        own.open(row._replace(ciphertext=bytes(changed)))


def test_texts_that_changed_places_or_are_not_what_the_log_says_do_not_open() -> None:
    own = key()
    one, other = (own.seal(seal(example("SpecialSuspended", reason=text), STD)[1][0]) for text in ("甲", "乙"))
    with pytest.raises(Damaged):
        own.open(SealedRow(one.commitment, own.id, other.ciphertext))
    _, (kept,) = seal(example("SpecialSuspended", reason="甲"), STD)
    with pytest.raises(Damaged):
        own.open(own.seal(kept._replace(text="丙")))
    with pytest.raises(Damaged):
        own.open(SealedRow(one.commitment, own.id, b"short"))


def test_the_texts_of_movements_inside_a_movement_are_sealed_and_found_again() -> None:
    inner = [EXAMPLES["SpecialSuspended"] | {"reason": f"第{line}"} for line in (1, 2)]
    proposed = example("ProposalSubmitted", movements=inner, reason="整批")
    sealed, kept = seal(proposed, STD)
    assert {text.text for text in kept} == {"整批", "第1", "第2"}
    found = {place.at: place for place in places(sealed)}
    assert set(found) == {"reason", "1.reason", "2.reason"}
    by_commitment = {text.commitment: text.text for text in kept}
    assert {at: by_commitment[place.commitment] for at, place in found.items()} == {
        "reason": "整批",
        "1.reason": "第1",
        "2.reason": "第2",
    }
    assert found["2.reason"].kind == "SpecialSuspended"


@pytest.mark.parametrize("kind", sorted(MOVEMENTS))
def test_no_text_of_any_kind_is_recorded_or_shown(kind: str) -> None:
    """Whatever field is marked: its text is in neither the sealed movement nor in what shows itself."""
    marker = "查无此人1380013"
    movement = example(kind)
    texts = {name: f"{marker}{name}" for name, _ in sealed_fields(type(movement))}
    full = movement.model_copy(update=texts)
    sealed, kept = seal(full, STD)
    assert {text.text for text in kept} >= set(texts.values())
    assert marker.encode() not in canonical(sealed.model_dump(exclude_none=True))
    for shown in (repr(full), str(full), repr(kept), repr([key().seal(text) for text in kept])):
        assert marker not in shown


def test_every_sealed_field_and_subject_has_a_name() -> None:
    marked = [found for kind in MOVEMENTS.values() for found in sealed_fields(kind)]
    assert {name for name, _ in marked} == set(FIELDS)
    assert {mark.subject for _, mark in marked} == set(SUBJECTS)
