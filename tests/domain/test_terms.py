"""What fields and their values are called: every one of every kind, in both languages, and nothing beside them."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from ledger.domain.kinds import SUBJECTS
from ledger.domain.movement import MOVEMENTS
from ledger.domain.terms import GROUPS, HELP, OPEN_CODES, TERMS, TERMS_OF, VALUES, term


def models() -> Iterator[type[BaseModel]]:
    """Every kind, and every class that one of them holds."""
    seen: set[type] = set()
    waiting: list[Any] = list(MOVEMENTS.values())
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, BaseModel) and found not in seen:
            seen.add(found)
            waiting += [field.annotation for field in found.model_fields.values()]
            yield found
        waiting += get_args(found) if get_origin(found) is not Literal else ()


def codes(annotation: Any) -> set[str]:
    """The codes among which a field's value is chosen."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {str(one) for one in annotation}
    if get_origin(annotation) is Literal:
        return {str(one) for one in get_args(annotation)}
    return set().union(*map(codes, get_args(annotation)))


FIELDS = {(model.__name__, name): field for model in models() for name, field in model.model_fields.items()}


def test_every_field_has_a_name_and_none_is_left_over() -> None:
    names = {name for _, name in FIELDS}
    assert set(TERMS) == names
    assert set(HELP) <= names
    assert set(TERMS_OF) | OPEN_CODES <= set(FIELDS)
    assert all(term(*field).zh and term(*field).en for field in FIELDS)


@pytest.mark.parametrize("field", [name for name in FIELDS if codes(FIELDS[name].annotation)])
def test_every_code_of_a_field_is_called_something(field: tuple[str, str]) -> None:
    found = codes(FIELDS[field].annotation)
    assert field[1] in {"replacement", "movements"} or found <= {str(code) for code in VALUES[field[1]]}


def test_the_words_of_one_form_differ() -> None:
    for kind in MOVEMENTS.values():
        for language in (0, 1):
            called = [term(kind.__name__, name)[language] for name in kind.model_fields]
            assert len(called) == len(set(called)), kind


def test_every_subject_stands_under_one_heading() -> None:
    assert sorted(subject for _, subjects in GROUPS for subject in subjects) == sorted(SUBJECTS)
