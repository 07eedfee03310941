"""When Hari Raya/Lebaran, Chinese New Year and Deepavali fall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import holidays

FESTIVALS: Final = ("hari_raya", "chinese_new_year", "deepavali")
"""Festivals a comparison can be aligned on; each code stands for the festival's first day."""

_NAMES: Final = {
    "Eid al-Fitr": "hari_raya",
    "Chinese New Year": "chinese_new_year",
    "Lunar New Year": "chinese_new_year",
    "Diwali": "deepavali",
    "Deepavali": "deepavali",
}


@lru_cache(maxsize=64)
def festival_dates(country: str, years: tuple[int, ...]) -> Mapping[str, tuple[date, ...]]:
    """First day of each festival, year by year.

    From the ``holidays`` package: for Malaysia the union over all states, because without a state
    the package leaves Deepavali out; for Indonesia its own calendar, with Malaysia's Deepavali.
    Days in lieu ("observed") and second days are not the festival. Dates of coming years follow
    the package's estimate and can move by a day with the sighting of the moon.

    Parameters
    ----------
    country : str
        ``ID`` for Indonesia; anything else means Malaysia.
    years : tuple of int

    Returns
    -------
    Mapping of festival code to its dates, ascending. Hari Raya falls twice in some years (2000,
    2033).

    Examples
    --------
    >>> [str(day) for day in festival_dates("MY", (2025, 2026))["hari_raya"]]
    ['2025-03-31', '2026-03-21']
    """
    found: dict[str, set[date]] = {code: set() for code in FESTIVALS}
    for state in holidays.country_holidays("MY").subdivisions:
        calendar = holidays.country_holidays("MY", subdiv=state, years=years, language="en_US")
        _collect(calendar, found)
    if country == "ID":
        local: dict[str, set[date]] = {code: set() for code in FESTIVALS}
        _collect(holidays.country_holidays("ID", years=years, language="en_US"), local)
        found.update({code: days for code, days in local.items() if days})
    return MappingProxyType({code: _first_days(days) for code, days in found.items()})


def _collect(calendar: holidays.HolidayBase, found: dict[str, set[date]]) -> None:
    for day, names in calendar.items():
        for name in names.split("; "):
            code = _NAMES.get(name.removesuffix(" (estimated)"))
            if code:
                found[code].add(day)


def _first_days(days: set[date]) -> tuple[date, ...]:
    """Drop a day that follows another closely: the same festival as told by another state."""
    first: list[date] = []
    for day in sorted(days):
        if not first or (day - first[-1]).days > 15:
            first.append(day)
    return tuple(first)
