"""Keys of subjects on a real PostgreSQL: agreed on, read again, destroyed; and what leaves every leaf valid."""

import multiprocessing
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.workload import FIN, SECRET, STD, day_of, opening
from ledger.access.keeper import Keeper
from ledger.application import Ledger, ledger_id
from ledger.domain.catalogue import Role
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Code, Refusal
from ledger.personal import erasure, keys, plain
from ledger.personal.keys import CHECK_SECONDS, SubjectKeys
from ledger.personal.texts import SealedTexts, State
from ledger.sealing import seal
from ledger.secret import Secret, SecretError
from ledger.store import Store
from ledger.verification import SEALED, verify
from tests.application.history import check_history, superuser
from tests.application.test_recording import party

OTHER = Secret(secrets.token_bytes(32))
SUBJECTS = [f"actor:p{number}" for number in range(5)]


def told(number: int, reason: str) -> Movement:
    return party(number).model_copy(update={"reason": reason})


def by(number: int) -> Actor:
    return Actor(f"p{number}", Role.STD)


def states(ledger: Ledger, number: int, secret: Secret = SECRET) -> list[tuple[State, str | None]]:
    recorded = ledger.recorded(number)
    assert recorded is not None
    return [(one.state, one.text) for one in SealedTexts(ledger.store, ledger.id, secret).of(recorded.movement)]


def erase(ledger: Ledger, *subjects: str) -> None:
    with closing(Keeper(ledger.store.dsn, 1)) as keeper:
        for subject in subjects:
            asked = erasure.request(keeper, ledger.id, subject, "本人申请", "网信〔2025〕1号", "p-sec-1")
            done = erasure.decide(keeper, ledger.id, asked.id, "p-sec-2", erase=True)
            assert done is not None
            assert done.status is erasure.ErasureStatus.ERASED
    ledger.keys.forget()


# -- one key each


def _first_keys(dsn: str, subjects: list[str], barrier: Any, answers: Any) -> None:
    with closing(Store(dsn)) as store:
        own = SubjectKeys(store, ledger_id("test"), SECRET)
        barrier.wait(timeout=60)
        answers.put({subject: (key.id, key.mark("x")) for subject, key in own.of(subjects).items()})


def test_two_processes_that_make_the_keys_of_the_same_subjects_agree(dsn: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, answers = spawn.Barrier(2), spawn.Queue()
    subjects = [f"payee:{number}" for number in range(300)]
    orders = subjects, subjects[::-1]
    running = [spawn.Process(target=_first_keys, args=(dsn, order, barrier, answers)) for order in orders]
    for process in running:
        process.start()
    one, other = (answers.get(timeout=60) for _ in running)
    for process in running:
        process.join()
    assert one == other
    with superuser(dsn) as db:
        assert db.execute("SELECT count(*) FROM subject_key").fetchone() == (300,)


def test_threads_that_race_agree_too(ledger: Ledger) -> None:
    own = [SubjectKeys(ledger.store, ledger.id, SECRET) for _ in range(8)]
    with ThreadPoolExecutor(8) as callers:
        for subject in SUBJECTS:
            assert len({found[subject].id for found in callers.map(lambda one, s=subject: one.of([s]), own)}) == 1


def test_a_dry_run_and_a_refused_request_leave_no_text_and_a_dry_run_no_key(ledger: Ledger, dsn: str) -> None:
    ledger.submit(told(1, "试"), by(1), "dry", dry=True).result()
    with superuser(dsn) as db:
        assert db.execute("SELECT count(*) FROM subject_key").fetchone() == (0,)
    with pytest.raises(Refusal):
        ledger.record(told(1, "试"), Actor("p1", Role.UND), "refused")
    with superuser(dsn) as db:
        assert db.execute("SELECT subject FROM subject_key").fetchall() == [("actor:p1",)]
        assert db.execute("SELECT count(*) FROM sealed").fetchone() == (0,)


def test_a_key_is_looked_at_again_within_a_second(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process does within that second is sealed under the destroyed key, and erased with the rest."""
    now = [1000.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: now[0])
    slow = SubjectKeys(ledger.store, ledger.id, SECRET)
    first = slow.of(["actor:p1"])["actor:p1"]
    erase(ledger, "actor:p1")
    now[0] += CHECK_SECONDS * 0.99
    assert slow.of(["actor:p1"])["actor:p1"] is first
    now[0] += CHECK_SECONDS * 0.02
    assert slow.of(["actor:p1"])["actor:p1"].id != first.id


# -- the master secret of a database


def test_another_secret_is_noticed_before_anything_is_done(dsn: str) -> None:
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        ledger.record(told(1, "理由"), by(1), "k")
    with superuser(dsn) as db:
        before = db.execute("SELECT * FROM head").fetchall(), db.execute("SELECT * FROM subject_key").fetchall()
    with closing(Store(dsn)) as store, pytest.raises(SecretError, match="not the secret"):
        Ledger(store, "test", OTHER)
    with superuser(dsn) as db:
        assert before == (
            db.execute("SELECT * FROM head").fetchall(),
            db.execute("SELECT * FROM subject_key").fetchall(),
        )
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        assert states(ledger, 1) == [(State.CLEAR, "理由")]
        assert states(ledger, 1, OTHER) == [(State.DAMAGED, None)]


def test_texts_that_an_earlier_version_kept_in_plain_are_sealed_when_the_ledger_is_opened(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "PAGE", 7)
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        for number in range(20):
            ledger.record(told(number, f"旧理由{number}"), by(number % 3), f"k{number}")
    with superuser(dsn) as db:  # as that version left it
        rows = db.execute("SELECT s.ledger, commitment, subject FROM sealed s JOIN subject_key ON id = key").fetchall()
        db.execute("TRUNCATE sealed, subject_key")
        for one, committed, subject in rows:
            salt = secrets.token_bytes(16)
            db.execute("INSERT INTO sealed_in_plain VALUES (%s, %s, %s, %s, %s)", (one, committed, subject, salt, "x"))
        db.execute("UPDATE head SET secret_check = NULL")
        sealed, (text,) = seal(told(77, "真理由"), by(1))
        whole = (ledger_id("test"), text.commitment, text.subject, text.salt, text.text)
        db.execute("INSERT INTO sealed_in_plain VALUES (%s, %s, %s, %s, %s)", whole)
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        (found,) = SealedTexts(store, ledger.id, SECRET).of(sealed)
        assert (found.state, found.subject, found.text) == (State.CLEAR, "actor:p1", "真理由")
    with superuser(dsn) as db:
        assert db.execute("SELECT count(*) FROM sealed_in_plain").fetchone() == (0,)
        assert db.execute("SELECT pg_relation_size('sealed_in_plain')").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM sealed").fetchone() == (21,)


# -- erasing


@pytest.fixture(scope="module")
def recorded_dsn(server_dsn: str) -> Iterator[str]:
    """A ledger with texts of many subjects, as a template."""
    name = "with_texts"
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE template_of_ledgers")
    dsn = make_conninfo(server_dsn, dbname=name)
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        for number, (movement, actor) in enumerate(opening(4)):
            ledger.record(movement, actor, f"o{number}")
        for turn, (movement, actor) in zip(range(24), day_of(0, 1, "t", 4), strict=False):
            more = {"reason": f"第{turn}次"} | (
                {"payee_account": f"6222{turn}"} if "payee" in movement.model_fields_set else {}
            )
            subject = actor._replace(subject=f"p{turn % 5}") if actor.role is Role.STD else actor
            ledger.record(movement.model_copy(update=more), subject, f"d{turn}")
    yield dsn
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def leaves(dsn: str) -> list[Any]:
    with superuser(dsn) as db:
        return db.execute("SELECT number, state, leaf FROM movement ORDER BY number").fetchall()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(erased=st.sets(st.sampled_from([*SUBJECTS, "actor:s_tre", "payee"])))
def test_whoever_is_erased_every_leaf_and_balance_stands(recorded_dsn: str, server_dsn: str, erased: set[str]) -> None:
    name = f"erased_{uuid4().hex[:8]}"
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {conninfo_to_dict(recorded_dsn)['dbname']}")
    dsn = make_conninfo(server_dsn, dbname=name)
    before = leaves(dsn)
    with closing(Store(dsn)) as store, closing(Ledger(store, "test", SECRET)) as ledger:
        all_subjects = [found.subject for found in erasure.subjects(store, ledger.id, "", 500)]
        gone = {one for one in all_subjects if one in erased or ("payee" in erased and one.startswith("payee:"))}
        erase(ledger, *gone)
        assert leaves(dsn) == before
        report = verify(store, ledger.id, texts=SealedTexts(store, ledger.id, SECRET))
        assert report.agrees, report.differences
        texts = SealedTexts(store, ledger.id, SECRET)
        for number in range(1, len(before) + 1):
            recorded = ledger.recorded(number)
            assert recorded is not None
            for one in texts.of(recorded.movement):
                assert (one.state is State.ERASED) == (one.subject in gone)
                assert (one.text is None) == (one.subject in gone)
        ledger.record(told(500, "之后"), by(0), "after")
        assert states(ledger, len(before) + 1) == [(State.CLEAR, "之后")]
    assert check_history(dsn, "test") == len(before) + 1
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_erased_subject_gets_a_new_key_and_an_old_request_is_still_known(ledger: Ledger) -> None:
    first = ledger.record(told(1, "理由"), by(1), "k")
    assert ledger.record(told(1, "理由"), by(1), "k").repeated
    erase(ledger, "actor:p1")
    assert states(ledger, first.number) == [(State.ERASED, None)]
    with pytest.raises(Refusal) as refused:  # whether the text is the same cannot be told any more
        ledger.record(told(1, "理由"), by(1), "k")
    assert refused.value.code is Code.IDEMPOTENCY_CONFLICT
    assert refused.value.details["number"] == first.number
    second = ledger.record(told(2, "新理由"), by(1), "k2")
    assert states(ledger, second.number) == [(State.CLEAR, "新理由")]


def test_of_an_erased_text_nothing_is_left_to_guess_from(ledger: Ledger, dsn: str) -> None:
    """With the database and the master secret in hand, a right guess still fits nothing: no salt, no key, no hash."""
    ledger.record(told(1, "13800000000"), by(1), "k")
    with superuser(dsn) as db:
        (commitment, ciphertext) = db.execute("SELECT commitment, ciphertext FROM sealed").fetchone() or ("", b"")
        (body_before,) = db.execute("SELECT body_hash FROM request").fetchone() or (b"",)
    erase(ledger, "actor:p1")
    with superuser(dsn) as db:
        assert db.execute("SELECT wrapped, erased_at IS NOT NULL FROM subject_key").fetchall() == [(None, True)]
        assert db.execute("SELECT commitment, ciphertext FROM sealed").fetchall() == [(commitment, ciphertext)]
    (guess,) = ledger._steps([told(1, "13800000000")], by(1), ["k"])
    assert guess.body_hash != body_before


# -- tampering


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE sealed SET ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1)",
        "UPDATE sealed SET key = (SELECT id FROM subject_key WHERE subject = 'actor:p2')",
        "UPDATE subject_key SET wrapped = (SELECT wrapped FROM subject_key WHERE subject = 'actor:p2')",
        "UPDATE subject_key SET subject = 'actor:p9' WHERE subject = 'actor:p1'",
        "DELETE FROM subject_key WHERE subject = 'actor:p1'",
        "DELETE FROM sealed WHERE key = (SELECT id FROM subject_key WHERE subject = 'actor:p1')",
        "UPDATE sealed SET ciphertext = ''",
        "UPDATE subject_key SET wrapped = NULL, erased_at = now()",
    ],
)
def test_a_sealed_text_that_was_tampered_with_is_named(ledger: Ledger, dsn: str, tampering: str) -> None:
    texts = SealedTexts(ledger.store, ledger.id, SECRET)
    ledger.record(told(1, "甲"), by(1), "k1")
    ledger.record(told(2, "乙"), by(2), "k2")
    assert verify(ledger.store, ledger.id, texts=texts).agrees
    with superuser(dsn) as db:
        db.execute(tampering)
    found = verify(ledger.store, ledger.id, texts=texts).differences
    assert {(one.what, one.number, one.about) for one in found} >= {(SEALED, 1, "reason")}
    assert {one.what for one in found} == {SEALED}
    assert verify(ledger.store, ledger.id).agrees


# -- nowhere in clear


def test_no_text_is_in_any_table_nor_any_log(
    ledger: Ledger, dsn: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    marker = "MARKER张某13800000000"
    requests = list(opening(1))
    for number, (movement, actor) in enumerate(requests):
        lead = {"lead": f"{marker}lead"} if "lead" in type(movement).model_fields else {}
        ledger.record(movement.model_copy(update={"reason": f"{marker}{number}"} | lead), actor, f"o{number}")
    day = day_of(0, 1, "x", 1)
    ledger.record(*next(day), "commit")
    order, actor = next(day)
    ledger.record(order.model_copy(update={"payee_account": f"{marker}account"}), actor, "order")
    with pytest.raises(Refusal):
        ledger.record(told(1, f"{marker}refused"), FIN, "refused")
    ledger.submit(told(3, f"{marker}dry"), STD, "dry", dry=True).result()
    with superuser(dsn) as db:
        tables = [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'")]
        assert {"sealed", "attempt", "request", "movement"} <= set(tables)
        for table in tables:
            with db.cursor().copy(f"COPY ledger.{table} TO STDOUT") as copied:
                whole = b"".join(bytes(block) for block in copied)
            for written in (marker.encode(), marker.encode().hex().encode(), b"MARKER", b"13800000000"):
                assert written not in whole, table
        (left,) = db.execute("SELECT count(*) FROM sealed").fetchone() or (0,)
        assert left == len(requests) + 2
    assert "MARKER" not in caplog.text


# -- who may do what in the database


def denied(pool: Any, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), pool.connection() as connection:
            connection.execute(statement)


def test_the_keeper_destroys_keys_and_reads_neither_keys_nor_texts(ledger: Ledger) -> None:
    ledger.record(told(1, "理由"), by(1), "k")
    with closing(Keeper(ledger.store.dsn, 1)) as keeper:
        denied(
            keeper,
            "SELECT wrapped FROM subject_key",
            "SELECT * FROM sealed",
            "SELECT secret_check FROM head",
            "UPDATE subject_key SET subject = 'actor:p2'",
            "DELETE FROM subject_key",
            "UPDATE erasure SET reason = ''",
            "DELETE FROM erasure",
        )


def test_whoever_records_destroys_no_key(ledger: Ledger) -> None:
    ledger.record(told(1, "理由"), by(1), "k")
    erasing = "INSERT INTO erasure (ledger, subject, reason, document, requested_by) VALUES (gen_random_uuid(), 'a', '', '', '')"
    denied(
        ledger.store.writers,
        "UPDATE subject_key SET wrapped = NULL, erased_at = now()",
        "DELETE FROM subject_key",
        "UPDATE sealed SET ciphertext = ''",
        "DELETE FROM sealed",
        "UPDATE erasure SET erased = true",
        erasing,
    )
    assert states(ledger, 1) == [(State.CLEAR, "理由")]
