"""One customer over time: which group they were in, and how likely they were still there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from analytics.clv.arrays import FloatArray
from analytics.clv.repeat_purchase import RepeatPurchaseModel
from analytics.lifecycle import Windows


def lifecycle_on(purchases: Sequence[date], day: date, windows: Windows) -> str | None:
    """The lifecycle group of one customer on a day; as :func:`analytics.lifecycle.assign` tells it.

    Parameters
    ----------
    purchases : sequence of date
        One entry a purchase, in any order; those after ``day`` are ignored.
    day : date
    windows : Windows

    Returns
    -------
    str or None
        One of ``lifecycle.CODES``; None before the first purchase.

    Examples
    --------
    >>> lifecycle_on([date(2026, 1, 1)], date(2026, 1, 31), Windows())
    'new'
    """
    known = [each for each in purchases if each <= day]
    if not known:
        return None
    if max(known) <= day - timedelta(days=windows.lapse_days):
        return "lapsed"
    if min(known) > day - timedelta(days=windows.new_days):
        return "new"
    since = day - timedelta(days=windows.loyal_days)
    return "loyal" if sum(each > since for each in known) >= windows.loyal_orders else "active"


def alive_on(model: RepeatPurchaseModel, purchases: Sequence[date], days: Sequence[date]) -> FloatArray:
    """P(alive) of one customer on each day, from what was known then.

    Parameters
    ----------
    model : fitted, in days
        One whose P(alive) is the chance of still being there (not BG/NBD).
    purchases : sequence of date
    days : sequence of date

    Returns
    -------
    ndarray, shape (len(days),)
        NaN before the first purchase.

    Raises
    ------
    ValueError : the model's P(alive) does not say who has left.
    """
    if not model.alive_is_churn:
        raise ValueError("alive_on() needs a model that can tell who has left; BG/NBD cannot.")
    bought = np.unique([each.toordinal() for each in purchases])
    ends = np.array([each.toordinal() for each in days])
    seen = np.searchsorted(bought, ends, side="right")
    known = seen > 0
    found = np.full(len(ends), np.nan)
    if not known.any():
        return found
    frequency = (seen[known] - 1).astype(np.float64)
    recency = (bought[seen[known] - 1] - bought[0]).astype(np.float64)
    found[known] = model.probability_alive(frequency, recency, (ends[known] - bought[0]).astype(np.float64))
    return found


def month_ends(first: date, last: date) -> list[date]:
    """The last day of each month from the first day's on, and the last day itself.

    Examples
    --------
    >>> month_ends(date(2026, 1, 15), date(2026, 3, 10))
    [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), datetime.date(2026, 3, 10)]
    """
    ends: list[date] = []
    day = first
    while True:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= last:
            return [*ends, last]
        ends.append(end)
        day = following
