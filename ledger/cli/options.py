"""Options of the commands that record: as whom, on which day, or only to try."""

from datetime import date
from typing import Annotated

import typer

from ledger.cli.terminal import Complaint, Exit

As = Annotated[
    str | None, typer.Option("--as", metavar="PERSON", help="以谁的名义,见 ledger people / as whom", show_default=False)
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="YYYY-MM-DD", help="业务日期,默认今天 / business date, today", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只试算,不记录 / judge only, record nothing")]


def day_of(text: str | None) -> date:
    """The business date that was named, or today. Raises Complaint."""
    from ledger.application import business_day

    try:
        return business_day() if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise Complaint(Exit.USAGE, "--on 应为日期 YYYY-MM-DD", "--on takes a day as YYYY-MM-DD") from error
