"""Expected repeat purchases of all customers, week by week, beside those that happened."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from scipy.signal import fftconvolve

from analytics.clv.repeat_purchase import RepeatPurchaseModel
from analytics.forecast.histories import Observed

EPOCH = date(1970, 1, 1)


def tracking(model: RepeatPurchaseModel, seen: Observed, weekly: pd.DataFrame) -> pd.DataFrame:
    """Repeat purchases by week: actual, and expected of the customers won up to the calibration's end.

    Parameters
    ----------
    model : fitted on ``seen.then``, in days
    seen : Observed
    weekly : DataFrame
        ``weeks_back``, ``purchases``: from ``histories.weekly_repeats``.

    Returns
    -------
    DataFrame, one row per whole week, oldest first
        ``week_end`` (date), ``actual``, ``expected``, ``actual_total``, ``expected_total`` (cumulative),
        ``holdout`` (bool).

    References
    ----------
    Fader, Hardie, Lee (2005), Counting your customers the easy way, Marketing Science 24(2), figures 4
    and 5: unconditional expectations, summed over the days on which customers were won.
    """
    end = (seen.as_of - EPOCH).days
    won = seen.first_day[seen.known_then].astype(np.int64)
    start = int(won.min())
    weeks = (end - start + 1) // 7
    births = np.bincount(won - start, minlength=end - start + 1).astype(np.float64)
    per_customer = model.expected_purchases_new(np.arange(end - start + 1, dtype=np.float64))
    total = fftconvolve(births, per_customer)[: end - start + 1]
    week_ends = end - 7 * np.arange(weeks)[::-1]
    expected = total[week_ends - start]
    counts = dict(zip(weekly["weeks_back"], weekly["purchases"], strict=True))
    actual = np.array([float(counts.get(back, 0)) for back in range(weeks)][::-1])
    first = total[week_ends[0] - start - 7] if week_ends[0] - start >= 7 else 0.0
    days = [date.fromordinal(EPOCH.toordinal() + int(day)) for day in week_ends]
    return pd.DataFrame(
        {
            "week_end": days,
            "actual": actual,
            "expected": np.diff(expected, prepend=first),
            "actual_total": np.cumsum(actual),
            "expected_total": expected - first,
            "holdout": [day > seen.calibration_end for day in days],
        }
    )
