"""Recorded bytes are canonical, mean what was recorded, and hold no personal text."""

import hashlib
import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.workload import DAY, FEN_EACH, STD, day_of, opening
from ledger.application import Ledger
from ledger.codec import CorruptRecord, Recorded, canonical, decode, encode, leaf
from ledger.domain.accounts import ACCOUNTS, Leg, Place, account
from ledger.domain.approval import digest_of
from ledger.domain.catalogue import Fund, Role
from ledger.domain.examples import EXAMPLES
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import Actor
from ledger.sealing import SealedRow
from tests.application.history import all_events, superuser

FEN = 2**53 - 1
TEXTS = {"title", "title_zh", "title_en", "name", "number", "reason", "lead", "purpose", "note"}
YUAN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,2})?")
ISO_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=40)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
amounts = st.integers(1, FEN)


@st.composite
def movements(draw: st.DrawFn) -> Any:
    """A movement of any kind: an example whose amounts, days and texts are others."""
    request = EXAMPLES[draw(st.sampled_from(sorted(EXAMPLES)))]

    def other(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: other(name, inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [other(key, inner) for inner in value]
        if not isinstance(value, str) or not draw(st.booleans()):
            return value
        if key in TEXTS:
            return draw(words)
        if YUAN.fullmatch(value) and key not in ("line", "instalment", "order"):
            fen = draw(amounts)
            return f"{fen // 100}.{fen % 100:02d}"
        return draw(days).isoformat() if ISO_DAY.fullmatch(value) else value

    try:
        return ANY_MOVEMENT.validate_json(json.dumps(other("", request)))
    except ValidationError:  # such as a text of nothing but spaces
        return ANY_MOVEMENT.validate_json(json.dumps(request))


nothing: st.SearchStrategy[frozenset[str]] = st.just(frozenset())  # what is judged and not recorded
actors = st.builds(Actor, names, st.sampled_from(Role), st.none() | names, nothing, st.none() | names, nothing)
places = st.builds(
    Place, st.integers(2000, 2099), st.sampled_from(Fund), st.integers(2000, 2099), names, names, names, names
)
legs = st.builds(
    lambda code, place, amount, day, month, corrects: Leg(
        account(code, place), amount, day, f"{day.year}-{month:02d}", corrects
    ),
    st.sampled_from(sorted(ACCOUNTS)),
    places,
    st.integers(-FEN, FEN),
    days,
    st.integers(1, 13),
    st.none() | st.integers(1, FEN),
)
records = st.builds(
    Recorded,
    st.uuids(),
    st.integers(1, FEN),
    st.none() | st.integers(1, FEN),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - it gets one
    actors,
    st.lists(actors, max_size=3).map(tuple),
    st.none() | names,
    st.uuids(),
    st.integers(1, 1000),
    movements(),
    st.lists(legs, max_size=4).map(tuple),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-FEN, FEN) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=5)
    ),
)


@given(records)
def test_recorded_bytes_are_canonical(recorded: Recorded) -> None:
    state = encode(recorded)
    assert state == rfc8785.dumps(json.loads(state))


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.lists(movements(), max_size=3))
def test_the_digest_of_a_proposal_is_that_of_its_recorded_bytes(proposed: list[Any]) -> None:
    recorded = canonical([movement.model_dump(exclude_none=True) for movement in proposed])
    assert digest_of(proposed) == f"sha256:{hashlib.sha256(recorded).hexdigest()}"


@given(records)
def test_what_is_read_is_what_was_recorded(recorded: Recorded) -> None:
    assert decode(encode(recorded)) == recorded


def test_a_leaf_is_that_of_rfc_6962() -> None:
    assert leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf(b"{}") == hashlib.sha256(b"\0{}").digest()


@given(records, st.data())
def test_changed_bytes_have_another_leaf_and_are_read_or_refused_but_never_break_the_reader(
    recorded: Recorded, data: st.DataObject
) -> None:
    state = encode(recorded)
    place = data.draw(st.integers(0, len(state) - 1))
    changed = state[:place] + bytes([state[place] ^ data.draw(st.integers(1, 255))]) + state[place + 1 :]
    assert leaf(changed) != leaf(state)
    with suppress(CorruptRecord):
        decode(changed)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('"format":1', '"format":2'),
        ('"kind":"PartyRegistered"', '"kind":"PartyRenamed"'),
        ('"role":"STD"', '"role":"KING"'),
        ('"number":1', '"number":1,"more":1'),
        ('"rules":', '"rule":'),
        ("{", ""),
    ],
)
def test_bytes_that_say_something_else_are_refused(said: str, instead: str) -> None:
    request = {**EXAMPLES["PartyRegistered"]}
    movement = ANY_MOVEMENT.validate_json(json.dumps(request))
    when = datetime(2025, 1, 2, tzinfo=UTC)
    state = encode(Recorded(UUID(int=1), 1, None, when, STD, (), None, UUID(int=2), 1, movement, ()))
    assert said.encode() in state
    with pytest.raises(CorruptRecord):
        decode(state.replace(said.encode(), instead.encode(), 1))


def test_personal_and_free_texts_are_not_in_the_log_and_their_commitments_verify(ledger: Ledger, dsn: str) -> None:
    reason, payee_account, lead = "因家属住院请求提前", "6222020200001234567", "负责人张某 13800000000"
    requests = list(opening(1))
    project, actor = requests.pop()
    requests.append((project.model_copy(update={"lead": lead}), actor))
    for number, request in enumerate(requests):
        ledger.record(*request, f"opening-{number}")
    day = day_of(0, 1, "x", 1)
    ledger.record(*next(day), "commit")
    order, actor = next(day)
    secret = {"reason": reason, "payee_account": payee_account}
    receipt = ledger.record(order.model_copy(update=secret), actor, "order")
    states = b"".join(event.state for event in all_events(dsn, "test")).decode()
    for text in (reason, payee_account, lead, "13800000000"):
        assert text not in states
    with superuser(dsn) as db:
        kept = db.execute("SELECT commitment, subject, ciphertext FROM sealed JOIN subject_key ON id = key").fetchall()
    keys = ledger.keys.of({subject for _, subject, _ in kept})
    by_text = {}
    for committed, subject, ciphertext in kept:
        assert committed in states
        by_text[keys[subject].open(SealedRow(committed, keys[subject].id, ciphertext))] = (committed, subject)
    assert set(by_text) == {reason, payee_account, lead}
    recorded = ledger.recorded(receipt.number)
    assert recorded is not None
    assert (recorded.movement.reason, f"actor:{STD.subject}") == by_text[reason]
    payee = f"payee:{order.payee}"  # type: ignore[attr-defined]
    assert (recorded.movement.payee_account, payee) == by_text[payee_account]  # type: ignore[attr-defined]
    assert by_text[lead][1] == "project:P000000"
    assert recorded.movement.effective_on == DAY
    assert recorded.legs[0].amount == -FEN_EACH


def test_the_same_text_is_committed_to_differently_each_time(ledger: Ledger, dsn: str) -> None:
    quota, actor = next(opening(0))
    for line in ("1", "2"):
        ledger.record(quota.model_copy(update={"line": line, "reason": "同一理由"}), actor, line)
    with superuser(dsn) as db:
        assert len(db.execute("SELECT DISTINCT commitment FROM sealed").fetchall()) == 2
