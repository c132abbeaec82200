"""Why something of reconciliation is not done, and what to do about it."""

from enum import StrEnum

from ledger.domain.catalogue import Name


class Why(StrEnum):
    """Why something of reconciliation was not done."""

    UNKNOWN_SOURCE = "UNKNOWN_SOURCE"
    OTHER_KIND = "OTHER_KIND"
    UNKNOWN_CASE = "UNKNOWN_CASE"
    UNKNOWN_LINE = "UNKNOWN_LINE"
    ALREADY_DECIDED = "ALREADY_DECIDED"
    SIGNED = "SIGNED"
    NOT_SIGNED = "NOT_SIGNED"
    WAITS = "WAITS"
    NO_REASON = "NO_REASON"
    NOT_MATCHED = "NOT_MATCHED"
    CHANGED = "CHANGED"
    LINE_CHANGED = "LINE_CHANGED"
    NOT_LACKING = "NOT_LACKING"
    NO_NUMBER = "NO_NUMBER"
    NOT_TOLD = "NOT_TOLD"
    NOTHING_MOVED = "NOTHING_MOVED"
    FACT_WAITS = "FACT_WAITS"
    TO_DO = "TO_DO"


WORDS: dict[Why, Name] = {
    Why.UNKNOWN_SOURCE: Name(
        "没有这个对账来源:请先说明它是哪类账单", "there is no such source: say first of which kind its statements are"
    ),
    Why.OTHER_KIND: Name(
        "这个来源的账单属于另一类,或与另一方核对:请另取名称",
        "the statements of this source are of another kind, or compared with another side: choose another name",
    ),
    Why.UNKNOWN_CASE: Name(
        "没有这一对账项,可能已重新匹配:请重新查看清单",
        "there is no such case, matching may have made it anew: list them again",
    ),
    Why.UNKNOWN_LINE: Name("没有这一行:请重新查看清单", "there is no such line: list them again"),
    Why.ALREADY_DECIDED: Name(
        "其中有已确认的对账项:请先拆开它",
        "one of these lines is in a case that somebody decided: take that apart first",
    ),
    Why.SIGNED: Name(
        "该月对账已签认:如确需改动,请先重新打开", "that month is signed off: reopen it first if it must change"
    ),
    Why.NOT_SIGNED: Name("该月对账尚未签认", "that month is not signed off"),
    Why.WAITS: Name(
        "该月签认正待第二人审批:请先审批或退回", "the sign-off of that month waits for a second person: decide it first"
    ),
    Why.NO_REASON: Name("请写明理由", "give a reason"),
    Why.NOT_MATCHED: Name(
        "该月没有对账项:请先导入账单并匹配", "nothing of that month was matched: take its statement first"
    ),
    Why.NOT_LACKING: Name(
        "这一对账项不能据以补记:只有与账面核对、账面缺少且无其他候选的支付或收款可以补记",
        "nothing is recorded from this case: only what is compared with the ledger, and which it lacks without another candidate",
    ),
    Why.NO_NUMBER: Name(
        "账单没有给出明细号或流水号:请用 --detail 指明", "the statement gives no detail id: name one with --detail"
    ),
    Why.NOT_TOLD: Name(
        "账单所载内容不合账面格式:请另行指明明细号,或所属申请、原支付",
        "what the statement says has not the ledger's form: name the detail id, or the order or settlement it belongs to",
    ),
    Why.NOTHING_MOVED: Name(
        "资金未曾划出,账面也没有对应的申请:无可补记,请说明原因",
        "no money left and no order explains it: there is nothing to record, explain the case",
    ),
    Why.FACT_WAITS: Name("补记提案正待第二人审批", "a proposal to record it waits for a second person"),
    Why.LINE_CHANGED: Name(
        "该月有对账项的行在匹配后已更正:请拆开该项,重新匹配后再签认",
        "a line of a case of that month was corrected since it was matched: take the case apart and match again",
    ),
    Why.TO_DO: Name(
        "这一对账项尚待查明:请人工匹配或说明原因",
        "something is to be done about this case: match by hand, or explain it",
    ),
    Why.CHANGED: Name("他人同时改动了这个来源:请再试一次", "somebody else changed this source just now: try again"),
}
"""What to tell whoever asked, with what to do."""


class NotReconciled(Exception):
    """Something was not done, and why; ``about`` names what it is about. Nothing was changed."""

    def __init__(self, why: Why, about: str = "") -> None:
        super().__init__(f"{WORDS[why].en} ({about})" if about else WORDS[why].en)
        self.why, self.about = why, about
