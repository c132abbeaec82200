"""Pages of the console under attack: every address, every field of every form; text stays text, and nothing is a fault."""

import re
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

import api.console.shell
from tests.attacks.conftest import Target
from tests.attacks.surface import Operation, the_pages
from tests.attacks.test_sql import BRIEF, NUL

MARK = "onerror=alert(1)"
POISON = f"\"'><img src=x {MARK}><script>alert(1)</script>seven{{{{7*7}}}}fold{BRIEF}"
BROKEN = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")
HOSTILE = [POISON, "9" * 5_000, *(pytest.param(text, marks=pytest.mark.slow) for text in (NUL, BROKEN, "-1", ""))]
TEMPLATES = Path(api.console.shell.__file__).parent / "templates"
OF_OWN = {"POST /sign-in", "POST /sign-out", "POST /account/password", "POST /account/second-factor", "POST /theme"}
OF_OWN |= {"POST /account/second-factor/confirm"}
"""About oneself: what a form of theirs does changes a session, and other tests attack it."""
ACTS = {"record", "try", "add:instalments", "approve", "reject", "act", "upload:document", "keep", "opened"}

RECORDED_RIGHTLY = {"document", "job", "replay"}
"""A file that is uploaded is kept, and a replay is begun of whatever range."""


pytestmark = pytest.mark.usefixtures("nothing_else")


def fields() -> list[str]:
    """The names of everything that a form of any template sends."""
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    named = set(re.findall(r'\bname="([a-z_.0-9-]+)"', text)) | set(re.findall(r'\bfield\("([a-z_]+)"', text))
    acts = re.findall(r'name="act" value="([a-z_]+)"', text)
    ACTS.update(acts)
    return sorted(named - {"viewport", "htmx-config", "color-scheme"})


def paths(operation: Operation) -> dict[str, str]:
    """Where a page is that is there."""
    there = {"kind": "PreFundingCommitted", "special": "RDT-KRD", "project": "KRD-1", "person": "p-fin-1"}
    return {name: there.get(name, value) for name, value in operation.named("path").items()}


def harmless(answer: httpx2.Response, about: object) -> None:
    assert answer.status_code < 500, (about, answer.text)
    assert f"<img src=x {MARK}" not in answer.text, about
    assert "<script>alert" not in answer.text, about
    assert "seven49fold" not in answer.text, about


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_addresses(target: Target, text: str) -> None:
    asked = 0
    for operation in the_pages(target.app):
        if operation.method != "GET":
            continue
        for name in operation.named("path"):
            harmless(target.send(operation, path={name: quote(text, safe="")}), (operation.name, name))
        for name in (*(one["name"] for one in operation.parameters if one["in"] == "query"), "grant", "lang", "unit"):
            harmless(target.send(operation, path=paths(operation), params={name: text}), (operation.name, name))
            asked += 1
    assert asked > 200


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_forms(target: Target, text: str) -> None:
    """All fields there are hostile at once, and each beside others that are left out; whatever the form is to do."""
    names, asked = fields(), 0
    assert {"key", "act", "reason", "digest", "closes", "code", "name"} < set(names)
    for operation in the_pages(target.app):
        if operation.method != "POST" or operation.name in OF_OWN:
            continue
        for act in sorted(ACTS):
            sent = {**dict.fromkeys(names, text), "key": "attack", "act": act}
            sent |= {f"{name}.{part}": text for name in names for part in ("0.amount", "number")}
            answer = target.send(operation, path=paths(operation), data=sent, follow_redirects=False)
            harmless(answer, (operation.name, act))
            asked += 1
        for name in names:
            answer = target.send(
                operation, path=paths(operation), data={"key": "attack", name: text}, follow_redirects=False
            )
            harmless(answer, (operation.name, name))
        answer = target.send(
            operation, path=paths(operation), files={"file": (text[:200], b"x", "text/csv")}, data={"on": text}
        )
        harmless(answer, (operation.name, "file"))
    assert asked > 100
