"""Working papers 审计抽样底稿: a sample as it was drawn, and what auditors write of it until a second one reviews it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec

from ledger.audit.tree import SIZE, proofs
from ledger.codec import Recorded
from ledger.projections.journal import recorded_at, recorded_by, standing
from ledger.projections.population import Population, leaves, movements_of
from ledger.sampling.checks import Findings, Outcome, fixed_figure
from ledger.sampling.drawing import Drawing, Item, Method, draw, interval_for
from ledger.sampling.refusals import ITEMS_MAX, NotSampled, NotSampledFor
from ledger.store import Store


class Asked(NamedTuple):
    """A sample as somebody asks for it. ``at`` of the population 0: as of now."""

    paper: str
    matter: str
    population: Population
    drawing: Drawing


class Sample(NamedTuple):
    """A sample with its population (movements, fen) and the root (hex) of the tree over all leaves up to its number.

    ``version``: one more with each change of the conclusion or the review. People by their subjects; instants UTC.
    """

    id: int
    paper: str
    matter: str
    population: Population
    drawing: Drawing
    movements: int
    amount: int
    root: str
    prepared_by: str
    prepared_at: datetime
    conclusion: str
    reviewed_by: str | None
    reviewed_at: datetime | None
    version: int
    items: int
    finished: int
    exceptions: int


class SampleItem(NamedTuple):
    """An item, its place counted from 1: the movement and its amount (fen), its leaf and the path to the root (hex)."""

    item: int
    number: int
    amount: int
    leaf: str
    proof: tuple[str, ...]
    findings: Findings
    kept_by: str | None
    version: int


class Drawn(NamedTuple):
    """A paper whole: what its items are in the log, when its number was recorded (UTC), and the items drawn once more."""

    sample: Sample
    items: Sequence[SampleItem]
    recorded: Mapping[int, Recorded]
    recorded_at: datetime
    again: Sequence[Item]


class Papers:
    """The working papers of one ledger. ``by`` is the subject of whoever asks."""

    def __init__(self, store: Store, ledger: UUID) -> None:
        self._store, self._ledger = store, ledger

    # -- drawing

    def draw(self, asked: Asked, by: str) -> Sample:
        """Draw and keep a sample; the same one, asked for again under its paper number, is answered. Raises NotSampled."""
        asked = asked._replace(drawing=_normal(asked.drawing))
        if (kept := self._of_paper(asked.paper)) is not None:
            return _the_same(kept, asked, by)
        population, drawn, asked = self._drawn(self._dated(asked))
        lines = leaves(self._store, self._ledger, asked.population.at)
        proven = proofs(lines, [item.number - 1 for item in drawn])
        rows = [
            (place, item.number, item.amount, _leaf(lines, item.number), b"".join(proven.paths[item.number - 1]))
            for place, item in enumerate(drawn, 1)
        ]
        total = sum(item.amount for item in population)
        values = (self._ledger, asked.paper, asked.matter, _json(asked.population), _json(asked.drawing))
        with self._store.writers.connection() as connection:
            made = connection.execute(
                "INSERT INTO sample (ledger, paper, matter, population, drawing, movements, amount, root, prepared_by) "
                "VALUES (%s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
                (*values, len(population), total, proven.root, by),
            ).fetchone()
            if made is not None:
                connection.cursor().executemany(
                    "INSERT INTO sample_item (ledger, sample, item, number, amount, leaf, proof, checks) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                    [(self._ledger, made[0], *row, list(Findings().checks)) for row in rows],
                )
        kept = self._of_paper(asked.paper)
        assert kept is not None
        return kept if made else _the_same(kept, asked, by)

    def _dated(self, asked: Asked) -> Asked:
        """With the number it is as of. Raises NotSampled."""
        stands, at = standing(self._store, self._ledger), asked.population.at
        if at > stands:
            raise NotSampled(NotSampledFor.NUMBER_TO_COME)
        return asked._replace(population=asked.population._replace(at=at or stands))

    def _drawn(self, asked: Asked) -> tuple[list[Item], list[Item], Asked]:
        """The population, what is drawn of it, and by which interval. Raises NotSampled."""
        population, how = self._population(asked.population), asked.drawing
        if not population:
            raise NotSampled(NotSampledFor.POPULATION_EMPTY)
        if how.method is Method.MONETARY_UNIT and how.interval is None:
            assert how.size is not None
            how = how._replace(interval=interval_for(sum(item.amount for item in population), how.size))
        drawn = draw(population, how)
        if not drawn:
            raise NotSampled(NotSampledFor.NOTHING_DRAWN)
        if len(drawn) > ITEMS_MAX:
            raise NotSampled(NotSampledFor.SAMPLE_TOO_LARGE)
        return population, drawn, asked._replace(drawing=how)

    def _population(self, asked: Population) -> list[Item]:
        return [Item(*row) for row in movements_of(self._store, self._ledger, asked)]

    # -- looking

    def newest(self, before: int | None, limit: int) -> list[Sample]:
        """Samples before an id, the newest first."""
        return self._samples("id < %s ORDER BY id DESC LIMIT %s", before or 2**62, limit)

    def sample(self, id_: int) -> Sample:
        """One of them. Raises NotSampled."""
        found = self._samples("id = %s", id_)
        if not found:
            raise NotSampled(NotSampledFor.UNKNOWN_SAMPLE)
        return found[0]

    def items(self, id_: int) -> list[SampleItem]:
        """The items of a sample, in the order in which they were drawn."""
        return self._items("sample = %s ORDER BY item", id_)

    def whole(self, id_: int) -> Drawn:
        """A paper with all that its sheet says; drawn once more from the log by what the paper says alone. Raises NotSampled."""
        sample, items = self.sample(id_), self.items(id_)
        at = sample.population.at
        recorded = recorded_by(self._store, self._ledger, [item.number for item in items])
        when = recorded_at(self._store, self._ledger, [at])[at]
        return Drawn(sample, items, recorded, when, draw(self._population(sample.population), sample.drawing))

    def _of_paper(self, paper: str) -> Sample | None:
        return next(iter(self._samples("paper = %s", paper)), None)

    def _samples(self, which: LiteralString, *values: Any) -> list[Sample]:
        query: LiteralString = (
            "SELECT id, paper, matter, population, drawing, movements, amount, root, prepared_by, prepared_at, conclusion, "
            "reviewed_by, reviewed_at, version FROM sample WHERE ledger = %s AND "
        )
        with self._store.readers.connection() as connection:
            rows = connection.execute(f"{query}{which}", (self._ledger, *values)).fetchall()
            told = {row[0]: [0, 0, 0] for row in rows}
            for of, *findings in connection.execute(
                "SELECT sample, checks, exception, criterion FROM sample_item WHERE ledger = %s AND sample = ANY(%s)",
                (self._ledger, list(told)),
            ):
                found = _findings(*findings)
                told[of] = [
                    n + more for n, more in zip(told[of], (1, found.finished, bool(found.exception)), strict=True)
                ]
        return [_sample(row, told[row[0]]) for row in rows]

    def _items(self, which: LiteralString, *values: Any) -> list[SampleItem]:
        query: LiteralString = (
            "SELECT item, number, amount, leaf, proof, kept_by, version, checks, exception, criterion, reply, conclusion, figure "
            "FROM sample_item WHERE ledger = %s AND "
        )
        with self._store.readers.connection() as connection:
            rows = connection.execute(f"{query}{which}", (self._ledger, *values)).fetchall()
        return [_item(row) for row in rows]

    # -- writing beside it

    def fill_in(self, id_: int, item: int, found: Findings, version: int, by: str) -> SampleItem:
        """Keep what was found of an item, where nobody changed it since ``version``. Raises NotSampled."""
        found = found._replace(figure=fixed_figure(found.figure))
        with self._store.writers.connection() as connection:
            self._check_open(connection, id_)
            kept = next(iter(self._items("sample = %s AND item = %s", id_, item)), None)
            if kept is None:
                raise NotSampled(NotSampledFor.UNKNOWN_SAMPLE)
            if kept.findings == found:
                return kept
            if kept.version != version:
                raise NotSampled(NotSampledFor.PAPER_CHANGED)
            connection.execute(
                "UPDATE sample_item SET checks = %s, exception = %s, criterion = %s, reply = %s, conclusion = %s, figure = %s, "
                "kept_by = %s, version = version + 1 WHERE ledger = %s AND sample = %s AND item = %s",
                (list(found.checks), *found[1:], by, self._ledger, id_, item),
            )
        return kept._replace(findings=found, kept_by=by, version=version + 1)

    def conclude(self, id_: int, conclusion: str, version: int, by: str) -> Sample:
        """Keep the conclusion of a paper, where nobody changed it since ``version``. Raises NotSampled."""
        with self._store.writers.connection() as connection:
            self._check_open(connection, id_)
            kept = self.sample(id_)
            if kept.conclusion == conclusion:
                return kept
            if kept.version != version:
                raise NotSampled(NotSampledFor.PAPER_CHANGED)
            connection.execute(
                "UPDATE sample SET conclusion = %s, concluded_by = %s, version = version + 1 WHERE ledger = %s AND id = %s",
                (conclusion, by, self._ledger, id_),
            )
        return self.sample(id_)

    def review(self, id_: int, by: str) -> Sample:
        """Somebody who wrote nothing of it reviewed the paper; from then on nothing of it is changed. Raises NotSampled."""
        with self._store.writers.connection() as connection:
            reviewed_by, concluded_by = self._lock(connection, id_)
            kept, items = self.sample(id_), self.items(id_)
            if reviewed_by == by:
                return kept
            if reviewed_by is not None:
                raise NotSampled(NotSampledFor.PAPER_REVIEWED)
            if by in {kept.prepared_by, concluded_by, *(item.kept_by for item in items)}:
                raise NotSampled(NotSampledFor.OWN_PAPER)
            if not kept.conclusion or not all(item.findings.finished for item in items):
                raise NotSampled(NotSampledFor.PAPER_UNFINISHED)
            connection.execute(
                "UPDATE sample SET reviewed_by = %s, reviewed_at = clock_timestamp(), version = version + 1 "
                "WHERE ledger = %s AND id = %s",
                (by, self._ledger, id_),
            )
        return self.sample(id_)

    def take_review_back(self, id_: int, by: str) -> Sample:
        """Whoever reviewed the paper takes that back; it may be changed again. Raises NotSampled."""
        with self._store.writers.connection() as connection:
            reviewed_by, _ = self._lock(connection, id_)
            if reviewed_by is None:
                raise NotSampled(NotSampledFor.NOT_REVIEWED)
            if reviewed_by != by:
                raise NotSampled(NotSampledFor.PAPER_REVIEWED)
            connection.execute(
                "UPDATE sample SET reviewed_by = NULL, reviewed_at = NULL, version = version + 1 WHERE ledger = %s AND id = %s",
                (self._ledger, id_),
            )
        return self.sample(id_)

    def _lock(self, connection: Any, id_: int) -> tuple[str | None, str | None]:
        """Who reviewed and who concluded a paper, which nobody else changes until the transaction ends. Raises NotSampled."""
        row = connection.execute(
            "SELECT reviewed_by, concluded_by FROM sample WHERE ledger = %s AND id = %s FOR UPDATE", (self._ledger, id_)
        ).fetchone()
        if row is None:
            raise NotSampled(NotSampledFor.UNKNOWN_SAMPLE)
        return row[0], row[1]

    def _check_open(self, connection: Any, id_: int) -> None:
        if self._lock(connection, id_)[0] is not None:
            raise NotSampled(NotSampledFor.PAPER_REVIEWED)


def _normal(how: Drawing) -> Drawing:
    """Without what its method does not draw by. Raises NotSampled where that lacks something."""
    complete = {
        Method.MONETARY_UNIT: how.seed and (how.size is None) != (how.interval is None),
        Method.SIMPLE_RANDOM: how.seed and how.size is not None,
        Method.ALL_ABOVE: how.threshold is not None,
    }
    if not complete[how.method]:
        raise NotSampled(NotSampledFor.METHOD_INCOMPLETE)
    match how.method:
        case Method.MONETARY_UNIT:
            return how._replace(threshold=None)
        case Method.SIMPLE_RANDOM:
            return how._replace(interval=None, threshold=None)
    return Drawing(how.method, threshold=how.threshold)


def _the_same(kept: Sample, asked: Asked, by: str) -> Sample:
    """A sample that was drawn before, asked for in the same way. Raises NotSampled."""
    how, population = asked.drawing, asked.population
    if how.size is not None:
        how = how._replace(interval=kept.drawing.interval)
    population = population._replace(at=population.at or kept.population.at)
    same = (asked.matter, how, population, by) == (kept.matter, kept.drawing, kept.population, kept.prepared_by)
    if not same:
        raise NotSampled(NotSampledFor.PAPER_TAKEN)
    return kept


def _sample(row: tuple[Any, ...], told: Sequence[int]) -> Sample:
    id_, paper, matter, population, drawing, movements, amount, root, *signed = row
    how = Drawing(**{**drawing, "method": Method(drawing["method"])})
    return Sample(id_, paper, matter, Population(**population), how, movements, amount, root.hex(), *signed, *told)


def _item(row: tuple[Any, ...]) -> SampleItem:
    item, number, amount, leaf, proof, kept_by, version, *findings = row
    return SampleItem(item, number, amount, leaf.hex(), _path(proof), _findings(*findings), kept_by, version)


def _leaf(lines: bytes, number: int) -> bytes:
    return lines[(number - 1) * SIZE : number * SIZE]


def _path(proof: bytes) -> tuple[str, ...]:
    return tuple(proof[at : at + SIZE].hex() for at in range(0, len(proof), SIZE))


def _findings(checks: Sequence[str], *texts: str) -> Findings:
    return Findings(tuple(map(Outcome, checks)), *texts)


def _json(told: Population | Drawing) -> str:
    return msgspec.json.encode({name: value for name, value in told._asdict().items() if value is not None}).decode()
