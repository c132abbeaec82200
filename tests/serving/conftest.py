"""Shared with the tests of the API: an application whose ledger stays as it is."""

from tests.api.conftest import app, quiet_app, quiet_desk

__all__ = ["app", "quiet_app", "quiet_desk"]
