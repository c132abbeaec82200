"""Recorded movements judged again on the command line: what would not be recorded as it was, and why."""

import json
from collections.abc import Sequence
from itertools import islice

from pydantic import ValidationError

from ledger.application import Ledger, business_day
from ledger.cli.replay import number_of
from ledger.cli.terminal import Complaint, Exit, progress, say, show
from ledger.domain.money import grouped_yuan
from ledger.domain.parameter import PARAMETERS, ParameterValue, Supposed, supposed, supposed_as_on
from ledger.domain.wording import in_words
from ledger.rejudging import Verdict, judge_log
from ledger.settings import Settings

SHOWN_MAX = 500
"""So many verdicts are shown one by one; all are counted."""
TODAY = "today"


def judge_ledger(ledger: Ledger, settings: Settings, to: str | None, others: Sequence[str]) -> bool:
    """Judge everything up to a moment again and show what would not stand; False where it should have, as nothing differs."""
    last = number_of(ledger.store, ledger.id, settings, to)
    under = _supposed(ledger, others)
    with progress("重新审核", "judging again") as done:
        verdicts = judge_log(ledger.store, ledger.id, 1, last, under, done=done)
        otherwise = [verdict for verdict in verdicts if not verdict.stands]
    if otherwise:
        headers = ("编号 No.", "业务 Kind", "业务日期 Day", "结论 Verdict", "申请 Asked", "可用 Available")
        show(headers, [_row(one) for one in islice(otherwise, SHOWN_MAX)], amounts_from=4)
    say(
        f"已重新审核 {last} 条:{len(otherwise)} 条不会照原样记录",
        f"judged {last} again: {len(otherwise)} would not be recorded as they were",
    )
    return bool(under) or not otherwise


def _supposed(ledger: Ledger, others: Sequence[str]) -> Supposed:
    """What ``--with`` names; what is given by name goes before what is in force today. Raises Refusal and Complaint."""
    values = [_value(text) for text in others if text != TODAY]
    with ledger.reading() as book:
        for value in values:
            value.check_value(book)
        today = supposed_as_on(book, business_day()) if TODAY in others else {}
    return today | supposed(values)


def _value(text: str) -> ParameterValue:
    """``NAME=VALUE`` or ``NAME=SCOPE:VALUE``; amounts in yuan, rates in basis points."""
    name, _, rest = text.partition("=")
    scope, _, value = rest.rpartition(":")
    unit = PARAMETERS[name].unit if name in PARAMETERS else "choice"
    number = int(value) if unit in ("rate_bp", "days") and value.isdecimal() else value
    given = {"name": name, unit: number} | ({"scope": scope} if scope else {})
    try:
        return ParameterValue.model_validate_json(json.dumps(given))
    except ValidationError as error:
        known = "、".join(PARAMETERS)
        raise Complaint(
            Exit.USAGE,
            f"--with 应为 today 或 名称=[范围:]值,如 post_subsidy_cap=RDT-KRD:500000.00;名称可取:{known}",
            "--with takes today or NAME=[SCOPE:]VALUE, such as post_subsidy_cap=RDT-KRD:500000.00; "
            f"names are {', '.join(PARAMETERS)}",
        ) from error


def _row(verdict: Verdict) -> tuple[str, ...]:
    recorded, refusal = verdict.recorded, verdict.refusal
    movement = recorded.movement
    said = ("将记为其他分录", "would post other lines") if refusal is None else in_words(refusal)
    code = f"{refusal.code} {refusal.clause}\n" if refusal else ""
    amounts = (refusal.asked, refusal.available) if refusal else (None, None)
    return (
        str(recorded.number),
        f"{movement.label.zh} {movement.label.en}",
        movement.effective_on.isoformat(),
        code + "\n".join(said),
        *("" if fen is None else grouped_yuan(fen) for fen in amounts),
    )
