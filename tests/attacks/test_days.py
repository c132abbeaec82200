"""A day is written as one wherever one is asked for: a bare number is no day of 1970, and nothing else is guessed at."""

from typing import Any

import pytest

from tests.attacks.conftest import Target
from tests.attacks.surface import the_document, the_pages

NO_DAYS = ("5", "20250601", "2025-W22-7", "2025-06-01T00:00:00", "1748736000", "2025-02-30")


def is_day(schema: dict[str, Any]) -> bool:
    return any(one.get("format") == "date" for one in (schema, *schema.get("anyOf", ())))


@pytest.mark.parametrize("no_day", NO_DAYS)
def test_what_is_no_day_is_refused_and_told_how_to_write_one(target: Target, no_day: str) -> None:
    asked = 0
    for operation in (*the_document(target.app), *the_pages(target.app)):
        for name in (one["name"] for one in operation.parameters if is_day(one["schema"])):
            answer = target.send(operation, params={name: no_day})
            assert answer.status_code == 422, (operation.name, name, answer.text)
            assert "YYYY-MM-DD" in answer.text, (operation.name, name)
            asked += 1
    assert asked > 20


def test_no_body_takes_a_day_that_is_written_otherwise(target: Target) -> None:
    schemas = target.app.openapi()["components"]["schemas"]
    taken = {name: schema for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    days = [
        (name, field, one)
        for name, schema in taken.items()
        for field, said in schema.get("properties", {}).items()
        for one in (said, *said.get("anyOf", ()), said.get("items", {}))
        if one.get("format") == "date"
    ]
    assert len(days) > 10
    assert [(name, field) for name, field, one in days if "pattern" not in one] == []
