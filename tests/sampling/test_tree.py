"""The tree of RFC 6962: roots by its definition and by its reference tests, proofs that hold and some that do not."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.tree import NO_LEAVES, proofs, root_by

INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
"""The leaves of Certificate Transparency's reference tests, in hex."""
LEAVES = [hashlib.sha256(b"\x00" + bytes.fromhex(one)).digest() for one in INPUTS]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert proofs(b"".join(LEAVES[:size]), []).root.hex() == ROOTS[size]


def test_nothing_has_the_hash_of_nothing() -> None:
    assert proofs(b"", []).root == NO_LEAVES


def test_there_is_no_proof_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        proofs(LEAVES[0], [1])


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + by_definition(leaves[:left]) + by_definition(leaves[left:])).digest()


@given(st.integers(1, 200), st.data())
def test_every_leaf_is_proven_at_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves = [hashlib.sha256(b"\x00%d" % at).digest() for at in range(size)]
    place = data.draw(st.integers(0, size - 1))
    root, paths = proofs(b"".join(leaves), [place])
    assert root == by_definition(leaves)
    assert root_by(leaves[place], place, size, paths[place]) == root
    other = hashlib.sha256(b"another").digest()
    assert root_by(other, place, size, paths[place]) != root
    assert root_by(leaves[place], size, size, paths[place]) is None
    assert root_by(leaves[place], place, size, (*paths[place], other)) is None
    if size > 1:
        assert root_by(leaves[place], (place + 1) % size, size, paths[place]) != root
