"""The OpenAPI document: FastAPI's, with the movement as one union told apart by ``kind``, made from the domain's own schema."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.problems import MEDIA_TYPE
from ledger.domain.examples import EXAMPLES
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import Code
from ledger.training import MARK

_REF = "#/components/schemas/{model}"
MOVEMENT = "Movement"
"""Name of the union of every kind in the document."""
TITLE = "内蒙古科技资金账本 / Ledger of Inner Mongolia's science funds"
ABOUT = f"""\
每一笔资金业务都是不可更改的记录,每一个余额都可追溯到业务。
Every movement of money is an immutable record; every balance can be traced to movements.

- 金额一律为以元为单位的文本,两位小数。Amounts are strings in yuan with two decimals.
- 记录业务须带 `Idempotency-Key`;结果不明时用同一键重试。Writing needs an `Idempotency-Key`; where the outcome is unknown, ask
  again with the same key.
- 读取结果的 `Ledger-Number` 头说明数字截至哪一笔;`min_number` 可要求至少读到某一笔。Reads say in `Ledger-Number` at which number
  they stand, and take `min_number`.
- 错误为 `{MEDIA_TYPE}`,语言依 `Accept-Language`。Errors are problems, in the language of `Accept-Language`.

拒绝代码 / Refusals: {", ".join(Code)}
"""

TAGS: list[dict[str, Any]] = [
    {"name": "movements", "description": "业务 / Movements of money and what prepares them"},
    {"name": "proposals", "description": "提案 / Movements that wait for a second person"},
    {"name": "balances", "description": "余额 / Balances and what may still be committed"},
    {"name": "periods", "description": "期间 / Closing of periods and of the year"},
    {"name": "reports", "description": "报表 / Sheets, as data and as workbooks"},
    {"name": "reconciliations", "description": "对账 / Statements beside the ledger, to the fen"},
    {"name": "journal", "description": "日记账 / What happened, and what was refused"},
    {"name": "audit", "description": "审计作业 / The auditor's workspace, beside the ledger"},
    {"name": "registers", "description": "登记 / Projects, parties, and everything that has a code"},
    {"name": "documents", "description": "文件 / Files by their SHA-256"},
    {"name": "jobs", "description": "后台任务 / Long work of one's own"},
    {"name": "session", "description": "登录 / Signing in and out, one's own secrets"},
    {"name": "people", "description": "人员 / People, accounts, roles, lending them"},
    {"name": "keys", "description": "密钥 / Keys of one's own and of machines"},
    {"name": "trail", "description": "审计日志 / The audit record"},
    {"name": "personal", "description": "个人信息 / Personal texts in clear, and erasing them"},
    {"name": "service", "description": "服务 / Whether it runs"},
]


def title(*, training: bool) -> str:
    """What the document is called."""
    return f"【{MARK.zh} {MARK.en}】{TITLE}" if training else TITLE


def ref(model: str) -> dict[str, str]:
    """Reference to a schema of the document."""
    return {"$ref": _REF.format(model=model)}


def problem(description: str) -> dict[str, Any]:
    """A response that is a problem."""
    return {"description": description, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


_ALL: dict[int | str, dict[str, Any]] = {
    401: problem("密钥无效 / No valid key"),
    403: problem("无权 / Not for this role"),
    422: problem("格式不符或引用不存在 / Malformed, or something cited is not there"),
    429: problem("请求过于频繁 / Too many requests"),
    503: problem("结果不明或数据库不可达,请重试 / Unknown outcome or no database: ask again"),
}
EVERYWHERE = {
    "408": problem("传送过慢 / Sent too slowly"),
    "421": problem("地址不是本服务的 / Asked at another address"),
    "431": problem("请求地址或请求头过长 / Address or headers too long"),
}
"""Problems that any request may meet before it reaches a route."""
READS: dict[int | str, dict[str, Any]] = _ALL | {404: problem("未找到 / Not found")}
"""Problems a read may answer with."""
SIGNED_IN: dict[int | str, dict[str, Any]] = _ALL | {
    404: problem("没有本地账号 / No local account"),
    413: problem("内容过大 / Too large"),
}
SIGNS_IN: dict[int | str, dict[str, Any]] = SIGNED_IN | {401: problem("登录失败 / Nobody was signed in")}
"""Problems that signing in, and changing one's own secrets, may answer with."""
AT_PROVIDER: dict[int | str, dict[str, Any]] = {
    401: problem("未能登录 / Nobody was signed in"),
    403: problem("该身份未关联人员 / The identity is nobody here"),
    404: problem("未设置统一身份认证 / No provider is set"),
    422: problem("格式不符 / Malformed"),
    429: problem("请求过于频繁 / Too many requests"),
    503: problem("统一身份认证或数据库不可用,请重试 / The provider or the database is away: ask again"),
}
"""Problems that signing in at an OpenID provider may answer with."""
WRITES: dict[int | str, dict[str, Any]] = _ALL | {
    404: problem("未找到 / Not found"),
    409: problem("被规则拒绝 / Refused by a rule"),
    413: problem("内容过大 / Too large"),
}
"""Problems a write may answer with."""


NOT_SUPPORTED = problem("不支持该内容类型 / Media type not supported")
"""415, where a route reads its body itself."""
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "请求键,重试时不变 / the key of this request; keep it when asking again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def write(content: dict[str, Any] | None = None, *, required: bool = True) -> dict[str, Any]:
    """``openapi_extra`` of a route that takes an Idempotency-Key and reads its body itself."""
    extra: dict[str, Any] = {"parameters": [_KEY_PARAMETER]}
    if content is not None:
        extra["requestBody"] = {"required": required, "content": content}
    return extra


def examples() -> dict[str, Any]:
    """One valid request of each kind."""
    return {
        kind: {"summary": f"{MOVEMENTS[kind].label.zh} / {MOVEMENTS[kind].label.en}", "value": example}
        for kind, example in EXAMPLES.items()
    }


def json_body(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The content of a body in JSON."""
    return {"application/json": {"schema": schema, **more}}


def form(
    kind: type[BaseModel], *, of_path: Sequence[str] = (), optional: Sequence[str] = (), required: Sequence[str] = ()
) -> dict[str, Any]:
    """Schema of a body with the fields of one kind: those the path gives left out, those filled in optional."""
    schema = kind.model_json_schema(ref_template=_REF)
    properties = {name: field for name, field in schema["properties"].items() if name not in of_path}
    asked = {*schema["required"], *required} - {*of_path, *optional}
    for name in required:  # what a kind may leave empty and this route may not
        (properties[name],) = (given for given in properties[name]["anyOf"] if given.get("type") != "null")
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name in asked],
        "additionalProperties": False,
    }


MOVEMENT_BODY = write(json_body(ref(MOVEMENT), examples=examples()))
_LIST = json_body({"type": "array", "items": ref(MOVEMENT)}) | {
    "application/x-ndjson": {"schema": {"type": "string", "description": "每行一笔 / one movement a line"}}
}
BULK_BODY = write(_LIST)
LIST_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": _LIST}}
"""``openapi_extra`` of a route that reads a list of movements and records nothing."""


def operation_id(route: APIRoute) -> str:
    """Operations are called like the functions behind them; generated clients name their methods so."""
    return route.name


def install(app: FastAPI) -> None:
    """Make ``app.openapi`` answer with the completed document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=ABOUT, routes=app.routes, tags=app.openapi_tags
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    union: dict[str, Any] = ANY_MOVEMENT.json_schema(ref_template=_REF)
    for name, schema in union.pop("$defs").items():
        _yuan_defaults(schema)
        if name in MOVEMENTS:  # which kind it is must be said, even if there is only one that it could be
            schema["required"] = ["kind", *schema["required"]]
        _add(schemas, name, schema)
    _add(schemas, MOVEMENT, union | {"title": MOVEMENT})
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = EVERYWHERE | operation["responses"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _yuan_defaults(schema: dict[str, Any]) -> None:
    """Defaults of amounts are fen in the domain; a caller reads and writes yuan."""
    for field in schema.get("properties", {}).values():
        if field.get("type") == "string" and isinstance(field.get("default"), int):
            field["default"] = yuan(field["default"])


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Add a schema and those it defines inside. Two that share a name and differ are a mistake of ours."""
    for inner, defined in schema.pop("$defs", {}).items():
        _add(schemas, inner, defined)
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(f"two schemas are called {name}")
