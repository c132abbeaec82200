"""Samples for auditors on the terminal: drawn or listed; the working paper itself is ``ledger report sampling``."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.terminal import Complaint, Exit, is_marked, plainly, say, show

if TYPE_CHECKING:
    from ledger.sampling.papers import Papers, Sample

METHODS = {"money": "MONETARY_UNIT", "random": "SIMPLE_RANDOM", "all": "ALL_ABOVE"}
"""As they are named here → as the ledger names them."""


def sample_command(
    paper: Annotated[
        str | None, typer.Argument(metavar="[PAPER]", help="底稿号;不给则列出 / paper number; else they are listed")
    ] = None,
    matter: Annotated[str, typer.Option("--matter", help="事项 / what it is about")] = "审计抽样",
    method: Annotated[
        str, typer.Option("--method", metavar="money|random|all", help="货币单元、随机、大额全查 / how")
    ] = "money",
    seed: Annotated[str | None, typer.Option("--seed", help="种子 / the seed", show_default=False)] = None,
    size: Annotated[int | None, typer.Option("--size", min=1, help="样本量 / items", show_default=False)] = None,
    interval: Annotated[
        str | None, typer.Option("--interval", metavar="YUAN", help="抽样区间 / of money", show_default=False)
    ] = None,
    threshold: Annotated[
        str | None, typer.Option("--threshold", metavar="YUAN", help="不低于此金额 / from it on", show_default=False)
    ] = None,
    at: Annotated[int | None, typer.Option("--at", min=1, help="截至编号 / as of a number", show_default=False)] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="业务种类 / kind", show_default=False)] = None,
    special: Annotated[str | None, typer.Option("--special", help="专项 / special", show_default=False)] = None,
    fund: Annotated[str | None, typer.Option("--fund", help="资金 / fund", show_default=False)] = None,
    since: Annotated[
        str | None, typer.Option("--from-period", metavar="YYYY-MM", help="起 / first", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to-period", metavar="YYYY-MM", help="止 / last", show_default=False)
    ] = None,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="编制人 / who prepares it")] = "aud-1",
) -> None:
    """审计抽样:由种子和编号可复现 / A sample for auditors, which anybody draws again from seed and number."""
    with plainly():
        from ledger.access.policy import Action
        from ledger.cli.people import people_of
        from ledger.cli.recording import signer_called
        from ledger.cli.search import amount_of
        from ledger.projections.population import Population
        from ledger.sampling.drawing import Drawing, Method
        from ledger.sampling.papers import Asked, Papers
        from ledger.settings import Settings, open_ledger

        if method not in METHODS:
            known = " ".join(METHODS)
            raise Complaint(Exit.USAGE, f"--method 可取:{known}", f"--method takes one of: {known}")
        amounts = amount_of(interval), amount_of(threshold)
        how = Drawing(Method(METHODS[method]), seed or "", size, *amounts)
        population = Population(at or 0, kind, special, fund, since, until)
        with open_ledger(Settings.from_environment(training=is_marked())) as ledger, people_of(ledger) as people:
            papers = Papers(ledger.store, ledger.id)
            if paper is None:
                _list(papers.newest(None, 100))
                return
            by = signer_called(people, person, Action.AUDIT).actor.subject
            _show(papers, papers.draw(Asked(paper, matter, population, how), by))


def _list(samples: "list[Sample]") -> None:
    headers = ("编号 Id", "底稿号 Paper", "事项 Matter", "截至 As of", "入样 Items", "已核对 Finished", "复核 Reviewed")
    rows = [
        (one.id, one.paper, one.matter, one.population.at, one.items, one.finished, one.reviewed_by or "")
        for one in samples
    ]
    show(headers, rows)


def _show(papers: "Papers", sample: "Sample") -> None:
    from ledger.domain.money import grouped_yuan
    from ledger.reports.sampling import method_of, population_of
    from ledger.sampling.drawing import ALGORITHMS

    headers = ("序号 Item", "业务号 Number", "叶哈希 Leaf hash", "金额(元) Amount")
    rows = [(one.item, one.number, one.leaf, grouped_yuan(one.amount)) for one in papers.items(sample.id)]
    show(headers, rows, title=f"{sample.paper} {sample.matter}", amounts_from=3)
    for said in (population_of(sample), method_of(sample), ALGORITHMS[sample.drawing.method]):
        say(*said)
    say(f"树根 {sample.root}", f"root of the tree {sample.root}")
    say(
        f"底稿:ledger report sampling --sample {sample.id}",
        f"its working paper: ledger report sampling --sample {sample.id}",
    )
