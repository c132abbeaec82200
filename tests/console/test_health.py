"""System health: what halted with its error and what to do, and how much long work there is, without whose or about what."""

from datetime import date
from html import unescape

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk
from tests.application.history import superuser
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import page


@pytest.mark.parametrize(("lang", "lost"), [("en", "asks again"), ("zh", "由提交人重新提交")])
def test_what_halted_and_what_was_lost_is_told_with_what_to_do(
    ledger: Ledger, people: DemoPeople, lang: str, lost: str
) -> None:
    with desk_of_two_projects(ledger, people, date(2025, 3, 1)) as desk:
        assert not _states(desk)
        with superuser(ledger.store.dsn) as db:
            db.execute(
                "INSERT INTO halted (ledger, projection, number, error) VALUES (%s, 'marks', 3, 'KeyError\n  here.py:7 <one>')",
                [ledger.id],
            )
            db.execute(
                "INSERT INTO job (ledger, work, by, role_grant, action, about, state, heard_at) VALUES "
                "(%s, 'reconciliation_matching', 'p-1', 1, 'RECONCILE', '{\"secret\": 1}', 'RUNNING', now() - interval '1 hour')",
                [ledger.id],
            )
        text = unescape(page(desk, "adm-1", "/health", lang=lang))
        assert "KeyError\n  here.py:7 <one>" in text
        assert "ledger rebuild marks" in text
        assert lost in text
        assert "secret" not in text
        assert _states(desk) == {'ledger_jobs{work="reconciliation_matching",state="LOST"} 1'}


def _states(desk: Desk) -> set[str]:
    """The lines of long work among the metrics."""
    lines = desk.read("adm-1", "/metrics").text.splitlines()
    return {line for line in lines if line.startswith("ledger_jobs{")}
