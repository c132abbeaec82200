"""The journal search on the demo year: it finds what holds the words, all of it, and nothing else."""

import re
from collections.abc import Callable, Sequence
from random import Random

import pytest
from psycopg import Connection

from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.projections import searched
from ledger.projections.follower import catch_up, comes_to
from ledger.projections.searched import Asked, Hits, Searched, names, search
from ledger.projections.words import plain

LAST = 10_667


@pytest.fixture(scope="module")
def found(demo_ledger: Ledger) -> Ledger:
    """The demo year, folded into the search: half of it, and the rest by another follower."""
    catch_up(demo_ledger.store, demo_ledger.id, Searched(), to=5_000)
    assert catch_up(demo_ledger.store, demo_ledger.id, Searched()) == LAST
    return demo_ledger


def page(
    ledger: Ledger, wanted: Asked, before: int | None, limit: int = 500, seen: Callable[..., Sequence[Recorded]] = list
) -> Hits:
    with ledger.reading() as book:
        named = names(book)
    return search(ledger.store, ledger.id, wanted, named, before=before, limit=limit, seen=seen)


def numbers(
    ledger: Ledger, limit: int = 500, seen: Callable[..., Sequence[Recorded]] = list, **of: object
) -> list[int]:
    """Numbers of every hit, over all pages."""
    all_, before = [], None
    while True:
        hits = page(ledger, Asked(**of), before, limit, seen)
        all_ += [hit.recorded.number for hit in hits.hits]
        if hits.more is None:
            return all_
        before = hits.more


def texts(ledger: Ledger) -> dict[int, str]:
    with ledger.store.readers.connection() as connection:
        return dict(connection.execute("SELECT number, text FROM searched WHERE ledger = %s", (ledger.id,)).fetchall())


def test_each_movement_has_one_row_and_the_answer_says_where_the_search_stands(found: Ledger) -> None:
    assert sorted(texts(found)) == list(range(1, LAST + 1))
    assert comes_to(found.store, found.id, Searched) == LAST
    assert page(found, Asked("突围"), None).standing == LAST


@pytest.mark.parametrize("seed", range(12))
def test_random_words_find_what_a_scan_finds(found: Ledger, seed: int) -> None:
    chance, scanned = Random(seed), texts(found)
    line = chance.choice(scanned[chance.randint(1, LAST)].split("\n"))
    runs = re.findall(r"[㐀-鿿]+|[a-z0-9]+(?:[-.][a-z0-9]+)*", line) or ["演示"]
    run = chance.choice(runs)
    begin = chance.randrange(len(run)) if re.match("[㐀-鿿]", run) else 0
    word = run[begin : begin + chance.randint(1, 6)].rstrip("-.")
    at_its_begin = re.compile(rf"(?<![^\W_㐀-鿿]){re.escape(word)}")
    expected = {
        n for n, text in scanned.items() if (word in text if begin or word > "㐀" else at_its_begin.search(text))
    }
    with found.reading() as book:
        meant = {lexeme for lexeme, called in names(book).items() if any(word in plain(name) for name in called)}
    by_name = {n for lexeme in meant for n in numbers(found, **dict([lexeme.split("=")]))}
    got = numbers(found, words=word)
    assert got == sorted(expected | by_name, reverse=True), word


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("MSP-BRK-101", {"ProjectRegistered", "PreFundingCommitted", "CoFundingRecorded"}),
        ("brk-101 前资助", {"PreFundingCommitted"}),
        ("brk-101 pre-funding", {"PreFundingCommitted"}),
        ("一事一议突围", {"ProjectRegistered", "PreFundingCommitted", "CoFundingRecorded"}),
        ("退票", {"PaymentRejected"}),
        ("会签1号", {"FundsReallocatedBetweenFunds"}),
    ],
)
def test_people_find_what_they_look_for(found: Ledger, words: str, kinds: set[str]) -> None:
    hits = page(found, Asked(words), None).hits
    assert {hit.recorded.movement.kind for hit in hits} == kinds


def test_fields_narrow_and_amounts_are_those_of_the_largest_entry(found: Ledger) -> None:
    assert len(numbers(found, kind="MatchingReceived")) == 20
    assert numbers(found, kind="MatchingReceive") == []
    for hit in page(found, Asked(from_amount=3_000_000_000, to_amount=9_000_000_000), None).hits:
        amounts = [abs(leg.amount) for leg in hit.recorded.legs]
        assert hit.amount == (max(amounts) if amounts else hit.recorded.movement.amount)
        assert 3_000_000_000 <= hit.amount <= 9_000_000_000
    (registered,) = numbers(found, kind="ProjectRegistered", project="MSP-BRK-101")
    assert registered in numbers(found, project="MSP-BRK-101")
    assert numbers(found, project="MSP-BRK-10") == []


def test_pages_and_windows_give_each_hit_once(found: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = numbers(found, words="支付")
    assert len(whole) > 1_000
    monkeypatch.setattr(searched, "WINDOW", 7)
    assert numbers(found, limit=300, words="支付") == whole
    assert page(found, Asked("支付"), before=whole[10], limit=5).hits[0].recorded.number == whole[11]


def test_what_one_does_not_see_is_left_out_and_the_page_ends_early(
    found: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(page: Sequence[Recorded]) -> list[Recorded]:
        return [one for one in page if one.number % 2]

    whole = numbers(found, words="支付")
    assert numbers(found, limit=100, seen=odd, words="支付") == [number for number in whole if number % 2]
    monkeypatch.setattr(searched, "LOOKED_AT_MAX", 50)
    nothing = page(found, Asked("支付"), None, limit=50, seen=lambda page: [])
    assert (nothing.hits, nothing.more) == ([], whole[49])


def test_no_sealed_text_and_no_commitment_to_one_is_searched(found: Ledger) -> None:
    reallocated = page(found, Asked(kind="FundsReallocatedWithinFund"), None).hits
    assert all(hit.recorded.movement.reason.startswith("sha256:") for hit in reallocated)
    assert reallocated
    assert not any("sha256" in text for text in texts(found).values())


def test_a_follower_may_read_no_sealed_text(found: Ledger) -> None:
    with found.store.readers.connection() as connection:
        may = connection.execute("SELECT has_table_privilege('ledger_follower', 'ledger.sealed', 'SELECT')").fetchone()
    assert may == (False,)


def test_it_is_rebuilt_to_the_same(found: Ledger) -> None:
    def rows(connection: Connection) -> list[tuple]:
        return connection.execute("SELECT number, words::text, text, amount FROM searched ORDER BY number").fetchall()

    with found.store.readers.connection() as connection:
        before = rows(connection)

    class Anew(Searched):
        version = 2

    catch_up(found.store, found.id, Anew())
    with found.store.readers.connection() as connection:
        assert rows(connection) == before
