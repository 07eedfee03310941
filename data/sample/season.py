"""The season as a time-warp: trade runs faster before a feast and slower after it, one on the average.

A purchase process that runs evenly in *trading time* is mapped into the calendar. The warp has the
mean 1 over each year of the sample, so that it moves purchases and neither makes nor loses any.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

from data.sample.parameters import DAYS, FIRST_DAY, LAST_DAY

Floats = NDArray[np.float64]

_RAYA = ("Eid al-Fitr",)
_RAMADAN_DAYS = 29
_NEW_YEAR = ("Chinese New Year", "Lunar New Year")
_DEEPAVALI = ("Diwali",)


class Season:
    """A monotone map between trading days and calendar days, both counted from ``FIRST_DAY``.

    Attributes
    ----------
    weights : array (DAYS,)
        Speed of trade on each day; the mean over each sample year is 1.
    """

    def __init__(self, weights: Floats) -> None:
        if len(weights) != DAYS or weights.min() <= 0:
            raise ValueError(f"A season needs {DAYS} weights above 0; got {len(weights)}.")
        self.weights = _mean_one(weights)
        self._calendar = np.arange(DAYS + 1, dtype=np.float64)
        self._trading = np.concatenate([[0.0], np.cumsum(self.weights)])
        self._trading *= DAYS / self._trading[-1]

    def trading(self, calendar_days: Floats) -> Floats:
        """Trading days that have passed at a moment of the calendar (days since ``FIRST_DAY``)."""
        return np.asarray(np.interp(calendar_days, self._calendar, self._trading))

    def calendar(self, trading_days: Floats) -> Floats:
        """The moment of the calendar at which so many trading days have passed."""
        return np.asarray(np.interp(trading_days, self._trading, self._calendar))


def flat() -> Season:
    """No season: trading time is calendar time."""
    return Season(np.ones(DAYS))


def of_country(country: str) -> Season:
    """The festive and weekly rhythm of a country.

    Parameters
    ----------
    country : str
        ``MY`` or ``ID``; the dates of the feasts are the union over its states.

    Returns
    -------
    Season
        Ramadan and Hari Raya (Lebaran), Chinese New Year, Deepavali, the year's end, payday, the
        online sales of 9.9 to 12.12, weekends and public holidays.
    """
    days = [FIRST_DAY + timedelta(n) for n in range(DAYS)]
    weights = np.array([_week(d) * _payday(d) * _sales(d) * _year_end(d) for d in days])
    for feast in dates_of(country, _RAYA):
        weights *= _raya(feast)
    for feast in dates_of(country, _NEW_YEAR):
        weights *= _run_up(feast, days=18, peak=0.75, closed=2)
    for feast in dates_of(country, _DEEPAVALI):
        weights *= _run_up(feast, days=12, peak=0.45, closed=0)
    return Season(weights)


@cache
def feasts(country: str) -> dict[date, str]:
    """Public holidays of a country, in English: the union over its states and provinces.

    The country's own list lacks feasts that every state keeps (Malaysia: Deepavali, New Year's Day).
    """
    years = range(FIRST_DAY.year - 1, LAST_DAY.year + 2)
    union: dict[date, str] = {}
    known = holidays.country_holidays(country).subdivisions
    for state in [None, *known]:
        calendar = holidays.country_holidays(country, subdiv=state, years=years, language="en_US")
        for day, name in calendar.items():
            union[day] = name if day not in union else f"{union[day]}; {name}"
    return dict(sorted(union.items()))


def dates_of(country: str, names: Iterable[str]) -> list[date]:
    """First days of a feast, one a year: 'Second Day' and 'observed' are left out."""
    wanted = set(names)
    return [
        day for day, text in feasts(country).items() if wanted & {part.strip() for part in text.split(";")}
    ]


def offset(day: date) -> int:
    """Days from ``FIRST_DAY`` to a day."""
    return (day - FIRST_DAY).days


def _mean_one(weights: Floats) -> Floats:
    scaled = weights.astype(np.float64).copy()
    for start, end in sample_years():
        scaled[start:end] /= scaled[start:end].mean()
    return scaled


def sample_years() -> list[tuple[int, int]]:
    """Bounds of the years of the sample as day offsets: 23 November to 22 November."""
    starts = [
        offset(date(year, FIRST_DAY.month, FIRST_DAY.day)) for year in range(FIRST_DAY.year, LAST_DAY.year)
    ]
    return list(zip(starts, [*starts[1:], DAYS], strict=True))


def _week(day: date) -> float:
    return (0.86, 0.84, 0.88, 0.94, 1.12, 1.30, 1.22)[day.weekday()]


def _payday(day: date) -> float:
    return 1.22 if day.day >= 26 or day.day <= 2 else 1.0


def _sales(day: date) -> float:
    doubles = {(9, 9): 1.35, (10, 10): 1.35, (11, 11): 2.10, (12, 12): 1.60}
    return doubles.get((day.month, day.day), 1.0)


def _year_end(day: date) -> float:
    return 1.32 if day.month == 12 and day.day >= 12 else 1.0


def _run_up(feast: date, days: int, peak: float, closed: int) -> Floats:
    """Trade grows in a straight line to the eve, pauses on the feast, and is quiet for a week."""
    after = np.arange(DAYS) - offset(feast)
    weight = np.ones(DAYS)
    before = (after < 0) & (after >= -days)
    weight[before] = 1.0 + peak * (1.0 + after[before] / days)
    weight[(after >= 0) & (after < closed)] = 0.45
    weight[(after >= closed) & (after < closed + 7)] = 0.88
    return weight


def _raya(feast: date) -> Floats:
    """Ramadan opens quietly; the last twelve days before Hari Raya are the year's best."""
    after = np.arange(DAYS) - offset(feast)
    fasting = (after < 0) & (after >= -_RAMADAN_DAYS)
    return np.where(fasting, 1.12, 1.0) * _run_up(feast, days=14, peak=1.35, closed=3)
