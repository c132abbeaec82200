"""The columns of the two sheets that can be imported: headers, forms, and what each column is for."""

from typing import Literal, NamedTuple

from ledger.domain.catalogue import FUNDS, MODES, PLANS, SPECIALS, Name, Plan
from ledger.domain.fields import CreditCode, EconomicClass, FunctionCode, Id, SpecialCode
from ledger.domain.terms import LEVELS, SUPPORTS
from ledger.importing.rows import Cell
from ledger.importing.values import Reader, as_day, as_gate, as_text, as_year, choice, code, listing

ORIGINS: dict[Literal["CARRIED_IN", "THIS_YEAR"], Name] = {
    "CARRIED_IN": Name("上年结转", "Carried in"),
    "THIS_YEAR": Name("本年指标", "This year's quota"),
}


class Column(NamedTuple):
    """One column. ``read`` None: an amount, whose unit the header states. ``form``: what may stand in it."""

    field: str
    header: Name
    read: Reader | None
    form: Name
    about: Name
    required: bool = False
    example: str = ""


class SheetKind(NamedTuple):
    """A sheet that can be imported."""

    title: Name
    columns: tuple[Column, ...]
    same_within_project: frozenset[str]
    """Fields that say the same on every line of a project; blank ones repeat the first line."""


_PLAIN = Name("文本,不超过 400 字", "text of at most 400 characters")
_ID = Name("英文字母、数字和 . _ : / -,不超过 80 字", "ASCII letters, digits and . _ : / -, at most 80")
_CREDIT = Name(
    "18 位统一社会信用代码,校验位正确", "a unified social credit code of 18 characters with a right check digit"
)
_FUNCTION = Name("7 位功能科目项级代码", "a function code of seven digits")
_ECONOMIC = Name("3 至 5 位经济分类代码", "an economic class of three to five digits")
_YEAR = Name("四位年度", "a year of four digits")
_DAY = Name("日期 YYYY-MM-DD", "a day as YYYY-MM-DD")
_MONEY = Name("金额,数字或文本,最多到分", "an amount as number or text, in whole fen")
_SPECIAL = listing((key, special.name) for key, special in SPECIALS.items())
_SPECIAL_FORM = Name("专项代码,如 RDT-KRD", "the code of a special, such as RDT-KRD")
_GOES_WITHOUT_SAYING = frozenset({"前资助", "PRE", "无偿", "GRANT"})

_special_by_name = {
    word.casefold(): key for key, special in SPECIALS.items() for word in (special.name.zh, special.name.en)
}
_support_word = choice(SUPPORTS)
_special_code = code(SpecialCode, _SPECIAL_FORM)


def _special(cell: Cell) -> str:
    text = as_text(cell)
    return _special_by_name.get(text.casefold()) or str(_special_code(cell))


def _support(cell: Cell) -> str:
    """Competitive or stable; pre-funding and grants go without saying here, and nothing else is imported by this sheet."""
    parts = (part.strip() for part in as_text(cell).replace("、", "/").replace("+", "/").split("/"))
    found = [str(_support_word(Cell(part))) for part in parts if part not in _GOES_WITHOUT_SAYING]
    return found[0] if found else ""


def _c(
    field: str,
    zh: str,
    en: str,
    read: Reader | None,
    form: Name,
    about: str | tuple[str, str],
    example: str = "",
    *,
    required: bool = False,
) -> Column:
    said = Name(*about) if isinstance(about, tuple) else Name(about, "")
    return Column(field, Name(zh, en), read, form, said, required, example)


_LINE = _c("line", "序号", "Line", lambda cell: str(cell.value), _PLAIN, ("仅供查阅", "for reading only"), "1")
_NOTE = _c("note", "备注", "Note", as_text, _PLAIN, ("随记录保存", "kept with the record"))
_DOCUMENT = _c(
    "document",
    "文号",
    "Document",
    as_text,
    _PLAIN,
    ("依据的文号", "what it rests on"),
    "内科资字〔2025〕1号",
    required=True,
)
_FUND = _c(
    "fund",
    "资金",
    "Fund",
    choice(FUNDS),
    listing(FUNDS.items()),
    ("两项基金之一", "one of the funds"),
    "STIDF",
    required=True,
)
_VINTAGE = _c(
    "vintage", "指标年度", "Vintage", as_year, _YEAR, ("指标下达的年度", "the year of the quota"), "2025", required=True
)
_PROJECT = _c(
    "project",
    "科技项目编号",
    "Project no.",
    code(Id, _ID),
    _ID,
    (
        "科技项目管理系统的编号;同一编号的多行是各期",
        "its number in the project system; lines that share it are instalments",
    ),
    "KJ-2025-0001",
)
_BUDGET_CODE = _c(
    "budget_code",
    "一体化代码",
    "Budget-system code",
    code(Id, _ID),
    _ID,
    ("预算管理一体化系统代码", "code of the budget system"),
)
_TITLE = _c("title", "项目名称", "Title", as_text, _PLAIN, ("未登记的项目必填", "needed for a new project"), "示例项目")
_UNDERTAKER = _c(
    "undertaker", "承担单位", "Undertaker", as_text, _PLAIN, ("未登记的单位必填", "needed for a new party"), "示例大学"
)
_CREDIT_CODE = _c(
    "credit_code",
    "信用代码",
    "Credit code",
    code(CreditCode, _CREDIT),
    _CREDIT,
    ("承担单位的信用代码;未登记的项目必填", "of the undertaker; needed for a new project"),
    "121500000000000017",
)
_RECOMMENDER = _c(
    "recommender",
    "推荐部门",
    "Recommender",
    as_text,
    Name("已登记单位的信用代码或名称", "credit code or name of a registered party"),
    ("央地协同专项必填", "needed for the central-regional special"),
)
_LEVEL = _c(
    "level",
    "级次",
    "Level",
    choice(LEVELS),
    listing(LEVELS.items()),
    ("未登记的单位必填", "needed for a new party"),
    "REGIONAL",
)
_LEAGUE = _c("league", "盟市", "League", as_text, _PLAIN, ("盟市级单位所在地", "where a league party is"))
_MODE = _c(
    "mode",
    "立项方式",
    "Mode",
    choice(MODES),
    listing(MODES.items()),
    ("按专项所列方式", "as its special allows"),
    "COMPETITIVE",
)
_INSTALMENT = _c(
    "instalment",
    "期次",
    "Instalment",
    lambda cell: str(cell.value) if type(cell.value) is int else code(Id, _ID)(cell),
    _ID,
    ("各期名称;只有一期可不填", "name of the instalment; may be left out where there is one"),
    "1",
)
_GATE = _c(
    "gate",
    "条件",
    "Gate",
    as_gate,
    Name("无,或拨付条件", "none, or what must be passed first"),
    ("填写后,考核通过才可拨付", "where filled in, it is paid only after an assessment passes"),
    "无",
)
_FUNCTION_CODE = _c(
    "function",
    "功能科目",
    "Function",
    code(FunctionCode, _FUNCTION),
    _FUNCTION,
    ("未登记的项目必填", "needed for a new project"),
    "2060499",
)
_ECONOMIC_CLASS = _c(
    "economic_class", "经济分类", "Economic class", code(EconomicClass, _ECONOMIC), _ECONOMIC, ("可不填", "optional")
)
_DUE_ON = _c("due_on", "应付日期", "Due date", as_day, _DAY, ("可不填", "optional"))

_OF_PROJECT = frozenset(
    {"project", "budget_code", "title", "undertaker", "credit_code", "recommender", "level", "league", "mode"}
    | {"special", "function", "economic_class"}
)

_REGISTERED = (_BUDGET_CODE, _TITLE, _UNDERTAKER, _CREDIT_CODE, _RECOMMENDER, _LEVEL, _LEAGUE, _MODE)
"""What is told of a project that is registered with its first line."""

ALLOCATION_PLAN = SheetKind(
    Name("资金安排表", "Allocation plan"),
    (
        _LINE,
        _DOCUMENT,
        _FUND,
        _VINTAGE,
        _c(
            "special",
            "专项代码",
            "Special",
            _special,
            _SPECIAL,
            ("项目所属专项", "the special it belongs to"),
            "RDT-KRD",
            required=True,
        ),
        _PROJECT._replace(required=True),
        *_REGISTERED,
        _c(
            "support",
            "支持方式",
            "Support",
            _support,
            listing(SUPPORTS.items()),
            ("本表只安排前资助、无偿资金", "this sheet commits pre-funding grants only"),
            "竞争性",
        ),
        _c(
            "total",
            "总额",
            "Total",
            None,
            _MONEY,
            ("本年加以后年度", "this year and later years"),
            "800000",
        ),
        _c("this_year", "本年", "This year", None, _MONEY, ("本期金额", "the instalment"), "500000", required=True),
        _c(
            "later",
            "以后年度",
            "Later years",
            None,
            _MONEY,
            (
                "下一年度的承诺;其他年度另加一列,如“以后年度2027(元)”",
                "promised for the next year; for others add a column such as “Later years 2027 (yuan)”",
            ),
            "300000",
        ),
        _INSTALMENT,
        _GATE,
        _DUE_ON,
        _FUNCTION_CODE,
        _ECONOMIC_CLASS,
        _c(
            "scheme",
            "方案文号",
            "Scheme document",
            as_text,
            _PLAIN,
            ("科技突围专项必填", "needed for breakthrough projects"),
        ),
        _NOTE,
    ),
    _OF_PROJECT | {"total", "fund", "vintage", "document", "support", "scheme"},
)

OPENING = SheetKind(
    Name("期初余额表", "Opening balances"),
    (
        _LINE,
        _DOCUMENT._replace(required=False),
        _FUND,
        _VINTAGE,
        _c(
            "origin",
            "来源",
            "Origin",
            choice(ORIGINS),
            listing(ORIGINS.items()),
            ("结转还是本年指标", "carried in, or quota of this year"),
            "CARRIED_IN",
            required=True,
        ),
        _c(
            "special",
            "专项代码",
            "Special",
            _special,
            Name(f"{_SPECIAL.zh};原计划类别如 LEG-ATRD", f"{_SPECIAL.en}; former categories such as LEG-ATRD"),
            ("待分配资金不填", "blank for unallocated money"),
            "LEG-ATRD",
        ),
        _c(
            "category",
            "原类别名称",
            "Former category",
            as_text,
            _PLAIN,
            (
                f"原类别先登记于“{PLANS[Plan.LEGACY].zh}”",
                "former categories are registered first, suspended",
            ),
            "原应用技术类",
        ),
        _PROJECT,
        *_REGISTERED,
        _c("amount", "金额", "Amount", None, _MONEY, ("没有项目的资金", "money without a project")),
        _INSTALMENT,
        _GATE,
        _c("unpaid", "未拨付", "Unpaid", None, _MONEY, ("本期未拨付", "still to pay of the instalment"), "800000"),
        _c("paid", "已支付", "Paid", None, _MONEY, ("本期本年已支付", "paid this year of the instalment"), "200000"),
        _FUNCTION_CODE,
        _ECONOMIC_CLASS,
        _c("pledge", "承诺编号", "Pledge", code(Id, _ID), _ID, ("匹配资金承诺", "a pledge of matching money")),
        _c(
            "pledger",
            "出资方信用代码",
            "Pledger",
            code(CreditCode, _CREDIT),
            _CREDIT,
            ("已登记的出资方", "a registered pledger"),
        ),
        _c("pledged", "匹配承诺", "Pledged", None, _MONEY, ("承诺额", "all that was pledged")),
        _c("received", "匹配已到", "Received", None, _MONEY, ("已到位", "what arrived of it")),
        _DUE_ON._replace(
            header=Name("匹配到期日", "Matching due"), about=Name("其余部分的到期日", "when the rest is due")
        ),
        _NOTE,
    ),
    _OF_PROJECT | {"fund", "vintage", "origin", "category", "document"},
)
