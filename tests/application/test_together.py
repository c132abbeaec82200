"""Several writers of one ledger at once: in two objects of a process, and in two processes."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from bench.workload import SECRET, STD, day_of, opening
from ledger.application import Ledger
from ledger.domain.refusals import Code, Refusal
from ledger.store import Store
from ledger.writer import InternalFault, Receipt
from tests.application.history import check_history, superuser
from tests.application.service import PROJECTS
from tests.application.test_recording import party

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def opened(dsn: str) -> Iterator[Ledger]:
    with closing(Ledger(Store(dsn), "test", SECRET)) as ledger:
        yield ledger


def open_books(dsn: str) -> int:
    with opened(dsn) as ledger:
        for number, request in enumerate(opening(PROJECTS)):
            ledger.record(*request, f"opening-{number}")
        with ledger.reading() as book:
            return book.number


def test_two_ledgers_of_one_process_make_one_history(dsn: str) -> None:
    stands_at = open_books(dsn)
    with opened(dsn) as one, opened(dsn) as two, ThreadPoolExecutor(16) as callers:

        def call(caller: int) -> list[int]:
            ledger = (one, two)[caller % 2]
            day = islice(day_of(caller, 16, "t", PROJECTS), 60)
            return [ledger.record(*request, f"{caller}.{turn}").number for turn, request in enumerate(day)]

        numbers = [number for found in callers.map(call, range(16)) for number in found]
        assert sorted(numbers) == list(range(stands_at + 1, stands_at + 961))
        with one.reading() as first, two.reading() as second:
            assert first.number == second.number == stands_at + 960
            assert first.balances == second.balances
            assert first.account_ids == second.account_ids
            assert first.registers == second.registers
    assert check_history(dsn, "test") == stands_at + 960


def test_two_processes_make_one_history(dsn: str) -> None:
    stands_at = open_books(dsn)
    services = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.application.service", dsn, "test", mark, "8", "40"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mark in ("a", "b")
    ]
    said = [service.communicate(timeout=120)[0].splitlines() for service in services]
    assert [service.returncode for service in services] == [0, 0]
    acknowledged = dict(line.split()[1:] for lines in said for line in lines if line.startswith("ok "))
    assert len(acknowledged) == 2 * 8 * 40
    assert sorted(map(int, acknowledged.values())) == list(range(stands_at + 1, stands_at + 641))
    assert check_history(dsn, "test") == stands_at + 640


def test_the_last_money_is_given_once(dsn: str) -> None:
    """Two ledgers race for what only one request can have."""
    requests = list(opening(1))
    with opened(dsn) as one, opened(dsn) as two, ThreadPoolExecutor(2) as callers:
        for number, request in enumerate(requests):
            one.record(*request, str(number))
        movement, actor = next(day_of(0, 1, "x", 1))
        with one.reading() as book:
            (available,) = [amount for account, amount in book.standing("B210", special="BAS-CND")]
        whole = movement.model_copy(
            update={
                "amount": available,
                "instalments": (movement.instalments[0].model_copy(update={"amount": available}),),  # type: ignore[attr-defined]
            }
        )
        for turn in range(10):
            only = whole.instalments[0]
            plans = []
            for n, ledger in enumerate((one, two)):
                instalment = only.model_copy(update={"instalment": f"{turn}{n}"})
                plans.append((ledger, whole.model_copy(update={"instalments": (instalment,)})))
            outcomes = [
                answer.result()[0]
                for answer in callers.map(
                    lambda ask: ask[0].submit(ask[1], actor, ask[1].instalments[0].instalment), plans
                )
            ]
            if turn == 0:
                (refused,) = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
                assert (refused.code, refused.available) == (Code.INSUFFICIENT_FUNDS, 0)
            else:
                assert all(isinstance(outcome, Refusal) for outcome in outcomes)
    check_history(dsn, "test")


def test_the_same_key_from_two_ledgers_is_recorded_once(dsn: str) -> None:
    with opened(dsn) as one, opened(dsn) as two:
        for turn in range(30):
            answers = [ledger.submit(party(turn), STD, f"k{turn}") for ledger in (one, two)]
            first, second = (answer.result()[0] for answer in answers)
            assert isinstance(first, Receipt)
            assert isinstance(second, Receipt)
            assert (first.number, first.recorded_at) == (second.number, second.recorded_at)
            assert first.repeated != second.repeated
    assert check_history(dsn, "test") == 30


def test_a_ledger_that_starts_late_stands_where_the_others_stand(dsn: str) -> None:
    open_books(dsn)
    with opened(dsn) as one, opened(dsn) as late, one.reading() as first, late.reading() as second:
        assert first.number == second.number
        assert first.registers == second.registers
        assert first.vouchers == second.vouchers
        assert first.balances == second.balances
        assert first.cells == second.cells


def test_two_ledgers_of_one_database_do_not_touch_each_other(dsn: str) -> None:
    with closing(Ledger(Store(dsn), "one", SECRET)) as one, closing(Ledger(Store(dsn), "other", SECRET)) as other:
        assert [ledger.record(party(1), STD, "k").number for ledger in (one, other, one)] == [1, 1, 1]
        assert one.record(party(2), STD, "k2").number == 2
    assert (check_history(dsn, "one"), check_history(dsn, "other")) == (2, 1)


def test_bytes_changed_behind_a_ledger_stop_it(dsn: str) -> None:
    """What another process recorded is checked before it is folded; nothing is decided on a history that was tampered with."""
    with opened(dsn) as one, opened(dsn) as two:
        one.record(party(1), STD, "k1")
        with superuser(dsn) as db:
            db.execute(
                "UPDATE movement SET state = convert_to(replace(convert_from(state, 'UTF8'), '单位 1', '单位 9'), 'UTF8')"
            )
        with pytest.raises(InternalFault, match="leaf"):
            two.record(party(2), STD, "k2")
