"""Whether the process lives, and whether it can serve."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.openapi import problem
from api.reading import TheLedger
from ledger.projections.journal import standing

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """It answers."""

    status: str = "ok"


@router.get("/healthz", summary="进程存活 / The process lives")
def healthz() -> Health:
    return Health()


@router.get(
    "/readyz",
    summary="可提供服务 / The database is reachable",
    responses={503: problem("数据库不可达 / No database")},
)
def readyz(ledger: TheLedger) -> Health:
    standing(ledger.store, ledger.id)
    return Health()
