"""Keys 密钥: one's own for the command line, and those of machines. A key is shown once and kept as a hash."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.routes.people import Who
from api.security import Caller, KeyOwner, MachineKeeper, ThePeople
from ledger.access.keys import DAYS_MAX, Key
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.domain.fields import SHAPE, Id, Text

router = APIRouter(prefix="/v1", tags=["keys"], route_class=SmallBodyRoute)

KeyId = Annotated[Id, Path(description="密钥编号 / id of the key")]


class KeyLine(BaseModel):
    """A key without its secret. ``actions`` bounds what it may be used for."""

    key: str
    person: str
    label: str
    actions: list[Action]
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None


class NewKey(KeyLine):
    """A key and its secret, shown here and never again."""

    secret: str


class KeyList(BaseModel):
    """Keys, oldest first, dead ones too."""

    keys: list[KeyLine]


class KeyAsked(BaseModel):
    """What for, for how many days, and to do what: all the roles allow a key where ``actions`` is left out."""

    model_config = SHAPE

    label: Text
    days: int = Field(ge=1, le=DAYS_MAX)
    actions: list[Annotated[Action, Field(strict=False)]] | None = None


def _line(key: Key) -> dict[str, object]:
    return key._asdict() | {"key": key.id, "actions": sorted(key.actions)}


def _made(made: tuple[Key, str]) -> NewKey:
    key, secret = made
    return NewKey.model_validate(_line(key) | {"secret": secret})


def _list(keys: list[Key]) -> KeyList:
    return KeyList(keys=[KeyLine.model_validate(_line(key)) for key in keys])


def _make(request: Request, people: People, caller: Caller, person: str, asked: KeyAsked) -> NewKey:
    may = people.keyable(person, request.app.state.today())
    actions = may if asked.actions is None else may & set(asked.actions)
    return _made(people.keys.make(person, asked.label, actions, asked.days, caller.person.id))


@router.get("/keys", summary="本人密钥 / My keys", responses=READS, response_model_exclude_none=True)
def list_keys(people: ThePeople, caller: KeyOwner) -> KeyList:
    """本人的密钥,不含密文。One's own keys, without their secrets."""
    return _list(people.keys.of_person(caller.person.id))


@router.post(
    "/keys", summary="签发密钥 / Make a key", status_code=201, responses=WRITES, response_model_exclude_none=True
)
def make_key(request: Request, people: ThePeople, caller: KeyOwner, asked: KeyAsked) -> NewKey:
    """仅显示一次;权限不超过本人角色。Shown once; it never allows more than one's own roles."""
    return _make(request, people, caller, caller.person.id, asked)


@router.post(
    "/keys/{key}/rotate", summary="轮换 / Rotate", status_code=201, responses=WRITES, response_model_exclude_none=True
)
def rotate_key(people: ThePeople, caller: KeyOwner, key: KeyId) -> NewKey:
    """新密钥同样有效天数,旧密钥再用一天。A new one for as many days; the old one holds a day longer."""
    return _made(people.keys.rotate(key, caller.person.id))


@router.delete("/keys/{key}", summary="吊销 / Revoke", status_code=204, responses=WRITES)
def revoke_key(people: ThePeople, caller: KeyOwner, key: KeyId) -> None:
    """立即失效。Dead at once."""
    people.keys.revoke(key, caller.person.id)


@router.get(
    "/machines/{person}/keys", summary="机器密钥 / Keys of a machine", responses=READS, response_model_exclude_none=True
)
def list_machine_keys(people: ThePeople, caller: MachineKeeper, person: Who) -> KeyList:
    """机器账号的密钥。Keys of a machine."""
    return _list(people.keys.of_machine(person))


@router.post(
    "/machines/{person}/keys",
    summary="签发机器密钥 / Make one",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def make_machine_key(
    request: Request, people: ThePeople, caller: MachineKeeper, person: Who, asked: KeyAsked
) -> NewKey:
    """仅限机器账号;仅显示一次。For machines only; shown once."""
    return _make(request, people, caller, person, asked)


@router.post(
    "/machines/{person}/keys/{key}/rotate",
    summary="轮换 / Rotate",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def rotate_machine_key(people: ThePeople, caller: MachineKeeper, person: Who, key: KeyId) -> NewKey:
    """旧密钥再用一天。The old one holds a day longer."""
    return _made(people.keys.rotate(key, caller.person.id, of=person))


@router.delete("/machines/{person}/keys/{key}", summary="吊销 / Revoke", status_code=204, responses=WRITES)
def revoke_machine_key(people: ThePeople, caller: MachineKeeper, person: Who, key: KeyId) -> None:
    """立即失效。Dead at once."""
    people.keys.revoke(key, caller.person.id, of=person)
