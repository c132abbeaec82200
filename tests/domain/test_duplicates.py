"""What may be funded twice: by undertaker and by title, in years that meet; each group once, a yuan never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.duplicates import ALIKE, Basis, Funded, duplicates, likeness, plain

A, B = "A", "B"


def funded(project: str, title: str, undertaker: str = A, special: str = "RDT-KRD", **amounts: int) -> Funded:
    """Amounts by year: ``y2025=100``."""
    by_year = {int(year[1:]): fen for year, fen in amounts.items()} or {2025: 100}
    return Funded(project, title, special, undertaker, by_year)


def found(*projects: Funded, alike: int = ALIKE) -> list[tuple[Basis, list[str]]]:
    return [(group.basis, [one.project for one in group.projects]) for group in duplicates(projects, alike)]


def test_one_undertaker_funded_in_one_year_by_two_specials_is_found() -> None:
    groups = duplicates(
        [funded("1", "草原碳汇监测"), funded("2", "稀土永磁材料", special="BAS-NSP", y2025=50, y2026=7)]
    )
    assert [(one.basis, one.specials, one.total) for one in groups] == [(Basis.UNDERTAKER, ("BAS-NSP", "RDT-KRD"), 157)]


def test_years_that_do_not_meet_are_no_duplicate() -> None:
    assert found(funded("1", "草原碳汇监测", y2025=1), funded("2", "草原碳汇监测", y2026=1)) == []


def test_nearly_one_title_of_one_undertaker_is_found_and_another_is_not() -> None:
    projects = (
        funded("1", "草原碳汇监测关键技术研究(一期)"),
        funded("2", "草原碳汇监测关键技术研究(二期)"),
        funded("3", "稀土"),
    )
    assert found(*projects) == [(Basis.TITLE, ["1", "2"]), (Basis.UNDERTAKER, ["1", "2", "3"])]
    assert found(*projects, alike=100) == [(Basis.UNDERTAKER, ["1", "2", "3"])]


def test_one_title_of_two_undertakers_is_found_however_it_is_typed() -> None:
    assert found(funded("1", "草原 碳汇(Ⅰ)"), funded("2", "草原碳汇(I)", B)) == [(Basis.TITLE, ["1", "2"])]
    assert plain("草原 碳汇(Ⅰ)") == "草原碳汇i"


def test_titles_of_signs_alone_are_not_one_title() -> None:
    assert found(funded("1", "—"), funded("2", "…", B)) == []


def test_what_is_alike_in_a_chain_is_one_group() -> None:
    chain = [
        funded("1", "一二三四五六七八九十甲"),
        funded("2", "一二三四五六七八九十乙"),
        funded("3", "一二三四五六七八九十乙", B),
    ]
    assert found(*chain)[0] == (Basis.TITLE, ["1", "2", "3"])


@pytest.mark.parametrize(
    ("one", "other", "percent"), [("草原碳汇", "草原碳汇", 100), ("草原碳汇", "草原碳库", 66), ("草", "草", 0)]
)
def test_likeness_is_twice_what_they_share(one: str, other: str, percent: int) -> None:
    def pairs(title: str) -> frozenset[str]:
        return frozenset(title[at : at + 2] for at in range(len(title) - 1))

    assert likeness(pairs(one), pairs(other)) == percent


projects = st.lists(
    st.builds(
        lambda number, title, party, years: Funded(f"P{number}", title, "RDT-KRD", party, dict.fromkeys(years, 1)),
        st.integers(0, 10**6),
        st.sampled_from(["草原碳汇一期", "草原碳汇二期", "稀土", ""]),
        st.sampled_from([A, B]),
        st.sets(st.integers(2024, 2026), min_size=1),
    ),
    max_size=12,
    unique_by=lambda one: one.project,
)


@given(projects, st.randoms())
def test_the_order_of_projects_says_nothing_and_none_is_twice_in_a_basis(
    projects: list[Funded], chance: object
) -> None:
    shuffled = list(projects)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    groups = duplicates(projects, 60)
    assert duplicates(shuffled, 60) == groups
    for basis in Basis:
        named = [one.project for group in groups if group.basis is basis for one in group.projects]
        assert len(named) == len(set(named))
    for group in groups:
        assert all(
            any(one.amounts.keys() & other.amounts for other in group.projects if other != one)
            for one in group.projects
        )
