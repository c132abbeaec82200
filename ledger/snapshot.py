"""A Book as bytes and back: what a process begins with instead of folding the whole log.

MessagePack, read into the types that the registers declare: what lies in a database must not be able to run code. Bytes are
the same for the same Book. A snapshot is good for the code that made it alone: registers hold what the rules of then put there.
"""

import gc
import hashlib
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import import_module, resources
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import msgspec
from pydantic import BaseModel

import ledger.domain
from ledger.codec import canonical
from ledger.domain.accounts import Account
from ledger.domain.book import Book, Register
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import RECORDED
from ledger.domain.movement import Movement


class InvalidSnapshot(ValueError):
    """The bytes hold no Book that this code understands."""


class _Held(msgspec.Struct, array_like=True, gc=False):
    """Of an account: id of its cell, project, reference, balance and what moved on each day, in fen.

    Its own id is its place in the list, from 1.
    """

    cell: int
    project: str | None
    ref: str | None
    amount: int
    days: list[tuple[date, int]]


class _State(msgspec.Struct, array_like=True):
    number: int
    vouchers: list[tuple[int, int]]
    cells: list[tuple[Account, int]]
    """In the order of their ids, from 1, with balances in fen."""
    accounts: list[_Held]
    registers: dict[str, msgspec.Raw]


def book_in_bytes(book: Book) -> bytes:
    """The Book, of which everything is committed."""
    cell_ids, cell_of, balances, by_day = book.cell_ids, book.cell_of, book.balances, book.by_day
    accounts = [
        _Held(
            cell_ids[cell_of[account]], account.project, account.ref, balances[account], list(by_day[account].items())
        )
        for account in book.account_ids
    ]
    registers = {name: msgspec.Raw(_encoder.encode(list(rows.items()))) for name, rows in book.registers.items()}
    cells = [(cell, book.cells[cell]) for cell in cell_ids]
    return _encoder.encode(_State(book.number, list(book.vouchers.items()), cells, accounts, registers))


def book_from_bytes(encoded: bytes) -> Book:
    """The Book that was encoded. Raises InvalidSnapshot."""
    collects = gc.isenabled()
    gc.disable()  # millions of objects are made and none becomes garbage: looking for it would take longer than making them
    try:
        state = _decoder.decode(encoded)
        book = Book()
        _restore_accounts(book, state)
        decoders = _decoders()
        for name, rows in state.registers.items():
            book.registers[name] = dict(decoders[name].decode(rows))
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
        raise InvalidSnapshot(f"the snapshot cannot be read: {error}") from error
    finally:
        if collects:
            gc.enable()
    book.vouchers = dict(state.vouchers)
    book.advance(state.number)
    book.commit()
    return book


def _restore_accounts(book: Book, state: _State) -> None:
    """Table by table: there may be millions of them."""
    held, cells = state.accounts, [cell for cell, _ in state.cells]
    cell_of = [cells[one.cell - 1] for one in held]
    accounts = [
        Account(cell[0], cell[1], cell[2], cell[3], cell[4], one.project, cell[6], one.ref)
        for one, cell in zip(held, cell_of, strict=True)
    ]
    book.cells = dict(state.cells)
    book.cell_ids = {cell: number for number, cell in enumerate(cells, 1)}
    book.account_ids = {account: number for number, account in enumerate(accounts, 1)}
    book.cell_of = dict(zip(accounts, cell_of, strict=True))
    book.balances = dict(zip(accounts, [one.amount for one in held], strict=True))
    book.by_day = dict(zip(accounts, [dict(one.days) for one in held], strict=True))
    accounts_of: dict[str, list[Account]] = {}
    for account in accounts:
        if account.project is not None:
            accounts_of.setdefault(account.project, []).append(account)
    book.accounts_of = {project: tuple(found) for project, found in accounts_of.items()}


# -- the types of the registers are those that each subject declares


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return canonical(value.model_dump(exclude_none=True))
    raise NotImplementedError(f"a Book holds no {type(value).__name__}")


def _typed(kind: type, value: Any) -> Any:
    if issubclass(kind, Movement):
        return ANY_MOVEMENT.validate_json(value, context=RECORDED)
    if issubclass(kind, BaseModel):
        return kind.model_validate_json(value, context=RECORDED)
    raise NotImplementedError(f"a Book holds no {kind.__name__}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain, order="deterministic")
_decoder = msgspec.msgpack.Decoder(_State)


@cache
def _decoders() -> dict[str, msgspec.msgpack.Decoder[Any]]:
    found = {}
    for register, declared in _registers():
        key, value = get_args(declared)
        pairs = list[tuple[key, value]]  # type: ignore[valid-type]  # known at run time alone
        found[register.name] = msgspec.msgpack.Decoder(pairs, dec_hook=_typed)
    return found


def _registers() -> Iterator[tuple[Register[Any, Any], Any]]:
    """Every register of the domain with the type it is declared with."""
    for module in iter_modules(ledger.domain.__path__, f"{ledger.domain.__name__}."):
        import_module(module.name)
        found = vars(sys.modules[module.name])
        declared = found.get("__annotations__", {})
        mine = {name for name, value in found.items() if isinstance(value, Register) and name in declared}
        if mine:
            types = get_type_hints(sys.modules[module.name])
            yield from ((found[name], types[name]) for name in sorted(mine))


@cache
def code() -> bytes:
    """What a snapshot depends on: the code of the domain, which fills the registers, and of this module. A SHA-256."""
    here = resources.files("ledger")
    files = [*(here / "domain").iterdir(), here / "snapshot.py"]
    return hash_of({file.name: file.read_bytes() for file in files if file.name.endswith(".py")})


def hash_of(files: Mapping[str, bytes]) -> bytes:
    """Of names and contents, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name]).digest())
    return digest.digest()
