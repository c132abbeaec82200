"""What runs, fetches or unpacks anything is in few places, each of which is known here; weak hashes and shells are nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for package in ("ledger", "api") for path in sorted((ROOT / package).rglob("*.py"))]

MAY = {
    "subprocess": {"ledger/cli/following.py", "ledger/embedded.py"},
    "socket": {"api/server.py", "ledger/cli/serving.py"},
    "httpx2": {"ledger/access/fetching.py", "ledger/access/oidc.py"},
    "zipfile": {"ledger/importing/unpacking.py", "ledger/reconciliation/reading/workbook.py"},
    "xml": {"ledger/importing/unpacking.py", "ledger/reconciliation/reading/markup.py"},
    "jinja2": {"ledger/reports/printing.py"},
}
"""Commands, connections, archives, XML and pages: who may import what makes them. ``oidc`` takes only addresses apart."""
NEVER = {
    *("pickle", "marshal", "shelve", "yaml", "ctypes", "cffi", "mako", "lxml", "tarfile"),
    *("requests", "aiohttp", "smtplib", "imaplib", "ldap", "ldap3", "ftplib", "telnetlib", "xmlrpc", "random"),
}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "hashlib.md5",
    "hashlib.sha1",
    "urllib.request.urlopen",
}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def dangers(text: str, file: str) -> list[str]:
    """What a module does that it may not."""
    tree = ast.parse(text)
    found = []
    for name in imports(tree):
        top = name.partition(".")[0]
        if top in NEVER or name.startswith("urllib.request") or file not in MAY.get(top, {file}):
            found.append(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            shell = any(keyword.arg == "shell" for keyword in node.keywords)
            if (
                called in CALLS or shell or called.endswith(".from_string")
            ):  # a template is a file of ours, never a text
                found.append(called)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_dangerous_is_where_it_may_not_be(path: Path) -> None:
    assert dangers(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()) == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from urllib.request import urlopen",
        "import subprocess",
        "import httpx2 as h",
        "from xml.etree import ElementTree",
        "eval(x)",
        "import os\nos.system(x)",
        "run(x, shell=True)",
        "import hashlib\nhashlib.md5(x)",
    ],
)
def test_what_is_dangerous_is_noticed(text: str) -> None:
    assert dangers(text, "ledger/domain/plan.py")
    assert not dangers("import hashlib\nhashlib.sha256(b'')", "ledger/domain/plan.py")


def test_whoever_may_does() -> None:
    """A permission that nobody uses any more is taken back."""
    for top, files in MAY.items():
        for file in files:
            assert top in {name.partition(".")[0] for name in imports(ast.parse((ROOT / file).read_text("utf-8")))}, (
                file
            )
