"""What kept rows depend on: every file that decides or folds, and no label. Whoever leaves one out is told here."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.domain.kinds import SUBJECTS
from ledger.fingerprint import LABEL, LEFT_OUT, covered, hash_of

ROOT = Path(__file__).resolve().parents[2]
ROWS = """
import hashlib
import ledger.fingerprint
from ledger.domain.examples import HISTORIES
from tests.books import Rows
from tests.world import played

rows = [row for history in HISTORIES for row in Rows(played(history).book).rows]
print(ledger.fingerprint.__file__, len(rows), hashlib.sha256(repr(rows).encode()).hexdigest(), sep="\\n")
"""


def path_of(module: str) -> Path | None:
    place = ROOT / module.replace(".", "/")
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None)


def imported(path: Path) -> Iterator[str]:
    """Modules and names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}: a relative import"
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def reached(*begin: str) -> set[str]:
    """The files of the ledger that are reached by imports, by their names in ledger/."""
    found, ahead = dict[str, Path](), list(begin)
    while ahead:
        module = ahead.pop()
        path = path_of(module) if module.startswith("ledger.") and module not in found else None
        if path:
            found[module] = path
            ahead += imported(path)
    return {str(path.relative_to(ROOT / "ledger")) for path in found.values()}


def makes(tree: ast.AST) -> set[str]:
    """What a file makes that fills a Book: registers, kinds of movement."""
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    bases = {ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
    return (calls & {"Register"}) | (bases & {"Movement"})


def test_whatever_folding_reaches_is_covered() -> None:
    kinds = [f"ledger.domain.{subject}" for subject in SUBJECTS]
    found = reached("ledger.folding", "ledger.snapshot", "ledger.domain.decision", *kinds)
    assert {"domain/payment.py", "domain/blocking.py", "codec.py"} <= found
    assert not found - covered().keys()


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_file_that_is_left_out_fills_nothing(name: str) -> None:
    assert not makes(ast.parse((ROOT / "ledger/domain" / name).read_text()))


def test_what_fills_a_book_is_told() -> None:
    assert makes(ast.parse("A: Register[str, int] = Register('a')\nclass B(Movement): pass")) == {
        "Register",
        "Movement",
    }
    assert not makes(ast.parse("from ledger.domain.book import Register\nclass B(NamedTuple): pass"))


class Unlabelled(ast.NodeTransformer):
    """A name in both languages that is written out says nothing."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        called = ast.unparse(node.func) in ("Name", "Words") and len(node.args) == 2 and not node.keywords
        if called and all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args):
            node.args = []
        return node


@pytest.mark.parametrize("name", covered())
def test_what_is_cut_out_is_every_label_and_nothing_else(name: str) -> None:
    source = covered()[name]
    cut = ast.parse(LABEL.sub(rb"\1()", source))
    assert ast.dump(cut) == ast.dump(Unlabelled().visit(ast.parse(source)))


def test_a_changed_label_keeps_what_is_kept_and_a_changed_rule_does_not() -> None:
    files = covered()
    same = hash_of(dict(reversed(files.items())))
    assert hash_of(files) == same

    def changed(name: str, before: str, after: str) -> bytes:
        assert files[name].count(before.encode()) == 1
        return hash_of(files | {name: files[name].replace(before.encode(), after.encode())})

    assert changed("domain/payment.py", '"拨款申请"', '"拨款申请单"') == same
    assert changed("domain/accounts.py", '"Unallocated"', '"Not yet allocated"') == same
    assert changed("domain/refusals.py", '"Periods go in order"', '"One period after another"') == same
    assert changed("domain/catalogue.py", '"Natural Science Fund"', '"Natural Science Foundation"') == same
    assert changed("domain/catalogue.py", '"科技突围专项"', '"突围专项"') != same, "a register keeps it"
    assert changed("domain/decision.py", "held + change < 0", "held + change <= 0") != same
    assert changed("domain/sent_back.py", 'Register("rejected"', 'Register("returned"') != same
    assert hash_of(files | {"domain/new.py": b""}) != same
    assert hash_of({name: files[name] for name in files if name != "domain/payment.py"}) != same


def test_a_book_is_the_same_whatever_its_labels_say(tmp_path: Path) -> None:
    for path in (ROOT / "ledger").rglob("*.py"):
        other = tmp_path / path.relative_to(ROOT)
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(LABEL.sub(rb'\1("a word", "a word")', path.read_bytes()))

    def rows(*places: Path) -> list[str]:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, places)), "PYTHONDONTWRITEBYTECODE": "1"}
        told = subprocess.run(
            [sys.executable, "-P", "-c", ROWS],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return told.stdout.splitlines()

    (mine, *kept), (others, *found) = rows(ROOT), rows(tmp_path, ROOT)
    assert (Path(mine).parents[1], Path(others).parents[1]) == (ROOT, tmp_path)
    assert int(kept[0]) > 100
    assert found == kept
