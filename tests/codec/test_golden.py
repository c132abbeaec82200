"""The recorded bytes of every kind are frozen: whoever changes them sees it here first."""

import json

import pytest

from ledger.codec import decode, encode, leaf, version_in
from ledger.domain.movement import MOVEMENTS
from tests.codec.vectors import FILE, vectors

GOLDEN = json.loads(FILE.read_text("utf-8"))


def test_every_kind_has_a_vector() -> None:
    missing = sorted(set(vectors()) - set(GOLDEN) | set(MOVEMENTS) - set(GOLDEN))
    assert not missing, f"python -m tests.codec.vectors adds {missing}; each kind needs an example first"
    assert sorted({name.split(maxsplit=1)[0] for name in GOLDEN} - set(MOVEMENTS)) == []


def test_nothing_is_recorded_otherwise_than_it_was() -> None:
    assert {kind: vector for kind, vector in vectors().items() if GOLDEN.get(kind, vector) != vector} == {}


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_what_was_recorded_is_read_and_means_the_same(name: str) -> None:
    state = GOLDEN[name]["state"].encode()
    assert leaf(state).hex() == GOLDEN[name]["leaf"]
    recorded = decode(state)
    assert recorded.movement.kind == name.split(maxsplit=1)[0]
    if version_in(state) == recorded.movement.version:
        assert encode(recorded) == state


def test_every_earlier_version_has_its_upcaster_and_its_vector() -> None:
    recorded = {(said["kind"], said["version"]) for said in (json.loads(one["state"]) for one in GOLDEN.values())}
    for name, kind in MOVEMENTS.items():
        assert set(kind.upcasters) == set(range(1, kind.version)), name
        assert {(name, version) for version in range(1, kind.version + 1)} <= recorded, name
