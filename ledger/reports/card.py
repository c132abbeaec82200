"""The card of balances as a sheet."""

from ledger.domain.accounts import SUPPLY
from ledger.domain.catalogue import Name
from ledger.projections.balances import Card
from ledger.projections.figures import FIGURES, MEASURES, By
from ledger.reports.sheet import Check, Column, Sheet, amount, code, text

BY: dict[By, Name] = {
    "plan": Name("计划", "plan"),
    "special": Name("专项", "special"),
    "project": Name("项目", "project"),
    "source": Name("来源", "source"),
    "fund": Name("资金", "fund"),
}
_SUPPLIES = tuple(name for name, account in MEASURES.items() if account in SUPPLY)
_IDENTITY = Name("校验:指标来源减使用合计", "Check: supply less uses (V1)")


def sheet_of_card(card: Card) -> Sheet:
    """All rows of a card, with every figure that it has."""
    by = BY[card.by]
    columns: tuple[Column, ...] = (
        code("key", "代码", by.en.capitalize()),
        text("zh", "名称", "Name in Chinese"),
        text("en", "英文名称", "Name"),
        *(amount(name, *FIGURES[name]) for name in card.total),
    )
    rows = [{"key": row.key, "zh": row.name.zh, "en": row.name.en, **row.figures} for row in card.rows]
    supplies = sum(card.total[name] for name in _SUPPLIES) - card.total["total"]
    scope = Name(
        f"预算账户为 {card.fiscal_year or '—'} 年度,备忘账户不分年度;匹配应到截至 {card.on}",
        f"budget accounts of {card.fiscal_year or '—'}, memo accounts of all years; matching due by {card.on}",
    )
    return Sheet(
        "balances",
        Name(f"余额表 按{by.zh}", f"Balances by {by.en}"),
        columns,
        rows,
        card.total,
        [Check(_IDENTITY, {next(iter(card.total)): supplies})],
        [scope],
        card.number,
        card.recorded_at,
        card.fiscal_year,
        card.on,
        card.moment,
    )
