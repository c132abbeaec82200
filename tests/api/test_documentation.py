"""The OpenAPI document and the page that shows it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import validate

from ledger.domain.movement import MOVEMENTS
from tests.api.desk import Desk
from tests.api.test_policy import OPEN


@pytest.fixture(scope="module")
def client(quiet_desk: Desk) -> httpx2.Client:
    return quiet_desk.client


@pytest.fixture(scope="module")
def document(client: httpx2.Client) -> Any:
    return client.get("/openapi.json").json()


def test_the_document_is_valid(document: Any) -> None:
    validate(document)


def test_every_kind_is_documented_with_an_example(document: Any) -> None:
    body = document["paths"]["/v1/movements"]["post"]["requestBody"]["content"]["application/json"]
    union = document["components"]["schemas"]["Movement"]
    assert set(union["discriminator"]["mapping"]) == set(MOVEMENTS)
    assert set(body["examples"]) == set(MOVEMENTS)


def test_every_operation_says_what_it_does_in_two_languages(document: Any) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert re.search(r"[\u4e00-\u9fff].* / \w", operation["summary"]), where
            assert operation["responses"], where
            if f"{method.upper()} {path}" not in OPEN:
                assert operation["security"] == [{"key": []}, {"session": []}], where
                assert {"401", "403", "422", "503"} <= set(operation["responses"]), where
            writes = method == "post" and not {"movements", "proposals"}.isdisjoint(operation["tags"])
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert ("Idempotency-Key" in names) == writes, where


def test_amounts_are_strings_in_every_schema(document: Any) -> None:
    described = json.dumps(document["components"]["schemas"])
    assert '"type": "number"' not in described


def test_the_page_loads_nothing_from_elsewhere(client: httpx2.Client) -> None:
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert not re.search(r"<script(?![^>]*src=)", page.text)
    assert not re.search(r"https?:", page.text)
    for file in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert client.get(file).status_code == 200, file
    assert "validatorUrl: null" in client.get("/docs/own/init.js").text


@pytest.mark.slow
def test_a_client_can_be_generated(document: Any, tmp_path: Path) -> None:
    """The generator knows no NDJSON and says so; nothing else may be missing."""
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(document), encoding="utf-8")
    made = tmp_path / "made"
    generator = [Path(sys.executable).with_name("openapi-python-client"), "generate", "--meta", "none"]
    where = ["--path", described, "--output-path", made]
    configured = tmp_path / "config.yml"
    configured.write_text("post_hooks: []\n")
    said = subprocess.run([*generator, *where, "--config", configured], check=True, capture_output=True, text=True)
    warnings = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("WARNING")]
    assert warnings == [
        "WARNING parsing POST /v1/movements/bulk within movements.",
        "WARNING parsing POST /v1/what-if within balances.",
        "WARNING parsing GET /v1/trail/export within trail.",
    ]
    assert "Unsupported content type application/x-ndjson" in said.stdout + said.stderr
    assert (made / "api" / "movements" / "record_movement.py").exists()
    subprocess.run([sys.executable, "-m", "compileall", "-q", made], check=True)
