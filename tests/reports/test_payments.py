"""Sheet 4: order by order, what its instalment had left, whose account is paid, and who signed."""

from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import shown_rows
from ledger.reports.sheet import Hidden, footing
from tests.reports.naive import row_of, sheet_of_world
from tests.reports.test_execution import MILLION, paid_world
from tests.reports.two_years import second_year
from tests.world import World, party


def ordered(world: World, order: str, amount: str, **said: object) -> None:
    fields = {
        "project": "KRD-1",
        "instalment": "1",
        "payee": party("university"),
        "document": {"number": f"拨付-{order}"},
    }
    world.record("STD", "PaymentOrdered", order=order, amount=amount, effective_on="2025-04-10", **(fields | said))


def test_each_application_says_what_its_instalment_had_left() -> None:
    sheet = sheet_of_world(paid_world(), ReportCode.PAYMENTS, "2025-03-31")
    first, second = (row_of(sheet, "order", order) for order in ("O-1", "O-2"))
    figures = ("committed", "before", "this", "left", "open", "paid")
    assert [first[name] for name in figures] == [n * MILLION for n in (5, 0, 4, 1, 0, 4)]
    assert [second[name] for name in figures] == [n * MILLION for n in (5, 4, 1, 0, 1, 0)]
    assert (first["document"], first["prepared"], first["reviewed"], first["approved"]) == (
        "拨付-O-1",
        "std",
        None,
        None,
    )
    assert sheet.total is not None
    assert (sheet.total["this"], sheet.total["open"], sheet.total["paid"]) == (5 * MILLION, MILLION, 4 * MILLION)
    assert not any(footing(sheet).values.values())


def test_what_the_bank_sent_back_holds_nothing_of_its_instalment() -> None:
    world = paid_world()
    world.record("TRE", "PaymentRejected", order="O-2", detail="X-2", amount="1000000", effective_on="2025-04-02")
    ordered(world, "O-3", "600000")
    sheet = sheet_of_world(world, ReportCode.PAYMENTS, "2025-04-30")
    back, again = (row_of(sheet, "order", order) for order in ("O-2", "O-3"))
    assert (back["this"], back["open"], back["left"]) == (MILLION, 0, MILLION)
    assert (again["before"], again["this"], again["left"]) == (4 * MILLION, 60_000_000, 40_000_000)
    assert not any(footing(sheet).values.values())


def test_a_gate_names_the_document_that_opened_it() -> None:
    world = paid_world()
    parts = [{"instalment": "G", "amount": "2000000", "gated": True}]
    at = {"fund": "STIDF", "vintage": 2025, "effective_on": "2025-04-01"}
    world.record("STD", "PreFundingCommitted", project="KRD-1", amount="2000000", instalments=parts, **at)
    said = {"instalment": "G", "passed": True, "document": {"number": "考核1号"}, "effective_on": "2025-04-02"}
    world.record("STD", "MilestoneAssessed", project="KRD-1", **said)
    ordered(world, "O-G", "1000000", instalment="G")
    sheet = sheet_of_world(world, ReportCode.PAYMENTS, "2025-04-30")
    assert row_of(sheet, "order", "O-G")["gate"] == "考核1号"
    assert row_of(sheet, "order", "O-1")["gate"] is None


def test_who_proposed_and_who_approved_stand_apart() -> None:
    world = paid_world()
    said = {"project": "KRD-1", "instalment": "1", "amount": "0.01", "payee": party("university")}
    world.record("TRE", "PaymentRejected", order="O-2", detail="X-2", amount="1000000", effective_on="2025-04-02")
    on = {"document": {"number": "拨4号"}, "effective_on": "2025-04-03"}
    world.sign("STD", "STD2", "PaymentOrdered", order="O-4", **said, **on)
    row = row_of(sheet_of_world(world, ReportCode.PAYMENTS, "2025-04-30"), "order", "O-4")
    assert (row["prepared"], row["reviewed"], row["approved"]) == ("std", None, "std2")


def test_an_account_is_sealed_until_somebody_who_may_read_it_asks() -> None:
    world = paid_world()
    world.record("STD", "PaymentOrderCancelled", order="O-2", reason="重拨", effective_on="2025-04-09")
    ordered(world, "O-5", "1000000", payee_account="6222020200001234567")
    sheet = sheet_of_world(world, ReportCode.PAYMENTS, "2025-04-30")
    account = row_of(sheet, "order", "O-5")["account"]
    assert isinstance(account, Hidden)
    assert account.by == "std"
    shown = [str(value) for row in shown_rows(sheet, "yuan") for value in row]
    assert "已封存 sealed" in shown
    assert not [value for value in shown if "6222" in value]
    assert any("已封存" in said.zh for said in sheet.scope)


def test_money_carried_into_the_next_year_is_listed_there_by_the_order_it_came_from() -> None:
    world = second_year()
    for year in (2025, 2026):
        sheet = sheet_of_world(world, ReportCode.PAYMENTS, "2026-12-31", fiscal_year=year)
        assert not any(footing(sheet).values.values())
