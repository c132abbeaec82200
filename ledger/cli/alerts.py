"""Alerts on the terminal: the most overdue first, then how many there are of each kind, whose they are and how they end."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.terminal import Complaint, Exit, is_marked, plainly, say, show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.domain.alert import Alert, Due, Missing


def alerts_command(
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="业务日期,默认今天 / business date, today", show_default=False),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="预警种类 / kind", show_default=False)] = None,
    special: Annotated[str | None, typer.Option("--special", help="专项 / special", show_default=False)] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目 / project", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=5000, help="行数 / rows")] = 50,
) -> None:
    """预警:到期、逾期、闲置的事项,责任方和办法 / Alerts: what is due, late or idle, whose it is and how it ends."""
    with plainly():
        from ledger.domain.alert import alerts_on, terms
        from ledger.domain.dues import all_dues
        from ledger.settings import Settings, open_ledger

        day, of = _day(on), _kind(kind)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger, ledger.reading() as book:
            missing, number = terms(book, day).missing, book.number
            found = [
                due
                for due in alerts_on(book, day, all_dues(book))
                if of in (None, due.kind) and special in (None, due.special) and project in (None, due.project)
            ]
        _show(found[:limit], day)
        _show_totals(found)
        for one in missing:
            if of in (None, one.kind):
                _say_missing(one)
        say(f"{day} 截至第 {number} 号", f"on {day}, as of number {number}")


def _day(text: str | None) -> "date":
    from datetime import date

    from ledger.application import business_day

    try:
        return business_day() if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise Complaint(Exit.USAGE, "--on 应为日期 YYYY-MM-DD", "--on takes a day as YYYY-MM-DD") from error


def _kind(text: str | None) -> "Alert | None":
    from ledger.domain.alert import Alert

    try:
        return None if text is None else Alert(text)
    except ValueError as error:
        known = "、".join(Alert)
        raise Complaint(Exit.USAGE, f"--kind 可取:{known}", f"--kind takes one of: {known}") from error


def _show(found: "Sequence[Due]", day: "date") -> None:
    from ledger.domain.alert import ALERTS
    from ledger.domain.money import grouped_yuan

    headers = (
        "预警 Alert",
        "应于 Due",
        "逾期天数 Days late",
        "专项 Special",
        "项目 Project",
        "对象 About",
        "金额(元) Amount",
    )
    rows = []
    for due in found:
        name, due_on = f"{ALERTS[due.kind].name.zh} {due.kind}", due.from_on - day.resolution
        about = due.ref or " ".join(str(part) for part in (due.source, due.vintage) if part)
        where = (due.special or "", due.project or "", about)
        rows.append((name, due_on, (day - due_on).days, *where, grouped_yuan(due.amount)))
    show(headers, rows, amounts_from=6)


def _show_totals(found: "Sequence[Due]") -> None:
    from ledger.domain.alert import ALERTS
    from ledger.domain.catalogue import ROLES
    from ledger.domain.money import grouped_yuan

    rows = []
    for kind, what in ALERTS.items():
        if amounts := [due.amount for due in found if due.kind is kind]:
            owners = "、".join(ROLES[role].zh for role in what.owners)
            remedy = f"{what.remedy.zh} {what.remedy.en}"
            rows.append((what.name.zh, len(amounts), owners, remedy, grouped_yuan(sum(amounts))))
    show(("预警 Alert", "项数 Alerts", "责任方 Owners", "办法 Remedy", "金额(元) Amount"), rows, amounts_from=4)


def _say_missing(one: "Missing") -> None:
    from ledger.domain.alert import ALERTS
    from ledger.domain.parameter import PARAMETERS

    kind, parameter, of = ALERTS[one.kind].name, PARAMETERS[one.parameter].name, " ".join(one.scopes)
    zh = f"未设参数“{parameter.zh}”({one.parameter}),无从判断:{kind.zh} {of}".rstrip()
    say(zh, f"without the parameter {one.parameter} nothing is said of: {kind.en} {of}".rstrip())
