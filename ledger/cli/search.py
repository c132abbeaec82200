"""The journal searched on the terminal: a page of hits, the newest first."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.terminal import Complaint, Exit, is_marked, plainly, progress, say, show

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.projections.searched import Hit

AT_ONCE = 10_000
"""Movements between two marks of progress."""


def search_command(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD...", help="须全部出现的词 / words, each found")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="业务种类 / kind", show_default=False)] = None,
    project: Annotated[str | None, typer.Option("--project", help="项目 / project", show_default=False)] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="经办人 / who acted", show_default=False)] = None,
    least: Annotated[str | None, typer.Option("--from-amount", help="元,不低于 / at least", show_default=False)] = None,
    most: Annotated[str | None, typer.Option("--to-amount", help="元,不高于 / at most", show_default=False)] = None,
    before: Annotated[int | None, typer.Option("--before", help="此编号之前 / below", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="行数 / rows")] = 50,
) -> None:
    """检索业务:名称、编号、文号、经办人、金额 / Search the journal: names, codes, documents, who acted, amounts."""
    with plainly():
        from ledger.projections.searched import Asked, names, search
        from ledger.settings import Settings, open_ledger

        wanted = Asked(" ".join(words or ()), kind, actor, project)
        wanted = wanted._replace(from_amount=amount_of(least), to_amount=amount_of(most))
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger:
            _catch_up(ledger)
            with ledger.reading() as book:
                named = names(book)
            found = search(ledger.store, ledger.id, wanted, named, before=before, limit=limit)
        headers = ("编号 Number", "日期 Date", "业务 Movement", "项目 Project", "金额(元) Amount", "经办 Actor")
        show(headers, [_row(hit) for hit in found.hits])
        say(f"检索截至第 {found.standing} 号", f"the search stands at number {found.standing}")
        if found.more is not None:
            say(f"更早的:--before {found.more}", f"earlier ones: --before {found.more}")


def _catch_up(ledger: "Ledger") -> None:
    """Where no service keeps the search up to date, it is brought there first."""
    from ledger.projections.follower import catch_up, comes_to
    from ledger.projections.journal import standing
    from ledger.projections.searched import Searched

    number, head = comes_to(ledger.store, ledger.id, Searched), standing(ledger.store, ledger.id)
    if number < head:
        with progress("补齐检索", "bringing the search up to date") as told:
            while number < head:
                number = catch_up(ledger.store, ledger.id, Searched(), to=number + AT_ONCE)
                told(number, head)


def amount_of(text: str | None) -> int | None:
    """An amount in fen, where one is given. Raises Complaint."""
    from ledger.domain.money import fen

    try:
        return None if text is None else fen(text)
    except ValueError as error:
        raise Complaint(
            Exit.USAGE, "金额以元为单位,最多两位小数", "amounts are in yuan, two decimals at most"
        ) from error


def _row(hit: "Hit") -> tuple[object, ...]:
    from ledger.domain.money import grouped_yuan

    movement, amount = hit.recorded.movement, "" if hit.amount is None else grouped_yuan(hit.amount)
    named = f"{movement.label.zh} {movement.kind}"
    project = getattr(movement, "project", None) or ""
    return hit.recorded.number, movement.effective_on, named, project, amount, hit.recorded.actor.subject
