"""Bank statements as ISO 20022 camt.053, versions 02 to 13, streamed entry by entry.

Of a batch every transaction is a line. Entries that are not booked stay out of the balances and are passed over. What the
statement says of itself is checked: opening and closing balance, number and sum of entries, of batches and their transactions.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, NoReturn

from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.domain.reconciliation import Flow
from ledger.importing.faults import Fault, whole_file
from ledger.importing.values import Unfit
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.cells import TEXT_MAX, account, code, day, fen_in, words
from ledger.reconciliation.reading.complaints import Complaints
from ledger.reconciliation.reading.facts import bank_flow
from ledger.reconciliation.reading.markup import Elements
from ledger.reconciliation.reading.tally import LINES_LOST, Tally

VERSIONS = re.compile(r"camt\.053\.001\.(0[2-9]|1[0-3])")
_MESSAGE = re.compile(r"[a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")
_TEXT_MAX = 20_000
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NONREF"})
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_fen = fen_in(100)


def _broken(why: str) -> NoReturn:
    advice = Name("请向银行重新取得文件", "get the file from the bank anew")
    raise whole_file("XML 文件已损坏", f"the XML is broken ({why})", advice)


class Camt:
    """A camt.053 file being read. ``tallies``: of its statements, in their order."""

    def __init__(self) -> None:
        self.tallies: list[Tally] = []
        self._path: list[str] = []
        """Where each open element stands below its statement, the statement itself first."""
        self._known = False
        self._lines: list[Line] = []
        self._entries = self._given = 0
        self._complaints = Complaints()
        self._statement: _Statement | None = None

    def lines(self, file: BinaryIO, complaints: Complaints) -> Iterator[Line]:
        """The lines of all statements; complaints of what is wrong. Raises Faulty for what is no camt.053."""
        self._complaints = complaints
        for _ in Elements(self._start, self._end, _TEXT_MAX).read(file, _broken):
            yield from self._lines
            self._lines = []
        if not self._known:
            _not_camt("")

    def _start(self, tag: str, said: dict[str, str]) -> None:
        if tag == "Document" and not self._known:
            spaces = " ".join(value for name, value in said.items() if name.startswith("xmlns"))
            if not VERSIONS.search(spaces):
                _not_camt(spaces)
            self._known = True
        if not self._path and tag == "Stmt" and self._known:
            self._statement = _Statement()
        if self._statement is not None:
            where = f"{self._path[-1]}/{tag}" if len(self._path) > 1 else tag if self._path else ""
            self._path.append(where)
            try:
                self._statement.begin(where, said)
            except _Wrong as wrong:
                self._complain(wrong)

    def _end(self, tag: str, text: str) -> None:
        statement = self._statement
        if statement is None:
            return
        where = self._path[-1]
        try:
            for told in statement.end(where, text.strip()):
                self._given += 1
                line = Line(key=self._given, **told)
                statement.tally.take(line)
                self._lines.append(line)
        except _Wrong as wrong:
            self._complain(wrong)
        self._path.pop()
        if where == "Ntry":
            self._entries += 1
        elif not self._path:
            self.tallies.append(statement.tally)
            self._statement = None
            try:
                for said, path in statement.settled():
                    self._complaints.add(Fault(None, path, said.zh, said.en, LINES_LOST))
            except _Wrong as wrong:
                self._complain(wrong)

    def _complain(self, wrong: "_Wrong") -> None:
        """The row is the entry's number in the file; None outside of entries."""
        entry = self._entries + 1 if self._path[1:2] == ["Ntry"] else None
        self._complaints.add(Fault(entry, wrong.path, wrong.zh, wrong.en, wrong.advice))


def _not_camt(spaces: str) -> NoReturn:
    found = _MESSAGE.search(spaces)
    said = found[0] if found else "XML"
    zh, en = f"不是 camt.053 对账单:{said}", f"not a camt.053 statement: {said}"
    raise whole_file(zh, en, Name("可读 camt.053.001.02 至 .13", "camt.053.001.02 to .13 are read"))


class _Wrong(Unfit):
    def __init__(self, path: str, zh: str, en: str, advice: Name | None = None) -> None:
        super().__init__(zh, en, advice)
        self.path = path


Told = dict[str, Any]
"""What a line is made of, but for its key."""


class _Statement:
    """One statement of the file: balances and summary first, then its entries."""

    def __init__(self) -> None:
        self.tally = Tally("")
        self._name: dict[str, str] = {}
        self._balance: dict[str, str] = {}
        self._balances: dict[str, int] = {}
        self._summary: dict[str, str] = {}
        self._counted = {"TtlNtries": [0, 0], "TtlCdtNtries": [0, 0], "TtlDbtNtries": [0, 0]}
        self._entry = _Entry()
        self._moved = 0

    def begin(self, where: str, said: dict[str, str]) -> None:
        if where == "Ntry":
            self._entry = _Entry()
        elif where == "Bal":
            self._balance = {}
        elif where.startswith("Ntry/"):
            self._entry.begin(where[5:], said)
        if where in {"Ntry/Amt", "Bal/Amt"} and said.get("Ccy", "CNY") != "CNY":
            raise _foreign(where, said["Ccy"])

    def end(self, where: str, text: str) -> Iterator[Told]:
        if where == "Ntry":
            yield from self._booked()
        elif where.startswith("Ntry/"):
            yield from self._entry.end(where[5:], text)
        elif where.startswith("Bal/"):
            self._balance[where[4:]] = text
        elif where == "Bal":
            kind = self._balance.get("Tp/CdOrPrtry/Cd", "")
            amount = _amount("Bal/Amt", self._balance.get("Amt", ""))
            self._balances[kind] = amount if self._balance.get("CdtDbtInd") != "DBIT" else -amount
        elif where.startswith("TxsSummry/"):
            self._summary[where[10:]] = text
        elif where in {"Acct/Id/IBAN", "Acct/Id/Othr/Id", "Id"} and text:
            self._name[where] = text
            self.tally.name = self._name.get("Acct/Id/IBAN") or self._name.get("Acct/Id/Othr/Id") or self._name["Id"]

    def _booked(self) -> Iterator[Told]:
        entry = self._entry
        for kind in ("TtlNtries", "TtlDbtNtries" if entry.out else "TtlCdtNtries"):
            self._counted[kind][0] += 1
            self._counted[kind][1] += entry.amount
        if entry.booked:
            self._moved += entry.amount if entry.out else -entry.amount
        yield from entry.rest()

    def settled(self) -> Iterator[tuple[Name, str]]:
        """Tells the tally its balances, and what in the statement's own figures does not add up."""
        self.tally.opening = next((self._balances[kind] for kind in _OPENING if kind in self._balances), None)
        self.tally.closing = next((self._balances[kind] for kind in _CLOSING if kind in self._balances), None)
        if self.tally.opening is not None and self.tally.closing is not None:
            expected = self.tally.opening - self._moved
            if expected != self.tally.closing:
                yield _differ("期末余额", "closing balance", self.tally.closing, expected), "Bal"
        for kind, (count, amount) in self._counted.items():
            said = self._summary.get(f"{kind}/NbOfNtries", "")
            if said.isdecimal() and int(said) != count:
                zh = f"分录笔数应为 {said},实有 {count}"
                yield Name(zh, f"{said} entries are announced, {count} are there"), f"TxsSummry/{kind}/NbOfNtries"
            said = self._summary.get(f"{kind}/Sum", "")
            if said and (total := _amount(f"TxsSummry/{kind}/Sum", said)) != amount:
                yield _differ("分录合计", "sum of entries", total, amount), f"TxsSummry/{kind}/Sum"


class _Entry:
    """One entry, and the transactions in it as they come; a batch may hold any number of them."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._transaction: dict[str, str] = {}
        self._batch: dict[str, str] = {}
        self._in_batch = 0
        self._given = self._sum = self._without_amount = 0
        self._single: dict[str, str] = {}

    @property
    def out(self) -> bool:
        return self._said.get("CdtDbtInd") == "DBIT"

    @property
    def amount(self) -> int:
        return _amount("Ntry/Amt", self._said.get("Amt", ""))

    @property
    def booked(self) -> bool:
        return (self._said.get("Sts") or self._said.get("Sts/Cd", "BOOK")) == "BOOK"

    def begin(self, where: str, said: dict[str, str]) -> None:
        if where == "NtryDtls":
            self._batch, self._in_batch = {}, 0
        elif where == "NtryDtls/TxDtls":
            self._transaction = {}
        elif where.startswith("NtryDtls/TxDtls/") and where.endswith("Amt") and "Ccy" in said:
            self._transaction[f"{where[16:]}@"] = said["Ccy"]

    def end(self, where: str, text: str) -> Iterator[Told]:
        if where.startswith("NtryDtls/TxDtls/"):
            _keep(self._transaction, where[16:], text)
        elif where == "NtryDtls/TxDtls":
            self._in_batch += 1
            yield from self._told(self._transaction)
        elif where.startswith("NtryDtls/Btch/"):
            _keep(self._batch, where[14:], text)
        elif where == "NtryDtls":
            said = self._batch.get("NbOfTxs", "")
            if said.isdecimal() and self._in_batch and int(said) != self._in_batch:
                zh = f"批次应有 {said} 笔,实有 {self._in_batch} 笔"
                en = f"the batch announces {said} transactions, {self._in_batch} are there"
                raise _Wrong("NtryDtls/Btch/NbOfTxs", zh, en, LINES_LOST)
        elif "/" not in where or where in {"Sts/Cd", "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"}:
            _keep(self._said, where, text)

    def _told(self, transaction: dict[str, str]) -> Iterator[Told]:
        """The line of a transaction that says its own amount."""
        path = next((path for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt") if path in transaction), "")
        if not path:
            self._without_amount += 1
            self._single = transaction
            return
        if transaction.get(f"{path}@", "CNY") != "CNY":
            raise _foreign(f"Ntry/NtryDtls/TxDtls/{path}", transaction[f"{path}@"])
        amount = _amount(f"Ntry/NtryDtls/TxDtls/{path}", transaction[path])
        out = transaction.get("CdtDbtInd", self._said.get("CdtDbtInd")) == "DBIT"
        self._given += 1
        self._sum += amount if out == self.out else -amount
        if self.booked:
            yield self._line(transaction, amount if out else -amount)

    def rest(self) -> Iterator[Told]:
        """At its end: the entry as one line where its transactions say no amounts; else they have to add up to it."""
        if not self._given:
            if self.booked:
                single = self._single if self._without_amount == 1 else {}
                yield self._line(single, self.amount if self.out else -self.amount)
        elif self._without_amount or self._sum != self.amount:
            words_of = _differ("分录金额", "amount of the entry", self.amount, self._sum)
            raise _Wrong("Ntry/Amt", words_of.zh, words_of.en, LINES_LOST)

    def _line(self, transaction: dict[str, str], out: int) -> Told:
        entry = self._said
        if entry.get("CdtDbtInd") not in {"DBIT", "CRDT"}:
            raise _Wrong("Ntry/CdtDbtInd", "没有借贷方向", "neither DBIT nor CRDT", LINES_LOST)
        if not out:
            raise _Wrong("Ntry/Amt", "金额为零", "the amount is zero", LINES_LOST)
        comes_back = entry.get("RvslInd") in {"true", "1"} or any(path.startswith("RtrInf/") for path in transaction)
        # A reversal moves money the other way and still names the parties of what it reverses.
        other = "Cdtr" if (out > 0) != (entry.get("RvslInd") in {"true", "1"}) else "Dbtr"
        parties = {path[10:]: text for path, text in transaction.items() if path.startswith("RltdPties/")}
        name = parties.get(f"{other}/Nm") or parties.get(f"{other}/Pty/Nm", "")
        number = parties.get(f"{other}Acct/Id/Othr/Id") or parties.get(f"{other}Acct/Id/IBAN", "")
        said = [transaction.get(path, "") for path in ("RmtInf/Ustrd", "AddtlTxInf", "RtrInf/AddtlInf")]
        text = " ".join(filter(None, dict.fromkeys([*said, entry.get("AddtlNtryInf", "")])))[:TEXT_MAX]
        flow = bank_flow(text, name, out)
        if comes_back and flow is not Flow.CLEARING:
            flow = Flow.REJECTION if out < 0 else Flow.PAYMENT
        references = (transaction.get("Refs/AcctSvcrRef"), transaction.get("Refs/TxId"), entry.get("AcctSvcrRef"))
        return {
            "flow": flow,
            "day": self._day(),
            "amount": out,
            "moved": 0 if flow is Flow.CLEARING else out,
            "voucher": _reference("Ntry/NtryDtls/TxDtls/Refs/EndToEndId", transaction.get("Refs/EndToEndId", "")),
            "transaction": _reference("Ntry/AcctSvcrRef", next(filter(None, references), entry.get("NtryRef", ""))),
            "account": _read(account, f"RltdPties/{other}Acct", number) if number else "",
            "payee": _read(words, f"RltdPties/{other}", name),
            "text": _read(words, "RmtInf", text),
        }

    def _day(self) -> date:
        said = next(
            (self._said[at] for at in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm") if at in self._said), ""
        )
        found: date = _read(day, "Ntry/BookgDt", said[:10])
        return found


def _keep(said: dict[str, str], where: str, text: str) -> None:
    """Text that goes on in further elements of the same name is one text; of anything else the first one counts."""
    if not text:
        return
    if where == "RmtInf/Ustrd" and where in said:
        said[where] = f"{said[where]} {text}"[:_TEXT_MAX]
    else:
        said.setdefault(where, text)


def _amount(path: str, text: str) -> int:
    amount: int = _read(_fen, path, text)
    if amount < 0:
        raise _Wrong(path, "金额为负", "the amount is negative", LINES_LOST)
    return amount


def _reference(path: str, text: str) -> str:
    return "" if text in _NOT_PROVIDED else str(_read(code, path, text))


def _read(read: Any, path: str, text: str) -> Any:
    try:
        return read(text)
    except Unfit as unfit:
        raise _Wrong(path, unfit.zh, unfit.en, unfit.advice) from unfit


def _foreign(path: str, currency: str) -> _Wrong:
    advice = Name("请只取人民币账户的对账单", "take statements of yuan accounts alone")
    return _Wrong(path, f"币种不是人民币:{currency}", f"not in yuan: {currency}", advice)


def _differ(zh: str, en: str, said: int, found: int) -> Name:
    return Name(
        f"{zh} {grouped_yuan(said)} 元,按明细应为 {grouped_yuan(found)} 元",
        f"{en} {grouped_yuan(said)} yuan, by its details {grouped_yuan(found)}",
    )


def is_xml(begins: bytes) -> bool:
    """Whether a file that begins like this is XML."""
    return begins.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
