"""Bank statements as camt.053: versions, batches, reversals, several statements in one file, and what they say of themselves."""

import io
from datetime import date

import pytest

from ledger.domain.reconciliation import Flow, StatementKind
from ledger.importing.faults import Fault, Faulty
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.statement import Control, read_statement

VERSIONS = [f"{version:02d}" for version in range(2, 14)]


def transaction(
    amount: str | None = "10.00",
    *,
    voucher: str = "V1",
    text: str = "拨款",
    more: str = "",
    currency: str = "CNY",
    newer: bool = True,
) -> str:
    said = f'<Amt Ccy="{currency}">{amount}</Amt>'
    told = said if newer else f"<AmtDtls><TxAmt>{said}</TxAmt></AmtDtls>"
    name = "<Pty><Nm>{}</Nm></Pty>" if newer else "<Nm>{}</Nm>"
    return (
        f"<TxDtls><Refs><AcctSvcrRef>T-{voucher}</AcctSvcrRef><EndToEndId>{voucher}</EndToEndId></Refs>"
        f"{told if amount else ''}<RltdPties><Dbtr>{name.format('国库')}</Dbtr><Cdtr>{name.format('示例大学')}</Cdtr>"
        "<CdtrAcct><Id><Othr><Id>6222 0001</Id></Othr></Id></CdtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>{more}</TxDtls>"
    )


def entry(
    amount: str, way: str = "DBIT", details: str = "", *, newer: bool = True, more: str = "", status: str = "BOOK"
) -> str:
    sts = f"<Sts><Cd>{status}</Cd></Sts>" if newer else f"<Sts>{status}</Sts>"
    return (
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}{sts}<BookgDt><Dt>2025-03-01</Dt></BookgDt>'
        f"<BkTxCd/>{details}</Ntry>"
    )


def batch(*transactions: str, announced: int | None = None) -> str:
    count = len(transactions) if announced is None else announced
    return f"<NtryDtls><Btch><NbOfTxs>{count}</NbOfTxs></Btch>{''.join(transactions)}</NtryDtls>"


def balance(kind: str, amount: str, way: str = "CRDT") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'
        "<Dt><Dt>2025-03-01</Dt></Dt></Bal>"
    )


def statement(*parts: str, account: str = "150001") -> str:
    return f"<Stmt><Id>S</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{''.join(parts)}</Stmt>"


def document(*statements: str, version: str = "08", prefix: str = "") -> bytes:
    space = f'xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"'
    text = f"<Document {space}><BkToCstmrStmt><GrpHdr/>{''.join(statements)}</BkToCstmrStmt></Document>"
    if prefix:
        text = (
            text.replace("</", f"</{prefix}:")
            .replace("<", f"<{prefix}:")
            .replace(f"<{prefix}:/{prefix}:", f"</{prefix}:")
        )
        text = text.replace("xmlns=", f"xmlns:{prefix}=")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def read(content: bytes) -> tuple[Control, list[Line]]:
    with read_statement(io.BytesIO(content), StatementKind.BANK) as found:
        return found.control, [line for page in found.pages() for line in page]


def faults(content: bytes, kind: StatementKind = StatementKind.BANK) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as refused:
        read_statement(io.BytesIO(content), kind)
    return refused.value.faults


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(version: str) -> None:
    newer = version >= "08"
    details = batch(transaction(newer=newer))
    control, (line,) = read(
        document(
            statement(balance("OPBD", "100"), balance("CLBD", "90"), entry("10.00", "DBIT", details, newer=newer)),
            version=version,
        )
    )
    assert line == Line(
        key=1,
        flow=Flow.PAYMENT,
        day=date(2025, 3, 1),
        amount=1000,
        moved=1000,
        voucher="V1",
        transaction="T-V1",
        account="62220001",
        payee="示例大学",
        text="拨款",
    )
    assert (control.opening, control.closing, control.paid, control.parts[0].name) == (10_000, 9_000, 1000, "150001")


def test_of_a_batch_every_transaction_is_a_line() -> None:
    details = batch(transaction("10.00"), transaction("5.50", voucher="V2"))
    control, lines = read(document(statement(entry("15.50", "DBIT", details)), prefix="n"))
    assert [(line.key, line.voucher, line.amount) for line in lines] == [(1, "V1", 1000), (2, "V2", 550)]
    assert (control.paid, control.opening) == (1550, None)


def test_a_batch_without_amounts_is_one_line() -> None:
    details = batch(transaction(None), transaction(None, voucher="V2"))
    _, (line,) = read(document(statement(entry("15.50", "DBIT", details))))
    assert (line.amount, line.voucher) == (1550, "")
    _, (line,) = read(document(statement(entry("15.50", "DBIT", batch(transaction(None))))))
    assert (line.amount, line.voucher) == (1550, "V1")


def test_a_reversal_is_a_payment_that_came_back() -> None:
    details = batch(transaction("10.00"))
    _, (paid, back) = read(
        document(
            statement(entry("10.00", "DBIT", details), entry("10.00", "CRDT", details, more="<RvslInd>true</RvslInd>"))
        )
    )
    assert (back.flow, back.amount, back.moved) == (Flow.REJECTION, -1000, -1000)
    assert (back.voucher, back.account, back.payee) == (paid.voucher, paid.account, paid.payee)
    returned = transaction("10.00", more="<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>")
    _, (back,) = read(document(statement(entry("10.00", "CRDT", batch(returned)))))
    assert back.flow is Flow.REJECTION


def test_clearing_of_a_zero_balance_account_moves_nothing() -> None:
    details = batch(transaction("10.00", text="零余额账户清算"))
    _, (line,) = read(document(statement(entry("10.00", "CRDT", details))))
    assert (line.flow, line.amount, line.moved) == (Flow.CLEARING, -1000, 0)


def test_what_is_not_booked_is_passed_over() -> None:
    _, lines = read(document(statement(entry("10.00"), entry("7.00", status="PDNG"))))
    assert [line.amount for line in lines] == [1000]


def test_several_statements_stand_in_one_file() -> None:
    one = statement(balance("OPBD", "20"), balance("CLBD", "10"), entry("10.00"))
    two = statement(balance("PRCD", "5", "DBIT"), balance("CLBD", "2"), entry("7", "CRDT"), account="150002")
    control, lines = read(document(one, two, statement(account="150003")))
    assert [(part.name, part.lines, part.opening, part.closing) for part in control.parts] == [
        ("150001", 1, 2000, 1000),
        ("150002", 1, -500, 200),
        ("150003", 0, None, None),
    ]
    assert [line.key for line in lines] == [1, 2]
    assert (control.paid, control.returned, control.opening) == (1000, 700, None)


SUMMARY = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlNtries></TxsSummry>"


@pytest.mark.parametrize(
    ("content", "row", "path"),
    [
        (statement(balance("OPBD", "20"), balance("CLBD", "11"), entry("10")), None, "Bal"),
        (statement(SUMMARY.format(2, 10), entry("10")), None, "TxsSummry/TtlNtries/NbOfNtries"),
        (statement(SUMMARY.format(1, 11), entry("10")), None, "TxsSummry/TtlNtries/Sum"),
        (statement(entry("1"), entry("10", "DBIT", batch(transaction("9")))), 2, "Ntry/Amt"),
        (statement(entry("10", "DBIT", batch(transaction("10"), announced=2))), 1, "NtryDtls/Btch/NbOfTxs"),
        (statement(entry("10", "DBIT", batch(transaction("10", currency="USD")))), 1, "Ntry/NtryDtls/TxDtls/Amt"),
        (statement(entry("10", "")), 1, "Ntry/CdtDbtInd"),
        (statement(entry("0")), 1, "Ntry/Amt"),
        (statement(entry("-1")), 1, "Ntry/Amt"),
        (statement(entry("1.005")), 1, "Ntry/Amt"),
        (statement(entry("10").replace("2025-03-01", "2025-13-01")), 1, "Ntry/BookgDt"),
        (statement(balance("OPBD", "x")), None, "Bal/Amt"),
    ],
)
def test_what_does_not_add_up_is_complained_of(content: str, row: int | None, path: str) -> None:
    fault = faults(document(content))[0]
    assert (fault.row, fault.column) == (row, path)
    assert fault.advice


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (document(statement(), version="01"), "053.001.01"),
        (document(statement()).replace(b"camt.053", b"camt.052"), "camt.052"),
        (b"<html/>", "camt.053"),
        (document(statement())[:-20], "broken"),
        (document(statement()), "no lines"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
    ],
)
def test_what_is_no_such_statement_is_refused(content: bytes, says: str) -> None:
    (fault,) = faults(content)
    assert says in fault.en
    assert "bank" in faults(content, StatementKind.TREASURY)[0].en
