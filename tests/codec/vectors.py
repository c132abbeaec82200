"""The golden vectors: what each kind's first example is recorded as, byte for byte, from inputs that never change.

Beside them, under a kind and a few words, envelopes that no example has.

python -m tests.codec.vectors           add the vectors of kinds that have none yet
python -m tests.codec.vectors --rewrite replace vectors that differ: only ever before a format is released
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch
from uuid import uuid5

from ledger.application import ledger_id
from ledger.codec import Recorded, encode, leaf
from ledger.domain.approval import ProposalApproved, ProposalSubmitted, digest_of
from ledger.domain.book import Book
from ledger.domain.catalogue import Role
from ledger.domain.decision import RULES, decide
from ledger.domain.examples import EXAMPLES, HISTORIES
from ledger.domain.examples.requests import Example
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import Actor, Movement
from ledger.sealing import seal

FILE = Path(__file__).with_name("golden.json")
LEDGER = ledger_id("golden")
BEGAN = datetime(2025, 1, 2, 1, 0, 0, 123456, tzinfo=UTC)

Vectors = dict[str, dict[str, str]]


def recorded_examples() -> Iterator[Recorded]:
    """Every example as it is recorded, in order; subjects, salts, keys and instants are fixed."""
    for history in HISTORIES:
        book, salts = Book(), count(1)
        with patch("ledger.sealing.secrets.token_bytes", lambda size, salts=salts: next(salts).to_bytes(size, "big")):
            for turn, (movement, actor) in enumerate(requests_of(history)):
                request = uuid5(LEDGER, str(turn))
                sealed, _ = seal(movement, actor)
                for one in decide(book, sealed, actor):
                    yield Recorded(
                        LEDGER,
                        one.number,
                        one.voucher,
                        BEGAN + timedelta(hours=turn),
                        one.actor,
                        one.approvals,
                        one.proposal,
                        request,
                        RULES,
                        one.movement,
                        tuple(entry.leg for entry in one.entries),
                    )


def requests_of(history: tuple[Example, ...]) -> Iterator[tuple[Movement, Actor]]:
    """Movements with who asks for them; what two sign is proposed, and approved."""
    for turn, example in enumerate(history):
        movement = ANY_MOVEMENT.validate_json(json.dumps(example.request))
        actors = [_actor(signer) for signer in example.signers]
        if len(actors) == 1:
            yield movement, actors[0]
        else:
            proposal, day = f"proposal-{turn}", movement.effective_on
            yield ProposalSubmitted(effective_on=day, proposal=proposal, movements=(movement,)), actors[0]
            yield ProposalApproved(effective_on=day, proposal=proposal), actors[1]


def _actor(signer: str) -> Actor:
    role, _, department = signer.partition("@")
    return Actor(f"s_{role.lower()}", Role(role.rstrip("23")), department or None)


def envelopes() -> Iterator[tuple[str, Recorded]]:
    """Signed by more than two, by one in another's place, and an approval that strikes lines out."""
    std, fin, com = (_actor(who) for who in ("STD", "FIN", "COM"))
    placed = fin._replace(subject="s_fin_b", acting_for="s_fin")
    allocated = ANY_MOVEMENT.validate_json(json.dumps(EXAMPLES["FundsAllocated"]))
    day, fixed = allocated.effective_on, (BEGAN, uuid5(LEDGER, "envelopes"))
    struck = ProposalApproved(effective_on=day, proposal="P-1", digest=digest_of([allocated]), struck=(2, 5))

    def recorded(movement: Movement, actor: Actor, approvals: tuple[Actor, ...], proposal: str | None) -> Recorded:
        return Recorded(LEDGER, 1, None, fixed[0], actor, approvals, proposal, fixed[1], RULES, movement, ())

    yield (
        "FundsAllocated signed by three, one of them in the place of another",
        recorded(allocated, std, (placed, com), "P-1"),
    )
    yield "ProposalApproved of what stands, two lines struck out", recorded(struck, placed, (), None)


def vectors() -> Vectors:
    """Kind → its first recorded state, and the leaf of it in hex; then the envelopes by their names."""
    found: Vectors = {}
    for name, recorded in (*((_named(one.movement), one) for one in recorded_examples()), *envelopes()):
        state = encode(recorded)
        found.setdefault(name, {"state": state.decode(), "leaf": leaf(state).hex()})
    return dict(sorted(found.items()))


def _named(movement: Movement) -> str:
    """The vector of a first version bears the name of its kind and stays when there is a second one."""
    return movement.kind if movement.version == 1 else f"{movement.kind} of version {movement.version}"


def main(rewrite: bool) -> None:
    old: Vectors = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    new = vectors()
    kept = new if rewrite else new | old
    FILE.write_text(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1) + "\n", "utf-8")
    changed = sorted(kind for kind in old if kept.get(kind) != old[kind])
    print(f"added: {sorted(set(kept) - set(old))}; replaced: {changed}")


if __name__ == "__main__":
    main("--rewrite" in sys.argv[1:])
