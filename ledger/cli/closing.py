"""Closing on the command line: a month's work list, the closing list, the year's end; heavy modules are imported on demand."""

from typing import Annotated

import typer

from ledger.cli.options import As, DryRun, On, day_of
from ledger.cli.terminal import Exit, is_marked, plainly

app = typer.Typer()


@app.command("periods")
def periods_command(
    year: Annotated[
        int | None, typer.Option("--year", help="预算年度,默认全部 / fiscal year, all", show_default=False)
    ] = None,
) -> None:
    """会计期间与结账清单:下一个待结账期间、阻碍事项及责任方 / Periods, what closes next, what blocks it and whose that is.

    结账后不能反结账:更正(EntryCorrected)记入未结账期间;年度未结的可记入第13期;年度已结的按决算作结转调整(CarryForwardAdjusted)。

    A closed period never reopens: correct into an open period, in period 13, or by CarryForwardAdjusted once the year is closed.
    """
    with plainly():
        from ledger.application import business_day
        from ledger.cli.periods import show_periods
        from ledger.settings import Settings, open_ledger

        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            show_periods(ledger, year, business_day())


@app.command("year-end")
def year_end_command(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="结束的预算年度 / the fiscal year that ends")],
    person: As = "fin-1",
    approver: Annotated[
        str | None,
        typer.Option(
            "--approve-as", metavar="PERSON", help="由谁审批;不填则待他人审批 / who approves", show_default=False
        ),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
    whole: Annotated[bool, typer.Option("--all", help="列出每一条 / show every line")] = False,
) -> None:
    """年终结转:逐笔列出结转、结余、收回与结账,先试算,再作为一份提案提交 / The year's end: listed and judged, then one proposal.

    不能反结账,可先用 --dry-run 试算。结账后:年度未结的,更正记入未结账期间或第13期;
    年度已结的,按决算文件作结转调整(CarryForwardAdjusted)。

    Closing is for good; try it with --dry-run. Afterwards a correction goes to an open period or to period 13, and once the
    year is closed the final accounts adjust what was carried (CarryForwardAdjusted).
    """
    with plainly():
        from ledger.cli.people import people_of
        from ledger.cli.year_end import Request, run
        from ledger.settings import Settings, open_ledger

        request = Request(year, day_of(on), person or "fin-1", approver, dry_run, whole)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger, people_of(ledger) as people:
            done = run(ledger, people, request)
    raise typer.Exit(Exit.DONE if done else Exit.REFUSED)


@app.command("worklist")
def worklist_command(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="月份 / the month")],
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="来源,如一个账户 / its source")] = "treasury",
    cases: Annotated[
        list[int] | None,
        typer.Option("--record", metavar="CASE", help="据账单补记该项 / record what it tells", show_default=False),
    ] = None,
    detail: Annotated[
        str, typer.Option("--detail", metavar="ID", help="账单未给的明细号 / the detail id", show_default=False)
    ] = "",
    cites: Annotated[
        str,
        typer.Option("--cites", metavar="ID", help="所属申请或原支付 / its order or settlement", show_default=False),
    ] = "",
    person: As = "fin-1",
    approver: Annotated[
        str | None, typer.Option("--approve-as", metavar="PERSON", help="由谁审批 / who approves", show_default=False)
    ] = None,
) -> None:
    """对账待办:待查、待补记、待核销、待签认及责任方 / What a reconciled month waits for, whose that is, what to do."""
    with plainly():
        from ledger.cli.following_up import Request, run
        from ledger.cli.people import people_of
        from ledger.settings import Settings, open_ledger

        request = Request(source, month, tuple(cases or ()), detail, cites, person or "fin-1", approver)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger, people_of(ledger) as people:
            done = run(ledger, people, request)
    raise typer.Exit(Exit.DONE if done else Exit.REFUSED)
