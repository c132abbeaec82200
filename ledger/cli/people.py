"""The register of people on the command line: for whoever owns the machine, to begin with and where nobody else can.

What is done here stands in the audit record as done by the user of the operating system.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.terminal import Complaint, Exit, is_marked, plainly, say, show

if TYPE_CHECKING:
    from ledger.access.people import People
    from ledger.access.register import Granted
    from ledger.application import Ledger

app = typer.Typer(help="人员、授权和密钥 / People, what is granted to them, and keys", invoke_without_command=True)

Who = Annotated[str, typer.Argument(metavar="PERSON", help="登录名或人员编号 / login or id")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="截止日,含当日 / last day", show_default=False)
]


@contextmanager
def opened() -> "Iterator[People]":
    """The people of the database that the settings name, brought to this version."""
    from ledger.access.people import People
    from ledger.settings import Settings, open_tables

    with (
        plainly(),
        open_tables(Settings.from_environment(training=is_marked())) as (store, secret),
        closing(People(store.dsn, secret)) as people,
    ):
        yield people


def people_of(ledger: "Ledger") -> "closing[People]":
    """The people of an open ledger's database."""
    from ledger.access.people import People

    return closing(People(ledger.store.dsn, ledger.secret))


def note_export(ledger: "Ledger", what: str, by: str, number: int) -> None:
    """Say in the audit record that figures left as a file."""
    from ledger.audit.trail import Event

    with people_of(ledger) as people:
        people.trail.note(Event.EXPORTED, _me(), what=what, by=by, number=number)


def _me() -> str:
    import getpass

    return f"os:{getpass.getuser()}"


@app.callback()
def list_people(context: typer.Context) -> None:
    """列出人员及授权 / List people and what is granted to them."""
    if context.invoked_subcommand is None:
        with opened() as people:
            show_people(people)


def show_people(people: "People") -> None:
    """Everybody, a line each grant that was not taken back."""
    from ledger.domain.catalogue import ROLES

    rows: list[tuple[object, ...]] = []
    for entry in people.register.everybody():
        person = entry.person
        name = f"{person.name}{'' if entry.enabled else '(已停用 disabled)'}"
        name += "(登录方式待确认 unconfirmed)" if entry.unconfirmed_since else ""
        human = "" if person.human == person.id else f"= {person.human}"
        known = (person.id, entry.login or "", f"{name} {human}")
        granted = [one for one in entry.grants if not one.revoked]
        rows += [(*known, one.number, f"{one.grant.role} {ROLES[one.grant.role].zh}", _scope(one)) for one in granted]
        rows += [] if granted else [(*known, "", "", "")]
    headers = ("编号 Id", "登录名 Login", "姓名 Name", "授权 Grant", "角色 Role", "范围 Scope")
    show(headers, rows, title="人员 People")
    if not rows:
        say(
            "尚无人员:请用 ledger people add 登记,再用 account 开立账号、grant 授权",
            "nobody is registered: add people with `ledger people add`, then `account` and `grant`",
        )


def _scope(granted: "Granted") -> str:
    grant = granted.grant
    return " ".join([grant.department or "", *sorted(grant.specials), *sorted(grant.sources)]).strip()


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="姓名或系统名称 / name")],
    machine: Annotated[bool, typer.Option("--machine", help="机器账号,只用密钥 / a machine, with keys only")] = False,
    same_as: Annotated[
        str | None,
        typer.Option("--same-as", metavar="PERSON", help="与谁为同一自然人 / the same human", show_default=False),
    ] = None,
) -> None:
    """登记人员 / Register somebody."""
    with opened() as people:
        same = people.register.person(same_as).id if same_as else None
        person = people.register.add(name, _me(), machine=machine, same_as=same)
        say(f"已登记 {person.id} {name}", f"registered {person.id}")


@app.command("account")
def account(person: Who, login: Annotated[str, typer.Argument(metavar="LOGIN", help="登录名 / login")]) -> None:
    """开立或重置本地账号 / Open or reset a local account; the first password is shown once."""
    with opened() as people:
        who = people.register.person(person).id
        password = people.accounts.open(who, login, _me())
        _say_unconfirmed(people, who)
        say(
            f"{login} 的初始口令(仅显示一次,首次登录须更换):{password}",
            f"the first password of {login}, shown once and to be changed at the first sign-in: {password}",
        )


@app.command("grant")
def grant(
    person: Who,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="角色,如 FIN、STD / a role")],
    department: Annotated[
        str | None, typer.Option("--department", help="单位信用代码 / credit code", show_default=False)
    ] = None,
    specials: Annotated[
        list[str] | None,
        typer.Option("--special", help="主管的专项或计划,可多次 / a special or plan assigned", show_default=False),
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option("--source", help="限定的资金或来源,可多次 / confined to a fund or source", show_default=False),
    ] = None,
    until: Until = None,
) -> None:
    """授权 / Grant a role."""
    with opened() as people:
        from ledger.access.policy import Grant
        from ledger.application import business_day
        from ledger.domain.catalogue import Fund, Role, Source

        _known("角色", "role", [role], Role)
        _known("资金或来源", "fund or source", sources or [], (*Fund, *Source))
        days = (business_day(), _day(until))
        given = Grant(Role(role), department, frozenset(specials or ()), frozenset(sources or ()), *days)
        number = people.register.grant(people.register.person(person).id, given, _me())
        say(f"已授权,编号 {number}", f"granted, number {number}")


def _known(zh: str, en: str, given: list[str], codes: "Iterable[str]") -> None:
    known = list(codes)
    for code in given:
        if code not in known:
            there_are = " ".join(known)
            raise Complaint(
                Exit.USAGE, f"没有{zh} {code};有:{there_are}", f"there is no {en} {code}; there are: {there_are}"
            )


@app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(metavar="GRANT", help="授权编号 / number of the grant")]) -> None:
    """撤权 / Take a grant back."""
    with opened() as people:
        people.register.revoke(number, _me())
        say("已撤权", "taken back")


@app.command("key")
def key(
    person: Who,
    days: Annotated[int, typer.Option("--days", help="有效天数 / days it holds")] = 90,
    label: Annotated[str, typer.Option("--label", help="用途 / what for")] = "-",
) -> None:
    """为机器签发密钥 / Make a key for a machine; it is shown once."""
    with opened() as people:
        from ledger.application import business_day

        who = people.register.person(person).id
        made, secret = people.keys.make(who, label, people.keyable(who, business_day()), days, _me())
        say(f"密钥 {made.id}(仅显示一次):{secret}", f"key {made.id}, shown once: {secret}")


@app.command("link")
def link(
    person: Who,
    issuer: Annotated[str, typer.Argument(metavar="ISSUER", help="OIDC 签发者 / OIDC issuer")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="该处的用户标识 / subject there")],
) -> None:
    """关联外部身份 / Link an identity of an OIDC provider."""
    with opened() as people:
        who = people.register.person(person).id
        people.register.link(who, issuer, subject, _me())
        _say_unconfirmed(people, who)
        say("已关联", "linked")


def _say_unconfirmed(people: "People", who: str) -> None:
    if people.register.unconfirmed_since(who) is not None:
        say(
            f"其授权暂不生效,待安全管理员确认登录方式(POST /v1/people/{who}/confirm);无人可确认时用 ledger people confirm {who}",
            "what is granted to them lies dormant until a security administrator confirms the way in "
            f"(POST /v1/people/{who}/confirm); where there is none, use `ledger people confirm {who}`",
        )


@app.command("confirm")
def confirm(person: Who) -> None:
    """确认登录方式变更,恢复授权 / Confirm a changed way in: what is granted holds again."""
    with opened() as people:
        who = people.register.person(person).id
        seen = people.register.unconfirmed_since(who)
        if seen is None:
            say("没有待确认的变更", "nothing waits to be confirmed")
            return
        people.register.confirm(who, seen, _me())
        say("已确认,授权恢复", "confirmed: what is granted holds again")


@app.command("join")
def join(
    person: Who, same_as: Annotated[str, typer.Argument(metavar="SAME_AS", help="另一账号 / the other account")]
) -> None:
    """认定两个账号为同一自然人 / Declare two accounts to be one human's."""
    with opened() as people:
        people.register.join(people.register.person(person).id, people.register.person(same_as).id, _me())
        say("已认定", "declared")


@app.command("disable")
def disable(person: Who) -> None:
    """停用:会话和密钥立即失效 / Disable: sessions and keys are dead at once."""
    with opened() as people:
        people.register.disable(people.register.person(person).id, _me())
        say("已停用", "disabled")


@app.command("enable")
def enable(person: Who) -> None:
    """恢复 / Enable again."""
    with opened() as people:
        people.register.enable(people.register.person(person).id, _me())
        say("已恢复", "enabled")


def _day(text: str | None) -> date:
    try:
        return date.max if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise Complaint(Exit.USAGE, "--until 应为日期 YYYY-MM-DD", "--until takes a day as YYYY-MM-DD") from error
