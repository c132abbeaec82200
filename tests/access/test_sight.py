"""What a reach lets somebody open: the rule alone."""

import pytest

from ledger.access.policy import Reach
from ledger.access.sight import opens


@pytest.mark.parametrize(
    ("reach", "theirs", "any_other"),
    [(Reach.ALL, True, True), (Reach.OWN, True, False), (None, False, False), (Reach.ASSIGNED, False, False)],
)
def test_a_file_is_opened_by_who_may_open_any_or_uploaded_it(
    reach: Reach | None, theirs: bool, any_other: bool
) -> None:
    assert opens(reach, "p-std-1", "p-std-1") is theirs
    assert opens(reach, "p-std-1", "p-std-2") is any_other
    assert opens(reach, "p-std-1", "") is any_other
