"""A kind changes its version: what the earlier one recorded is read as the present one, and its bytes stay what they are.

Here FundsAllocated is taken to be of its third version: the first kept ``yuan``, the second ``money`` in fen.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bench.workload import DAY, FIN, SECRET, STD, YEAR, open_books
from ledger.application import Ledger
from ledger.codec import CorruptRecord, Recorded, decode, encode, leaf, version_in
from ledger.domain.allocation import FundsAllocated
from ledger.domain.approval import ProposalApproved, ProposalSubmitted
from ledger.domain.catalogue import Fund
from ledger.domain.correction import CorrectionLine, EntryCorrected
from ledger.domain.movement import Movement
from ledger.projections.journal import find
from ledger.store import Store
from ledger.verification import verify
from tests.application.history import superuser
from tests.books import assert_same
from tests.codec.test_golden import GOLDEN

Fields = dict[str, Any]

GOLDEN_OF_THE_FIRST = (
    '{"actor":{"role":"STD","subject":"s_std"},"effective_on":"2025-02-03","entries":[],"fiscal_year":2025,"format":1,'
    '"kind":"FundsAllocated","ledger":"44e1f1f7-95cb-57fa-90b2-7c8126087842","movement":{"effective_on":"2025-02-03",'
    '"fund":"STIDF","kind":"FundsAllocated","special":"RDT-KRD","vintage":2025,"yuan":300000000},"number":7,'
    '"period":"2025-02","recorded_at":"2025-01-03T08:00:00.123456Z","request":"b1608c0b-996b-5f17-b0dd-53bf7623f83b",'
    '"rules":1,"version":1}'
)
LEAF_OF_THE_FIRST = "c382c53658998cfc264bcfbd73bbd13f139c10f01cfbf35e320e122aedea72ac"


def renamed(old: str, new: str, change: Callable[[Any], Any]) -> Callable[[Fields], Fields]:
    return lambda fields: {
        new if name == old else name: change(value) if name == old else value for name, value in fields.items()
    }


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    _third_version(monkeypatch)


def _third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    to_second, to_third = renamed("yuan", "money", lambda yuan: yuan * 100), renamed("money", "amount", int)
    monkeypatch.setattr(FundsAllocated, "version", 3)
    monkeypatch.setattr(FundsAllocated, "upcasters", {1: to_second, 2: to_third})


def as_first(fields: Any) -> Any:
    """Fields of today, as the first version would have recorded them, wherever they are."""
    if isinstance(fields, list):
        return [as_first(one) for one in fields]
    if not isinstance(fields, dict):
        return fields
    inside = {name: as_first(value) for name, value in fields.items()}
    return (
        renamed("amount", "yuan", lambda fen: fen // 100)(inside) if fields.get("kind") == "FundsAllocated" else inside
    )


def recorded_by_the_first(state: bytes) -> bytes:
    said = json.loads(state)
    said["movement"] = as_first(said["movement"])
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.usefixtures("third_version")
def test_bytes_of_the_first_version_still_verify_and_read_as_the_third() -> None:
    state = GOLDEN_OF_THE_FIRST.encode()
    assert leaf(state).hex() == LEAF_OF_THE_FIRST
    recorded = decode(state)
    assert isinstance(recorded.movement, FundsAllocated)
    assert (version_in(state), recorded.movement.version, recorded.movement.amount) == (1, 3, 30_000_000_000)


def allocation(yuan: int) -> FundsAllocated:
    return FundsAllocated(effective_on=DAY, fund=Fund.STIDF, vintage=YEAR, special="RDT-KRD", amount=yuan * 100)


def holding(*movements: Movement) -> Recorded:
    """The golden proposal, with other movements in it."""
    found = decode(GOLDEN["ProposalSubmitted"]["state"].encode())
    return found._replace(movement=found.movement.model_copy(update={"movements": movements}))


@pytest.mark.usefixtures("third_version")
def test_what_is_recorded_now_names_its_versions_and_comes_back() -> None:
    held = encode(holding(allocation(500)))
    itself = encode(holding()._replace(movement=allocation(500)))
    assert (json.loads(held)["version"], json.loads(held)["inside"]) == (1, {"FundsAllocated": 3})
    assert (json.loads(itself)["version"], "inside" in json.loads(itself)) == (3, False)
    assert [encode(decode(state)) for state in (held, itself)] == [held, itself]


def test_what_a_newer_version_recorded_is_told_from_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        _third_version(newer)
        states = encode(holding(allocation(500))), encode(holding()._replace(movement=allocation(500)))
    for state in states:
        with pytest.raises(CorruptRecord, match=r"FundsAllocated was recorded by a newer version: 3; .* up to 1"):
            decode(state)
    unknown = GOLDEN_OF_THE_FIRST.replace("FundsAllocated", "FundsBorrowed")
    with pytest.raises(CorruptRecord, match="knows no kind FundsBorrowed"):
        decode(unknown.encode())


def recorded_before(ledger: Ledger) -> None:
    """Allocations, a correction of one that holds another, and a proposal that still waits with one."""
    open_books(ledger, projects=2)
    allocated = next(number for number in range(1, 20) if isinstance(ledger.recorded(number).movement, FundsAllocated))
    line = CorrectionLine(number=allocated, replacement=allocation(7_000))
    corrected = EntryCorrected(effective_on=DAY, reason="写错了 a slip", lines=(line,))
    proposed = ProposalSubmitted(effective_on=DAY, proposal="corrected", movements=(corrected,))
    ledger.record(proposed, FIN, "c-1")
    ledger.record(ProposalApproved(effective_on=DAY, proposal="corrected"), FIN._replace(subject="s_fin2"), "c-2")
    waiting = ProposalSubmitted(effective_on=DAY, proposal="waiting", movements=(allocation(500),))
    ledger.record(waiting, STD, "w-1")


def rewrite_as_the_first(dsn: str) -> dict[int, bytes]:
    """Make the log what the first version would have recorded; the states that differ, by number."""
    changed = {}
    with superuser(dsn) as db:
        for number, state in db.execute("SELECT number, state FROM movement").fetchall():
            first = recorded_by_the_first(state)
            if first != state:
                changed[number] = first
                db.execute("UPDATE movement SET state = %s, leaf = %s WHERE number = %s", (first, leaf(first), number))
    return changed


def test_a_history_whose_beginning_an_earlier_version_recorded(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(dsn) as ledger:
        recorded_before(ledger)
        with ledger.reading() as book:
            before = book.copy()
    changed = rewrite_as_the_first(dsn)
    kinds = {decode_kind(state) for state in changed.values()}
    assert kinds == {"FundsAllocated", "ProposalSubmitted", "EntryCorrected"}
    _third_version(monkeypatch)
    with opened(dsn) as ledger:
        with ledger.reading() as book:
            assert_same(book, before)
        approved = ProposalApproved(effective_on=DAY, proposal="waiting")
        ledger.record(approved, FIN, "w-2")
        found = [find(ledger.store, ledger.id, number) for number in (max(changed), before.number + 2)]
        assert [one and one.version for one in found] == [1, 3]
        assert verify(ledger.store, ledger.id).agrees
    with superuser(dsn) as db:
        kept = db.execute("SELECT number, state FROM movement WHERE number = ANY(%s)", (list(changed),)).fetchall()
    assert {number: bytes(state) for number, state in kept} == changed


def decode_kind(state: bytes) -> str:
    return str(json.loads(state)["kind"])


@contextmanager
def opened(dsn: str) -> Iterator[Ledger]:
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        yield ledger
