"""What the register of people refuses, with its words."""

from enum import StrEnum

from ledger.domain.catalogue import Name


class Why(StrEnum):
    """Stable codes, beside those of the money rules."""

    UNKNOWN_PERSON = "UNKNOWN_PERSON"
    ALREADY_THERE = "ALREADY_THERE"
    WEAK_PASSWORD = "WEAK_PASSWORD"  # noqa: S105 - the name of a refusal
    SAME_PASSWORD = "SAME_PASSWORD"  # noqa: S105
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105
    WRONG_CODE = "WRONG_CODE"
    OWN_RIGHTS = "OWN_RIGHTS"
    INCOMPATIBLE_ROLES = "INCOMPATIBLE_ROLES"
    SCOPE_MISSING = "SCOPE_MISSING"
    DAYS = "DAYS"
    NOT_A_MACHINE = "NOT_A_MACHINE"
    IS_A_MACHINE = "IS_A_MACHINE"
    NOT_LENDABLE = "NOT_LENDABLE"
    CHANGED_SINCE = "CHANGED_SINCE"


WORDS: dict[Why, Name] = {
    Why.UNKNOWN_PERSON: Name("没有这样的人员、授权、账号或密钥", "There is no such person, grant, account or key"),
    Why.ALREADY_THERE: Name("该人员、登录名或外部身份已登记", "This person, login or identity is registered already"),
    Why.WEAK_PASSWORD: Name(
        "口令须 12 至 128 个字符,且不易猜测:不用常见词、登录名或连续字符",
        "A password has 12 to 128 characters and is hard to guess: no common words, login or rows of characters",
    ),
    Why.SAME_PASSWORD: Name("新口令与原口令相同", "The new password is the present one"),
    Why.WRONG_PASSWORD: Name("原口令不符", "The present password is another"),
    Why.WRONG_CODE: Name(
        "动态口令不符,请核对设备时间", "The one-time code does not fit; check the clock of the device"
    ),
    Why.OWN_RIGHTS: Name(
        "不得为本人授权或撤权,请由另一位安全管理员办理",
        "Nobody changes their own rights; ask another security administrator",
    ),
    Why.INCOMPATIBLE_ROLES: Name(
        "系统管理、安全管理、审计管理、审计及国库数据各自独立,同一人不得兼任其他角色",
        "System, security and audit administration, audit and the treasury feed each exclude any other role of the same human",
    ),
    Why.SCOPE_MISSING: Name(
        "专项主管须指定专项或计划,推荐部门、渠道部门、承担单位和盟市须指定单位信用代码,其他角色不带这两种范围;"
        "仅财政、科技、科技办、专项主管和审计可限定资金来源",
        "A programme manager takes specials or plans, departments and undertakers a credit code, any other role neither; "
        "only finance, the S&T department, the commission office, programme managers and auditors are confined to sources",
    ),
    Why.DAYS: Name("日期或天数超出范围", "The days are out of range"),
    Why.NOT_A_MACHINE: Name(
        "只能为机器账号代发密钥,个人密钥由本人签发",
        "Keys are made for machines only; people make their own",
    ),
    Why.IS_A_MACHINE: Name(
        "机器账号只用密钥,不开立登录账号,也不绑定外部身份",
        "A machine comes in by its keys alone: it gets no account and no identity",
    ),
    Why.NOT_LENDABLE: Name(
        "只能委托本人现有的业务角色给另一自然人,不得转委托",
        "Only a role of one's own that handles money is lent, to another human, and what was lent is not lent on",
    ),
    Why.CHANGED_SINCE: Name(
        "该人员没有待确认的登录方式,或查看之后其登录方式或授权又有变更,请重新查看后办理",
        "Nothing of theirs waits to be confirmed, or way in or grants changed since they were read: read them once more",
    ),
}


class NotPermitted(Exception):
    """The register refuses; nothing was changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
