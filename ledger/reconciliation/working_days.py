"""Working days 工作日 between two days. Holidays, and weekends that are worked, are data; without them weekends rest."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from ledger.domain.holidays import SATURDAY

Ordinal = Callable[[date], int]
"""How many working days there were up to a day, from some beginning on: the difference of two is how far two days are apart."""


def counting(holidays: Iterable[date] = (), worked: Iterable[date] = ()) -> Ordinal:
    """``holidays``: weekdays that rest 法定节假日; ``worked``: weekends that are worked 调休. Saturday is as far as Friday."""
    free = sorted({day.toordinal() for day in holidays if day.weekday() < SATURDAY})
    extra = sorted({day.toordinal() for day in worked if day.weekday() >= SATURDAY})

    @lru_cache(maxsize=4096)
    def ordinal(day: date) -> int:
        number = day.toordinal() - 1  # Monday, 1 January of the year 1, is nought
        weeks, weekday = divmod(number, 7)
        plain = weeks * 5 + min(weekday + 1, 5)
        return plain - bisect_right(free, number + 1) + bisect_right(extra, number + 1)

    return ordinal


WEEKENDS = counting()
