"""Every page that can be asked for is walked in a real browser, or it is said why not."""

from collections import defaultdict

from fastapi import FastAPI

from tests.attacks.surface import pages
from tests.browser.pages import NOT_WALKED, PAGES

OPEN = defaultdict(lambda: "1")


def test_every_page_is_in_the_walk(demo_app: FastAPI) -> None:
    asked = [route for route in pages(demo_app) if "GET" in route.methods]
    walked = {walked.path.partition("?")[0].format_map(OPEN) for walked in PAGES}
    # the first route that fits is the one that answers
    found = {next((route.path for route in asked if route.path_regex.match(path)), path) for path in walked}
    assert sorted(found) == sorted({route.path for route in asked} - NOT_WALKED.keys())
    assert all(NOT_WALKED.values())


def test_pages_of_the_walk_have_names_of_their_own() -> None:
    assert len({walked.name for walked in PAGES}) == len(PAGES)
