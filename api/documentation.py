"""The page /docs: Swagger UI from an installed package, so that nothing is fetched from elsewhere."""

from importlib import resources
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

OWN = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Swagger UI sets style attributes and has its icons as data."""


def install(app: FastAPI) -> None:
    """Serve /docs and the files it needs."""
    swagger = resources.files("fastapi_standalone_docs") / "static" / "swagger"
    app.mount("/docs/swagger", StaticFiles(directory=str(swagger)))
    app.mount("/docs/own", StaticFiles(directory=OWN))

    @app.get("/docs", include_in_schema=False)
    def docs() -> FileResponse:
        return FileResponse(OWN / "docs.html", headers={"Content-Security-Policy": POLICY})
