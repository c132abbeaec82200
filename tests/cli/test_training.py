"""The training ledger: beside the real one, never taken for it."""

import json
from pathlib import Path

import openpyxl
import pytest

from api.main import create_app
from ledger.access.people import People
from ledger.application import Ledger, ledger_id
from ledger.embedded import embedded_postgres
from ledger.importing.columns import ALLOCATION_PLAN, OPENING
from ledger.importing.reading import read_sheet
from ledger.secret import secret_of_home
from ledger.store import Store
from ledger.training import MARK
from tests.api.conftest import in_process
from tests.cli.conftest import DAY, Desk

MARKED = f"{MARK.zh} {MARK.en}"
QUOTA = {
    "kind": "AppropriationReceived",
    "fund": "STIDF",
    "vintage": 2025,
    "amount": "900000000",
    "effective_on": DAY,
    "document": {"number": "内财科〔2025〕1号"},
}


@pytest.fixture
def practised(opened: Desk) -> Desk:
    """One movement in the training ledger, beside a real one of five."""
    ran = opened.run("--training", "record", "-", given=json.dumps(QUOTA))
    assert ran.code == 0, ran.said
    return opened


def test_it_is_another_ledger_with_another_identity_in_its_bytes(practised: Desk) -> None:
    with embedded_postgres(practised.home) as dsn:
        store = Store(dsn)
        states = [bytes(event.state) for event in store.select_events(ledger_id("nm.training"))]
        real = [bytes(event.state) for event in store.select_events(ledger_id("nm"))]
        store.close()
    assert (len(states), len(real)) == (1, 5)
    assert all(str(ledger_id("nm.training")).encode() in state for state in states)
    assert not any(str(ledger_id("nm.training")).encode() in state for state in real)
    assert practised.run("verify").code == 0
    assert practised.run("--training", "verify").code == 0


def test_whatever_is_shown_of_it_says_what_it_is(practised: Desk) -> None:
    another = json.dumps(QUOTA | {"line": "2"})
    for arguments in (("balances",), ("verify",), ("people",), ("record", "--dry-run", "-")):
        ran = practised.run("--training", *arguments, given=another)
        assert ran.code == 0, ran.said
        assert MARKED in ran.out
        assert MARKED not in practised.run(*arguments, given=another).said
    tables = practised.run("--training", "balances").out
    assert tables.count(MARKED) >= tables.count("yuan")
    assert json.loads(practised.run("--training", "balances", "--json").out)["training"] is True
    assert "training" not in json.loads(practised.run("balances", "--json").out)


def test_its_workbook_says_what_it_is(practised: Desk, tmp_path: Path) -> None:
    for name, arguments, expected in (("real", (), False), ("training", ("--training",), True)):
        file = tmp_path / f"{name}.xlsx"
        assert practised.run(*arguments, "balances", "--xlsx", file).code == 0
        sheet = openpyxl.load_workbook(file).active
        assert (MARKED in sheet["A1"].value) == expected
        assert (MARKED in (sheet.oddHeader.center.text or "")) == expected


def test_its_empty_sheet_says_what_it_is_and_is_taken_as_any_other(practised: Desk, tmp_path: Path) -> None:
    for name, arguments, expected in (("real", (), False), ("training", ("--training",), True)):
        for kind, option in ((ALLOCATION_PLAN, ()), (OPENING, ("--opening",))):
            file = tmp_path / f"{name}{len(option)}.xlsx"
            assert practised.run(*arguments, "import", "--template", *option, file).code == 0
            for sheet in openpyxl.load_workbook(file).worksheets:
                assert (sheet["A1"].value == MARKED) == expected
                assert (sheet.oddHeader.center.text == MARKED) == expected
            assert len(read_sheet(file.read_bytes(), kind, "示例 Example").lines) == 1


def test_the_environment_says_the_same_as_the_option(practised: Desk) -> None:
    practised.environment["LEDGER_TRAINING"] = "1"
    assert MARKED in practised.run("balances").out
    for no in ("", "0"):
        practised.environment["LEDGER_TRAINING"] = no
        assert MARKED not in practised.run("balances").out


def test_neither_can_be_opened_as_the_other(practised: Desk) -> None:
    assert "900,000,000.00" in practised.run("--training", "balances").out
    practised.environment["LEDGER_NAME"] = "nm.training"
    for arguments in ((), ("--training",)):
        ran = practised.run(*arguments, "balances")
        assert (ran.code, "--training" in ran.err) == (3, True)


def test_every_answer_and_the_document_say_what_it_is(practised: Desk) -> None:
    secret = secret_of_home(practised.home)
    assert secret is not None
    with embedded_postgres(practised.home) as dsn:
        for name, expected in (("nm", False), ("nm.training", True)):
            ledger, registered = Ledger(Store(dsn), name, secret), People(dsn, secret)
            client = in_process(create_app(ledger, registered))
            for path in ("/healthz", "/v1/movements", "/nowhere", "/docs"):
                assert (client.get(path).headers.get("ledger-training") == "true") == expected
            assert (MARKED in client.get("/openapi.json").json()["info"]["title"]) == expected
            registered.close()
            ledger.close()


def test_a_backup_says_which_ledgers_it_holds(practised: Desk, tmp_path: Path) -> None:
    file = tmp_path / "copy.dump"
    saved = practised.run("backup", file)
    assert saved.code == 0, saved.said
    fresh = Desk(tmp_path / "fresh")
    for ran in (saved, fresh.run("--training", "restore", file)):
        assert ran.code == 0, ran.said
        assert "the ledger 'nm' up to number 5" in ran.out
        assert f"{MARKED} · it holds the ledger 'nm.training' up to number 1" in ran.out
        assert ran.out.count("全部相符") == 2


@pytest.mark.slow
def test_the_demo_year_can_be_practised_on(opened: Desk) -> None:
    """The real ledger holds something else, which refuses the demo; the training ledger beside it is empty."""
    assert opened.run("demo", "--no-serve").code == 4
    ran = opened.run("--training", "demo", "--no-serve")
    assert ran.code == 0, ran.said
    assert MARKED in ran.out
    assert "no demo people were registered" in ran.out  # they would be people of the real ledger too
