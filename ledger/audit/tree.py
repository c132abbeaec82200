"""The Merkle tree of RFC 6962 over the leaf hashes of the log: one root for all movements up to a number, and proofs in it.

A node is SHA-256(0x01 ‖ left ‖ right); what has no neighbour goes up as it is. Hashes are 32 bytes.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

SIZE = 32
NO_LEAVES = hashlib.sha256().digest()
"""The root of a tree without leaves."""


class Proven(NamedTuple):
    """A root, and for each leaf that was asked for, by its place from 0, the hashes that lead from it to the root."""

    root: bytes
    paths: dict[int, tuple[bytes, ...]]


def proofs(leaves: bytes, places: Collection[int]) -> Proven:
    """The root over leaf hashes one behind the other, and the path of each place. Raises IndexError beyond the last leaf."""
    if any(not 0 <= place < len(leaves) // SIZE for place in places):
        raise IndexError("no such leaf")
    paths: dict[int, list[bytes]] = {place: [] for place in places}
    row, level = leaves, 0
    while len(row) > SIZE:
        for place, path in paths.items():
            beside = ((place >> level) ^ 1) * SIZE
            if beside < len(row):
                path.append(row[beside : beside + SIZE])
        row, level = _above(row), level + 1
    return Proven(row or NO_LEAVES, {place: tuple(path) for place, path in paths.items()})


def root_by(leaf: bytes, place: int, leaves: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf at a place of so many leads to by its path, by RFC 9162, 2.1.3.2; None where the path does not fit."""
    if not 0 <= place < leaves:
        return None
    last, found = leaves - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = _node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, beside)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def _above(row: bytes) -> bytes:
    pair = 2 * SIZE
    whole = len(row) - len(row) % pair
    nodes = [hashlib.sha256(b"\x01" + row[at : at + pair]).digest() for at in range(0, whole, pair)]
    return b"".join(nodes) + row[whole:]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
