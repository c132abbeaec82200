"""Whether the process lives, whether it can serve, and how far its projections have come."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from api.openapi import READS, problem
from api.reading import TheLedger
from api.routes.jobs import TheJobs
from api.security import ServiceReader
from ledger.jobs import Standing
from ledger.projections.followed import FOLLOWED
from ledger.projections.follower import Stands, stands

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """It answers."""

    status: str = "ok"


@router.get("/healthz", summary="进程存活 / The process lives")
def healthz() -> Health:
    return Health()


class Readiness(BaseModel):
    """``halted``: it records and answers, but these projections wait for somebody to mend them."""

    status: str
    halted: list[str] | None = None


@router.get(
    "/readyz",
    summary="可提供服务 / It can serve",
    responses={503: problem("数据库不可达 / No database")},
    response_model_exclude_none=True,
)
def readyz(ledger: TheLedger) -> Readiness:
    """投影停滞不影响记账,仍为 200。A projection that halted keeps nobody from recording: the answer is 200 all the same."""
    _, projections = stands(ledger.store, ledger.id, FOLLOWED)
    halted = [one.projection for one in projections if one.halted_at is not None]
    return Readiness(status="halted", halted=halted) if halted else Readiness(status="ok")


class Metrics(PlainTextResponse):
    """The text form that Prometheus reads."""

    media_type = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", summary="指标 / Metrics", response_class=Metrics, responses=READS)
def metrics(ledger: TheLedger, jobs: TheJobs, caller: ServiceReader) -> Metrics:
    """账本编号,各投影的位置与滞后,后台任务数。Numbers of the ledger and its projections, long work (Prometheus text format)."""
    number, projections = stands(ledger.store, ledger.id, FOLLOWED)
    return Metrics(
        "\n".join(
            [
                *_gauge("ledger_number", "Number of the last movement", [("", number)]),
                *_of(projections),
                *_gauge("ledger_jobs", "Long work of the last days by kind and state", _of_jobs(jobs.standing())),
                "",
            ]
        )
    )


def _of(projections: list[Stands]) -> Iterator[str]:
    names = [f'{{projection="{one.projection}"}}' for one in projections]
    for metric, about, values in (
        ("number", "Number at which a projection stands", [one.number for one in projections]),
        ("lag", "Movements that a projection has yet to fold", [one.behind for one in projections]),
        (
            "halted",
            "1 where a projection met a movement that it cannot fold",
            [one.halted_at is not None for one in projections],
        ),
    ):
        yield from _gauge(f"ledger_projection_{metric}", about, zip(names, map(int, values), strict=True))


def _of_jobs(standing: Iterable[Standing]) -> Iterator[tuple[str, int]]:
    yield from ((f'{{work="{one.work}",state="{one.state}"}}', one.jobs) for one in standing)


def _gauge(name: str, about: str, values: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield from (f"# HELP {name} {about}", f"# TYPE {name} gauge")
    yield from (f"{name}{labels} {value}" for labels, value in values)
