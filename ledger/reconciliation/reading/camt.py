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
from ledger.importing.unpacking import plain_parser
from ledger.importing.values import Unfit
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.cells import TEXT_MAX, account, code, day, fen_in, words
from ledger.reconciliation.reading.complaints import Complaints
from ledger.reconciliation.reading.facts import bank_flow
from ledger.reconciliation.reading.markup import CHUNK, DEPTH_MAX, fed, pieces, too_long
from ledger.reconciliation.reading.places import Place
from ledger.reconciliation.reading.tally import LINES_LOST, Tally

VERSIONS = re.compile(r"camt\.053\.001\.(0[2-9]|1[0-3])")
_MESSAGE = re.compile(r"[a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")
_TEXT_MAX = 20_000
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NONREF"})
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_fen = fen_in(100)

_NAMES = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Id")
_COUNTED = ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries")
_SUMMARY = tuple(f"{kind}/{figure}" for kind in _COUNTED for figure in ("NbOfNtries", "Sum"))
_DAYS = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
_OF_ENTRY = ("Amt", "CdtDbtInd", "RvslInd", "Sts", "Sts/Cd", *_DAYS, "NtryRef", "AcctSvcrRef", "AddtlNtryInf")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
_PARTIES = {
    who: tuple(f"RltdPties/{who}{what}" for what in ("/Nm", "/Pty/Nm", "Acct/Id/Othr/Id", "Acct/Id/IBAN"))
    for who in ("Cdtr", "Dbtr")
}
_RETURNED, _WHY_RETURNED = "RtrInf/*", "RtrInf/AddtlInf"
_RETURNS = frozenset({_RETURNED, _WHY_RETURNED})
_OF_TRANSACTION = (
    *("Refs/EndToEndId", "Refs/AcctSvcrRef", "Refs/TxId", "CdtDbtInd", *_AMOUNTS, *_PARTIES["Cdtr"], *_PARTIES["Dbtr"]),
    *("RmtInf/Ustrd", "AddtlTxInf", _WHY_RETURNED),
)


def _broken(why: str) -> NoReturn:
    advice = Name("请向银行重新取得文件", "get the file from the bank anew")
    raise whole_file("XML 文件已损坏", f"the XML is broken ({why})", advice)


Told = dict[str, Any]
"""What a line is made of, but for its key."""


class Camt:
    """A camt.053 file being read. ``tallies``: of its statements, in their order.

    Its handlers are called for every element, of which an entry has about forty: they are what reading costs. What is read
    therefore has its places, made beforehand; whatever else there is has one place together.
    """

    def __init__(self) -> None:
        self.tallies: list[Tally] = []
        self._known = False
        self._lines: list[Line] = []
        self._entries = self._given = 0
        self._complaints = Complaints()
        self._statement, self._entry = _Statement(), _Entry()
        self._outside, self._stated = Place(), self._places()
        self._booked = self._stated.at("Ntry")
        self._open = [self._outside]
        self._text = ""

    def lines(self, file: BinaryIO, complaints: Complaints) -> Iterator[Line]:
        """The lines of all statements; complaints of what is wrong. Raises Faulty for what is no camt.053."""
        self._complaints = complaints
        self._parser = parser = plain_parser()
        parser.buffer_text, parser.buffer_size = True, CHUNK
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        for _ in fed(parser, pieces(file), _broken):
            yield from self._lines
            self._lines = []
        if not self._known:
            _not_camt("")

    def _places(self) -> Place:
        """Where in a statement what stands, and what is to be done there."""
        statement, entry, nothing = self._statement, self._entry, Place()
        top = Place(nothing)
        top.begins, top.ends = statement.begin, self._settle
        top.keep(_NAMES, statement.names)
        balance, booked = top.at("Bal"), top.at("Ntry")
        balance.begins, balance.ends = statement.balance.clear, statement.end_balance
        balance.keep(("Tp/CdOrPrtry/Cd", "Amt", "CdtDbtInd"), statement.balance)
        top.at("TxsSummry").keep(_SUMMARY, statement.summary)
        booked.begins, booked.ends = entry.begin, self._book
        booked.keep(_OF_ENTRY, entry.said)
        details = booked.at("NtryDtls")
        details.begins, details.ends = entry.begin_batch, entry.end_batch
        details.keep(("Btch/NbOfTxs",), entry.batch)
        told = details.at("TxDtls")
        told.begins, told.ends = entry.transaction.clear, entry.end_transaction
        told.at("RtrInf").other = Place(kept=entry.transaction, name=_RETURNED)
        told.keep(_OF_TRANSACTION, entry.transaction)
        return top

    def _start(self, name: str, said: dict[str, str]) -> None:
        place = self._open[-1].below.get(name) or self._entered(name, said)
        self._open.append(place)
        if len(self._open) > DEPTH_MAX:
            too_long(self._parser.CurrentLineNumber)
        self._text = ""
        if place.begins is not None:
            place.begins()
        elif said and place.money:
            self._currency(place, said.get("Ccy", "CNY"))

    def _entered(self, name: str, said: dict[str, str]) -> Place:
        """The place of an element that is met by this name for the first time."""
        around, tag = self._open[-1], name.rpartition(":")[2]
        if around is not self._outside:
            return around.enter(name, tag)
        if tag == "Document" and not self._known:
            spaces = " ".join(value for name, value in said.items() if name.startswith("xmlns"))
            if not VERSIONS.search(spaces):
                _not_camt(spaces)
            self._known = True
        return self._stated if tag == "Stmt" and self._known else self._outside

    def _currency(self, place: Place, currency: str) -> None:
        if place.kept is self._entry.transaction:
            place.kept[f"{place.name}@"] = currency
        elif currency != "CNY":
            self._complain(_foreign("Bal/Amt" if place.kept is self._statement.balance else "Ntry/Amt", currency))

    def _said(self, text: str) -> None:
        self._text += text
        if len(self._text) > _TEXT_MAX:
            too_long(self._parser.CurrentLineNumber)

    def _end(self, _: str) -> None:
        place, text = self._open[-1], self._text
        self._text = ""
        if place.kept is not None:
            if text and (text := text.strip()):
                _keep(place.kept, place.name, text)
        elif place.ends is not None:
            try:
                self._tell(place.ends())
            except _Wrong as wrong:
                self._complain(wrong)
            self._entries += place is self._booked
        self._open.pop()

    def _tell(self, told: Told | None) -> None:
        if told is not None:
            self._given += 1
            line = Line(key=self._given, **told)
            self._statement.tally.take(line)
            self._lines.append(line)

    def _book(self) -> Told | None:
        return self._entry.rest(self._statement.count(self._entry))

    def _settle(self) -> None:
        self.tallies.append(self._statement.tally)
        for said, path in self._statement.settled():
            self._complaints.add(Fault(None, path, said.zh, said.en, LINES_LOST))

    def _complain(self, wrong: "_Wrong") -> None:
        """The row is the entry's number in the file; None outside of entries."""
        entry = self._entries + 1 if self._booked in self._open else None
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


class _Statement:
    """The statement that is being read: balances and summary first, then its entries."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.balance: dict[str, str] = {}
        self.summary: dict[str, str] = {}
        self.begin()

    def begin(self) -> None:
        self.tally = Tally("")
        for said in (self.names, self.balance, self.summary):
            said.clear()
        self._balances: dict[str, int] = {}
        self._counted = {kind: [0, 0] for kind in _COUNTED}
        self._moved = 0

    def end_balance(self) -> None:
        kind = self.balance.get("Tp/CdOrPrtry/Cd", "")
        amount = _amount("Bal/Amt", self.balance.get("Amt", ""))
        self._balances[kind] = amount if self.balance.get("CdtDbtInd") != "DBIT" else -amount

    def count(self, entry: "_Entry") -> int:
        """An entry, for what the statement says of all of them; answers with its amount in fen."""
        amount = 0
        for kind in ("TtlNtries", "TtlDbtNtries" if entry.out else "TtlCdtNtries"):
            self._counted[kind][0] += 1
            amount = entry.amount
            self._counted[kind][1] += amount
        if entry.booked:
            self._moved += amount if entry.out else -amount
        return amount

    def settled(self) -> Iterator[tuple[Name, str]]:
        """Tells the tally its name and balances, and what in the statement's own figures does not add up."""
        self.tally.name = next((self.names[path] for path in _NAMES if path in self.names), "")
        self.tally.opening = next((self._balances[kind] for kind in _OPENING if kind in self._balances), None)
        self.tally.closing = next((self._balances[kind] for kind in _CLOSING if kind in self._balances), None)
        if self.tally.opening is not None and self.tally.closing is not None:
            expected = self.tally.opening - self._moved
            if expected != self.tally.closing:
                yield _differ("期末余额", "closing balance", self.tally.closing, expected), "Bal"
        for kind, (count, amount) in self._counted.items():
            said = self.summary.get(f"{kind}/NbOfNtries", "")
            if said.isdecimal() and int(said) != count:
                zh = f"分录笔数应为 {said},实有 {count}"
                yield Name(zh, f"{said} entries are announced, {count} are there"), f"TxsSummry/{kind}/NbOfNtries"
            said = self.summary.get(f"{kind}/Sum", "")
            if said and (total := _amount(f"TxsSummry/{kind}/Sum", said)) != amount:
                yield _differ("分录合计", "sum of entries", total, amount), f"TxsSummry/{kind}/Sum"


class _Entry:
    """The entry that is being read, and the transactions in it as they come; a batch may hold any number of them."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.transaction: dict[str, str] = {}
        self.batch: dict[str, str] = {}
        self.begin()

    def begin(self) -> None:
        for said in (self.said, self.transaction, self.batch):
            said.clear()
        self._in_batch = self._given = self._sum = self._without_amount = 0
        self._single: dict[str, str] = {}

    def begin_batch(self) -> None:
        self.batch.clear()
        self._in_batch = 0

    @property
    def out(self) -> bool:
        return self.said.get("CdtDbtInd") == "DBIT"

    @property
    def amount(self) -> int:
        return _amount("Ntry/Amt", self.said.get("Amt", ""))

    @property
    def booked(self) -> bool:
        return (self.said.get("Sts") or self.said.get("Sts/Cd", "BOOK")) == "BOOK"

    def end_batch(self) -> None:
        said = self.batch.get("Btch/NbOfTxs", "")
        if said.isdecimal() and self._in_batch and int(said) != self._in_batch:
            zh = f"批次应有 {said} 笔,实有 {self._in_batch} 笔"
            en = f"the batch announces {said} transactions, {self._in_batch} are there"
            raise _Wrong("NtryDtls/Btch/NbOfTxs", zh, en, LINES_LOST)

    def end_transaction(self) -> Told | None:
        """The line of a transaction that says its own amount."""
        transaction = self.transaction
        self._in_batch += 1
        path = next((path for path in _AMOUNTS if path in transaction), "")
        if not path:
            self._without_amount += 1
            self._single = dict(transaction)
            return None
        if transaction.get(f"{path}@", "CNY") != "CNY":
            raise _foreign(f"Ntry/NtryDtls/TxDtls/{path}", transaction[f"{path}@"])
        amount = _amount(f"Ntry/NtryDtls/TxDtls/{path}", transaction[path])
        out = transaction.get("CdtDbtInd", self.said.get("CdtDbtInd")) == "DBIT"
        self._given += 1
        self._sum += amount if out == self.out else -amount
        return self._line(transaction, amount if out else -amount) if self.booked else None

    def rest(self, amount: int) -> Told | None:
        """At its end: the entry as one line where its transactions say no amounts; else they have to add up to it."""
        if not self._given and self.booked:
            return self._line(self._single if self._without_amount == 1 else {}, amount if self.out else -amount)
        if self._given and (self._without_amount or self._sum != amount):
            words_of = _differ("分录金额", "amount of the entry", amount, self._sum)
            raise _Wrong("Ntry/Amt", words_of.zh, words_of.en, LINES_LOST)
        return None

    def _line(self, transaction: dict[str, str], out: int) -> Told:
        entry = self.said
        if entry.get("CdtDbtInd") not in {"DBIT", "CRDT"}:
            raise _Wrong("Ntry/CdtDbtInd", "没有借贷方向", "neither DBIT nor CRDT", LINES_LOST)
        if not out:
            raise _Wrong("Ntry/Amt", "金额为零", "the amount is zero", LINES_LOST)
        comes_back = entry.get("RvslInd") in {"true", "1"} or not _RETURNS.isdisjoint(transaction)
        # A reversal moves money the other way and still names the parties of what it reverses.
        other = "Cdtr" if (out > 0) != (entry.get("RvslInd") in {"true", "1"}) else "Dbtr"
        name, person, number, iban = (transaction.get(path, "") for path in _PARTIES[other])
        name, number = name or person, number or iban
        said = [transaction.get(path, "") for path in ("RmtInf/Ustrd", "AddtlTxInf", _WHY_RETURNED)]
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
        said = next((self.said[at] for at in _DAYS if at in self.said), "")
        found: date = _read(day, "Ntry/BookgDt", said[:10])
        return found


def _keep(kept: dict[str, str], name: str, text: str) -> None:
    """Text that goes on in further elements of the same name is one text; of anything else the first one counts."""
    if name not in kept:
        kept[name] = text
    elif name == "RmtInf/Ustrd":
        kept[name] = f"{kept[name]} {text}"[:_TEXT_MAX]


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
