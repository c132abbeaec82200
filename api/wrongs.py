"""What can be wrong outside the rules: stable codes, each with its HTTP status and words."""

from enum import StrEnum
from typing import NamedTuple

from ledger.domain.refusals import Words


class Wrong(StrEnum):
    """Stable codes of what is wrong outside the rules; the rules have their own, see ``ledger.domain.refusals.Code``."""

    MALFORMED = "MALFORMED"
    IDEMPOTENCY_KEY_MISSING = "IDEMPOTENCY_KEY_MISSING"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_FOR_THIS_ROLE = "NOT_FOR_THIS_ROLE"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    NOT_PROVEN = "NOT_PROVEN"
    IDENTITY_UNKNOWN = "IDENTITY_UNKNOWN"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    NEW_PASSWORD_NEEDED = "NEW_PASSWORD_NEEDED"  # noqa: S105 - the name of a wrong
    NOT_BY_KEY = "NOT_BY_KEY"
    WAY_IN_UNCONFIRMED = "WAY_IN_UNCONFIRMED"
    SECOND_FACTOR_NEEDED = "SECOND_FACTOR_NEEDED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    TOO_LARGE = "TOO_LARGE"
    MEDIA_TYPE_NOT_SUPPORTED = "MEDIA_TYPE_NOT_SUPPORTED"
    LIST_NOT_RECORDED = "LIST_NOT_RECORDED"
    FILE_NOT_TAKEN = "FILE_NOT_TAKEN"
    NUMBER_NOT_REACHED = "NUMBER_NOT_REACHED"
    OUTSIDE_LIFE = "OUTSIDE_LIFE"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"
    DATABASE_UNREACHABLE = "DATABASE_UNREACHABLE"
    INTERNAL_FAULT = "INTERNAL_FAULT"
    HTTP_ERROR = "HTTP_ERROR"
    CROSS_SITE = "CROSS_SITE"
    MISDIRECTED = "MISDIRECTED"
    TOO_SLOW = "TOO_SLOW"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    TOO_MANY_JOBS = "TOO_MANY_JOBS"
    HEADERS_TOO_LONG = "HEADERS_TOO_LONG"
    BUSY = "BUSY"


class Answer(NamedTuple):
    """How a wrong is answered: HTTP status and words."""

    status: int
    words: Words


ANSWERS: dict[Wrong, Answer] = {
    Wrong.MALFORMED: Answer(422, Words("请求格式不符", "The request is malformed")),
    Wrong.IDEMPOTENCY_KEY_MISSING: Answer(
        422, Words("缺少 Idempotency-Key 请求头", "The Idempotency-Key header is missing")
    ),
    Wrong.NOT_SIGNED_IN: Answer(
        401,
        Words(
            "未登录、会话已过期或密钥无效:请登录,或使用 Authorization: Bearer <密钥>",
            "Not signed in, the session is over or the key is not valid: sign in, or send Authorization: Bearer <key>",
        ),
    ),
    Wrong.NOT_FOR_THIS_ROLE: Answer(403, Words("该角色无权进行此操作", "This role may not do this")),
    Wrong.SIGN_IN_FAILED: Answer(
        401,
        Words(
            "登录名、口令或动态口令不符,或账号暂时锁定、已停用;可稍后再试或联系系统管理员",
            "Login, password or code do not fit, or the account is locked or disabled; try later, or ask an administrator",
        ),
    ),
    Wrong.NOT_PROVEN: Answer(
        401,
        Words(
            "未能登录:统一身份认证的答复与本次登录不符、已使用或已过时;请重新登录",
            "Nobody was signed in: the provider's answer does not fit this sign-in, was used or came too late; begin again",
        ),
    ),
    Wrong.IDENTITY_UNKNOWN: Answer(
        403,
        Words(
            "该身份未关联在用人员,请联系系统管理员;审计日志中有其标识",
            "This identity is linked to nobody who may sign in; ask an administrator, who finds it in the audit record",
        ),
    ),
    Wrong.PROVIDER_UNAVAILABLE: Answer(
        503,
        Words(
            "统一身份认证暂不可用或设置有误,请稍后重试或联系系统管理员",
            "The identity provider is away or not set up rightly; try again shortly, or ask an administrator",
        ),
    ),
    Wrong.NEW_PASSWORD_NEEDED: Answer(
        403,
        Words(
            "口令由管理员设置:请在 new_password 中设置本人口令后登录",
            "The password was set by an administrator: sign in with one of your own in new_password",
        ),
    ),
    Wrong.NOT_BY_KEY: Answer(403, Words("此操作须登录后进行,不能使用密钥", "This needs a sign-in; a key will not do")),
    Wrong.SECOND_FACTOR_NEEDED: Answer(
        403,
        Words(
            "经网络使用须先设置动态口令:POST /v1/session/second-factor,确认后重新登录",
            "Over a network one-time codes are needed: set them up with POST /v1/session/second-factor, confirm, sign in again",
        ),
    ),
    Wrong.WAY_IN_UNCONFIRMED: Answer(
        403,
        Words(
            "您的登录方式由系统管理员变更过,授权在安全管理员确认前暂不生效;请联系安全管理员",
            "A system administrator changed how you sign in: what is granted to you lies dormant until a security "
            "administrator confirms it; ask one",
        ),
    ),
    Wrong.NOT_FOUND: Answer(404, Words("未找到", "There is no such thing here")),
    Wrong.METHOD_NOT_ALLOWED: Answer(405, Words("此处不支持该请求方法", "This method is not allowed here")),
    Wrong.TOO_LARGE: Answer(413, Words("请求内容过大", "The body is too large")),
    Wrong.MEDIA_TYPE_NOT_SUPPORTED: Answer(415, Words("不支持该内容类型", "This media type is not supported")),
    Wrong.LIST_NOT_RECORDED: Answer(
        409, Words("整批未记录,请按行查看原因", "Nothing of the list was recorded; see the reason at each line")
    ),
    Wrong.FILE_NOT_TAKEN: Answer(
        422,
        Words(
            "文件有误,未导入任何内容:请按所列行、列修改后重新上传",
            "The file is not in order and nothing of it was taken: mend the rows and columns named, and upload it again",
        ),
    ),
    Wrong.NUMBER_NOT_REACHED: Answer(
        503, Words("账本尚未记到 min_number,请稍后重试", "The ledger has not reached min_number; ask again shortly")
    ),
    Wrong.OUTSIDE_LIFE: Answer(
        422,
        Words(
            "该时点不在账本存续期内:请取 first 至 last 之间",
            "The ledger knows nothing of that moment: ask for one from first to last",
        ),
    ),
    Wrong.UNKNOWN_OUTCOME: Answer(
        503,
        Words(
            "尚不能确定是否已记录,请用同一请求键重试", "Whether it was recorded is unknown: ask again with the same key"
        ),
    ),
    Wrong.DATABASE_UNREACHABLE: Answer(
        503, Words("暂时无法连接数据库,请稍后重试", "The database cannot be reached; ask again shortly")
    ),
    Wrong.INTERNAL_FAULT: Answer(
        500,
        Words(
            "程序内部错误,此请求未记录,已写入日志",
            "An internal fault; nothing of this request was recorded, see the log",
        ),
    ),
    Wrong.HTTP_ERROR: Answer(400, Words("请求无法处理", "The request cannot be handled")),
    Wrong.CROSS_SITE: Answer(
        403, Words("请求来自其他网站,未予执行", "Another site made this request; nothing was done")
    ),
    Wrong.TOO_SLOW: Answer(
        408, Words("请求传送过慢,连接已关闭", "The request came too slowly; the connection is closed")
    ),
    Wrong.TOO_MANY_REQUESTS: Answer(
        429, Words("请求过于频繁,请按 Retry-After 稍后重试", "Too many requests: ask again after Retry-After seconds")
    ),
    Wrong.TOO_MANY_STREAMS: Answer(
        429,
        Words("本人打开的推送过多,请先关闭其他窗口", "One person has too many streams open: close other windows first"),
    ),
    Wrong.TOO_MANY_JOBS: Answer(
        429, Words("后台任务过多,请待其结束", "Too much long work is under way: wait until some of it has ended")
    ),
    Wrong.HEADERS_TOO_LONG: Answer(431, Words("请求地址或请求头过长", "The address or the headers are too long")),
    Wrong.BUSY: Answer(503, Words("连接过多,请稍后重试", "Too many connections; ask again shortly")),
    Wrong.MISDIRECTED: Answer(
        421,
        Words(
            "请使用 LEDGER_PUBLIC_URL 的地址访问;反向代理须传递 Host 和 X-Forwarded-Proto",
            "Ask at the address of LEDGER_PUBLIC_URL; a reverse proxy has to pass Host and X-Forwarded-Proto on",
        ),
    ),
}
