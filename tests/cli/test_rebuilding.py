"""ledger rebuild: what was different is told and gone; only an owner may."""

from psycopg.conninfo import make_conninfo

from ledger.embedded import embedded_postgres
from ledger.secret import FILE
from tests.cli.conftest import Desk


def test_what_was_different_is_told_and_gone(opened: Desk) -> None:
    opened.execute("UPDATE balance SET amount = amount + 1 WHERE account = 1")
    ran = opened.run("rebuild", "books")
    assert ran.code == 1, ran.said
    assert "books was rebuilt and is in place: 5 movements" in ran.out
    assert '"amount": 90000000001' in ran.out
    assert "1 rows were different" in ran.out
    again = opened.run("rebuild", "books")
    assert (again.code, "every row was as it should be" in again.out) == (0, True), again.said
    assert opened.run("verify").code == 0


def test_a_projection_that_nobody_knows(opened: Desk) -> None:
    ran = opened.run("rebuild", "nothing")
    assert ran.code == 2
    assert "books" in ran.err
    assert "marks" in ran.err


def test_only_an_owner_may(opened: Desk) -> None:
    with embedded_postgres(opened.home) as owner:
        assert opened.run("migrate", "--service-role", "ledger_service_3").code == 0
        service = Desk(opened.home)
        service.environment["LEDGER_DSN"] = make_conninfo(owner, user="ledger_service_3")
        service.environment["LEDGER_SECRET_FILE"] = str(opened.home / FILE)
        refused = service.run("rebuild", "marks")
        assert (refused.code, "LEDGER_OWNER_DSN" in refused.err) == (3, True), refused.said
        service.environment["LEDGER_OWNER_DSN"] = owner
        assert service.run("rebuild", "marks").code == 0
