"""What is due, kept movement by movement for the subjects each one names, against a scan of the whole Book."""

from collections.abc import Iterable

from ledger.domain.alert import Due
from ledger.domain.book import Book
from ledger.domain.decision import Accepted, fold
from ledger.domain.dues import Subject, all_dues, dues, subjects_of


def check_dues(log: Iterable[Accepted], every: int = 40) -> int:
    """Whoever looks only at what each movement names has what the whole Book says; answers with how much is due at the end."""
    book, kept = Book(), dict[Subject, list[Due]]()
    for one in log:
        fold(book, one.number, one.movement, one.legs, one.actor, one.voucher, one.proposal)
        for subject in set(subjects_of(book, one.movement, one.legs)):
            kept[subject] = dues(book, subject)
        if one.number % every == 0:
            _compare(book, kept, one)
    _compare(book, kept, None)
    return sum(map(len, kept.values()))


def _compare(book: Book, kept: dict[Subject, list[Due]], after: Accepted | None) -> None:
    rows = sorted((due for found in kept.values() for due in found), key=_order)
    assert rows == sorted(all_dues(book), key=_order), after


def _order(due: Due) -> list[str]:
    """By what it says: a name and a member of a catalogue are alike, and look different."""
    return list(map(str, due))
