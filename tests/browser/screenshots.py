"""``make screenshots``: every page at two widths, home in the dark, and an allocation from form to record, into docs/screens.

Over a demo year of its own.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from api.main import create_app
from bench.workload import SECRET
from ledger.access.demo import DemoPeople, demo_people
from ledger.access.people import People
from ledger.application import Ledger
from ledger.demo import record_demo_year
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.projections.alerts import Alerts
from ledger.projections.follower import catch_up
from ledger.projections.searched import Searched
from ledger.store import Store
from tests.api.conftest import serving
from tests.browser.chromium import Looked, chromium
from tests.browser.opened import open_all
from tests.browser.pages import PAGES, Walked
from tests.browser.recording import record_and_approve

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
WIDTHS = (1440, 390)
TODAY = date(2025, 7, 1)


@contextmanager
def demo() -> Iterator[tuple[str, DemoPeople, Ledger]]:
    """The console over a demo year that is made for it, its people, and the ledger."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with embedded_postgres(home / "postgres") as dsn:
            migrate(dsn)
            people = demo_people(home)
            with (
                closing(People(dsn, SECRET)) as registered,
                closing(Store(dsn)) as store,
                closing(Ledger(store, "demo", SECRET)) as ledger,
            ):
                people.enrol(registered)
                record_demo_year(ledger)
                catch_up(store, ledger.id, Alerts())
                catch_up(store, ledger.id, Searched())
                with serving(create_app(ledger, registered, today=lambda: TODAY)) as address:
                    yield address, people, ledger


def picture(
    looked: Looked, walked: Walked, opened: Mapping[str, str], language: str, width: int, *, dark: bool
) -> Path:
    """One page, whole."""
    looked.page.set_viewport_size({"width": width, "height": 900})
    looked.page.emulate_media(color_scheme="dark" if dark else "light")
    walked.open(looked, opened)
    path = FOLDER / f"{walked.name}-{language}-{width}{'-dark' * dark}.png"
    looked.page.screenshot(path=path, full_page=True)
    return path


def pictures(browser: Any, address: str, people: DemoPeople, ledger: Ledger) -> Iterator[Path]:
    opened = open_all(address, people, ledger)
    for walked in PAGES:
        for language, locale in (("zh", "zh-CN"), ("en", "en-GB")):
            with closing(browser.new_context(locale=locale)) as context:
                looked = Looked(context, address)
                if walked.signed_in:
                    looked.sign_in(walked.who, people.password_of(walked.who))
                for width in WIDTHS:
                    yield picture(looked, walked, opened, language, width, dark=False)
                    if walked.name == "home":
                        yield picture(looked, walked, opened, language, width, dark=True)


def journey(browser: Any, address: str, people: DemoPeople) -> Iterator[Path]:
    """An allocation on its way, in both languages: as it is filled in, as it is approved, as it is recorded."""
    taken: list[Path] = []
    for language, locale in (("zh", "zh-CN"), ("en", "en-GB")):
        with closing(browser.new_context(locale=locale, viewport={"width": WIDTHS[0], "height": 900})) as context:
            looked = Looked(context, address)

            def shown(name: str, looked: Looked = looked, language: str = language) -> None:
                taken.append(FOLDER / f"clicks-{name}-{language}-{WIDTHS[0]}.png")
                looked.page.screenshot(path=taken[-1], full_page=True)

            record_and_approve(looked, people, shown)
    yield from taken


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    smaller = shutil.which("pngquant")
    if smaller is None:
        print("pngquant is missing: pictures stay large (apt install pngquant)", file=sys.stderr)
    with demo() as (address, people, ledger), chromium() as browser:
        # the journey first, as it approves the proposal at the head of the list
        for path in chain(journey(browser, address, people), pictures(browser, address, people, ledger)):
            if smaller:
                subprocess.run([smaller, "--force", "--skip-if-larger", "--output", path, "64", path], check=False)
            print(path.relative_to(FOLDER.parent.parent), path.stat().st_size)


if __name__ == "__main__":
    main()
