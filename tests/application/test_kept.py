"""Answers are kept for the number they were found at, the newest of each question, within a size."""

from ledger.kept import Kept


def test_an_answer_is_good_where_it_was_found_alone() -> None:
    kept = Kept[str, list[int]](10)
    assert kept.at("a", 7) is None
    assert kept.keep("a", 7, 3, [1]) == [1]
    assert (kept.at("a", 7), kept.at("a", 8), kept.at("b", 7)) == ([1], None, None)
    assert kept.newest("a") == [1]
    kept.keep("a", 8, 3, [2])
    assert (kept.at("a", 7), kept.at("a", 8)) == (None, [2])


def test_what_was_found_longest_ago_goes_first_and_what_is_too_large_is_not_kept() -> None:
    kept = Kept[str, str](10)
    for question in "abc":
        kept.keep(question, 1, 4, question)
    assert [kept.newest(question) for question in "abc"] == [None, "b", "c"]
    kept.keep("b", 2, 4, "B")
    kept.keep("d", 2, 4, "d")
    assert [kept.newest(question) for question in "bcd"] == ["B", None, "d"]
    assert kept.keep("e", 2, 11, "e") == "e"
    assert [kept.newest(question) for question in "bde"] == [None, None, None]
