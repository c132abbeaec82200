"""Words of the search: what a text is found by, and what is asked for."""

import pytest

from ledger.projections.words import all_of, asked, found_by


@pytest.mark.parametrize(
    ("text", "lexemes"),
    [
        ("科技突围", {"科技", "技突", "突围", "围"}),
        ("围", {"围"}),
        ("KJXM-2025-001", {"kjxm-2025-001", "2025-001", "001"}),
        ("内财科〔2025〕1号", {"内财", "财科", "科", "2025", "1", "号"}),
        ("Payment ordered", {"payment", "ordered"}),
        ("(演示)ABC大学", {"演示", "示", "abc", "大学", "学"}),
        ("ᠮᠣᠩᠭᠣᠯ", {"ᠮᠣᠩᠭᠣᠯ"}),
        ("——。", set()),
    ],
)
def test_han_by_two_characters_codes_from_each_part_on_and_the_rest_by_words(text: str, lexemes: set[str]) -> None:
    assert found_by(text)[1] == lexemes


def test_what_reads_alike_is_alike() -> None:
    assert found_by("\uff2b\uff32\uff24\uff0d\uff11") == found_by("krd-1")


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("突围", "('突围')"),
        ("农", "('农':*)"),
        ("KRD-1", "('krd-1':*)"),
        ("内财科〔2025〕1号", "('内财' & '财科' & '2025' & '1' & '号':*)"),
        ("2025", "('2025':*)"),
        ("科1", "('科' & '1':*)"),
    ],
)
def test_the_last_run_of_a_word_may_go_on(word: str, query: str) -> None:
    assert [one.query for one in asked(word, {})] == [query]


def test_a_name_stands_for_what_it_names_in_either_language() -> None:
    named = {"kind=PaymentOrdered": ["PaymentOrdered", "拨款申请", "Payment ordered"], "special=X": ["另一"]}
    for word in ("拨款", "ordered", "PAYMENT"):
        (one,) = asked(word, named)
        assert one.names == "'kind=PaymentOrdered'"
        assert one.query.endswith(" | 'kind=PaymentOrdered')")
    assert asked("突围", named)[0].names is None


def test_every_word_and_every_field_must_hold_and_signs_alone_say_nothing() -> None:
    words = asked("  突围 。 krd ", {})
    assert all_of(words, ["actor=o'b\\c"]) == "'actor=o''b\\\\c' & ('突围') & ('krd':*)"
    assert all_of(asked("。 ——", {}), []) == ""


def test_what_means_anything_to_like_means_itself() -> None:
    assert asked("a%b_c\\", {})[0].pattern == "%a\\%b\\_c\\\\%"
