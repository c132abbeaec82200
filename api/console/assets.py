"""Scripts and style of the pages: ours, and those that set-up copies from packages locked by hash. Nothing is from elsewhere."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE: Final = Path(__file__).parent
FOLDERS: Final = {"own": HERE / "static", "made": HERE / "made"}
"""``made``: copied by `make scripts`, which running and testing do first; not kept in the repository."""
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


class Kept(StaticFiles):
    """Files that browsers keep for good under an address that names their bytes; under another they ask whether it changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        named = scope["query_string"].decode("latin-1")
        answer.headers["Cache-Control"] = (
            _FOR_GOOD if named and named == _version(str(self.directory), path) else "no-cache"
        )
        return answer


def install(app: FastAPI) -> None:
    """Serve them under /static."""
    for name, folder in FOLDERS.items():
        app.mount(f"/static/{name}", Kept(directory=folder, check_dir=False))


@cache
def address_of(name: str) -> str | None:
    """Where a page finds one: ``own/console.css``; None where set-up has not copied it."""
    folder, _, file = name.partition("/")
    version = _version(str(FOLDERS[folder]), file)
    return f"/static/{name}?{version}" if version else None


@cache
def _version(folder: str, file: str) -> str | None:
    path = Path(folder) / file
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else None
