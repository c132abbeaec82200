"""Sheet 11, the audit sampling working paper 审计抽样底稿: what was drawn, of what and how, what was found of each item. Pure."""

from collections.abc import Sequence
from datetime import date

from ledger.codec import Recorded
from ledger.domain.catalogue import Name, source_name
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS
from ledger.projections.population import Population
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Check, Sheet, Value, amount, code, sum_of, text
from ledger.reports.sheet import Column as SheetColumn
from ledger.sampling.checks import CHECKS, OUTCOMES
from ledger.sampling.drawing import ALGORITHMS, METHODS, Item, Method, start_of
from ledger.sampling.papers import Drawn, Sample, SampleItem

NAME = Name("审计抽样底稿", "Sampling working paper")
COLUMNS: tuple[SheetColumn, ...] = (
    code("paper", "底稿号", "Paper"),
    text("matter", "事项", "Matter"),
    text("population", "总体/截至号", "Population/as-of no."),
    text("method", "方法/种子/区间", "Method/Seed/Interval"),
    SheetColumn("item", Name("序号", "Item"), "count"),
    code("number", "业务号", "No."),
    code("voucher", "凭证号", "Voucher no."),
    text("kind", "业务", "Movement"),
    amount("amount", "金额", "Amount"),
    code("project", "项目", "Project"),
    text("document", "文件", "Document"),
    code("hash", "文件哈希", "Hash of the document"),
    *(text(letter, f"{letter} {check.zh}", f"{letter} {check.en}") for letter, check in CHECKS.items()),
    text("exception", "疑点", "Exception"),
    text("criterion", "定性依据", "Criterion"),
    text("reply", "被审单位意见", "Reply"),
    text("conclusion", "结论", "Conclusion"),
    code("figure", "对应数字(地址)", "Figure (address)"),
    code("prepared", "编制", "Prepared"),
    code("reviewed", "复核", "Reviewed"),
    code("leaf", "叶哈希", "Leaf hash"),
    text("proof", "存在性证明", "Proof"),
)


def sampled(of: Grounds) -> Sheet:
    """The sheet of the working paper that was asked for."""
    assert of.drawn is not None
    return working_paper(of.drawn, of.on)


def working_paper(of: Drawn, on: date) -> Sheet:
    """Item by item. Its check is the fen by which the items differ from those that the seed draws once more: zero."""
    about: dict[str, Value] = {
        "paper": of.sample.paper,
        "matter": of.sample.matter,
        "population": population_of(of.sample),
        "method": method_of(of.sample),
    }
    rows = [about | _row(of, one) for one in of.items]
    drawn, again = ({Item(*item) for item in items} for items in (_numbers(of.items), of.again))
    check = Check(
        Name(
            "校验:底稿所列与按种子重新抽取不一致的金额",
            "Check: amount of items that are not those the seed draws again",
        ),
        {"amount": sum(item.amount for item in drawn ^ again)},
    )
    return Sheet(
        "sampling",
        NAME,
        COLUMNS,
        rows,
        {"amount": sum_of(rows, "amount")},
        [check],
        [population_of(of.sample), ALGORITHMS[of.sample.drawing.method], _proof_of(of.sample), _signed(of.sample)],
        of.sample.population.at,
        of.recorded_at,
        None,
        on,
    )


def population_of(sample: Sample) -> Name:
    """What was drawn from, in words; amounts in yuan."""
    zh, en = zip(*_bounds(sample.population), strict=True)
    number, yuan = sample.population.at, grouped_yuan(sample.amount)
    return Name(
        f"截至第 {number} 号{''.join(zh)},共 {sample.movements} 笔 {yuan} 元;金额为每笔的最大分录",
        f"as of number {number}{''.join(en)}: {sample.movements} movements, {yuan} yuan; the amount of each is its largest entry",
    )


def _bounds(of: Population) -> list[tuple[str, str]]:
    told = [("", "")]
    if of.kind:
        zh, en = MOVEMENTS[of.kind].label if of.kind in MOVEMENTS else (of.kind, of.kind)
        told.append((f",业务 {zh}", f", {en}"))
    if of.special:
        told.append((f",专项 {of.special}", f", special {of.special}"))
    if of.fund:
        zh, en = source_name(of.fund)
        told.append((f",资金 {zh}", f", {en}"))
    if of.first_period or of.last_period:
        span = f"{of.first_period or '…'}–{of.last_period or '…'}"
        told.append((f",会计期间 {span}", f", periods {span}"))
    if of.from_amount is not None or of.to_amount is not None:
        span = f"{_bound(of.from_amount)}–{_bound(of.to_amount)}"
        told.append((f",金额 {span} 元", f", amounts {span} yuan"))
    return told


def method_of(sample: Sample) -> Name:
    """How it was drawn, in words; amounts in yuan."""
    how, (zh, en) = sample.drawing, METHODS[sample.drawing.method]
    if how.method is Method.MONETARY_UNIT and how.interval:
        interval, start = grouped_yuan(how.interval), grouped_yuan(start_of(how.seed, how.interval))
        return Name(
            f"{zh};种子 {how.seed};区间 {interval} 元;起点 {start} 元",
            f"{en}; seed {how.seed}; interval {interval} yuan; start {start} yuan",
        )
    if how.threshold is not None:
        return Name(
            f"{zh};不低于 {grouped_yuan(how.threshold)} 元", f"{en}; {grouped_yuan(how.threshold)} yuan or more"
        )
    return Name(f"{zh};种子 {how.seed};样本量 {how.size}", f"{en}; seed {how.seed}; size {how.size}")


def _proof_of(sample: Sample) -> Name:
    number = sample.population.at
    return Name(
        f"存在性证明:RFC 6962 树,前 {number} 号的叶哈希,根 {sample.root};每项由叶哈希和所列路径算得此根,其在树中的位置为业务号减 1",
        f"proof: the RFC 6962 tree of the leaf hashes of the first {number} numbers, root {sample.root}; leaf hash and path of "
        "each item lead to this root, its place in the tree being its number less 1",
    )


def _signed(sample: Sample) -> Name:
    zh = f"总体结论:{sample.conclusion or '尚未作出'};编制 {sample.prepared_by};复核 {sample.reviewed_by or '尚未复核'}"
    en = f"conclusion: {sample.conclusion or 'none yet'}; prepared {sample.prepared_by}; reviewed {sample.reviewed_by or 'not yet'}"
    return Name(zh, en)


def _row(of: Drawn, one: SampleItem) -> dict[str, Value]:
    found = of.recorded[one.number]
    document, marks = found.movement.document, one.findings.checks
    return {
        "item": one.item,
        "number": str(one.number),
        "voucher": found.voucher and str(found.voucher),
        "kind": found.movement.label,
        "amount": one.amount,
        "project": project_of(found),
        "document": document.number if document else None,
        "hash": document.sha256 if document else None,
        **{letter: OUTCOMES[mark] for letter, mark in zip(CHECKS, marks, strict=True)},
        **{name: getattr(one.findings, name) or None for name in ("exception", "criterion", "reply", "conclusion")},
        "figure": one.findings.figure or f"/movements/{one.number}?at={of.sample.population.at}",
        "prepared": one.kept_by or of.sample.prepared_by,
        "reviewed": of.sample.reviewed_by,
        "leaf": one.leaf,
        "proof": " ".join(one.proof),
    }


def project_of(found: Recorded) -> str | None:
    """The project that a movement names or posts to."""
    own = getattr(found.movement, "project", None)
    return own or next((leg.account.project for leg in found.legs if leg.account.project), None)


def _numbers(items: Sequence[SampleItem]) -> list[tuple[int, int]]:
    return [(one.number, one.amount) for one in items]


def _bound(fen: int | None) -> str:
    return "…" if fen is None else grouped_yuan(fen)
