"""Fields that nobody may set are not taken, wherever they are put: they are named, and the whole request is refused."""

import json
from typing import Any

import httpx2
import pytest

from tests.attacks.conftest import Target
from tests.attacks.surface import Operation, Place, changed, found, objects, the_document

FORBIDDEN: dict[str, Any] = {
    "actor": {"subject": "p-fin-2", "role": "FIN"},
    "role": "FIN",
    "signers": [{"subject": "p-fin-2", "role": "FIN"}],
    "approvals": [{"subject": "p-fin-2", "role": "FIN"}],
    "number": 1,
    "voucher": 1,
    "recorded_at": "2025-01-01T00:00:00Z",
    "human": "p-adm-1",
    "id": "p-adm-1",
    "person": "p-adm-1",
    "machine": True,
    "granted_by": "p-sec-1",
    "acting_for": "p-fin-2",
    "is_admin": True,
    "enabled": True,
    "ledger": "nm",
    "rules_version": 9,
    "entries": [{"account": "B210", "amount": "1.00"}],
    "decided": 1,
    "secret": "x",
    "status": "APPROVED",
    "__proto__": {"is_admin": True},
    "constructor": {"prototype": {"is_admin": True}},
}
OTHER_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml")

pytestmark = pytest.mark.usefixtures("unchanged")


def taking(target: Target) -> list[tuple[Operation, Any]]:
    """Every operation that takes a JSON body, with each body."""
    return [(operation, body) for operation in the_document(target.app) for body in operation.bodies]


def problem(answer: httpx2.Response) -> dict[str, Any]:
    """What was wrong; of a list, what was wrong with its only line."""
    said = answer.json()
    return said["outcomes"][0]["problem"] if "outcomes" in said else said


def test_fields_that_nobody_may_set_are_refused_in_every_object_of_every_body(target: Target) -> None:
    bodies = taking(target)
    assert {"POST /v1/movements", "POST /v1/people", "POST /v1/session"} < {operation.name for operation, _ in bodies}
    for operation, body in bodies:
        for at in objects(body):
            own = found(body, at)
            more = {name: value for name, value in FORBIDDEN.items() if name not in own}
            answer = target.send(operation, json=changed(body, at, own | more))
            said = problem(answer)
            assert said["code"] == "MALFORMED", (operation.name, at, answer.text)
            named = {fault["where"].rsplit(".", 1)[-1] for fault in said["problems"]}
            assert more.keys() <= named, (operation.name, at, more.keys() - named)


def twice(body: Any, at: Place) -> str:
    """The body as JSON in which the object at one place names its first field twice."""
    own = found(body, at)
    name = next(iter(own))
    marked = json.dumps(changed(body, at, own | {"@again": 0}))
    return marked.replace('"@again": 0', f"{json.dumps(name)}: {json.dumps(own[name])}")


def test_a_field_that_is_named_twice_is_refused(target: Target) -> None:
    for operation, body in taking(target):
        for at in objects(body):
            headers = {"Content-Type": "application/json"}
            answer = target.send(operation, content=twice(body, at), headers=headers)
            assert problem(answer)["code"] == "MALFORMED", (operation.name, at, answer.text)


@pytest.mark.parametrize("media_type", OTHER_TYPES)
def test_a_body_of_another_media_type_is_not_read_as_json(target: Target, media_type: str) -> None:
    for operation, body in taking(target):
        answer = target.send(operation, content=json.dumps(body), headers={"Content-Type": media_type})
        assert answer.status_code in (415, 422), (operation.name, answer.text)


def test_an_approval_is_of_the_proposal_it_was_asked_of(target: Target) -> None:
    """Whoever checks the body must not read another proposal, or another decision, than is recorded."""
    for operation, body in taking(target):
        if "{proposal}" in operation.path:
            for more in ({"proposal": "P-OTHER"}, {"kind": "ProposalRejected"}, {"kind": "FundsAllocated"}):
                answer = target.send(operation, json=body | more)
                assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")
