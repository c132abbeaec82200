"""Why something of a working paper is not done, and what to do about it."""

from enum import StrEnum

from ledger.domain.catalogue import Name


class NotSampledFor(StrEnum):
    """Why something of a working paper was not done."""

    UNKNOWN_SAMPLE = "UNKNOWN_SAMPLE"
    PAPER_TAKEN = "PAPER_TAKEN"
    POPULATION_EMPTY = "POPULATION_EMPTY"
    NOTHING_DRAWN = "NOTHING_DRAWN"
    SAMPLE_TOO_LARGE = "SAMPLE_TOO_LARGE"
    METHOD_INCOMPLETE = "METHOD_INCOMPLETE"
    NUMBER_TO_COME = "NUMBER_TO_COME"
    PAPER_CHANGED = "PAPER_CHANGED"
    PAPER_REVIEWED = "PAPER_REVIEWED"
    OWN_PAPER = "OWN_PAPER"
    PAPER_UNFINISHED = "PAPER_UNFINISHED"
    NOT_REVIEWED = "NOT_REVIEWED"
    FIGURE_NOT_FIXED = "FIGURE_NOT_FIXED"


ITEMS_MAX = 1_000

WORDS: dict[NotSampledFor, Name] = {
    NotSampledFor.UNKNOWN_SAMPLE: Name("没有这份底稿或这一项", "there is no such working paper or item"),
    NotSampledFor.PAPER_TAKEN: Name(
        "该底稿号已用于另一份样本:请换一个底稿号",
        "this paper number stands on another sample: give another number",
    ),
    NotSampledFor.POPULATION_EMPTY: Name(
        "总体中没有业务:请放宽条件", "the population holds no movement: widen what it is narrowed to"
    ),
    NotSampledFor.NOTHING_DRAWN: Name(
        "没有业务入样:请降低金额起点或缩短区间", "nothing was drawn: lower the amount or shorten the interval"
    ),
    NotSampledFor.SAMPLE_TOO_LARGE: Name(
        f"入样超过 {ITEMS_MAX:,} 笔:请缩小总体、提高金额起点或加长区间",
        f"more than {ITEMS_MAX:,} items: narrow the population, raise the amount or lengthen the interval",
    ),
    NotSampledFor.METHOD_INCOMPLETE: Name(
        "货币单元抽样须给出种子,并在区间和样本量中给出一个;简单随机抽样须给出种子和样本量;大额全查须给出金额起点",
        "monetary unit sampling needs a seed and either interval or size; simple random sampling a seed and a size; "
        "all from an amount on needs that amount",
    ),
    NotSampledFor.NUMBER_TO_COME: Name(
        "账本尚未记到该编号:请取不大于当前编号的编号", "the ledger has not come to that number: take one it has reached"
    ),
    NotSampledFor.PAPER_CHANGED: Name(
        "在此期间他人改动过此处:请对照当前内容后再保存",
        "somebody changed it in the meantime: compare with what stands there now, then save again",
    ),
    NotSampledFor.PAPER_REVIEWED: Name(
        "底稿已复核,不能改动:请先由复核人撤回复核", "the paper was reviewed: whoever reviewed it takes that back first"
    ),
    NotSampledFor.OWN_PAPER: Name(
        "编制或填写过底稿的人不能复核:请由另一名审计人员复核",
        "whoever prepared or filled in a paper does not review it: another auditor has to",
    ),
    NotSampledFor.PAPER_UNFINISHED: Name(
        "尚有未核对的事项,或不符事项未写疑点和定性依据,或没有总体结论:请先补全",
        "checks are open, a difference lacks its exception or criterion, or the paper has no conclusion: fill these in first",
    ),
    NotSampledFor.NOT_REVIEWED: Name("底稿尚未复核", "the paper was not reviewed"),
    NotSampledFor.FIGURE_NOT_FIXED: Name(
        "请填写本系统中构成页、业务页或时光机的地址;构成页和时光机的地址须带 at(编号),以便重新打开同一数字",
        "give an address of an explanation, a movement or the time machine here; that of a figure names a number (at), "
        "so that it opens the identical figure",
    ),
}


class NotSampled(Exception):
    """Something of a working paper was not done; ``why`` says what to do."""

    def __init__(self, why: NotSampledFor) -> None:
        super().__init__(why)
        self.why = why
