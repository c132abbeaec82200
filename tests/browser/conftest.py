"""A browser, and the console over the demo year on a real socket."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger, business_day
from ledger.projections.alerts import Alerts
from ledger.projections.follower import catch_up
from tests.api.conftest import serving
from tests.browser.chromium import Looked, chromium
from tests.browser.opened import open_all
from tests.conftest import demo_year
from tests.console.conftest import TODAY

LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Ended with the module: as long as it is there an event loop runs in this thread, and tests of others start their own."""
    with chromium() as browser:
        yield browser


@contextmanager
def serving_console(ledger: Ledger) -> Iterator[str]:
    """Where the console over a demo year is, in the middle of that year; its alerts are kept."""
    catch_up(ledger.store, ledger.id, Alerts())
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        serving(create_app(ledger, registered, today=lambda: TODAY)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def console(demo_ledger: Ledger) -> Iterator[str]:
    """Where the console is; the demo year stays as it is."""
    with serving_console(demo_ledger) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Any, console: str, people: DemoPeople) -> Iterator[Callable[[str, str], Looked]]:
    """The window of somebody who signed in, in a browser of a language; one each for all tests."""
    known: dict[tuple[str, str], Looked] = {}

    def of(who: str, language: str) -> Looked:
        if (who, language) not in known:
            looked = Looked(browser.new_context(locale=LOCALES[language]), console)
            looked.sign_in(who, people.password_of(who))
            known[who, language] = looked
        return known[who, language]

    yield of
    for looked in known.values():
        looked.context.close()


@pytest.fixture(scope="module")
def ledger(server_dsn: str) -> Iterator[Ledger]:
    """A demo year of a module's own, for those who record something in it."""
    with demo_year(server_dsn) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def office(ledger: Ledger) -> Iterator[str]:
    """Where the console over this demo year is."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        serving(create_app(ledger, registered, today=business_day)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def opened(console: str, people: DemoPeople, ledger: Ledger) -> dict[str, str]:
    """What pages need open, for a module whose console is over a demo year of its own."""
    return open_all(console, people, ledger)
