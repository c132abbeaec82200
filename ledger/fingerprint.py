"""What the rows of a Book depend on: the code that decides and folds. A row that other code made is not read.

Whatever lies in the domain is in, so a new file is, unless it is named here with the reason why it can change no row. Labels
are cut out of what is in: a word that is only shown makes no row useless, and no large ledger slow to begin with.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

BESIDE_THE_DOMAIN: Final = ("codec.py", "folding.py", "snapshot.py")
"""How recorded bytes are read, how they are folded, and how rows are kept."""
LEFT_OUT: Final = {
    "alert.py": "names and owners of alerts, told of a Book that is folded",
    "closing_list.py": "a list told of a Book that is folded",
    "dues.py": "what is due by a Book that is folded",
    "duplicates.py": "compares titles of projects that are kept",
    "earliest.py": "judges on a Book and takes everything back",
    "mending.py": "which act mends what stands in the way, for people",
    "terms.py": "names of fields and values, for people",
    "whatif.py": "judges on a Book and takes everything back",
    "wording.py": "refusals in words",
}
"""Files of the domain that fill no register and are asked by nothing that does; a test holds that."""
_TEXT = rb'(?:"(?:[^"\\\n]|\\.)*"\s*)+'
LABEL: Final = re.compile(rb"\b(Name|Words)\(\s*" + _TEXT + rb",\s*" + _TEXT + rb",?\s*\)")
"""A name in both languages as it stands in code. Where a register keeps one, as that of a special, it is not written so."""


@cache
def code() -> bytes:
    """What kept rows are good for, as a SHA-256."""
    return hash_of(covered())


def covered() -> dict[str, bytes]:
    """The files by their names, as they are written."""
    here = resources.files("ledger")
    domain = [file for file in (here / "domain").iterdir() if file.name.endswith(".py") and file.name not in LEFT_OUT]
    files = {f"domain/{file.name}": file for file in domain} | {name: here / name for name in BESIDE_THE_DOMAIN}
    return {name: file.read_bytes() for name, file in files.items()}


def hash_of(files: Mapping[str, bytes]) -> bytes:
    """Of names and contents without their labels, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        said = LABEL.sub(rb"\1()", files[name])
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(said).digest())
    return digest.digest()
