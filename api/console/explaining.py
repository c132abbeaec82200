"""The page behind every figure: what it is made of, the lines in their order, and the proof."""

from fastapi import Request, Response

from api.console.shell import pages, show
from api.moments import At, Effective, FiscalYear, Through
from api.reading import Limit, TheLedger, Today
from api.routes.explain import AfterLine, FigureName, get_explanation
from api.security import BookReader
from ledger.application import Ledger
from ledger.domain.catalogue import PLANS, Name, Plan, source_name
from ledger.domain.fields import Id, SpecialCode
from ledger.domain.special import all_specials
from ledger.projections.figures import By

router = pages()
WORDS = {
    "title": Name("数字的构成", "What makes this figure"),
    "proven": Name(
        "已核对:逐笔合计与余额一致,逐行与账本原始记录一致", "Proven: the lines add up to it, and each is as recorded"
    ),
    "unproven": Name("核对不一致:请立即报告系统管理员", "Not proven: report this to an administrator at once"),
    "difference": Name("差额", "Difference"),
    "part": Name("组成", "Part"),
    "by_days": Name("按到期日计算", "by due days"),
    "of_row": Name("对象", "Of"),
    "everything": Name("全部", "everything"),
    "year": Name("预算年度", "Fiscal year"),
    "on": Name("截至业务日期", "On"),
    "lines": Name("明细", "Lines"),
    "no": Name("业务号", "No."),
    "account": Name("科目", "Account"),
    "change": Name("增减", "Change"),
    "running": Name("累计", "Running"),
    "brought": Name("承前页", "Brought forward"),
    "corrects": Name("更正第 {} 号", "corrects {}"),
    "late": Name("迟到", "late"),
    "no_lines": Name("没有任何业务构成此数:为零", "No movement makes this figure: it is zero"),
}


@router.get("/explain")
def explain_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    by: By,
    figure: FigureName,
    key: Id | None = None,
    whole: bool = False,
    fiscal_year: FiscalYear = None,
    special: SpecialCode | None = None,
    project: Id | None = None,
    after: AfterLine = None,
    limit: Limit = 50,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """任一数字由哪些业务构成。Any figure, and the movements that make it."""
    answer = Response()
    found = get_explanation(
        ledger, caller, answer, today, by, figure, key, whole, fiscal_year, special, project, after, limit, at, period,
        effective,
    )  # fmt: skip
    return show(
        request, caller, "explain.html", WORDS, answer=answer, found=found, after=after, row=_row(ledger, by, key)
    )


def _row(ledger: Ledger, by: By, key: str | None) -> Name | None:
    """What the row of a figure is called; None where its key says it all."""
    if key is None or by == "project":
        return None
    if by == "special":
        with ledger.reading() as book:
            special = all_specials(book).get(key)
        return special and special.name
    return PLANS[Plan(key)] if by == "plan" else source_name(key)
