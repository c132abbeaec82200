"""Whatever was accepted is accepted again where it stood, with the same lines; other parameters refuse what they refuse."""

from collections import Counter

from ledger.application import Ledger
from ledger.domain.book import Book
from ledger.domain.parameter import ParameterValue, Setting, supposed
from ledger.domain.postsubsidy import PostSubsidyCommitted
from ledger.domain.refusals import Code
from ledger.rejudging import judge_again
from tests.books import assert_same

HALF_A_MILLION = 50_000_000


def test_the_demo_year_is_accepted_again_as_it_was(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as live:
        last = live.copy()
    book, kinds = Book(), Counter()
    for verdict in judge_again(demo_ledger.store, demo_ledger.id, book, last.number):
        assert verdict.stands, verdict
        kinds[verdict.recorded.movement.kind] += 1
    assert kinds.total() == last.number
    assert kinds["ProposalApproved"]
    assert kinds["PostSubsidyCommitted"]
    assert_same(book, last)


def test_another_cap_refuses_what_is_above_it_and_history_stays(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as live:
        last = live.copy()
    cap = supposed([ParameterValue(name="post_subsidy_cap", amount=HALF_A_MILLION)])
    book = Book()
    verdicts = list(judge_again(demo_ledger.store, demo_ledger.id, book, last.number, cap))
    given = [one.recorded.movement for one in verdicts if isinstance(one.recorded.movement, PostSubsidyCommitted)]
    refused = {one.recorded.movement: one.refusal for one in verdicts if not one.stands}
    above = [one for one in given if one.amount > HALF_A_MILLION]
    assert above
    assert list(refused) == above
    for movement, refusal in refused.items():
        assert refusal is not None
        assert (refusal.code, refusal.asked, refusal.available) == (Code.OVER_CAP, movement.amount, HALF_A_MILLION)
    assert book.registers.pop("supposed_parameters") == cap
    assert_same(book, last)


def test_it_begins_anywhere_and_leaves_a_kept_book_as_it_was(demo_ledger: Ledger) -> None:
    with demo_ledger.at(4_000) as book:
        before, now = book.copy(), book.now
        settings = {("proposal_days", ""): Setting(before.now.date(), 0, "")}
        verdicts = list(judge_again(demo_ledger.store, demo_ledger.id, book, 4_500, settings))
        assert [one.recorded.number for one in verdicts] == list(range(4_001, 4_501))
        assert book.number == 4_500
    with demo_ledger.at(4_000) as book:
        assert_same(book, before)
        assert book.now == now
