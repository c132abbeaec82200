"""What the fields of a movement are called 字段名称, what their values mean, and help where a name alone does not say enough.

A field is called the same in every kind that has it; where one says something of its own there, its name is given with the kind.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from ledger.domain import kinds  # noqa: F401 - every kind has its label once it is loaded
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.catalogue import FUNDS, MODES, PLANS, ROLES, SOURCES, UNKNOWN_FUND, Name, source_name
from ledger.domain.movement import MOVEMENTS
from ledger.domain.parameter import PARAMETERS
from ledger.domain.party import Level
from ledger.domain.reconciliation import STATEMENT_KINDS

TERMS: Final[Mapping[str, Name]] = {
    "account": Name("科目", "Account"),
    "against": Name("对应科目", "Against account"),
    "amount": Name("金额", "Amount"),
    "basis": Name("承诺依据", "Basis of the pledge"),
    "batch_no": Name("下达批次", "Batch"),
    "budget_code": Name("一体化项目代码", "Budget-system code"),
    "call": Name("申报批次", "Call"),
    "carried_in": Name("上年结转", "Carried in from earlier years"),
    "choice": Name("取值", "Choice"),
    "cited": Name("所引单号", "Reference cited"),
    "claim": Name("后补助申请编号", "Claim"),
    "claimed": Name("申请额", "Claimed"),
    "closes": Name("结账期间", "Period to close"),
    "cost_items": Name("费用明细", "Cost items"),
    "credit_code": Name("统一社会信用代码", "Unified social credit code"),
    "dated": Name("文件日期", "Dated"),
    "days": Name("天数", "Days"),
    "department": Name("经办部门", "Department"),
    "detail": Name("支付明细号", "Treasury detail number"),
    "digest": Name("所阅内容摘要", "Digest of what was read"),
    "document": Name("文件", "Document"),
    "due_on": Name("到期日", "Due on"),
    "economic_class": Name("经济分类", "Economic class"),
    "effective_on": Name("业务日期", "Business date"),
    "eligible": Name("核定额", "Eligible"),
    "ends_on": Name("执行期止", "Ends on"),
    "evaluation": Name("综合绩效评价文件", "Final evaluation"),
    "evidence": Name("到位凭据", "Evidence of receipt"),
    "exception": Name("例外批准文件", "Exception document"),
    "expires_on": Name("有效期至", "Expires on"),
    "explained_as": Name("核销为", "Explained as"),
    "external_id": Name("业务系统项目编号", "Number in the project system"),
    "fiscal_year": Name("预算年度", "Fiscal year"),
    "form": Name("支持方式", "Form of support"),
    "from_amount": Name("起始金额", "From this amount on"),
    "from_fund": Name("调出资金", "From fund"),
    "from_later_years": Name("其中兑现以前年度承诺", "Of it, promised in earlier years"),
    "from_special": Name("调出专项", "From special"),
    "function": Name("功能科目", "Function"),
    "fund": Name("资金", "Fund"),
    "gated": Name("须考核通过", "Waits for an assessment"),
    "holidays": Name("放假日", "Days off"),
    "in_region": Name("区内单位", "In the region"),
    "instalment": Name("期次", "Instalment"),
    "instalments": Name("分期安排", "Instalments"),
    "into": Name("并入专项", "Merged into"),
    "item": Name("待查款项编号", "Suspense item"),
    "kind": Name("业务类型", "Kind of movement"),
    "kinds": Name("适用业务类型", "Kinds it covers"),
    "later_years": Name("以后年度承诺", "Commitments of later years"),
    "lead": Name("项目负责人", "Project lead"),
    "league": Name("盟市", "League or city"),
    "ledger_total": Name("账面合计", "Total of the ledger"),
    "level": Name("单位级次", "Level"),
    "line": Name("文件行号", "Line of the document"),
    "lines": Name("更正明细", "Movements to correct"),
    "mode": Name("立项方式", "Way of selection"),
    "modes": Name("立项方式", "Ways of selection"),
    "movements": Name("所提业务", "Movements proposed"),
    "name": Name("名称", "Name"),
    "national_id": Name("国家项目编号", "National project number"),
    "next_period": Name("转入期间", "Next year's period"),
    "number": Name("文号", "Document number"),
    "order": Name("拨款申请编号", "Payment order"),
    "origin": Name("到位资金来源", "Where the money came from"),
    "paid": Name("本年已支付", "Paid this year"),
    "partners": Name("合作单位", "Partners"),
    "party": Name("所属单位", "Works for"),
    "passed": Name("考核通过", "Passed"),
    "payee": Name("收款单位", "Payee"),
    "payee_account": Name("收款账号", "Payee's account"),
    "period": Name("会计期间", "Posting period"),
    "plan": Name("计划", "Plan"),
    "pledge": Name("匹配承诺编号", "Pledge"),
    "pledger": Name("承诺单位", "Pledger"),
    "pledges": Name("匹配承诺", "Pledges"),
    "project": Name("项目编号", "Project"),
    "proposal": Name("提案编号", "Proposal"),
    "quota": Name("指标文件", "Quota document"),
    "rate_bp": Name("比例(万分之一)", "Rate, basis points"),
    "reason": Name("事由", "Reason"),
    "received": Name("已到位", "Received"),
    "recommender": Name("推荐部门", "Recommender"),
    "reconciles": Name("对账期间", "Period reconciled"),
    "recycling": Name("循环使用文件", "Recycling document"),
    "ref": Name("明细编号", "Reference"),
    "repayments": Name("还款计划", "Repayment schedule"),
    "replacement": Name("更正后业务", "Recorded in its place"),
    "replaces": Name("被替换期次", "Instalments replaced"),
    "report": Name("报告", "Report"),
    "reported": Name("原报类型", "Reported as"),
    "rule": Name("签批规则编号", "Signing rule"),
    "scheme": Name("实施方案文件", "Scheme document"),
    "scope": Name("适用范围", "Scope"),
    "settlement": Name("原支付明细", "Settlement"),
    "sha256": Name("文件校验值", "Digest of the file"),
    "source": Name("资金来源", "Source"),
    "special": Name("专项", "Special"),
    "stage": Name("到位情况", "Stage"),
    "starts_on": Name("执行期起", "Starts on"),
    "statement": Name("对账单校验值", "Digest of the statement"),
    "statement_kind": Name("对账类型", "Kind of statement"),
    "statement_total": Name("对账单合计", "Total of the statement"),
    "steps": Name("签批角色", "Roles that sign"),
    "struck": Name("划去的行", "Lines struck out"),
    "support": Name("支持性质", "Nature of support"),
    "target": Name("追回款去向", "Goes to"),
    "team": Name("参赛团队", "Team"),
    "teams": Name("参赛团队", "Teams"),
    "title": Name("项目名称", "Title"),
    "title_en": Name("英文名称", "English name"),
    "title_zh": Name("中文名称", "Chinese name"),
    "to": Name("下达对象", "Issued to"),
    "to_fund": Name("调入资金", "To fund"),
    "to_special": Name("调入专项", "To special"),
    "told_by": Name("对账单来源", "Source of the statement"),
    "tranches": Name("到位计划", "Tranches"),
    "treatment": Name("处理方式", "Treatment"),
    "undertaker": Name("承担单位", "Undertaker"),
    "unexplained": Name("未说明差额", "Unexplained"),
    "unpaid": Name("未支付", "Unpaid"),
    "verifier": Name("核实人", "Verifier"),
    "vintage": Name("指标年度", "Vintage"),
    "voucher_no": Name("支付凭证号", "Payment voucher number"),
    "worked": Name("调休上班日", "Weekend days worked"),
    "year": Name("年度", "Year"),
    "years": Name("年数", "Years"),
}
TERMS_OF: Final[Mapping[tuple[str, str], Name]] = {
    ("CorrectionLine", "number"): Name("被更正业务编号", "Number of the movement"),
    ("PartyRegistered", "name"): Name("单位名称", "Name of the party"),
    ("PartyRenamed", "name"): Name("新名称", "New name"),
    ("PaymentOrderCancelled", "order"): Name("撤销的拨款申请", "Order to take back"),
    ("PolicyParameterSet", "name"): Name("政策参数", "Parameter"),
    ("ReconciliationSignedOff", "statement_kind"): Name("对账单种类", "Kind of statement"),
    ("SpecialAdded", "special"): Name("专项代码", "Code of the special"),
    ("SpecialMerged", "special"): Name("被归并专项", "Special that is merged"),
    ("YearClosed", "year"): Name("结账年度", "Year to close"),
    ("CarryForwardAdjusted", "year"): Name("决算年度", "Year of the final accounts"),
}
"""(Class, field) → its name there, where that says more."""

HELP: Final[Mapping[str, Name]] = {
    "batch_no": Name("指标文件注明的下达批次", "as the quota document has it"),
    "carried_in": Name(
        "是:以前年度结转转入;否:本年指标", "yes: carried in from earlier years; no: of the running year"
    ),
    "cost_items": Name("每行一项;同一项费用不得重复资助", "one a line; no cost is funded twice"),
    "credit_code": Name("18 位,校验位须相符", "18 characters; the last one is checked"),
    "effective_on": Name("业务发生的日期(北京时间)", "the day on which it happens, Beijing time"),
    "exception": Name("仅在超出规定范围时填写", "only for what lies outside the rules"),
    "from_later_years": Name("安排额中属于以前年度承诺本年的部分", "what earlier commitments promised for this year"),
    "function": Name("功能分类项级,7 位数字", "seven digits"),
    "economic_class": Name("3 至 5 位数字", "three to five digits"),
    "gated": Name("须里程碑考核通过后方可拨付", "paid only after an assessment that passes"),
    "instalment": Name("如 P1/1;同一项目内不重复", "such as P1/1; once in a project"),
    "period": Name(
        "格式 YYYY-MM,13 为整理期;不填则取业务日期所在月",
        "YYYY-MM, 13 for the settling period; the month of the business date where left empty",
    ),
    "rate_bp": Name("10000 为 100%", "10000 is 100%"),
    "settlement": Name("格式:支付明细号/拨款申请编号", "treasury detail number, a slash, payment order"),
    "support": Name("竞争性或稳定性支持", "competitive or stable"),
    "vintage": Name("指标下达的年度", "the year of the quota"),
}

LEVELS: Final[dict[Level, Name]] = {
    "REGIONAL": Name("自治区本级", "Regional"),
    "LEAGUE": Name("盟市", "League or city"),
}
SUPPORTS: Final[dict[Literal["COMPETITIVE", "STABLE"], Name]] = {
    "COMPETITIVE": Name("竞争性", "Competitive"),
    "STABLE": Name("稳定性", "Stable"),
}
_MONEY: Final[Mapping[Any, Name]] = {**FUNDS, **SOURCES, UNKNOWN_FUND: source_name(UNKNOWN_FUND)}
_BUDGET: Final = {code: account.name for code, account in ACCOUNTS.items()}
_KINDS: Final = {name: kind.label for name, kind in MOVEMENTS.items()}
_TARGETS: Final = {
    "POOL": Name("赛马资金池", "Race pool"),
    "AVAILABLE": Name("专项可用额度", "Available to the special"),
    "WITHDRAWN": Name("财政收回", "Withdrawn to treasury"),
}

VALUES: Final[Mapping[str, Mapping[Any, Name]]] = {
    "account": _BUDGET,
    "against": _BUDGET,
    "choice": {
        "yes": Name("是", "Yes"),
        "no": Name("否", "No"),
        "none": Name("无", "Nothing"),
        "uncommitted": Name("未安排资金", "What is uncommitted"),
    },
    "explained_as": _KINDS,
    "form": {"POST_SUBSIDY": Name("后补助", "Post-subsidy"), "REWARD": Name("奖励补助", "Reward")},
    "from_fund": _MONEY,
    "fund": _MONEY,
    "kind": _KINDS,
    "kinds": _KINDS,
    "level": LEVELS,
    "mode": MODES,
    "modes": MODES,
    "name": {code: parameter.name for code, parameter in PARAMETERS.items()},
    "origin": _MONEY,
    "plan": PLANS,
    "reported": _KINDS,
    "source": SOURCES,
    "stage": {
        "COMMITTED": Name("已承诺", "Committed"),
        "RECEIVED": Name("到位(兑现承诺)", "Received of what was committed"),
        "RECEIVED_UNCOMMITTED": Name("到位(未经承诺)", "Received without a commitment"),
    },
    "statement_kind": STATEMENT_KINDS,
    "steps": ROLES,
    "support": SUPPORTS,
    "target": _TARGETS,
    "to": {"UNDERTAKER": Name("承担单位", "Undertaker"), "LEAGUE": Name("盟市", "League or city")},
    "to_fund": _MONEY,
    "treatment": {"CARRY_OVER": Name("结转", "Carried over"), "SURPLUS": Name("结余", "Surplus")},
}
"""Field → what its codes are called."""

OPEN_CODES: Final = frozenset(
    {("PolicyParameterSet", "name"), ("PolicyParameterSet", "choice"), ("SigningRuleSet", "kinds")}
)
"""(Class, field) whose form is that of a name, and that is one of these codes all the same."""

GROUPS: Final[tuple[tuple[Name, tuple[str, ...]], ...]] = (
    (Name("指标", "Quota"), ("appropriation", "issuance")),
    (Name("分配、调剂与预留", "Allocating, reallocating, reserving"), ("allocation", "reallocation", "reservation")),
    (Name("专项", "Specials"), ("special", "merging")),
    (Name("单位与项目", "Parties and projects"), ("party", "project")),
    (
        Name("资金安排与考核", "Committing, and assessing"),
        ("commitment", "prefunding", "postsubsidy", "instalment", "rescheduling"),
    ),
    (Name("拨付", "Paying"), ("payment",)),
    (Name("匹配与多元投入", "Matching and other money"), ("matching", "cofunding")),
    (Name("追回与收回", "Recovering and withdrawing"), ("recovery", "withdrawal")),
    (Name("待查款项", "Suspense"), ("suspense", "clearing")),
    (Name("更正", "Correcting"), ("correction",)),
    (Name("结账与年终", "Closing and the year's end"), ("closing", "yearend")),
    (Name("政策与规则", "Policy and rules"), ("parameter", "holidays", "signing")),
    (Name("期初与整合", "Opening and consolidation"), ("consolidation",)),
    (Name("审批", "Approval"), ("approval",)),
)
"""Headings under which kinds are chosen, each with its subjects."""


def term(model: str, field: str) -> Name:
    """What a field is called in a class. Raises KeyError where there is no such field."""
    return TERMS_OF.get((model, field)) or TERMS[field]
