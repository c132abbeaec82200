"""Long work 后台任务 on pages: what one asked for, how far it is as it goes, what it told, or what went wrong and what to do."""

from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.console.view import View, view_of
from api.reading import NUMBER_MAX, Limit
from api.routes.jobs import JobLine, Number, TheJobs, get_job, list_jobs
from api.security import JobOwner, SignedIn
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.domain.reconciliation import STATUSES

PLACE = Place("/jobs", Name("后台任务", "Work under way"), Action.OWN_JOBS)
router = pages()
WORDS = {
    "title": Name("后台任务", "Work under way"),
    "none_asked": Name("最近七天没有后台任务", "Nothing was asked for in the last seven days"),
    "work": Name("任务", "Work"),
    "about": Name("对象", "About"),
    "started": Name("开始", "Begun"),
    "ended": Name("结束", "Ended"),
    "all_jobs": Name("全部后台任务", "All work under way"),
}
TOLD: Final[dict[str, Name]] = {
    "source": Name("来源", "Source"),
    "file": Name("文件", "File"),
    "through": Name("截至", "Through"),
    "sha256": Name("文件校验码", "SHA-256 of the file"),
    "lines": Name("行数", "Lines"),
    "known": Name("其中以前账单已有", "Told by an earlier statement"),
    "again": Name("同一文件以前已导入", "The same file was taken before"),
    "paid": Name("支付(元)", "Paid (yuan)"),
    "returned": Name("退回(元)", "Came back (yuan)"),
    "first": Name("最早日期", "First day"),
    "last": Name("最晚日期", "Last day"),
    "number": Name("截至账本号", "As of number"),
    "year": Name("年度", "Year"),
    "proposal": Name("提案", "Proposal"),
    "numbers": Name("业务号", "Numbers"),
    "movements": Name("重新审核", "Judged again"),
    "differences": Name("不同之处", "Differences"),
    "refused": Name("其中将被拒绝", "Of which refused"),
}
"""What long work is about and what it tells, in words; what stands nowhere here is not shown."""
YUAN: Final = ("paid", "returned")
_LEADS_TO: Final[dict[str, tuple[str, Name, dict[str, str]]]] = {
    "statement": ("/reconcile/{source}", Name("去匹配", "On to matching"), {"through": "{last}"}),
    "matching": (
        "/reconcile/{source}/cases",
        Name("查看待查项", "See what is open"),
        {"open_only": "true", "unit": "yuan"},
    ),
    "replay": ("/replay/{job}", Name("查看结果", "See what it found"), {}),
    "year-end-trial": ("/year-end", Name("查看清单", "See the list"), {"year": "{year}"}),
    "year-end": ("/inbox/{proposal}", Name("查看提案", "See the proposal"), {}),
}
"""Where to go on from finished work, by its kind: address, name, and what the address asks."""


@router.get("/jobs")
def jobs_page(
    request: Request,
    found: TheJobs,
    holder: SignedIn,
    caller: JobOwner,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 50,
) -> Response:
    """本人最近七天的后台任务。"""
    page, view = list_jobs(found, holder, caller, before, limit), view_of(request)
    return show(
        request, caller, "jobs.html", WORDS, jobs=[(one, said(view, one.about)) for one in page.jobs], next=page.next
    )


@router.get("/jobs/{job:number}")
def job_page(request: Request, found: TheJobs, holder: SignedIn, caller: JobOwner, number: Number) -> Response:
    """一项后台任务:进度、结果或原因。"""
    return show(request, caller, "job.html", WORDS, **of_job(request, get_job(found, holder, caller, number)))


def of_job(request: Request, job: JobLine) -> dict[str, Any]:
    """What a page needs that shows work by the macro ``progress``, with ``scripts``."""
    view = view_of(request)
    about, result = said(view, job.about), said(view, job.result or {})
    counted = (job.result or {}).get("statuses", ())
    result += [(view.named(STATUSES[one["status"]]), str(one["cases"])) for one in counted]
    return {"job": job, "about": about, "told": result, "leads": _leads(view, job), "scripts": ["own/progress.js"]}


def _leads(view: View, job: JobLine) -> tuple[str, str] | None:
    if job.state != "DONE" or job.work not in _LEADS_TO:
        return None
    path, name, asked = _LEADS_TO[job.work]
    known = {"job": job.job} | job.about | (job.result or {})
    return view.to(path.format(**known), **{key: said.format(**known) for key, said in asked.items()}), view.named(name)


def said(view: View, values: dict[str, Any]) -> list[tuple[str, str]]:
    """Plain values in words."""
    return [
        (
            view.named(TOLD[name]),
            "✓" if value is True else grouped_yuan(view.fen(value)) if name in YUAN else str(value),
        )
        for name, value in values.items()
        if name in TOLD and value is not False
    ]
