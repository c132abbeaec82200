"""How a request names a day, a moment and a year, and how an answer says of which it is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from api.malformed import faults_of
from api.problems import malformed
from ledger.application import Ledger
from ledger.domain.fields import Day, Period
from ledger.projections.moment import NOW, Moment, number_by

At = Annotated[
    int | AwareDatetime | None,
    Query(description="截至该编号,或该时刻(带时区)已知 / as known at a number, or at an instant with its time zone"),
]
Through = Annotated[Period | None, Query(description="截至该会计期间 / as closed through a period")]
Effective = Annotated[Day | None, Query(description="业务日期截至 / as restated on a business date")]
FiscalYear = Annotated[
    int | None, Query(ge=2000, le=2099, description="预算年度,默认最近一年 / the latest where absent")
]

_DAY: TypeAdapter[date] = TypeAdapter(Day)


class AsOf(BaseModel):
    """In which sense it is of then: as known at a number, as closed through a period, as restated on a business date."""

    number: int | None = None
    period: str | None = None
    effective_on: date | None = None


def moment_of(
    ledger: Ledger, at: int | AwareDatetime | None, period: str | None = None, effective: date | None = None
) -> Moment:
    """The moment a request names. Raises OutsideLife."""
    known = at if at is None or isinstance(at, int) else number_by(ledger.store, ledger.id, at, datetime.now(UTC))
    return Moment(known, period, effective)


def as_of(moment: Moment) -> AsOf | None:
    """How an answer says it; absent of the present."""
    return AsOf(**moment._asdict()) if moment != NOW else None


def day_in(sent: Mapping[str, str], field: str) -> date:
    """The day that a field of a form says. Raises MALFORMED, which says how to write one."""
    try:
        return _DAY.validate_python(sent.get(field, ""))
    except ValidationError as error:
        fault, *_ = faults_of(error.errors(include_input=False, include_url=False))
        raise malformed(field, fault.zh, fault.en) from None
