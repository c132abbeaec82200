"""A desk whose home has spaces in its path, its books opened and its people known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.embedded import embedded_postgres


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a desk with spaces" / "home"


@pytest.fixture
def desk_dsn(home: Path) -> Iterator[str]:
    """The DSN of the desk's PostgreSQL, which runs as long as the test does and is not watched over by it."""
    with embedded_postgres(home) as dsn:
        yield dsn
