"""Movements as they stand in a file or in standard input, in the words and limits of the API."""

import msgspec

from api.bodies import lines_of_list, lines_of_ndjson
from api.problems import ProblemRaised
from ledger.cli.recording import Asked
from ledger.cli.terminal import Complaint, Exit
from ledger.importing.faults import Fault


def asked_in(content: bytes) -> list[Asked]:
    """The movements of a JSON object, a JSON list, or NDJSON; what is wrong is told in the words of the API."""
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        compact = msgspec.json.format(content, indent=-1)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        compact = content.replace(b"\r\n", b"\n")
    is_list = compact.startswith(b"[") and compact.endswith(b"]")
    try:
        lines = list(lines_of_list(compact) if is_list else lines_of_ndjson(compact))
    except ProblemRaised as error:
        raise Complaint(Exit.REFUSED, "不是有效的 UTF-8 JSON 列表", "this is not a valid JSON list in UTF-8") from error
    if not lines:
        raise Complaint(Exit.USAGE, "没有要记录的内容", "there is nothing to record")
    return [
        Asked(
            line.number, line.movement, [Fault(line.number, fault.where, fault.zh, fault.en) for fault in line.faults]
        )
        for line in lines
    ]
