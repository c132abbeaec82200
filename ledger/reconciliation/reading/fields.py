"""What the columns of a statement may be: each field with its headers, Chinese and of interfaces, and how it is read."""

from typing import NamedTuple

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.reading.cells import Reader, account, code, day, fund, listed_code, words, year


class Field(NamedTuple):
    """``read`` None: an amount. ``headers``: the surest first, as ``mapping.folded`` leaves them."""

    name: str
    title: Name
    read: Reader | None
    headers: tuple[str, ...]


def _f(name: str, zh: str, en: str, read: Reader | None, more: str = "") -> Field:
    return Field(name, Name(zh, en), read, tuple(dict.fromkeys([zh, *more.split(), en.replace(" ", "").casefold()])))


_FISCAL_YEAR = _f("fiscal_year", "年度", "Fiscal year", year, "预算年度 会计年度 财政年度 fiscal_year")
_FUND = _f("fund", "资金", "Fund", fund, "资金名称 专项资金 基金")
_FUNCTION = _f(
    "function",
    "功能科目",
    "Function",
    listed_code,
    "功能科目编码 功能科目代码 功能分类 功能分类科目 功能分类编码 exp_func_code",
)
_PROJECT = _f("project", "项目编号", "Project no.", listed_code, "项目代码 科技项目编号 项目编码 pro_code")
_TEXT = _f("text", "摘要", "Text", words, "摘要用途 交易摘要 备注 remark")
_PURPOSE = _f("purpose", "用途", "Purpose", words, "资金用途 附言 交易附言 pay_use")
_CITES = _f(
    "cites",
    "原支付明细号",
    "Original detail id",
    code,
    "原明细号 原支付凭证号 原凭证号 原支付申请号 原申请号 原交易流水号 原流水号 ori_pay_detail_id ori_pay_cert_no ori_pay_apply_id",
)
_CURRENCY = _f("currency", "币种", "Currency", words, "货币 cur_code currency_code")

TREASURY = (
    _f("detail", "支付明细号", "Detail id", code, "支付明细主键 支付明细编号 明细号 主键 pay_detail_id"),
    _f("voucher", "支付凭证号", "Payment voucher", code, "支付凭证编号 支付凭证号码 凭证号 pay_cert_no"),
    _f("application", "支付申请号", "Application", code, "支付申请编号 支付申请序号 申请号 pay_apply_id pay_apply_no"),
    _f("payee", "收款人", "Payee", words, "收款人全称 收款人户名 收款人名称 收款人账户名称 收款人姓名 payee_acct_name"),
    _f("account", "收款人账号", "Account", account, "收款账号 收款人账户 收款人银行账号 收款人账号卡号 payee_acct_no"),
    _f("actual", "实际支付金额", "Actual amount", None, "支付金额 实付金额 实际金额 xpay_amt"),
    _f("applied", "申请金额", "Applied amount", None, "申请支付金额 pay_amt"),
    _f("tracking", "一体化代码", "Budget-system code", listed_code, "一体化项目代码 追踪代码 跟踪代码 tracking_id"),
    _PROJECT,
    _FISCAL_YEAR,
    _FUNCTION,
    _f(
        "economic",
        "经济分类",
        "Economic class",
        listed_code,
        "经济分类科目 政府经济分类 政府预算支出经济分类 gov_bgt_eco_code",
    ),
    _FUND,
    _f("day", "支付日期", "Payment date", day, "实际支付日期 入账日期 日期 pay_date xpay_date"),
    _f("type", "业务类型", "Type", words, "支付业务类型 pay_type"),
    _CITES,
    _f("transaction", "交易流水号", "Transaction no.", code, "银行流水号 流水号 agent_bank_trans_no"),
    _f("document", "文号", "Document", words, "指标文号 cor_bgt_doc_no bgt_doc_no"),
    _TEXT,
    _PURPOSE,
)
BANK = (
    _f("day", "交易日期", "Date", day, "记账日期 入账日期 交易时间 日期 trans_date"),
    _f("transaction", "交易流水号", "Transaction no.", code, "流水号 银行流水号 核心流水号 交易序号 trans_no"),
    _f("voucher", "支付凭证号", "Voucher", code, "凭证号 凭证号码 凭证编号 pay_cert_no"),
    _f("debit", "借方发生额", "Debit", None, "借方金额 支出金额 转出金额 付款金额 借方 支出"),
    _f("credit", "贷方发生额", "Credit", None, "贷方金额 收入金额 转入金额 收款金额 贷方 收入"),
    _f("amount", "交易金额", "Amount", None, "发生额 金额"),
    _f("direction", "借贷标志", "Direction", words, "借贷方向 收支标志 借贷标识 借贷"),
    _f("balance", "余额", "Balance", None, "账户余额 本次余额 交易后余额"),
    _f("payee", "对方户名", "Counterparty", words, "对方名称 对方账户名称 对方单位 收款人 收款人户名 收款人名称"),
    _f("account", "对方账号", "Counterparty account", account, "对方账户 对方银行账号 收款人账号 收款账号"),
    _f("own", "本方账号", "Own account", account, "账号 本方账户 账户"),
    _CITES,
    _CURRENCY,
    _TEXT,
    _PURPOSE,
)
QUOTA = (
    _FISCAL_YEAR,
    _FUND,
    _FUNCTION,
    _PROJECT,
    _f("tracking", "一体化代码", "Budget-system code", listed_code, "一体化项目代码 tracking_id"),
    _f("balance", "指标余额", "Quota balance", None, "余额 可用余额 指标可用余额 balance_amt"),
    _f("day", "截止日期", "As of", day, "余额日期 日期"),
    _f("document", "文号", "Document", words, "指标文号 cor_bgt_doc_no bgt_doc_no"),
    _TEXT,
)
FIELDS: dict[StatementKind, tuple[Field, ...]] = {
    StatementKind.TREASURY: TREASURY,
    StatementKind.BANK: BANK,
    StatementKind.QUOTA: QUOTA,
}
NEEDED: dict[StatementKind, tuple[tuple[str, ...], ...]] = {
    StatementKind.TREASURY: (("day",), ("actual", "applied"), ("detail", "voucher", "application")),
    StatementKind.BANK: (("day",), ("debit", "credit", "amount")),
    StatementKind.QUOTA: (("fiscal_year",), ("fund",), ("function",), ("balance",)),
}
"""Of each group one at least."""
