"""How the service runs 系统运行: version, head of the ledger, and how far each projection has come or where it halted."""

from fastapi import Request, Response

from api.console.shell import Place, pages, show
from api.reading import HEADER, TheLedger
from api.routes.health import readyz
from api.routes.jobs import TheJobs
from api.security import ServiceReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.jobs import STATES, WORKS, JobState
from ledger.migrate import migrations
from ledger.projections.followed import FOLLOWED
from ledger.projections.follower import stands

REGISTER = Place("/health", Name("系统运行", "System health"), Action.SEE_SERVICE)
NAMES = {
    "alerts": Name("预警", "Alerts"),
    "marks": Name("时点标记", "Marks of moments"),
    "search": Name("业务日志检索", "Search of the log"),
    "signatures": Name("签批汇总", "Who signed what"),
    "snapshots": Name("快照", "Snapshots of the Book"),
}
FAILURES = {
    JobState.FAILED: Name(
        "原因见提交人的任务页;改正后重新提交",
        "Whoever asked sees why on the page of the work; they mend it and ask again",
    ),
    JobState.LOST: Name(
        "执行它的服务已停止:查看服务日志;由提交人重新提交,已完成的部分不会重复",
        "Whoever did it stopped: look into the log of the service; whoever asked asks again, and what was done is not done twice",
    ),
}
"""What to do about work that ended otherwise than well."""
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
    "what_happened": Name("出错之处", "What went wrong there"),
    "jobs": Name("后台任务", "Long work"),
    "no_jobs": Name("近 7 天没有后台任务", "There was no long work in the last seven days"),
    "work": Name("任务", "Work"),
    "count": Name("数量", "How much"),
    "since": Name("最早提交", "First asked for"),
    "advice": Name("办法", "What to do"),
    "metrics": Name("指标(Prometheus)", "Metrics (Prometheus)"),
}


@router.get("/health")
def health_page(request: Request, ledger: TheLedger, jobs: TheJobs, caller: ServiceReader) -> Response:
    """运行状态:账本编号、各投影位置与滞后、停滞的原因和办法、后台任务。"""
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
        jobs=jobs.standing(),
        works=WORKS,
        states=STATES,
        failures=FAILURES,
    )
