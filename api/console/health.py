"""How the service runs 系统运行: version, head of the ledger, and how far each projection has come or where it halted."""

from fastapi import Request, Response

from api.console.shell import Place, pages, show
from api.reading import HEADER, TheLedger
from api.routes.health import readyz
from api.security import ServiceReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.migrate import migrations
from ledger.projections.followed import FOLLOWED
from ledger.projections.follower import stands

REGISTER = Place("/health", Name("系统运行", "System health"), Action.SEE_SERVICE)
NAMES = {
    "alerts": Name("预警", "Alerts"),
    "marks": Name("时点标记", "Marks of moments"),
    "search": Name("业务日志检索", "Search of the log"),
    "snapshots": Name("快照", "Snapshots of the Book"),
}
router = pages()
WORDS = {
    "title": REGISTER.name,
    "ready": Name("可提供服务", "It can serve"),
    "halted": Name("记账不受影响,但有投影停滞,请处理", "It records and answers, but a projection halted: mend it"),
    "version": Name("程序版本", "Version"),
    "migration": Name("数据表版本", "Tables as of migration"),
    "head": Name("账本编号", "Number of the ledger"),
    "projections": Name("投影", "Projections"),
    "projection": Name("投影", "Projection"),
    "number": Name("已处理至", "Stands at"),
    "behind": Name("滞后笔数", "Movements behind"),
    "up": Name("最新", "up to date"),
    "catching_up": Name("追赶中", "catching up"),
    "halted_at": Name("停在第 {} 号", "halted at {}"),
    "mend": Name(
        "查明第 {} 号的原因后执行 ledger rebuild {}", "Find out what is wrong with {}, then run: ledger rebuild {}"
    ),
    "metrics": Name("指标(Prometheus)", "Metrics (Prometheus)"),
}


@router.get("/health")
def health_page(request: Request, ledger: TheLedger, caller: ServiceReader) -> Response:
    """运行状态:账本编号、各投影位置与滞后、停滞。"""
    number, projections = stands(ledger.store, ledger.id, FOLLOWED)
    return show(
        request,
        caller,
        "health.html",
        WORDS,
        answer=Response(headers={HEADER: str(number)}),
        readiness=readyz(ledger),
        version=request.app.version,
        migration=migrations()[-1].name,
        head=number,
        projections=projections,
        names=NAMES,
    )
