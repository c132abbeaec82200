"""Everything that can be sent, read from the routes: one that is added, or a field of one, is attacked by itself."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.console.shell import PageRoute
from ledger.domain.catalogue import Fund
from ledger.domain.examples import EXAMPLES
from tests.api.opening import UNDERTAKER

Place = tuple[str | int, ...]
"""Where a value stands inside a body."""

OF_PATTERN = {
    r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$": "a-1",
    r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$": "a-1",
    r"^[A-Za-z0-9][A-Za-z0-9._:/~-]{0,249}$": "a-1",
    r"^20[0-9]{2}-(0[1-9]|1[0-3])$": "2025-06",
    r"^(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?$": "1.00",
    r"^(?!0(\.0{1,2})?$)(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?$": "1.00",
    r"^-?(?!0(\.0{1,2})?$)(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?$": "1.00",
    r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$": "2025-06-01",
    r"^[0123456789ABCDEFGHJKLMNPQRTUWXY]{18}$": UNDERTAKER,
    r"^[A-Z]{2,6}-[A-Z0-9]{2,8}$": "RDT-KRD",
    r"^[!-~]+$": "key",
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^sha256:[0-9a-f]{64}$": "sha256:" + "0" * 64,
    r"^[a-z]+:[!-~]{1,250}$": "actor:a-1",
    r"^[0-9]{6}$": "123456",
    r"^[0-9]{7}$": "2060404",
    r"^[0-9]{3,5}$": "301",
    r"^/([!-.0-\[\]-~][!-\[\]-~]*)?$": "/",
    r"^https?://[!-~]{1,200}$": "https://id.example.cn",
    r"^[!-~]{1,255}$": "subject",
    r"^[0-9]{1,15}\.[0-9]{1,4}$": "1.1",
    r"^20[0-9]{2}-(0[1-9]|1[0-2])$": "2025-06",
    r"^[0-9]{1,18}$": "1",
    r"^[0-9]{1,7}\.[0-9]{1,15}$": "1.1",
    r"^(ours|theirs)[.][0-9]{1,18}(,(ours|theirs)[.][0-9]{1,18})*$": "ours.1",
    r"^[a-z_]{1,20}=[^\x00-\x1f]{0,200}$": "detail=支付明细号",
}
"""A text of each form there is; a new form fails until it has one."""
OF_FORMAT = {"date": "2025-06-01", "date-time": "2025-06-01T00:00:00Z"}
NOBODY_S = "999999"
"""Number of nothing that is there: what is asked of it for another reason changes nothing."""
FREE = "文本"
"""Stands where a text of any kind may stand."""


class Operation(NamedTuple):
    """One route: its parameters by where they stand, and a body of each kind that is well formed and as full as it can be."""

    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    bodies: tuple[Any, ...]
    media_type: str | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def named(self, where: str) -> dict[str, str]:
        """Parameters of the path, the query or the headers, with values that fit."""
        found = (one for one in self.parameters if one["in"] == where and one["name"] != "min_number")
        values = {one["name"]: filled(one["schema"], {}) for one in found}
        return {
            name: NOBODY_S if where == "path" and isinstance(v, int) else str(v[0] if isinstance(v, list) else v)
            for name, v in values.items()
            if v is not None
        }


def operations(document: dict[str, Any]) -> list[Operation]:
    """Every documented operation."""
    return [
        _operation(document, method.upper(), path, said)
        for path, operations in document["paths"].items()
        for method, said in operations.items()
    ]


def _operation(document: dict[str, Any], method: str, path: str, said: dict[str, Any]) -> Operation:
    content = said.get("requestBody", {}).get("content", {})
    media_type = next(iter(content), None)
    bodies: tuple[Any, ...] = ()
    if media_type == "application/json":
        schema, known = content[media_type]["schema"], document["components"]["schemas"]
        one_each = path == "/v1/movements"
        bodies = tuple(full_movement(kind, known) for kind in EXAMPLES) if one_each else (filled(schema, known),)
    return Operation(method, path, tuple(said.get("parameters", ())), bodies, media_type)


def full_movement(kind: str, known: dict[str, Any]) -> dict[str, Any]:
    """The documented example of a kind with every field it leaves out."""
    return filled(known[kind], known) | copy.deepcopy(EXAMPLES[kind])


def filled(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """A value of a schema with all its fields; a movement inside is a small one, for movements may hold movements."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return copy.deepcopy(_SMALL) if name == "Movement" else filled(known[name], known) if known else None
    if "discriminator" in schema:
        return copy.deepcopy(_SMALL)
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return filled(variants[0], known)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: filled(field, known) for name, field in schema.get("properties", {}).items()}
    if schema["type"] == "array":
        return [filled(schema["items"], known)]
    return _plain(schema)


_SMALL = {"kind": "FundsAllocated", "effective_on": "2025-06-01", "fund": str(Fund.STIDF), "vintage": 2025}
_SMALL |= {"special": "RDT-KRD", "amount": "1.00", "reason": FREE, "document": {"number": FREE}}


def _plain(schema: dict[str, Any]) -> Any:
    if schema["type"] == "boolean":
        return False
    if schema["type"] == "integer":
        return int(schema.get("minimum", 2025))
    if "pattern" in schema:
        return OF_PATTERN[schema["pattern"]]
    return OF_FORMAT.get(schema.get("format", ""), FREE)


def texts(value: Any, at: Place = ()) -> Iterator[Place]:
    """Where text of any form stands in a body."""
    if isinstance(value, str):
        yield at
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from texts(inner, (*at, name))


def objects(value: Any, at: Place = ()) -> Iterator[Place]:
    """Where objects stand in a body, itself first."""
    if isinstance(value, dict):
        yield at
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from objects(inner, (*at, name))


def found(value: Any, at: Place) -> Any:
    for step in at:
        value = value[step]
    return value


def changed(value: Any, at: Place, to: Any) -> Any:
    """A copy with something else at one place."""
    if not at:
        return to
    copied = copy.deepcopy(value)
    found(copied, at[:-1])[at[-1]] = to
    return copied


@cache
def the_document(app: Any) -> list[Operation]:
    """The operations of an application."""
    return operations(json.loads(json.dumps(app.openapi())))


def routes(found: Any) -> Iterator[APIRoute]:
    """Every route of an application, whatever router it came with."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(getattr(route, "original_router", None), "routes", None):
            yield from routes(inner)


def pages(app: Any) -> list[APIRoute]:
    """The routes of the console."""
    return [route for route in routes(app.routes) if isinstance(route, PageRoute)]


@cache
def the_pages(app: Any) -> list[Operation]:
    """The same of the console, which the document leaves out."""
    shown = [copy.copy(route) for route in pages(app)]
    for route in shown:
        route.include_in_schema = True
    return operations(json.loads(json.dumps(get_openapi(title="pages", version="1", routes=shown))))
