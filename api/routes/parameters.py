"""Policy parameters 政策参数: which are in force, since when, by which document and whose decision; what was in force before."""

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.answers import Signer, bilingual, signer
from api.moments import AsOf, At, Effective, Through, as_of, moment_of
from api.openapi import READS
from api.problems import Bilingual
from api.reading import TheLedger, Today, reached, stands_at
from api.security import BookReader
from ledger.codec import Recorded
from ledger.domain.money import yuan
from ledger.domain.parameter import PARAMETERS, ParameterKind, PolicyParameterSet, begun_by
from ledger.projections.held import recorded
from ledger.projections.journal import one_snapshot
from ledger.projections.moment import day_of
from ledger.projections.then import at as standing_then

router = APIRouter(prefix="/v1/parameters", tags=["registers"], dependencies=[reached])


class SettingLine(BaseModel):
    """A value that a parameter took: yuan, or a whole number of its unit, or a word. ``number``: the movement that set it."""

    number: int
    since: date
    value: str
    in_force: bool
    document: str | None = None
    actor: Signer
    approvals: list[Signer] = []
    recorded_at: datetime


class ParameterLine(BaseModel):
    """A parameter for a special or fund (``scope``; absent: for all). Settings by the day from which they hold, the last first.

    Where there is none, nothing was ever set.
    """

    parameter: str
    name: Bilingual
    unit: Literal["amount", "rate_bp", "days", "years", "choice"]
    clause: str
    scope: str | None = None
    settings: list[SettingLine]


class Parameters(BaseModel):
    """All there are, in the order of the notice, on a business date."""

    on: date
    as_of: AsOf | None = None
    parameters: list[ParameterLine]


@router.get("", summary="政策参数 / Policy parameters", responses=READS, response_model_exclude_none=True)
def list_parameters(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Parameters:
    """当前或任一时点有效的参数及其历次设定。In force now or then, with every setting known by then."""
    moment = moment_of(ledger, at, period, effective)
    with one_snapshot(ledger.store) as connection:
        standing = standing_then(connection, ledger.id, moment).standing()
        known = recorded(connection, ledger.id, moment._replace(period=None, effective_on=None), ["PolicyParameterSet"])
    on = day_of(moment, standing.recorded_at, today)
    stands_at(response, standing.number)
    lines = [_line(name, kind, scope, known, on) for name, kind in PARAMETERS.items() for scope in _scopes(name, known)]
    return Parameters(on=on, as_of=as_of(moment), parameters=lines)


def _scopes(name: str, known: list[Recorded]) -> list[str | None]:
    """What a parameter was set for, all at once first; for all where it was never set."""
    found = {made.scope for _, made in _settings(name, known)}
    return sorted(found, key=lambda scope: scope or "") or [None]


def _settings(name: str, known: list[Recorded]) -> list[tuple[Recorded, PolicyParameterSet]]:
    made = [(one, one.movement) for one in known if isinstance(one.movement, PolicyParameterSet)]
    return [(one, movement) for one, movement in made if movement.name == name]


def _line(name: str, kind: ParameterKind, scope: str | None, known: list[Recorded], on: date) -> ParameterLine:
    own = [(one, made) for one, made in _settings(name, known) if made.scope == scope]
    own.sort(key=lambda found: (found[1].effective_on, found[0].number))
    begun = begun_by([made.effective_on for _, made in own], on)
    return ParameterLine(
        parameter=name,
        name=bilingual(kind.name),
        unit=kind.unit,
        clause=kind.clause,
        scope=scope,
        settings=[_setting(one, made, in_force=place == begun) for place, (one, made) in enumerate(own, 1)][::-1],
    )


def _setting(one: Recorded, movement: PolicyParameterSet, *, in_force: bool) -> SettingLine:
    value = movement.value
    return SettingLine(
        number=one.number,
        since=movement.effective_on,
        value=yuan(value) if movement.amount is not None and isinstance(value, int) else str(value),
        in_force=in_force,
        document=movement.document.number if movement.document else None,
        actor=signer(one.actor),
        approvals=[signer(actor) for actor in one.approvals],
        recorded_at=one.recorded_at,
    )
