"""Questions of then and of what made it, on the command line; heavy modules are imported on demand."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.alerts import alerts_command
from ledger.cli.options import On, day_of
from ledger.cli.sampling import sample_command
from ledger.cli.search import search_command
from ledger.cli.terminal import Exit, is_marked, plainly

app = typer.Typer()
app.command("search")(search_command)
app.command("alerts")(alerts_command)
app.command("sample")(sample_command)

By = Annotated[str, typer.Option("--by", metavar="plan|special|project|source|fund", help="分组 / grouped by")]
Year = Annotated[
    int | None, typer.Option("--year", help="预算年度,默认最近 / fiscal year, the latest", show_default=False)
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="NUMBER|INSTANT", help="截至该编号或时刻已知 / as known at", show_default=False),
]
Through = Annotated[
    str | None,
    typer.Option("--period", metavar="YYYY-MM", help="截至该会计期间 / as closed through", show_default=False),
]
Effective = Annotated[
    str | None, typer.Option("--effective", metavar="DATE", help="业务日期截至 / as restated on", show_default=False)
]
Key = Annotated[str | None, typer.Option("--key", help="行的代码 / key of the row", show_default=False)]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="NUMBER.LINE", help="从该行之后 / lines after this one", show_default=False),
]
Lines = Annotated[int, typer.Option("--lines", min=1, max=5000, help="行数 / how many lines")]
Xlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", help="写出 XLSX 到新文件 / as a workbook, a new file", show_default=False),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", help="写出打印页到新文件 / as a page to print, a new file", show_default=False
    ),
]
Language = Annotated[str, typer.Option("--language", metavar="zh|en", help="打印页语言 / of the page")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / as JSON")]


@app.command("explain")
def explain_command(
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="数字,如 available、net / of the balances")],
    by: By = "plan",
    key: Key = None,
    total: Annotated[bool, typer.Option("--total", help="合计 / of the total")] = False,
    year: Year = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    after: After = None,
    lines: Lines = 100,
    as_json: AsJson = False,
) -> None:
    """余额由哪些业务构成,并核对 / The movements behind a figure of the balances, and the proof."""
    with plainly():
        from ledger.cli.balances import moment_of
        from ledger.cli.explaining import explained, figure_asked, print_explanation, show_explanation
        from ledger.settings import Settings, open_ledger

        asked = figure_asked(by, figure, key, year, whole=total)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            found = explained(ledger, asked, moment_of(ledger, at, period, effective), after, lines)
        (print_explanation if as_json else show_explanation)(found)
    raise typer.Exit(Exit.DONE if found.proven else Exit.REFUSED)


@app.command("report")
def report_command(
    report: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="表名;不给则列出 / a sheet; else they are listed")
    ] = None,
    year: Year = None,
    special: Annotated[str | None, typer.Option("--special", help="专项 / of a special", show_default=False)] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目 / of a project", show_default=False)] = None,
    source: Annotated[str | None, typer.Option("--source", help="账单来源 / of statements", show_default=False)] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", help="审计抽样底稿 / a working paper", show_default=False)
    ] = None,
    unit: Annotated[str, typer.Option("--unit", metavar="yuan|wan|yi", help="元、万元、亿元 / in which unit")] = "yuan",
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    xlsx: Xlsx = None,
    html: Html = None,
    language: Language = "zh",
) -> None:
    """报表,当前或任一时点 / Sheets, now or as of then."""
    with plainly():
        from ledger.cli.balances import moment_of
        from ledger.cli.people import note_export
        from ledger.cli.reports import language_of, list_reports, named, read, show_sheet, unit_of, write, write_page
        from ledger.reports.asking import Asked
        from ledger.settings import Settings, open_ledger

        if report is None:
            list_reports()
            return
        code, scale, spoken = named(report), unit_of(unit), language_of(language)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            moment = moment_of(ledger, at, period, effective)
            sheet = read(ledger, code, Asked(moment, year, special, project, source=source, sample=sample))
            if xlsx or html:
                note_export(ledger, "report", code, sheet.number)
        if xlsx is not None:
            write(sheet, scale, xlsx)
        if html is not None:
            write_page(sheet, scale, spoken, html)
        if not (xlsx or html):
            show_sheet(sheet, scale)


@app.command("voucher")
def voucher_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="业务号 / number of the movement")],
    form: Annotated[
        str, typer.Option("--form", metavar="accounting|payment", help="记账凭证、拨款凭证 / of entries, of a payment")
    ] = "accounting",
    xlsx: Xlsx = None,
    html: Html = None,
    language: Language = "zh",
) -> None:
    """凭证:分录或拨款,可打印 / A voucher of entries or of a payment, to print."""
    with plainly():
        from ledger.cli.people import note_export
        from ledger.cli.reports import language_of
        from ledger.cli.vouchers import form_of, read, show_voucher, write
        from ledger.settings import Settings, open_ledger

        asked, spoken = form_of(form), language_of(language)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            slip = read(ledger, number, asked)
            if xlsx or html:
                note_export(ledger, "voucher", asked, number)
        write(slip, spoken, xlsx=xlsx, html=html)
        if not (xlsx or html):
            show_voucher(slip)


@app.command("diff")
def diff_command(
    since: Annotated[
        str,
        typer.Option("--from", metavar="MOMENT", help="now、at=、period=、effective=,可用逗号合用 / joined by commas"),
    ],
    to: Annotated[str, typer.Option("--to", metavar="MOMENT", help="同上 / likewise")] = "now",
    by: By = "plan",
    key: Key = None,
    figure: Annotated[
        str | None, typer.Option("--figure", help="只列该数字的业务 / lines of this figure alone", show_default=False)
    ] = None,
    year: Year = None,
    after: After = None,
    lines: Lines = 100,
    as_json: AsJson = False,
) -> None:
    """两个时点之间哪些数字不同,由哪些业务造成 / What differs between two moments, and what made it."""
    with plainly():
        from ledger.cli.differing import differing, named_moment, print_difference, show_difference
        from ledger.cli.explaining import figure_asked
        from ledger.projections.diff import EVERY_MEASURE
        from ledger.settings import Settings, open_ledger

        asked = figure_asked(by, figure or "net", key, year, whole=key is None)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            card = asked.card._replace(moment=named_moment(ledger, to))
            asked = asked._replace(card=card, figure=figure or EVERY_MEASURE)
            found = differing(ledger, named_moment(ledger, since), asked, after, lines)
        (print_difference if as_json else show_difference)(found)
    raise typer.Exit(Exit.DONE if found.proven else Exit.REFUSED)


@app.command("replay")
def replay_command(
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NUMBER|DATE|INSTANT",
            help="重放至该编号、该日终了或该时刻,默认至今 / up to a number, the end of a day, or an instant",
            show_default=False,
        ),
    ] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="逐条按当时的参数重新审核 / judge each again, as its parameters then were")
    ] = False,
    others: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="today|NAME=[SCOPE:]VALUE",
            help="以今日或所给参数重新审核,可多次 / judge under these instead; may be repeated",
            show_default=False,
        ),
    ] = None,
) -> None:
    """从日志重放至任一编号:显示当时的账并与各表核对,或重新审核 / The books as they stood, compared; or each judged again."""
    with plainly():
        from ledger.settings import Settings, open_ledger

        settings = Settings.from_environment(training=is_marked())
        if judge or others:
            from ledger.cli.rejudging import judge_ledger

            with open_ledger(settings) as ledger:
                agrees = judge_ledger(ledger, settings, to, others or [])
        else:
            from ledger.cli.replay import replay_ledger

            agrees = replay_ledger(settings, to)
    raise typer.Exit(Exit.DONE if agrees else Exit.REFUSED)


@app.command("what-if")
def what_if_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="JSON、JSON 列表或每行一条;- 为标准输入 / JSON, a list, or NDJSON")
    ],
    at: At = None,
) -> None:
    """试算推演:视同已签批,在当前或过去某号之上,不记录 / What movements would do, as if signed, recorded nowhere."""
    with plainly():
        from ledger.cli.asked import asked_in
        from ledger.cli.supposing import suppose
        from ledger.settings import Settings, open_ledger

        asked = asked_in(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            accepted = suppose(ledger, asked, at)
    raise typer.Exit(Exit.DONE if accepted else Exit.REFUSED)


@app.command("earliest")
def earliest_command(
    special: Annotated[str, typer.Argument(metavar="SPECIAL", help="专项代码 / code of the special")],
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="金额,元 / amount in yuan")],
    on: On = None,
) -> None:
    """某专项最早何日可有此金额,须先办哪些事 / From when an amount is free in a special, and what must happen first."""
    with plainly():
        from ledger.cli.earliest import ask_earliest
        from ledger.settings import Settings, open_ledger

        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            there = ask_earliest(ledger, special, amount, day_of(on))
    raise typer.Exit(Exit.DONE if there else Exit.REFUSED)
