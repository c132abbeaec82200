"""Random histories that Hypothesis shrinks: after every step the invariants hold, and the naive model agrees."""

from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.properties.dues import check_dues
from tests.properties.history import LAST_YEAR, History
from tests.properties.in_parts import check_in_parts
from tests.properties.invariants import check_closed_periods, check_numbers, check_replay, check_totals
from tests.properties.kinds_at_random import FAMILIES, asked
from tests.properties.requests_at_closing import month_ends, whole_year_ends
from tests.properties.requests_of_funds import beginning

CHANCE = st.randoms(use_true_random=False)


class Histories(RuleBasedStateMachine):
    """Each rule asks for something of one family; ``History`` judges, compares and checks after each of its steps."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History(Random(0))

    @initialize()
    def begins(self) -> None:
        beginning(self.history)

    def _ask(self, chance: Random, family: str) -> None:
        self.history.chance = chance
        self.history.attempt(asked(self.history, family))

    @rule(chance=CHANCE)
    def funds(self, chance: Random) -> None:
        self._ask(chance, "funds")

    @rule(chance=CHANCE)
    def register(self, chance: Random) -> None:
        self._ask(chance, "register")

    @rule(chance=CHANCE)
    def commitments(self, chance: Random) -> None:
        self._ask(chance, "commitments")

    @rule(chance=CHANCE)
    def beside(self, chance: Random) -> None:
        self._ask(chance, "beside")

    @rule(chance=CHANCE)
    def payments(self, chance: Random) -> None:
        self._ask(chance, "payments")

    @rule(chance=CHANCE)
    def closing(self, chance: Random) -> None:
        self._ask(chance, "closing")

    @rule(chance=CHANCE, family=st.sampled_from(sorted(FAMILIES)))
    def any_family(self, chance: Random, family: str) -> None:
        self._ask(chance, family)

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.history.waits(days)

    @rule(chance=CHANCE)
    def month_ends(self, chance: Random) -> None:
        self.history.chance = chance
        month_ends(self.history)

    @precondition(lambda self: self.history.open_years()[0] <= LAST_YEAR)
    @rule(chance=CHANCE)
    def year_ends(self, chance: Random) -> None:
        self.history.chance = chance
        whole_year_ends(self.history)

    def teardown(self) -> None:
        world = self.history.world
        check_totals(world, self.history.model)
        check_numbers(world)
        check_closed_periods(world)
        check_replay(world, self.history.stood_then)
        for number in list(self.history.stood_then)[:3]:
            check_in_parts(self.history.stood_then[number], self.history.answers, self.history.world.book)
        check_dues(world.log)


Histories.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    derandomize=True,  # the same histories everywhere; the long ones walk further
    deadline=None,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
TestHistories = Histories.TestCase
