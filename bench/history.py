"""`python -m bench.history`: a ledger of many fiscal years, made quickly.

    python -m bench.history --movements 1000000 --home /tmp/million

makes it in that home, once, and says how to use it: the `ledger` commands with LEDGER_HOME and LEDGER_NAME, or
``embedded_postgres(home)`` from Python. Within a test or a measurement of one's own: ``bench.seeding.seed(dsn, …)``.
"""

import argparse
import sys
from pathlib import Path

from bench.seeding import seed
from ledger.embedded import embedded_postgres
from ledger.secret import make_secret, secret_of_home

NAME = "history"


def main() -> int:
    """Make what is not there."""
    parser = argparse.ArgumentParser(prog="bench.history", description=__doc__)
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, required=True, help="where it is kept")
    parser.add_argument("--judged", action="store_true", help="judge every movement by every rule: takes far longer")
    asked = parser.parse_args()
    with embedded_postgres(asked.home) as dsn:
        made = seed(
            dsn,
            NAME,
            secret_of_home(asked.home) or make_secret(asked.home),
            asked.movements,
            years=asked.years,
            seed=asked.seed,
            judged=asked.judged,
        )
    print(
        f"{made.movements:,} movements: {made.writing:.0f} s to write, {made.indexing:.0f} s for indexes",
        file=sys.stderr,
    )
    print(f"LEDGER_HOME={asked.home} LEDGER_NAME={NAME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
