"""The journal searched 业务检索: by words in Chinese and English, codes, who acted, documents, parties and amounts.

What a movement is found by: its kind, who acted, the codes and documents it names, the accounts it posts to, and the names of
its project and parties as they were when it was recorded. Not by the movements inside a proposal, and never by a sealed text.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import Posted, Recorded, recorded_in
from ledger.domain.book import Book
from ledger.domain.catalogue import PLANS
from ledger.domain.movement import MOVEMENTS, sealed_fields
from ledger.domain.special import all_specials
from ledger.projections.follower import Page, Projection, stands_at
from ledger.projections.journal import snapshot
from ledger.projections.words import all_of, as_vector, asked, field, found_by
from ledger.store import Store

_PARTIES = ("credit_code", "undertaker", "recommender", "payee", "pledger")
_SPECIALS = ("special", "from_special", "to_special", "into")
_UNSEARCHED = frozenset({"kind", "effective_on", "period", "digest", "statement", *_SPECIALS})
"""Found otherwise, or hashes."""
WINDOW = 20_000
"""Numbers looked through first; where they hold too little, four times as many before them, and so on."""
LOOKED_AT_MAX = 2_000
"""Hits looked at for one page by somebody who does not see them all; then it ends early and says where to go on."""


class _Called(NamedTuple):
    """What a project or a party is called; of a project also the credit codes of those it belongs to."""

    name: str
    undertaker: str | None = None
    recommender: str | None = None


class Searched(Projection):
    """A row for each movement; what projects and parties are called is remembered as it is heard."""

    name = "search"
    tables = ("searched_name", "searched")

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        self.called: dict[str, _Called | None] = {}

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        read = [(one, msgspec.json.decode(one.request)) for one in page.posted]
        codes = {code for one, request in read for code in (*_projects(one, request), *_parties(request))}
        self._recall(connection, page.ledger, codes)
        belonging = (self.called[code] for code in codes)
        self._recall(connection, page.ledger, {code for known in belonging if known for code in known[1:] if code})
        heard: dict[str, _Called] = {}
        rows = []
        for one, request in read:
            heard |= self._hear(one.kind, request)
            rows.append(self._row(one, request))
        _write(connection, page.ledger, rows, heard)

    def _recall(self, connection: Connection[TupleRow], ledger: UUID, codes: set[str]) -> None:
        missing = codes - self.called.keys()
        self.called |= dict.fromkeys(missing)
        found = connection.execute(
            "SELECT code, name, undertaker, recommender FROM searched_name WHERE ledger = %s AND code = ANY(%s)",
            (ledger, list(missing)),
        )
        self.called |= {code: _Called(*known) for code, *known in found}

    def _hear(self, kind: str, request: dict[str, Any]) -> dict[str, _Called]:
        """What a movement calls a project or a party."""
        if kind in ("PartyRegistered", "PartyRenamed"):
            new = {request["credit_code"]: _Called(request["name"])}
        elif kind in ("ProjectRegistered", "ProjectAmended"):
            code = request["project"]
            before = self.called.get(code) or _Called("")
            new = {code: before._replace(**{k: v for k, v in _as_called(request).items() if v is not None})}
        else:
            return {}
        self.called |= new
        return new

    def _row(self, one: Posted, request: dict[str, Any]) -> tuple[int, str, str, int | None]:
        """Number, words, texts in lines, and the amount."""
        projects, parties = _projects(one, request), set(_parties(request))
        known = [self.called.get(code) for code in projects]
        parties |= {code for project in known if project for code in project[1:] if code}
        names = [project.name for project in known if project]
        names += [party.name for code in parties if (party := self.called.get(code))]
        specials = {leg.account.special for leg in one.legs} | {request.get(name) for name in _SPECIALS}
        refs = [leg.account.ref for leg in one.legs if leg.account.ref]
        texts = dict.fromkeys([one.actor, *projects, *parties, *names, *refs, *_said(one.kind, request)])
        found = [found_by(text) for text in texts]
        words = {field("kind", one.kind), field("actor", one.actor)}
        words |= {field("project", code) for code in projects} | {field("party", code) for code in parties}
        words |= {field("special", code) for code in specials if code}
        words |= {field("document", number) for number in _documents(request)}
        words = words.union(*(lexemes for _, lexemes in found))
        return one.number, as_vector(words), "\n".join(text for text, _ in found), _largest(one, request)


def _as_called(request: dict[str, Any]) -> dict[str, str | None]:
    return {
        "name": request.get("title"),
        "undertaker": request.get("undertaker"),
        "recommender": request.get("recommender"),
    }


def _projects(one: Posted, request: dict[str, Any]) -> list[str]:
    found = dict.fromkeys(leg.account.project for leg in one.legs if leg.account.project)
    return [*found, *([own] if (own := request.get("project")) and own not in found else ())]


def _parties(request: dict[str, Any]) -> list[str]:
    return [*(code for name in _PARTIES if (code := request.get(name))), *request.get("partners", ())]


def _said(kind: str, request: dict[str, Any]) -> Iterator[str]:
    """The texts of a movement's own fields: codes, names, and numbers of documents; none that is sealed."""
    for name, value in request.items():
        if name in _UNSEARCHED or name in _sealed(kind):
            continue
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from filter(None, [value.get("number")])
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


def _documents(request: dict[str, Any]) -> list[str]:
    return [value["number"] for value in request.values() if isinstance(value, dict) and "number" in value]


@cache
def _sealed(kind: str) -> frozenset[str]:
    return frozenset(name for name, _ in sealed_fields(MOVEMENTS[kind]))


def _largest(one: Posted, request: dict[str, Any]) -> int | None:
    return max((abs(leg.amount) for leg in one.legs), default=request.get("amount"))


def _write(
    connection: Connection[TupleRow],
    ledger: UUID,
    rows: Sequence[tuple[int, str, str, int | None]],
    heard: dict[str, _Called],
) -> None:
    with connection.cursor().copy("COPY searched (ledger, number, words, text, amount) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((ledger, *row))
    if heard:
        connection.execute(
            "INSERT INTO searched_name (ledger, code, name, undertaker, recommender) "
            "SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) "
            "ON CONFLICT (ledger, code) DO UPDATE SET (name, undertaker, recommender) = "
            "(excluded.name, excluded.undertaker, excluded.recommender)",
            (ledger, list(heard), *map(list, zip(*heard.values(), strict=True))),
        )


# -- asking


class Asked(NamedTuple):
    """What is looked for; whatever is named must hold. Amounts in fen, of the largest entry, inclusive."""

    words: str = ""
    kind: str | None = None
    actor: str | None = None
    project: str | None = None
    special: str | None = None
    party: str | None = None
    document: str | None = None
    from_amount: int | None = None
    to_amount: int | None = None

    def fields(self) -> list[str]:
        names = ("kind", "actor", "project", "special", "party", "document")
        return [field(name, value) for name in names if (value := getattr(self, name)) is not None]


class Hit(NamedTuple):
    """A movement that was found, with the largest of its entries in fen."""

    recorded: Recorded
    amount: int | None


class Hits(NamedTuple):
    """The newest first; ``standing``: the number that the search has come to. ``more``: below which number to go on."""

    hits: list[Hit]
    standing: int
    more: int | None


def names(book: Book) -> dict[str, list[str]]:
    """What kinds and specials are called, in both languages, and the plans of these: lexeme → names."""
    called = {field("kind", name): [name, *kind.label] for name, kind in MOVEMENTS.items()}
    plans = {str(plan): name for plan, name in PLANS.items()}
    for code, state in all_specials(book).items():
        called[field("special", code)] = [code, *state.name, *plans.get(str(state.plan), ()), str(state.plan)]
    return called


def search(
    store: Store,
    ledger: UUID,
    wanted: Asked,
    named: dict[str, list[str]],
    *,
    before: int | None,
    limit: int,
    seen: Callable[[Sequence[Recorded]], Sequence[Recorded]] = list,
) -> Hits:
    """A page of the movements that hold every word and field, the newest first; ``seen`` leaves those that somebody sees."""
    words = asked(wanted.words, named)
    query = all_of(words, wanted.fields())
    condition = "searched.ledger = %(ledger)s AND searched.number BETWEEN %(low)s AND %(high)s "
    condition += "AND words @@ %(query)s::tsquery " if query else ""
    values: dict[str, Any] = {"ledger": ledger, "query": query, "limit": limit}
    for place, word in enumerate(words):
        holds = f"text LIKE %(pattern{place})s"
        condition += f"AND ({holds} OR words @@ %(names{place})s::tsquery) " if word.names else f"AND {holds} "
        values |= {f"pattern{place}": word.pattern, f"names{place}": word.names}
    for name, sign in (("from_amount", ">="), ("to_amount", "<=")):
        condition += f"AND amount {sign} %({name})s " if getattr(wanted, name) is not None else ""
    values |= {"from_amount": wanted.from_amount, "to_amount": wanted.to_amount}
    statement = (
        "SELECT movement.ledger, movement.number, kind, state, amount FROM searched "
        f"JOIN movement ON movement.ledger = searched.ledger AND movement.number = searched.number WHERE {condition} "
        "ORDER BY searched.number DESC LIMIT %(limit)s"
    )
    with snapshot(store, ledger) as (connection, _):
        standing = stands_at(connection, ledger, Searched)
        found: list[Hit] = []
        high = standing if before is None else min(before - 1, standing)
        width, looked = WINDOW, 0
        while high >= 1 and len(found) < limit and looked < LOOKED_AT_MAX:
            low = max(1, high - width + 1)
            rows = connection.execute(statement, {**values, "low": low, "high": high}, binary=True).fetchall()
            looked += len(rows)
            hits = {row[1]: Hit(recorded_in(StoredEvent(*row[:4])), row[4]) for row in rows}
            found += [hits[one.number] for one in seen([hit.recorded for hit in hits.values()])]
            high, width = (rows[-1][1] - 1, width) if len(rows) == limit else (low - 1, 4 * width)
        if len(found) > limit:
            found = found[:limit]
            high = found[-1].recorded.number - 1
    return Hits(found, standing, high + 1 if high >= 1 else None)
