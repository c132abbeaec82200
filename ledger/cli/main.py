"""The command line 命令行. Heavy modules are imported on demand, so that ``ledger --help`` answers at once."""

import sys
import traceback
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli import asking, people
from ledger.cli import closing as closings
from ledger.cli.asking import AsJson, At, By, Effective, Html, Through, Xlsx, Year
from ledger.cli.options import As, DryRun, On, day_of
from ledger.cli.terminal import EXIT_CODES, Exit, is_marked, marked, plainly, tolerate_any_character

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.settings import Settings

_CODES = "\n".join(f"{code.value:>4}  {zh} / {en}" for code, (zh, en) in EXIT_CODES.items())
app = typer.Typer(
    name="ledger",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing help in colour takes four times as long as writing it
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    help="科技专项资金账本。每笔变动不可更改,每个余额都有出处。\n\n"
    "A ledger of public science funds: every movement immutable, every balance explained.\n\n"
    "设置 Settings: README.md, Settings.",
    epilog=f"\b\n退出码 Exit codes:\n{_CODES}",
)

app.add_typer(people.app, name="people")
app.add_typer(asking.app)
app.add_typer(closings.app)

Port = Annotated[
    int | None,
    typer.Option("--port", help="端口,默认 LEDGER_PORT;0 任选 / port; 0 takes a free one", show_default=False),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 / the backup")]
Opening = Annotated[bool, typer.Option("--opening", help="期初余额表 / the opening list")]


@app.callback()
def for_every_command(
    context: typer.Context,
    training: Annotated[
        bool,
        typer.Option(
            "--training", envvar="LEDGER_TRAINING", help="使用旁边的培训账本 / the training ledger beside the real one"
        ),
    ] = False,
) -> None:
    """Whatever a command says is marked from the beginning to its end."""
    context.with_resource(marked(training))


def _settings() -> "Settings":
    from ledger.settings import Settings

    return Settings.from_environment(training=is_marked())


def _serve(ledger: "Ledger", settings: "Settings", port: int | None) -> None:
    from api.main import create_app
    from api.origin import PublicUrl
    from api.server import server
    from ledger.access.demo import is_enrolled
    from ledger.cli.following import followed
    from ledger.cli.people import people_of
    from ledger.cli.serving import address_of, listening, provider_of, serve
    from ledger.logs import configure
    from ledger.safety import DEMO_PEOPLE, Unsafe

    with (
        closing(listening(settings.host, settings.port if port is None else port)) as taken,
        people_of(ledger) as registered,
    ):
        if settings.public and is_enrolled(registered):
            raise Unsafe([DEMO_PEOPLE])
        configure(settings.log)
        address = address_of(settings, taken)
        application = create_app(ledger, registered, public=PublicUrl(address), provider=provider_of(settings))
        with followed(settings, ledger.store.dsn):
            serve(lambda: server(application, settings), taken, address, registered)


def _refuse_unsafe(settings: "Settings", *, demo_people: bool = False) -> None:
    import os

    from ledger.safety import refuse_unsafe

    refuse_unsafe(settings, os.environ, demo_people=demo_people)


@app.command("serve")
def serve_command(port: Port = None) -> None:
    """提供接口 / Serve the API."""
    with plainly():
        settings = _settings()
        _refuse_unsafe(settings)
        from ledger.settings import open_ledger

        with open_ledger(settings) as ledger:
            _serve(ledger, settings, port)


@app.command("follow")
def follow_command() -> None:
    """更新异步投影,ledger serve 自带一份 / Keep projections up to date; ledger serve does so by itself."""
    with plainly():
        from ledger.cli.following import follow_ledger

        follow_ledger(_settings())


@app.command("demo")
def demo_command(
    port: Port = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="记录并显示后结束 / record, show, end")] = False,
) -> None:
    """记录 2025 演示年度并显示余额,然后提供服务 / Record the demo year 2025, show its balances, then serve."""
    with plainly():
        settings = _settings()
        if not no_serve:
            _refuse_unsafe(settings, demo_people=True)
        from ledger.cli.demo import demo
        from ledger.settings import open_ledger

        with open_ledger(settings) as ledger:
            demo(ledger, settings.home)
            if not no_serve:
                _serve(ledger, settings, port)


@app.command("migrate")
def migrate_command(
    dsn: Annotated[
        str | None,
        typer.Option("--dsn", help="属主连接串,默认 LEDGER_OWNER_DSN / of the owner", show_default=False),
    ] = None,
    service_role: Annotated[
        str | None,
        typer.Option(
            "--service-role",
            metavar="NAME",
            help="建立或授权服务所用的数据库用户 / make the login of the service, and grant",
            show_default=False,
        ),
    ] = None,
) -> None:
    """把数据表升级到本版本 / Bring the tables to this version."""
    with plainly():
        from ledger.cli.database import migrate_database

        migrate_database(_settings(), dsn, service_role)


@app.command("record")
def record_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="JSON、JSON 列表或每行一条;- 为标准输入 / JSON, a list, or NDJSON")
    ],
    person: As = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="幂等键,默认取自内容 / idempotency key; else from the content", show_default=False),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """记录一条或多条业务 / Record movements. 同一内容两次只记一次 / The same content twice records once."""
    with plainly():
        from ledger.cli.asked import asked_in
        from ledger.cli.people import people_of
        from ledger.cli.recording import key_of, record
        from ledger.settings import open_ledger

        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        asked = asked_in(content)
        own_key = key_of(content, key)
        with open_ledger(_settings()) as ledger, people_of(ledger) as people:
            done = record(ledger, people, asked, person, own_key, dry=dry_run)
    raise typer.Exit(Exit.DONE if done else Exit.REFUSED)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX 或 CSV / XLSX or CSV")],
    opening: Opening = False,
    template: Annotated[
        bool, typer.Option("--template", help="写出空表到 FILE / write the empty sheet to FILE")
    ] = False,
    person: As = "std-1",
    approver: Annotated[
        str | None,
        typer.Option(
            "--approve-as", metavar="PERSON", help="由谁审批,默认 std-2,期初 fin-1 / who approves", show_default=False
        ),
    ] = None,
    on: On = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="工作表名 / name of the worksheet", show_default=False)
    ] = None,
    dry_run: DryRun = False,
    submit_only: Annotated[
        bool, typer.Option("--submit-only", help="只提交,待他人审批 / submit, and let somebody else approve")
    ] = False,
) -> None:
    """导入资金安排表:先试算,再经审批一次记入 / Import an allocation plan: judged first, then recorded whole, once."""
    with plainly():
        from ledger.cli.importing import Request, make_template, read, run
        from ledger.cli.people import people_of
        from ledger.settings import open_ledger

        if template:
            make_template(file, opening=opening)
            return
        signers = person or "std-1", approver or ("fin-1" if opening else "std-2")
        request = Request(file, opening, sheet, *signers, day_of(on), dry_run, submit_only)
        content, lines = read(request)
        with open_ledger(_settings()) as ledger, people_of(ledger) as people:
            run(ledger, people, request, content, lines)


@app.command("reconcile")
def reconcile_command(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="账单:CSV、XLSX 或 camt.053 / the statement", show_default=False),
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="来源,如一个账户 / its source")] = "treasury",
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="新来源:treasury、bank 或 quota / of a new source", show_default=False),
    ] = None,
    against: Annotated[
        str, typer.Option("--against", metavar="SOURCE", help="新来源与另一来源核对 / compared with another source")
    ] = "",
    through: Annotated[
        str | None,
        typer.Option("--through", metavar="YYYY-MM-DD", help="核对截止日 / last day compared", show_default=False),
    ] = None,
    balances_on: Annotated[
        str | None,
        typer.Option("--balances-on", metavar="YYYY-MM-DD", help="余额日期 / day of balances", show_default=False),
    ] = None,
    person: As = "fin-1",
    approver: Annotated[
        str | None,
        typer.Option("--approve-as", metavar="PERSON", help="由谁复核签认 / who signs second", show_default=False),
    ] = None,
    dry_run: DryRun = False,
    returned: Annotated[
        Path | None,
        typer.Option(
            "--returned", metavar="FILE.xlsx", help="退回的文件写到何处 / a faulty file back", show_default=False
        ),
    ] = None,
    sign_off: Annotated[
        str | None,
        typer.Option("--sign-off", metavar="YYYY-MM", help="签认该月 / sign a month off", show_default=False),
    ] = None,
    xlsx: Xlsx = None,
    html: Html = None,
) -> None:
    """对账:导入账单并匹配,列出未了事项 / Reconcile a statement: taken, matched, and what of it is open."""
    with plainly():
        from ledger.cli.people import people_of
        from ledger.cli.reconciling import Request, kind_named, run
        from ledger.settings import open_ledger

        last, stand = (None if text is None else day_of(text) for text in (through, balances_on))
        who = person or "fin-1"
        request = Request(
            file, source, kind_named(kind), against, last, stand, who, approver, dry_run, returned, sign_off, xlsx, html
        )
        with open_ledger(_settings()) as ledger, people_of(ledger) as people:
            fine = run(ledger, people, request)
    raise typer.Exit(Exit.DONE if fine else Exit.REFUSED)


@app.command("balances")
def balances_command(
    by: By = "plan",
    year: Year = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """余额,当前或任一时点 / Balances, now or as of then."""
    with plainly():
        from ledger.cli.balances import grouped_by, moment_of, print_json, show_card, whole_card
        from ledger.cli.people import note_export
        from ledger.cli.reports import write
        from ledger.reports.card import sheet_of_card
        from ledger.settings import open_ledger

        grouping = grouped_by(by)
        with open_ledger(_settings()) as ledger:
            card = whole_card(ledger, grouping, year, moment_of(ledger, at, period, effective))
            if xlsx is not None:
                note_export(ledger, "balances", by, card.number)
        if xlsx is not None:
            write(sheet_of_card(card), "yuan", xlsx)
        elif as_json:
            print_json(card)
        else:
            show_card(card)


@app.command("verify")
def verify_command() -> None:
    """从记录字节重算全账并逐表核对 / Refold the log from its bytes and compare every table."""
    with plainly():
        from ledger.cli.database import verify_ledger

        agrees = verify_ledger(_settings())
    raise typer.Exit(Exit.DONE if agrees else Exit.REFUSED)


@app.command("rebuild")
def rebuild_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="books, alerts, marks, search, signatures, snapshots")],
) -> None:
    """从记录字节重建一个投影,逐行比较后替换 / Rebuild a projection beside the one in use, compare, swap."""
    with plainly():
        from ledger.cli.rebuilding import rebuild_projection

        agrees = rebuild_projection(_settings(), name)
    raise typer.Exit(Exit.DONE if agrees else Exit.REFUSED)


@app.command("backup")
def backup_command(file: File) -> None:
    """备份自带数据库并恢复核对 / Save the embedded database, and verify the copy."""
    with plainly():
        from ledger.cli.database import backup_ledger

        backup_ledger(_settings(), file)


@app.command("restore")
def restore_command(file: File) -> None:
    """恢复到空的 LEDGER_HOME 并核对 / Restore into an empty LEDGER_HOME, and verify."""
    with plainly():
        from ledger.cli.database import restore_ledger

        restore_ledger(_settings(), file)


def main() -> None:
    """The entry point."""
    tolerate_any_character()
    try:
        app()
    except Exception:  # what nobody foresaw is told as a fault of ours, not as a refusal
        traceback.print_exc()
        raise SystemExit(Exit.FAULT) from None
