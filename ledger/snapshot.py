"""Rows of a Book as bytes and back: what a process begins with instead of folding the whole log.

MessagePack, read into the types that the registers declare: what lies in a database must not be able to run code. Bytes are
the same for the same row. They are good for the code that made them alone: registers hold what the rules of then put there.
"""

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, get_args, get_type_hints
from uuid import UUID

import msgspec
from pydantic import BaseModel

import ledger.domain
from ledger.codec import canonical
from ledger.domain.accounts import Account
from ledger.domain.book import OF_ACCOUNTS, OF_CELLS, PROJECT, Book, Held, HeldByCell, Register
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import RECORDED
from ledger.domain.movement import Movement
from ledger.domain.partial import Called, Row


class InvalidSnapshot(ValueError):
    """The bytes are not of a row that this code understands, or not those that were written."""


class Encoded(NamedTuple):
    """A row as it is kept: a hash of the name it goes by, an id of its own, the number of its table, and its bytes."""

    name: int
    id: UUID
    table: int
    bytes: bytes | None
    """None: it is gone."""


ALWAYS = 0
"""In place of the hash of a name: of rows that every Book has in memory."""
_SUM_BYTES = 8


def encoded(book: Book, table: str, key: Any, number: int) -> Encoded:
    """A row of a Book, as it stands at a number."""
    name, held, of = called(table, key), book.row(table, key), _encoder.encode(key)
    place = _places()[table]
    identity = UUID(bytes=hashlib.blake2b(of, digest_size=16, salt=place.to_bytes(2)).digest())
    state = None if held is None else _encoder.encode((key, held))
    return Encoded(
        ALWAYS if name is None else hash_of_name(name), identity, place, state and _sum(state, place, number) + state
    )


def decoded(table: int, kept: bytes, number: int) -> Row:
    """The row that was encoded at a number. Raises InvalidSnapshot."""
    sum_, state = kept[:_SUM_BYTES], kept[_SUM_BYTES:]
    if sum_ != _sum(state, table, number):
        raise InvalidSnapshot("its bytes are not those that were written")
    name, decoder = _decoders()[table]
    try:
        return Row(name, *decoder.decode(state))
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
        raise InvalidSnapshot(f"it cannot be read: {error}") from error


def _sum(state: bytes, table: int, number: int) -> bytes:
    """What tells bytes that were damaged, or lie under another number."""
    return hashlib.blake2b(b"%d %d " % (number, table) + state, digest_size=_SUM_BYTES).digest()


def hash_of_name(name: str) -> int:
    """What rows that go by a name are looked up by: 64 bits with their sign, and not ALWAYS. Others may share it."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True) or 1


def called(table: str, key: Any) -> str | None:
    """The name a row goes by; None: every Book has it in memory."""
    by = names().get(table)
    return by(key) if by else None


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


@cache
def _decoders() -> list[tuple[str, msgspec.msgpack.Decoder[Any]]]:
    """Of each table, by its number: its name, and what reads its rows."""
    types: dict[str, Any] = {OF_ACCOUNTS: (Account, Held), OF_CELLS: (Account, HeldByCell)}
    types |= {register.name: get_args(declared) for register, declared in _registers()}
    found = []
    for name, (key, value) in sorted(types.items()):
        pair = tuple[key, value]  # type: ignore[valid-type]  # known at run time alone
        found.append((name, msgspec.msgpack.Decoder(pair, dec_hook=_typed)))
    return found


@cache
def _places() -> dict[str, int]:
    return {name: place for place, (name, _) in enumerate(_decoders())}


def number_of_table(name: str) -> int:
    """Under which rows of a table are kept; the same for the same code."""
    return _places()[name]


@cache
def names() -> dict[str, Called]:
    """Of each table whose rows are brought when they are asked for: the name that a key goes by."""
    return {OF_ACCOUNTS: PROJECT} | {one.name: one.called for one, _ in _registers() if one.called}


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
