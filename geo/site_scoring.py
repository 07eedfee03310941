"""How a decision turned out: what a store sold in its first months against what was forecast for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

MONTHS: Final = (3, 6, 12)
YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Score:
    """A store some months after it opened.

    Parameters
    ----------
    months : int
    actual : float or None
        Sales in its first so many months; None where they are not over.
    expected : tuple of float
        The same part of the year of P10, P50 and P90.
    inside : bool or None
        Whether the actual lies between P10 and P90.
    """

    months: int
    actual: float | None
    expected: tuple[float, float, float]
    inside: bool | None


def score(
    daily: pd.DataFrame, opened: date, as_of: date, forecast: tuple[float, float, float]
) -> list[Score]:
    """Compare at 3, 6 and 12 months.

    Parameters
    ----------
    daily : DataFrame
        ``day``, ``revenue`` of the store.
    opened : date
        Its first day.
    as_of : date
        The last day of the data.
    forecast : (P10, P50, P90)
        Of the first year. A part of the year is taken as its share of the days: neither season nor the
        ramp of a new store is known.

    Returns
    -------
    list of Score
    """
    days = pd.to_datetime(daily["day"])
    made = []
    for months in MONTHS:
        end = pd.Timestamp(opened) + pd.DateOffset(months=months)
        length = (end - pd.Timestamp(opened)).days
        low, middle, high = (value * length / YEAR_DAYS for value in forecast)
        if end - pd.Timedelta(days=1) > pd.Timestamp(as_of):
            made.append(Score(months, None, (low, middle, high), None))
            continue
        within = (days >= pd.Timestamp(opened)) & (days < end)
        actual = float(np.nansum(daily.loc[within, "revenue"].to_numpy(dtype=float)))
        made.append(Score(months, actual, (low, middle, high), low <= actual <= high))
    return made
