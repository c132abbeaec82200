"""The provider of these tests: a real one, started once for each worker."""

from collections.abc import Iterator

import pytest

from tests.oidc.browser import Browser
from tests.oidc.running import real_provider


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    with real_provider() as issuer:
        yield issuer


@pytest.fixture
def browser() -> Browser:
    return Browser()
