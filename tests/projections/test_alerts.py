"""Alerts that a follower keeps are those that the whole Book gives, on any day and at any number."""

from collections.abc import Iterator
from datetime import date

import pytest

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.alert import Alert, Due, alerts_on, terms
from ledger.domain.book import Book
from ledger.domain.dues import all_dues
from ledger.domain.parameter import SETTINGS, Setting
from ledger.projections.alerts import Alerts, Listed, alerts
from ledger.projections.balances import narrowed
from ledger.projections.follower import catch_up, comes_to

LAST = 10_667
DAYS = [date(2025, 1, 2), date(2025, 6, 1), date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)]
PARAMETERS = {"quota_issue_days": 30, "idle_days": 90, "advance_days": 180, "reservation_notice_days": 30}


@pytest.fixture(scope="module")
def kept(demo_ledger: Ledger) -> Ledger:
    """The demo year, folded by one follower and another after it."""
    catch_up(demo_ledger.store, demo_ledger.id, Alerts(), to=7_777)
    assert catch_up(demo_ledger.store, demo_ledger.id, Alerts()) == LAST
    return demo_ledger


@pytest.fixture
def book(kept: Ledger) -> Iterator[Book]:
    """The Book, with parameters in force that the demo year does not set; they are taken back."""
    with kept.reading() as book:
        mark = book.mark()
        for name, value in PARAMETERS.items():
            SETTINGS.put(book, (name, ""), (Setting(date(2025, 1, 1), value, "演示"),))
        SETTINGS.put(book, ("floor_margin", ""), (Setting(date(2025, 1, 1), 10**13, "演示"),))
        SETTINGS.put(book, ("idle_days", "RDT-KRD"), (Setting(date(2025, 1, 1), 45, "演示"),))
        yield book
        book.rollback(mark)


def listed(ledger: Ledger, book: Book, on: date, sees: Sight = Sight(), **of: object) -> Listed:  # noqa: B008
    within = narrowed(book, sees)
    return alerts(ledger.store, ledger.id, on, terms(book, on).held, within, **{"limit": 100_000, **of})


def plain(found: list[Due]) -> list[tuple]:
    return sorted(tuple(map(str, due)) for due in found)


@pytest.mark.parametrize("on", DAYS)
def test_what_the_follower_keeps_is_what_the_whole_book_says(kept: Ledger, book: Book, on: date) -> None:
    expected = alerts_on(book, on, all_dues(book))
    found = listed(kept, book, on)
    assert plain([one.due._replace(from_on=one.begins_on) for one in found.alerts]) == plain(expected)
    assert [(one.begins_on, -one.due.amount) for one in found.alerts] == [
        (one.from_on, -one.amount) for one in expected
    ]
    for kind, total in found.totals.items():
        amounts = [due.amount for due in expected if due.kind is kind]
        assert total == (len(amounts), sum(amounts))
    assert set(found.totals) == {due.kind for due in expected}
    assert found.standing == LAST


def test_the_demo_year_has_alerts_of_many_kinds(kept: Ledger, book: Book) -> None:
    """All but a fact that came too early, and what was signed off and touched: it signs nothing off."""
    kinds = {kind for on in DAYS for kind in listed(kept, book, on).totals}
    never = {Alert.BELOW_ZERO, Alert.SIGN_OFF_TOUCHED}
    assert kinds == set(Alert) - never


def test_without_its_parameter_a_kind_has_no_alerts(kept: Ledger) -> None:
    on = date(2025, 12, 31)
    with kept.reading() as book:
        found, held = listed(kept, book, on), terms(book, on)
    assert {one.kind for one in held.missing} & set(found.totals) == set()
    assert Alert.MONEY_IDLE in {one.kind for one in held.missing}
    assert Alert.MATCHING_OVERDUE in found.totals


def test_pages_hold_each_alert_once(kept: Ledger, book: Book) -> None:
    on, pages, skip = date(2025, 12, 31), [], 0
    while skip is not None:
        page = listed(kept, book, on, skip=skip, limit=700)
        pages += page.alerts
        skip = page.more
    assert pages == listed(kept, book, on).alerts
    assert len(pages) > 1_000


def test_it_is_narrowed_and_kept_within_sight(kept: Ledger, book: Book) -> None:
    on = date(2025, 12, 31)
    whole = listed(kept, book, on).alerts
    assert [one for one in whole if one.due.special == "RDT-KRD"] == listed(kept, book, on, special="RDT-KRD").alerts
    own = Sight(specials=frozenset({"RDT"}))
    assert {one.due.special for one in listed(kept, book, on, sees=own).alerts} == {"RDT-KRD", "RDT-CHN"}
    nsf = Sight(sources=frozenset({"NSF"}))
    assert {one.due.source for one in listed(kept, book, on, sees=nsf).alerts} == {"NSF"}
    project = next(one.due.project for one in whole if one.due.project)
    mine = listed(kept, book, on, project=project)
    assert {one.due.project for one in mine.alerts} == {project}
    assert sum(total.alerts for total in mine.totals.values()) == len(mine.alerts)
    (party,) = {one.due.party for one in whole if one.due.kind is Alert.MATCHING_OVERDUE}
    department = listed(kept, book, on, sees=Sight(department=party))
    assert {one.due.project for one in department.alerts} < {one.due.project for one in whole}
    assert listed(kept, book, on, sees=Sight(department="nobody")).totals == {}


def test_a_row_names_the_last_movement_about_it(kept: Ledger, book: Book) -> None:
    on = date(2025, 12, 31)
    for one in listed(kept, book, on, kind=Alert.GATE_DUE).alerts[:20]:
        recorded = kept.recorded(one.number)
        assert recorded is not None
        named = {getattr(recorded.movement, "project", None), *(leg.account.project for leg in recorded.legs)}
        assert one.due.project in named


def test_it_is_rebuilt_to_the_same_and_stands_at_any_number(kept: Ledger) -> None:
    def rows() -> list[tuple]:
        with kept.store.readers.connection() as connection:
            return connection.execute("SELECT * FROM due ORDER BY subject, line").fetchall()

    class Anew(Alerts):
        version = 2

    before = rows()
    assert catch_up(kept.store, kept.id, Anew(), to=4_321) == 4_321
    with kept.at(4_321) as book:
        expected = plain(list(all_dues(book)))
    with kept.store.readers.connection() as connection:
        found = connection.execute(
            "SELECT kind, from_on, amount, source, special, project, ref, vintage, party, until_on FROM due"
        ).fetchall()
    assert plain([Due(*row) for row in found]) == expected
    catch_up(kept.store, kept.id, Anew())
    assert rows() == before
    assert comes_to(kept.store, kept.id, Alerts) == LAST
