"""A form with a file: its fields each once, one file, bounded; whatever else is malformed."""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import Request

from api.bodies import Upload, upload_of
from api.problems import ProblemRaised, Wrong

FILE = ("plan.csv", b"\xef\xbb\xbf\x00\xff,1\r\n", "text/csv")


def sent(**form: object) -> Upload:
    request = httpx2.Request("POST", "http://here/", **form)  # type: ignore[arg-type]
    chunks: Iterator[bytes] = iter([request.read()])

    async def receive() -> dict[str, object]:
        body = next(chunks, None)
        return {"type": "http.request", "body": body or b"", "more_body": body is not None}

    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    return asyncio.run(upload_of(Request(scope, receive), 10_000))  # type: ignore[arg-type]


def test_the_file_arrives_as_it_was_with_the_fields() -> None:
    upload = sent(data={"on": "2025-03-01", "name": "资金安排"}, files={"file": FILE})
    with upload.file:
        assert (upload.fields, upload.name) == ({"on": "2025-03-01", "name": "资金安排"}, "plan.csv")
        assert upload.file.read() == FILE[1]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"data": {"a": "b"}}, Wrong.MEDIA_TYPE_NOT_SUPPORTED),
        ({"files": {"file": ("empty.csv", b"")}}, Wrong.MALFORMED),
        ({"files": [("file", FILE), ("more", FILE)]}, Wrong.MALFORMED),
        ({"data": {"a": ["1", "2"]}, "files": {"file": FILE}}, Wrong.MALFORMED),
        ({"files": {"file": ("long.csv", b"x" * 10_001)}}, Wrong.TOO_LARGE),
        ({"content": b"--x\r\nno", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, Wrong.MALFORMED),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, Wrong.MALFORMED),
    ],
)
def test_whatever_else_is_refused(form: dict[str, object], wrong: Wrong) -> None:
    with pytest.raises(ProblemRaised) as raised:
        sent(**form)
    assert raised.value.wrong is wrong
