"""What the notice sets up: five plans, fourteen specials, two funds and their predecessors, the other sources, the modes.

Codes are stable. A fund is not a special and not a plan, though names look alike. Clauses point into 内科资字〔2024〕75号.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class Name(NamedTuple):
    zh: str
    en: str


class Plan(StrEnum):
    MSP = "MSP"
    RDT = "RDT"
    PLT = "PLT"
    CAP = "CAP"
    BAS = "BAS"
    LEGACY = "LEGACY"


PLANS: dict[Plan, Name] = {
    Plan.MSP: Name("科技重大专项计划", "Major science and technology programme"),
    Plan.RDT: Name("重点研发和成果转化计划", "Key R&D and transfer programme"),
    Plan.PLT: Name("创新平台建设计划", "Innovation platform programme"),
    Plan.CAP: Name("创新能力提升计划", "Innovation capacity programme"),
    Plan.BAS: Name("基础研究计划", "Basic research programme"),
    Plan.LEGACY: Name("暂停执行的原计划类别", "Suspended former categories"),
}


class Mode(StrEnum):
    """How a project was chosen 立项方式."""

    CHALLENGE = "CHALLENGE"
    RACE = "RACE"
    DIRECTED = "DIRECTED"
    COMPETITIVE = "COMPETITIVE"
    OPEN = "OPEN"
    CALL = "CALL"
    ONE_CASE = "ONE_CASE"
    RECOMMENDED = "RECOMMENDED"
    APPROVED = "APPROVED"
    ASSESSED = "ASSESSED"
    SELECTED = "SELECTED"
    ORGANISED = "ORGANISED"
    ENTITLED = "ENTITLED"


MODES: dict[Mode, Name] = {
    Mode.CHALLENGE: Name("揭榜挂帅", "Open challenge"),
    Mode.RACE: Name("赛马制", "Race of teams"),
    Mode.DIRECTED: Name("定向委托", "Directed commission"),
    Mode.COMPETITIVE: Name("竞争立项", "Competitive selection"),
    Mode.OPEN: Name("自由申报", "Open application"),
    Mode.CALL: Name("组织申报", "Organised call"),
    Mode.ONE_CASE: Name("一事一议", "Case by case"),
    Mode.RECOMMENDED: Name("推荐申报", "Recommended application"),
    Mode.APPROVED: Name("国家批复", "Approved by the state"),
    Mode.ASSESSED: Name("科学评估", "Scientific assessment"),
    Mode.SELECTED: Name("遴选", "Selection"),
    Mode.ORGANISED: Name("组织承担", "Organised undertaking"),
    Mode.ENTITLED: Name("兑现政策", "Policy entitlement"),
}


class Special(NamedTuple):
    """A special programme 专项: its plan, names, the modes the notice lists for it, and the clause."""

    plan: Plan
    name: Name
    modes: frozenset[Mode]
    clause: str


def _special(plan: Plan, zh: str, en: str, clause: str, *modes: Mode) -> Special:
    return Special(plan, Name(zh, en), frozenset(modes), clause)


SPECIALS: dict[str, Special] = {
    "MSP-BRK": _special(
        Plan.MSP, "科技突围专项", "Breakthrough", "二(一)3", Mode.CHALLENGE, Mode.RACE, Mode.DIRECTED, Mode.ONE_CASE
    ),
    "MSP-CRC": _special(Plan.MSP, "央地协同专项", "Central-regional collaboration", "二(一)3", Mode.RECOMMENDED),
    "MSP-DEM": _special(
        Plan.MSP, "科技创新重大示范专项", "Major demonstration", "二(一)3", Mode.CHALLENGE, Mode.RACE, Mode.DIRECTED
    ),
    "RDT-KRD": _special(
        Plan.RDT,
        "重点研发和成果转化专项",
        "Key R&D and transfer",
        "二(二)3",
        Mode.COMPETITIVE,
        Mode.CHALLENGE,
        Mode.RACE,
        Mode.DIRECTED,
    ),
    "RDT-CHN": _special(Plan.RDT, "重点产业链专项", "Key industry chains", "二(二)3", Mode.CHALLENGE, Mode.DIRECTED),
    "PLT-NAT": _special(Plan.PLT, "国家级平台培育建设专项", "National platforms", "二(三)3", Mode.APPROVED),
    "PLT-REG": _special(Plan.PLT, "自治区级平台能力提升专项", "Regional platforms", "二(三)3", Mode.ASSESSED),
    "CAP-STR": _special(Plan.CAP, "科技战略研究专项", "Strategy studies", "二(四)3", Mode.DIRECTED),
    "CAP-TAL": _special(Plan.CAP, "科技人才培育专项", "Talent", "二(四)3", Mode.SELECTED),
    "CAP-COP": _special(
        Plan.CAP, "科技合作交流专项", "Cooperation and exchange", "二(四)3", Mode.COMPETITIVE, Mode.ONE_CASE
    ),
    "CAP-POL": _special(Plan.CAP, "政策引导类专项", "Policy guidance", "二(四)3", Mode.ENTITLED),
    "BAS-NSP": _special(Plan.BAS, "自然科学基金项目", "Natural science projects", "二(五)3", Mode.OPEN),
    "BAS-JNT": _special(Plan.BAS, "区域创新发展联合基金项目", "Joint fund projects", "二(五)3", Mode.ORGANISED),
    "BAS-CND": _special(Plan.BAS, "科研条件建设专项", "Research conditions", "二(五)3", Mode.CALL),
}


class Fund(StrEnum):
    NSF = "NSF"
    STIDF = "STIDF"
    ATRD = "ATRD"
    MSTP = "MSTP"
    STTC = "STTC"
    STIG = "STIG"


FUNDS: dict[Fund, Name] = {
    Fund.NSF: Name("自然科学基金", "Natural Science Fund"),
    Fund.STIDF: Name("科技创新发展专项资金", "S&T Innovation Development Fund"),
    Fund.ATRD: Name("应用技术研究与开发资金", "Applied technology R&D fund"),
    Fund.MSTP: Name("科技重大专项资金", "Major S&T projects fund"),
    Fund.STTC: Name("科技成果转化专项资金", "S&T transfer fund"),
    Fund.STIG: Name("科技创新引导奖励资金", "S&T innovation guidance and reward fund"),
}

PREDECESSORS = frozenset({Fund.ATRD, Fund.MSTP, Fund.STTC, Fund.STIG})
"""Consolidated into STIDF by 四(二)."""

UNKNOWN_FUND: Final = "UNKNOWN"
"""A treasury fact whose fund cannot be told."""


class Source(StrEnum):
    """Money beside the funds; it never adds to what a fund has available (V7)."""

    CENTRAL = "CENTRAL"
    LEAGUE = "LEAGUE"
    CHANNEL = "CHANNEL"
    MATCHING = "MATCHING"
    ENTERPRISE = "ENTERPRISE"
    SOCIAL = "SOCIAL"
    GUIDANCE = "GUIDANCE"


SOURCES: dict[Source, Name] = {
    Source.CENTRAL: Name("中央资金", "Central money"),
    Source.LEAGUE: Name("盟市资金", "League and city money"),
    Source.CHANNEL: Name("原渠道资金", "Original channel"),
    Source.MATCHING: Name("匹配资金", "Matching money"),
    Source.ENTERPRISE: Name("企业自筹", "Enterprise's own"),
    Source.SOCIAL: Name("社会资本", "Social capital"),
    Source.GUIDANCE: Name("政府引导基金", "Government guidance funds"),
}


def source_name(source: str) -> Name:
    """What a fund, or another source, is called."""
    if source == UNKNOWN_FUND:
        return Name("待查资金", "Unknown fund")
    return FUNDS[Fund(source)] if source in FUNDS else SOURCES[Source(source)]


class Role(StrEnum):
    FIN = "FIN"
    STD = "STD"
    COM = "COM"
    REC = "REC"
    CHA = "CHA"
    UND = "UND"
    LEA = "LEA"
    TRE = "TRE"
    PM = "PM"
    AUD = "AUD"
    ADM = "ADM"
    SEC = "SEC"
    LOG = "LOG"


ROLES: dict[Role, Name] = {
    Role.FIN: Name("财政部门", "Finance department"),
    Role.STD: Name("科技部门", "S&T department"),
    Role.COM: Name("科技办", "S&T commission office"),
    Role.REC: Name("推荐部门", "Recommending department"),
    Role.CHA: Name("原渠道主管部门", "Department of the original channel"),
    Role.UND: Name("承担单位或联合出资方", "Undertaker or joint funder"),
    Role.LEA: Name("盟市科技局", "League or city bureau"),
    Role.TRE: Name("国库支付方", "Treasury feed"),
    Role.PM: Name("专项主管", "Programme manager"),
    Role.AUD: Name("审计", "Auditor"),
    Role.ADM: Name("系统管理", "System administrator"),
    Role.SEC: Name("安全管理", "Security administrator"),
    Role.LOG: Name("审计管理", "Audit administrator"),
}
