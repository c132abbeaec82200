"""Many movements in one request: a JSON list, or newline-delimited JSON."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.bodies import JSON, BulkBody, Key, Line, check_media_type, lines_of_list, lines_of_ndjson, media_type
from api.language import Language, language_of
from api.malformed import Fault
from api.openapi import BULK_BODY, NOT_SUPPORTED, WRITES
from api.problems import Problem, ProblemRaised, Wrong, malformed, problem_of, respond
from api.reading import TheLedger
from api.security import Recorder
from ledger.application import Ledger, the_receipt
from ledger.domain.movement import Actor
from ledger.writer import Outcome

router = APIRouter(prefix="/v1/movements", tags=["movements"])

NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
LINES_MAX = 20_000
"""Of one request: an answer to a line is many times as long as the line, and a list that is all or nothing holds up others."""
FAULTY_LINES_MAX = 200
"""At most so many lines are named of a list that was not recorded."""


class LineOutcome(BaseModel):
    """What became of one line, counted from 1: its number in the journal, or the problem."""

    line: int
    number: int | None = None
    kind: str | None = None
    recorded_as: str | None = None
    repeated: bool | None = None
    problem: Problem | None = None


class BulkOutcome(BaseModel):
    """How many lines were recorded now, had been recorded before, or were not; and the outcome of each."""

    recorded: int
    repeated: int
    not_recorded: int
    outcomes: list[LineOutcome]


@router.post(
    "/bulk",
    summary="批量记录 / Record many movements",
    responses=WRITES | {415: NOT_SUPPORTED},
    openapi_extra=BULK_BODY,
    response_model=BulkOutcome,
    response_model_exclude_none=True,
)
async def record_bulk(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    body: BulkBody,
    atomic: Annotated[bool, Query(description="全部记录或全部不记录 / all or nothing")] = False,
) -> BulkOutcome | Response:
    """每行以 Idempotency-Key#行号 为键,可整批重试。Each line has the key ``key#line``: the whole list may be asked again."""
    if set(request.query_params) - {"atomic"}:  # such as dry_run: what was meant as a trial must not be recorded
        raise malformed("query", "批量记录只接受参数 atomic", "recording in bulk takes the parameter atomic only")
    lines = await run_in_threadpool(parsed, request, body, LINES_MAX)
    decide = _all_or_nothing if atomic else _line_by_line
    return await run_in_threadpool(decide, ledger, lines, caller.actor, key, language_of(request))


def parsed(request: Request, body: bytes, limit: int) -> list[Line]:
    """The lines of a JSON list or NDJSON, by media type. Raises MEDIA_TYPE_NOT_SUPPORTED, MALFORMED and TOO_LARGE."""
    check_media_type(request, NDJSON | JSON)
    lines = lines_of_ndjson if media_type(request) in NDJSON else lines_of_list
    return list(lines(body, limit))


def _line_by_line(ledger: Ledger, lines: Sequence[Line], actor: Actor, key: str, language: Language) -> BulkOutcome:
    """Every line is decided by itself; the writer takes them together all the same."""
    asked = [
        None if line.movement is None else ledger.submit(line.movement, actor, f"{key}#{line.number}") for line in lines
    ]
    return _summed([_outcome(line, answer, language) for line, answer in zip(lines, asked, strict=True)])


def _all_or_nothing(
    ledger: Ledger, lines: Sequence[Line], actor: Actor, key: str, language: Language
) -> BulkOutcome | Response:
    """Nothing is recorded, or even judged, while a line is malformed."""
    movements = [line.movement for line in lines if line.movement is not None]
    if len(movements) < len(lines):
        bad = [_outcome(line, None, language) for line in lines if line.movement is None]
        return _not_recorded(ProblemRaised(Wrong.MALFORMED), bad, language)
    if not movements:
        return _summed([])
    answers: Sequence[Outcome] = ledger.record_all(movements, actor, key, atomic=True)
    outcomes = [_outcome(line, _known(answer), language) for line, answer in zip(lines, answers, strict=True)]
    bad = [outcome for outcome in outcomes if outcome.problem is not None]
    if bad:
        return _not_recorded(ProblemRaised(Wrong.LIST_NOT_RECORDED), bad, language)
    return _summed(outcomes)


def _known(answer: Outcome) -> "Future[list[Outcome]]":
    """An answer that is there, in the form of one that was waited for."""
    future: Future[list[Outcome]] = Future()
    future.set_result([answer])
    return future


def _not_recorded(why: ProblemRaised, bad: Sequence[LineOutcome], language: Language) -> BulkOutcome | Response:
    problem = problem_of(why, language)
    problems = [fault for outcome in bad[:FAULTY_LINES_MAX] for fault in _faults(outcome)]
    return respond(problem.model_copy(update={"problems": problems, "details": {"lines": len(bad)}}))


def _faults(outcome: LineOutcome) -> Iterable[Fault]:
    """What is wrong with a line, as faults of the list."""
    problem, at = outcome.problem, f"line {outcome.line}"
    if problem is None:
        return []
    if problem.problems:
        return [fault.model_copy(update={"where": f"{at}: {fault.where}"}) for fault in problem.problems]
    words = problem.message
    return [Fault(where=at, code=problem.code, zh=words.zh, en=words.en)]


def _outcome(line: Line, answer: "Future[list[Outcome]] | None", language: Language) -> LineOutcome:
    """Wait for the answer to a line; None: its form is wrong and it was never asked."""
    try:
        if answer is None:
            raise ProblemRaised(Wrong.MALFORMED, problems=line.faults)
        receipt = the_receipt(answer.result())
    except Exception as error:
        return LineOutcome(line=line.number, problem=problem_of(error, language))
    return LineOutcome(
        line=line.number,
        number=receipt.number,
        kind=receipt.kind,
        recorded_as=receipt.recorded_as,
        repeated=receipt.repeated,
    )


def _summed(outcomes: list[LineOutcome]) -> BulkOutcome:
    recorded = sum(outcome.repeated is False for outcome in outcomes)
    repeated = sum(outcome.repeated is True for outcome in outcomes)
    return BulkOutcome(
        recorded=recorded,
        repeated=repeated,
        not_recorded=len(outcomes) - recorded - repeated,
        outcomes=outcomes,
    )
