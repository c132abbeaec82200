"""Every refusal the rules can give: a stable code, its words in Chinese and English, and the clause it follows.

A refusal says what was asked, what was available and what is short, in fen here; ``wording`` makes a sentence of it.
"""

from enum import StrEnum
from typing import Any, NamedTuple, NoReturn


class Words(NamedTuple):
    zh: str
    en: str


class Code(StrEnum):
    """Stable codes; callers may rely on them for ever."""

    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    UNAUTHORISED = "UNAUTHORISED"
    PERIOD_CLOSED = "PERIOD_CLOSED"
    SPECIAL_SUSPENDED = "SPECIAL_SUSPENDED"
    MODE_NOT_ALLOWED = "MODE_NOT_ALLOWED"
    FUND_SCOPE = "FUND_SCOPE"
    BELOW_FLOOR = "BELOW_FLOOR"
    OVER_CAP = "OVER_CAP"
    NOT_VERIFIED = "NOT_VERIFIED"
    GATE_NOT_PASSED = "GATE_NOT_PASSED"
    OVER_ORDERED = "OVER_ORDERED"
    OVER_OUTSTANDING = "OVER_OUTSTANDING"
    NOT_RECOMMENDER = "NOT_RECOMMENDER"
    NOT_FILED = "NOT_FILED"
    DOUBLE_FUNDING = "DOUBLE_FUNDING"
    DUPLICATE_BUSINESS_KEY = "DUPLICATE_BUSINESS_KEY"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    SELF_APPROVAL = "SELF_APPROVAL"
    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"
    TEAM_ELIMINATED = "TEAM_ELIMINATED"
    SCHEDULE_MISMATCH = "SCHEDULE_MISMATCH"
    DOCUMENT_MISSING = "DOCUMENT_MISSING"
    PARAMETER_MISSING = "PARAMETER_MISSING"
    FUND_CLOSED = "FUND_CLOSED"
    YEAR_NOT_CLEARED = "YEAR_NOT_CLEARED"
    LAPSED = "LAPSED"
    SUSPENSE_OPEN = "SUSPENSE_OPEN"
    PERIOD_ORDER = "PERIOD_ORDER"
    NOT_CORRECTABLE = "NOT_CORRECTABLE"
    PROJECT_CLOSED = "PROJECT_CLOSED"
    MATCHING_FROM_FUND = "MATCHING_FROM_FUND"
    NOT_CLEARED = "NOT_CLEARED"
    PROPOSAL_NOT_OPEN = "PROPOSAL_NOT_OPEN"
    PROPOSAL_CHANGED = "PROPOSAL_CHANGED"
    NOTHING_LEFT = "NOTHING_LEFT"
    SIGNING_NOT_APPLICABLE = "SIGNING_NOT_APPLICABLE"


WORDS: dict[Code, Words] = {
    Code.INSUFFICIENT_FUNDS: Words("资金不足", "Not enough money is left here"),
    Code.UNAUTHORISED: Words("无权办理或缺少会签", "This role may not do this alone, or not at all"),
    Code.PERIOD_CLOSED: Words("会计期间已结账", "The period is closed"),
    Code.SPECIAL_SUSPENDED: Words("专项已暂停执行,不得新安排", "The special is suspended: no new commitments"),
    Code.MODE_NOT_ALLOWED: Words("该专项不采用此立项方式", "The special does not choose projects this way"),
    Code.FUND_SCOPE: Words("自然科学基金重点支持基础研究计划", "Natural Science Fund money goes to basic research"),
    Code.BELOW_FLOOR: Words("将低于该基金保留底线", "The fund would fall below its floor"),
    Code.OVER_CAP: Words("超过按比例和上限计算的金额", "More than the rate and the cap allow"),
    Code.NOT_VERIFIED: Words("后补助须先核实", "A post-subsidy must be verified first"),
    Code.GATE_NOT_PASSED: Words("拨付条件未达", "The gate of this instalment has not been passed"),
    Code.OVER_ORDERED: Words("超过已申请未支付金额", "More than was ordered"),
    Code.OVER_OUTSTANDING: Words("超过未结金额", "More than is outstanding"),
    Code.NOT_RECOMMENDER: Words("谁推荐、谁承诺:仅推荐部门可办理", "Only who recommended the project may do this"),
    Code.NOT_FILED: Words(
        "国家项目尚未报科技办备案", "The national project has not been filed with the commission office"
    ),
    Code.DOUBLE_FUNDING: Words("同一支出内容不得重复资助", "The same cost item is already funded"),
    Code.DUPLICATE_BUSINESS_KEY: Words("业务重复,已有记录", "This was recorded before"),
    Code.IDEMPOTENCY_CONFLICT: Words("同一请求键对应不同内容", "The same idempotency key came with another content"),
    Code.SELF_APPROVAL: Words(
        "不得审批本人(含代理关系)提交或已签的事项",
        "Nobody signs twice, neither for themselves nor in another's place",
    ),
    Code.UNKNOWN_REFERENCE: Words("引用的对象不存在或不适用", "Something cited is not there, or does not apply"),
    Code.TEAM_ELIMINATED: Words("该赛马团队已淘汰", "The race team has been eliminated"),
    Code.SCHEDULE_MISMATCH: Words("分期合计与金额不符", "The parts do not add up to the amount"),
    Code.DOCUMENT_MISSING: Words("缺少依据文件或理由", "A document or reason is required"),
    Code.PARAMETER_MISSING: Words("缺少政策参数", "No policy parameter is in force for this"),
    Code.FUND_CLOSED: Words("该资金已整合,不再接收新资金", "The fund was consolidated: nothing new enters it"),
    Code.YEAR_NOT_CLEARED: Words("年度余额未清", "The year still holds balances"),
    Code.LAPSED: Words("按规定不得结转", "The rule in force lets this money lapse"),
    Code.SUSPENSE_OPEN: Words("待查款项未清", "Suspense items are still open"),
    Code.PERIOD_ORDER: Words("期间须按顺序办理", "Periods go in order"),
    Code.NOT_CORRECTABLE: Words(
        "此类记录不可更正,应以反向业务处理", "This kind is undone by its opposite, not corrected"
    ),
    Code.PROJECT_CLOSED: Words("项目已结题", "The project is closed"),
    Code.MATCHING_FROM_FUND: Words("匹配资金不得来自两项基金", "Matching money never comes from a fund"),
    Code.NOT_CLEARED: Words("仍有未结金额", "Something is still owed or in motion"),
    Code.PROPOSAL_NOT_OPEN: Words("该提案已办结或已过期", "The proposal was decided before, or has expired"),
    Code.PROPOSAL_CHANGED: Words(
        "提案内容与所签摘要不符,请重新查阅", "The proposal is not what this digest was signed for: read it again"
    ),
    Code.NOTHING_LEFT: Words("划去后提案为空,应予退回", "Nothing would be left of the proposal: reject it instead"),
    Code.SIGNING_NOT_APPLICABLE: Words("签批规则不适用于此", "Signing rules do not apply to this"),
}


class Refusal(Exception):
    """A request the rules do not admit. Amounts in fen; ``details`` names what the refusal is about."""

    def __init__(
        self, code: Code, clause: str = "", *, asked: int | None = None, available: int | None = None, **details: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.clause = clause
        self.asked = asked
        self.available = available
        self.details = {name: value for name, value in details.items() if value not in (None, "")}

    @property
    def short_by(self) -> int | None:
        """What is missing, in fen, where amounts were compared."""
        return None if self.asked is None or self.available is None else self.asked - self.available

    def __str__(self) -> str:
        named = ", ".join(f"{name} {value}" for name, value in self.details.items())
        return f"{self.code} {self.clause} {named}"


def refuse(code: Code, clause: str = "", **about: Any) -> NoReturn:
    """Refuse; the words come from the code."""
    raise Refusal(code, clause, **about)


def refuse_if(wrong: object, code: Code, clause: str = "", **about: Any) -> None:
    """Refuse where ``wrong`` is true."""
    if wrong:
        raise Refusal(code, clause, **about)
