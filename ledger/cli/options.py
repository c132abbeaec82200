"""Options that several commands take: of which moment figures are, and where they go."""

from pathlib import Path
from typing import Annotated

import typer

FiscalYear = Annotated[
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
Xlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", help="写出 XLSX 到新文件 / as a workbook, a new file", show_default=False),
]
