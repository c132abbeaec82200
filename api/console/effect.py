"""What a dry run would do, as every page that tries something tells it (templates/effect.html): balances, accounts, alerts."""

from typing import Any, Final

from ledger.domain.catalogue import Name
from ledger.projections.figures import MEASURE_OF

ROWS: Final = 50
"""So many rows of each table stand on a page; how many there are is said."""
WORDS: Final = {
    "would_do": Name("将产生的变化", "What it would do"),
    "would_at": Name(
        "在第 {} 号之上试算,未记录任何内容", "Tried on top of number {} of the ledger, and recorded nowhere"
    ),
    "would_balances": Name("额度变化", "Balances, before and after"),
    "would_accounts": Name("逐户变化", "Account by account"),
    "would_account": Name("科目", "Account"),
    "would_year": Name("年度", "Year"),
    "would_special": Name("专项", "Special"),
    "would_where": Name("明细对象", "Where"),
    "would_before": Name("之前", "Before"),
    "would_after": Name("之后", "After"),
    "would_below_zero": Name("将为负", "below zero"),
    "would_raise": Name("将出现的预警", "Alerts it would raise"),
    "would_settle": Name("将消除的预警", "Alerts it would settle"),
    "would_alert": Name("预警", "Alert"),
    "would_amount": Name("金额", "Amount"),
    "would_list": Name("列出 {} 项,共 {} 项", "{} of {} are listed"),
    "would_nothing": Name("余额不变", "No balance moves"),
}


def effect_of(found: Any) -> dict[str, Any]:
    """What the template needs beside the words. ``found``: a route's Supposition; None: there is nothing to tell."""
    return {"effect": found, "effect_rows": ROWS, "figure_of": MEASURE_OF}
