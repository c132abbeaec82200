"""`python -m bench.pages`: how long home and availability take to answer, asked over HTTP as finance, programme manager, auditor.

    python -m bench.pages --home demo
    python -m bench.history --movements 2650000 --home large --make && python -m bench.pages --home large --name history

The ledger of a home is served in this process. The first answer of a page after a start is told apart: it brings what the
Book does not hold yet. A large ledger's followers should have come to its end (``ledger follow``).
"""

import argparse
import http.client
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from api.main import create_app
from api.server import server
from ledger.access.demo import demo_people
from ledger.access.people import People
from ledger.application import Ledger, ledger_id
from ledger.cli.serving import listening
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.secret import secret_of_home
from ledger.settings import Settings
from ledger.store import Store

MANY = 100_000
"""Projects of a large ledger."""
MS_MAX, MANY_MS_MAX = 300.0, 1_000.0
TIMES = 20
PAGES = (("fin-1", "/"), ("pm-1", "/"), ("aud-1", "/"), ("fin-1", "/availability"), ("pm-1", "/availability"))


def main() -> int:
    """Ask, print, judge."""
    parser = argparse.ArgumentParser(
        prog="bench.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--name", default=Settings.from_environment().name, help="of the ledger")
    asked_for = parser.parse_args()
    failed = 0
    with embedded_postgres(asked_for.home) as dsn:
        migrate(dsn)
        many = _projects(dsn, asked_for.name)
        bound = MANY_MS_MAX if many >= MANY else MS_MAX
        with _served(dsn, asked_for.name, asked_for.home) as (port, key_of):
            for who, path in PAGES:
                first, *waits = [_asked(port, key_of[who], path) for _ in range(TIMES + 1)]
                failed += median(waits) > bound
                verdict = "FAIL" if median(waits) > bound else "pass"
                about = f"(most {max(waits):,.0f}, first after a start {first:,.0f}; {many:,} projects)"
                print(f"{verdict}  {who} {path}: median {median(waits):,.0f} ms <= {bound:,.0f} {about}", flush=True)
    return 1 if failed else 0


def _projects(dsn: str, name: str) -> int:
    with closing(Store(dsn, readers=1, writers=1)) as store, store.readers.connection() as connection:
        found = connection.execute(
            "SELECT count(*) FROM movement WHERE ledger = %s AND kind = 'ProjectRegistered'", (ledger_id(name),)
        ).fetchone()
    return int(found[0]) if found else 0


@contextmanager
def _served(dsn: str, name: str, home: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The port of a server of the ledger, and the key of everybody who asks."""
    secret = secret_of_home(home)
    assert secret is not None, f"{home} holds no ledger"
    with closing(Ledger(Store(dsn), name, secret)) as ledger, closing(People(dsn, secret)) as people:
        demo = demo_people(home)
        demo.enrol(people)
        with closing(listening("127.0.0.1", 0)) as taken:
            serving = server(create_app(ledger, people), Settings.from_environment())
            thread = threading.Thread(target=serving.run, kwargs={"sockets": [taken]})
            thread.start()
            try:
                yield taken.getsockname()[1], {who: demo.key_of(who) for who, _ in PAGES}
            finally:
                serving.should_exit = True
                thread.join()


def _asked(port: int, key: str, path: str) -> float:
    """Milliseconds until all of an answer is there."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=600)) as connection:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (answer.status, path)
        return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    sys.exit(main())
