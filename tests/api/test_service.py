"""Readiness says which projections wait for somebody, and metrics how far they have come; neither says anything of the books."""

from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.marks import Marks
from tests.api.desk import Desk
from tests.application.history import superuser


def test_readiness_says_which_projection_halted_while_recording_goes_on(two_projects: Desk, ledger: Ledger) -> None:
    assert two_projects.client.get("/readyz").json() == {"status": "ok"}
    with superuser(ledger.store.dsn) as db:
        db.execute("INSERT INTO halted (ledger, projection, number, error) VALUES (%s, 'marks', 3, '')", [ledger.id])
    answer = two_projects.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "halted", "halted": ["marks"]})
    assert '\nledger_projection_halted{projection="marks"} 1\n' in two_projects.read("adm-1", "/metrics").text


def test_metrics_say_where_ledger_and_projections_stand(two_projects: Desk, ledger: Ledger) -> None:
    number = ledger.store.max_notification_id()
    assert number is not None
    catch_up(ledger.store, ledger.id, Marks(), to=number - 3)
    answer = two_projects.read("aud-1", "/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    for line in (
        f"ledger_number {number}",
        f'ledger_projection_number{{projection="marks"}} {number - 3}',
        'ledger_projection_lag{projection="marks"} 3',
        'ledger_projection_halted{projection="marks"} 0',
    ):
        assert line in lines
    assert all(line.startswith(("# HELP ", "# TYPE ", "ledger_")) for line in lines)
