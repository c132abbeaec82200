"""What the locks bring in: permissive licences only, and an audit that does not pass over what it finds."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ACCEPTED = {"psycopg", "psycopg-binary", "psycopg-pool"}
"""LGPL: a library that is used as it is and can be replaced."""
COPYLEFT = re.compile(r"\b[AL]?GPL|GNU .*General Public", re.IGNORECASE)
CHOICE = re.compile(r"\bOR\b")


def locked() -> list[str]:
    return sorted(
        {name for lock in LOCKS for name in re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE)}
    )


def licence(name: str) -> str:
    """What a distribution says of its licence, the expression where it has one: the text of a licence names others."""
    about = distribution(name).metadata
    if expression := about.get("License-Expression"):
        return expression
    classifiers = [one for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    return " / ".join(classifiers) or (about.get("License") or "").split("\n")[0]


def copyleft(said: str) -> bool:
    """Whether every licence that one may choose asks for the source of what is built on it."""
    return all(COPYLEFT.search(one) for one in CHOICE.split(said))


def installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False  # for another system or Python


@pytest.mark.parametrize("name", [name for name in locked() if installed(name)])
def test_nothing_asks_for_more_than_a_notice(name: str) -> None:
    said = licence(name)
    assert said, "says nothing about its licence"
    assert not copyleft(said) or name in ACCEPTED, said


def test_nearly_everything_that_is_locked_is_looked_at() -> None:
    missing = [name for name in locked() if not installed(name)]
    assert len(missing) < len(locked()) / 10, missing


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("GPL-3.0-only", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", True),
        ("MIT OR GPL-2.0", False),
        ("Apache-2.0", False),
        ("BSD-3-Clause AND MIT", False),
    ],
)
def test_a_licence_is_read(said: str, expected: bool) -> None:
    assert copyleft(said) == expected


# -- the audit


def answer_of(vulnerable: str | None) -> Any:
    def answer(queries: list[dict[str, Any]]) -> Any:
        asked = [(query["package"]["name"], query["version"]) for query in queries]
        known = [("jinja2", "2.4.1"), *(pin for pin in asked if pin[0] == vulnerable)]
        return {"results": [{"vulns": [{"id": f"GHSA-{pin[0]}"}]} if pin in known else {} for pin in asked]}

    return answer


@contextmanager
def service(answer: Any) -> Iterator[str]:
    """A service of the same form as OSV's."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            body = answer if isinstance(answer, bytes) else json.dumps(answer(queries)).encode()
            self.send_response(500 if answer == b"broken" else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def audit(url: str, *locks: str) -> tuple[int, str]:
    command = [sys.executable, ROOT / ".ci" / "audit", *(locks or LOCKS)]
    environment = os.environ | {"OSV_URL": url, "no_proxy": "127.0.0.1"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (answer_of(None), 0, "0 with known vulnerabilities"),
        (answer_of("fastapi"), 1, "GHSA-fastapi"),
        (lambda queries: {"results": [{}] * len(queries)}, 2, "does not know jinja2"),
        (lambda queries: {"results": []}, 2, "something else"),
        (b"<html>", 2, "something else"),
        (b"broken", 2, "answers 500"),
    ],
)
def test_the_audit_passes_only_what_is_known_to_be_sound(answer: Any, code: int, says: str) -> None:
    with service(answer) as url:
        found = audit(url)
    assert (found[0], says in found[1]) == (code, True), found[1]


def test_a_service_that_cannot_be_reached_is_said_so() -> None:
    code, said = audit("http://127.0.0.1:9")
    assert (code, "NOT AUDITED" in said) == (0, True)


def test_a_lock_that_pins_nothing_is_noticed(tmp_path: Path) -> None:
    empty = tmp_path / "empty.lock"
    empty.touch()
    assert audit("http://127.0.0.1:9", str(empty))[0] == 2
