"""Documents 文件: uploaded as raw bytes, opened by SHA-256."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.bodies import DocumentBody
from api.openapi import READS, WRITES
from api.problems import ProblemRaised, Wrong, malformed
from api.reading import TheLedger
from api.security import Caller, FileKeeper, FileOpener, ThePeople
from ledger import documents
from ledger.application import Ledger
from ledger.audit.trail import Event
from ledger.domain.fields import Sha256, Text

router = APIRouter(prefix="/v1/documents", tags=["documents"])

ANY_BYTES = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_HARMLESS = frozenset(
    {
        "application/msword",
        "application/ofd",
        "application/pdf",
        "application/vnd.ms-excel",
        "application/zip",
        "image/jpeg",
        "image/png",
        "text/csv",
        "text/plain",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.wordprocessingml.document",
    }
)
"""Media types in which no browser runs anything; every other is answered as bytes."""
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", re.ASCII)
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|]')
_BINARY = {"schema": {"type": "string", "format": "binary"}}


class DocumentKept(BaseModel):
    """A file that is kept; its SHA-256 goes into ``document`` of a movement."""

    sha256: str
    size: int
    new: bool


@router.post(
    "",
    summary="上传文件 / Upload a file",
    status_code=201,
    responses=WRITES | {200: {"model": DocumentKept, "description": "此前已存 / Kept before"}},
    openapi_extra={"requestBody": {"required": True, "content": {ANY_BYTES: _BINARY}}},
)
async def upload_document(
    request: Request,
    ledger: TheLedger,
    caller: FileKeeper,
    body: DocumentBody,
    name: Annotated[Text, Query(description="文件名 / name of the file")],
    response: Response,
) -> DocumentKept:
    """原始字节,最大 20 MiB,同一内容只存一份。Raw bytes, at most 20 MiB; the same bytes are kept once."""
    if not body:
        raise malformed("body", "文件为空", "the file is empty")
    kept = await keep_file(ledger, caller, body, name, request.headers.get("content-type", ""))
    response.status_code = 201 if kept.new else 200
    return kept


async def keep_file(ledger: Ledger, caller: Caller, content: bytes, name: str, media_type: str) -> DocumentKept:
    """Keep a file that somebody uploaded. ``media_type``: as it was said to be."""
    said = media_type.partition(";")[0].strip().lower()
    media_type = said if _MEDIA_TYPE.fullmatch(said) else ANY_BYTES
    sha256, new = await run_in_threadpool(
        documents.keep, ledger.store, content, name=name, media_type=media_type, uploaded_by=caller.actor.subject
    )
    return DocumentKept(sha256=sha256, size=len(content), new=new)


@router.get(
    "/{sha256}",
    summary="打开文件 / Open a file",
    response_class=Response,
    responses=READS | {200: {"description": "文件 / the file", "content": {ANY_BYTES: _BINARY}}},
)
def open_document(
    ledger: TheLedger, people: ThePeople, caller: FileOpener, sha256: Annotated[Sha256, Path()]
) -> Response:
    """总是作为附件下载,从不在浏览器内执行;记入审计日志。

    Always an attachment: never shown or run inside the browser. That it was opened stands in the audit record.
    """
    found = kept_file(ledger, caller, sha256)
    people.trail.note(Event.DOCUMENT_OPENED, caller.person.id, sha256=sha256)
    name = quote(_NOT_IN_FILE_NAMES.sub("_", found.name), safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    media_type = found.media_type if found.media_type in _HARMLESS else ANY_BYTES
    return Response(found.content, media_type=media_type, headers=headers)


def kept_file(ledger: Ledger, caller: Caller, sha256: str) -> documents.File:
    """A file that somebody may open. Raises NOT_FOUND, of one that others uploaded as of none."""
    found = documents.fetch(ledger.store, sha256)
    if found is None or not caller.opens(found.uploaded_by):
        raise ProblemRaised(Wrong.NOT_FOUND)
    return found


def to_open(ledger: Ledger, caller: Caller, cited: Iterable[Mapping[str, Any] | None]) -> set[str]:
    """Of the documents that movements cite, the files that were uploaded and that somebody may open, by SHA-256."""
    named = {str(document["sha256"]) for document in cited if document and document.get("sha256")}
    found = documents.uploaders(ledger.store, sorted(named)) if named else {}
    return {sha256 for sha256, uploaded_by in found.items() if caller.opens(uploaded_by)}
