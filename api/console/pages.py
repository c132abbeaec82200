"""All pages of the console, in the order of the menu."""

from fastapi import FastAPI

from api.console import account, assets, availability, explaining, home, signing_in

PAGES = (home, availability, explaining, account, signing_in)
"""A module each: its ``router``, and its ``PLACE`` where it stands in the menu."""


def install(app: FastAPI) -> None:
    """Serve the pages and what they load."""
    app.state.menu = tuple(page.PLACE for page in PAGES if hasattr(page, "PLACE"))
    assets.install(app)
    for page in PAGES:
        app.include_router(page.router)
