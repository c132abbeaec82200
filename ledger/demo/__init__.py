"""The demo year 2025: publicly reported totals reached exactly, with synthetic projects that say so; deterministic."""

from collections.abc import Callable, Iterator, Sequence

from ledger.application import Ledger
from ledger.demo import batches, life
from ledger.demo.cast import parties
from ledger.demo.figures import ASSUMPTIONS, NSF_BATCH
from ledger.demo.opening import opening, parameters
from ledger.demo.scenes import Scene
from ledger.domain.approval import PROPOSALS, ProposalApproved, ProposalSubmitted
from ledger.domain.catalogue import Name
from ledger.domain.movement import Actor, Movement
from ledger.writer import Outcome, Receipt

__all__ = ["ASSUMPTIONS", "DemoRefused", "record_demo_year", "scenes"]


class DemoRefused(Exception):
    """The ledger holds something else; ``words`` say in both languages how to go on."""

    def __init__(self, words: Name) -> None:
        super().__init__(words.en)
        self.words = words


def scenes() -> Iterator[Scene]:
    """The year in the order in which it is recorded."""
    stidf = batches.of_stidf()
    of_batch = {number: [planned for planned in stidf if planned.batch == number] for number in batches.DAYS}
    of_batch[NSF_BATCH] = batches.of_nsf()
    named = {planned.project: planned for planned in stidf}
    of_special = {special: [planned for planned in stidf if planned.special == special] for special in batches.MODES}

    yield parties()
    yield from opening()
    yield parameters()
    yield from batches.batch(1, of_batch[1])
    yield life.closing(1)
    yield from life.payments("February", "2025-02-20", of_batch[1][:200])
    yield from batches.batch(2, of_batch[2])
    yield from life.legacy()
    yield from life.supplements()
    yield life.closing(2)
    demonstration = [planned for planned in of_batch[2] if planned.project != batches.RACE]
    yield from life.payments("March", "2025-03-12", demonstration)
    yield from batches.batch(3, of_batch[3])
    yield from batches.batch(4, of_batch[4])
    yield from life.breakthrough()
    yield from life.platform()
    yield life.closing(3)
    yield from batches.batch(5, of_batch[5])
    yield from life.matching(of_special["MSP-CRC"])
    yield from life.joint_fund(of_special["BAS-JNT"])
    yield life.closing(4)
    yield from life.payments("May", "2025-05-06", [*of_batch[3], *of_batch[4], *of_batch[5]])
    yield from life.post_subsidies()
    yield from life.mishaps(named)
    yield life.closing(5)
    yield from batches.batch(6, of_batch[6])
    regional = [planned for planned in of_batch[6] if planned.league is None]
    yield from life.payments("June", "2025-06-11", regional[:600])
    yield from life.between_funds()
    yield from life.race(named[batches.RACE])
    yield from batches.batch(7, of_batch[7])
    yield from life.gates(of_batch[1][:60])
    yield from batches.batch(8, of_batch[8])
    yield life.closing(6)


def record_demo_year(ledger: Ledger, progress: Callable[[int, int], None] | None = None) -> int:
    """Record the year, or what is still missing of it; answers with how many movements it holds.

    ``progress`` is told (done, total). Raises DemoRefused where the ledger holds anything that is not of the demo.
    """
    told = list(scenes())
    total = sum(len(scene.movements) + (2 if scene.approver else 0) for scene in told)
    asked = {ledger.request_id(actor, key) for scene in told for actor, key in _keys(scene)}
    if ledger.store.request_ids(ledger.id) - asked:
        raise DemoRefused(
            Name(
                "账套中已有其他记录,演示年度只能录入空账套:请改用新的 LEDGER_HOME 或 LEDGER_NAME,或运行 `ledger serve`。",
                "This ledger holds other records; the demo year wants an empty one: set another LEDGER_HOME or "
                "LEDGER_NAME, or run `ledger serve` to go on with what is there.",
            )
        )
    done = 0
    for scene in told:
        _play(ledger, scene)
        done += len(scene.movements) + (2 if scene.approver else 0)
        if progress:
            progress(done, total)
    return total


def _keys(scene: Scene) -> Iterator[tuple[Actor, str]]:
    if scene.approver is None:
        yield from ((scene.actor, f"{_key(scene)}#{line}") for line, _ in enumerate(scene.movements, 1))
    else:
        yield scene.actor, f"{_key(scene)}#1"
        yield scene.approver, f"{_key(scene)}#1"


def _key(scene: Scene) -> str:
    return f"demo-2025/{scene.name}"


def _play(ledger: Ledger, scene: Scene) -> None:
    if scene.approver is None:
        _record(ledger, scene.actor, scene, scene.movements)
        return
    name = "demo-" + scene.name.replace(" ", "-")
    day = scene.movements[0].effective_on
    _record(ledger, scene.actor, scene, [ProposalSubmitted(effective_on=day, proposal=name, movements=scene.movements)])
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[name].digest
    _record(ledger, scene.approver, scene, [ProposalApproved(effective_on=day, proposal=name, digest=digest)])


def _record(ledger: Ledger, actor: Actor, scene: Scene, movements: Sequence[Movement]) -> None:
    """Every line must be accepted: a demo that the rules refuse is a fault in the demo."""
    outcomes: list[Outcome] = ledger.record_all(movements, actor, _key(scene))
    for line, outcome in enumerate(outcomes, 1):
        if not isinstance(outcome, Receipt):
            raise RuntimeError(f"demo scene {scene.name!r}, line {line}: {outcome}") from outcome
