"""What is served, and nothing beside it: no folders, no sources, no methods nobody wrote, no second reading of an address."""

import httpx2
import pytest
from fastapi import FastAPI

from tests.api.conftest import in_process, serving
from tests.api.desk import Desk, refused


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "OPTIONS", "DEBUG"])
def test_a_method_that_nobody_wrote_is_not_served(quiet_app: FastAPI, method: str) -> None:
    answer = in_process(quiet_app).request(method, "/v1/movements", headers={"X-Secret": "s3cret"})
    refused(answer, "METHOD_NOT_ALLOWED", 405)
    assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.env", "/pyproject.toml", "/api/main.py", "/admin", "/debug", "/redoc"),
        *("/docs/", "/docs/own/", "/docs/swagger/", "/docs/own/%2e%2e/main.py", "/docs/own/..%2fmain.py"),
        *("/docs/own//etc/passwd", "/docs/swagger/%2e%2e/%2e%2e/__init__.py"),
    ],
)
def test_no_folder_and_no_source_is_served(quiet_app: FastAPI, path: str) -> None:
    answer = in_process(quiet_app).get(path, follow_redirects=False)
    assert answer.status_code in (404, 307), answer.text
    assert answer.status_code == 404 or answer.headers["location"].endswith("/docs")


def test_an_address_is_decoded_once(quiet_app: FastAPI, quiet_desk: Desk) -> None:
    """``%2541`` is the text ``%41``, which names nothing, and not ``A``."""
    key = quiet_desk.headers("aud-1")
    with serving(quiet_app) as address:
        refused(httpx2.get(f"{address}/v1/projects/%2541-1", headers=key), "MALFORMED", 422)
        refused(httpx2.get(f"{address}/v1/projects/%41-1", headers=key), "NOT_FOUND", 404)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/swagger/swagger-ui.css", "text/css; charset=utf-8"),
        ("/docs/own/init.js", "text/javascript; charset=utf-8"),
        ("/openapi.json", "application/json"),
        ("/healthz", "application/json"),
        ("/metrics", "application/problem+json"),
        ("/nowhere", "application/problem+json"),
    ],
)
def test_every_answer_says_what_it_is(quiet_app: FastAPI, path: str, said: str) -> None:
    assert in_process(quiet_app).get(path).headers["content-type"] == said


def test_nothing_helps_whoever_looks_for_faults(quiet_app: FastAPI) -> None:
    assert not quiet_app.debug
    headers = in_process(quiet_app).get("/healthz").headers
    assert not {"server", "x-powered-by", "via"} & set(headers)


def test_the_page_keeps_nothing_in_the_browser(quiet_app: FastAPI) -> None:
    client: httpx2.Client = in_process(quiet_app)
    script = client.get("/docs/own/init.js").text
    assert "persistAuthorization: false" in script
    assert "Storage" not in script
    assert "set-cookie" not in client.get("/docs").headers
