"""Answers kept while the ledger stands where they were found: asked again they cost nothing, and are found anew once it moved."""

from threading import Lock
from typing import Generic, NamedTuple, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class _Found(NamedTuple, Generic[A]):
    number: int
    size: int
    answer: A


class Kept(Generic[Q, A]):
    """The newest answer to each question, for all threads. What was found longest ago goes first."""

    def __init__(self, size: int) -> None:
        """``size``: of all answers together, in whatever they are counted by."""
        self._size = size
        self._found: dict[Q, _Found[A]] = {}
        self._lock = Lock()

    def newest(self, question: Q) -> A | None:
        """The last answer, found at whichever number."""
        found = self._found.get(question)
        return found and found.answer

    def at(self, question: Q, number: int) -> A | None:
        """The answer that was found where the ledger stands."""
        found = self._found.get(question)
        return found.answer if found and found.number == number else None

    def keep(self, question: Q, number: int, size: int, answer: A) -> A:
        """Keep an answer that was found at a number, unless it is too large to be kept."""
        with self._lock:
            others = {one: found for one, found in self._found.items() if one != question}
            while others and sum(found.size for found in others.values()) + size > self._size:
                del others[next(iter(others))]
            self._found = others | ({question: _Found(number, size, answer)} if size <= self._size else {})
        return answer
