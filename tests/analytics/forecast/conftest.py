"""CDNOW and a simulated merchant with known parameters, as the forecast takes them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.forecast.histories import Histories, Observed

EPOCH = date(1970, 1, 1)


def observed_of(log: pd.DataFrame, as_of: date, cut: date) -> tuple[Observed, pd.DataFrame]:
    """The forecast's input from a log (customer, day, amount), counted in pandas."""
    log = log.sort_values(["customer", "day"])
    daily = log.groupby(["customer", "day"], as_index=False)["amount"].sum()
    first = daily.groupby("customer")["day"].min()

    def history(until: date, keys: pd.Index) -> Histories:
        known = daily[(daily["day"] <= until) & daily["customer"].isin(keys)]
        again = known[known["day"] > known["customer"].map(first)]
        count = again.groupby("customer").size().reindex(keys, fill_value=0)
        last = known.groupby("customer")["day"].max().reindex(keys)
        recency = [(a - b).days for a, b in zip(last, first[keys], strict=True)]
        T = [(until - b).days for b in first[keys]]
        spend = again.groupby("customer")["amount"].sum().reindex(keys, fill_value=0.0)
        return Histories(*(np.array(v, dtype=float) for v in (count, recency, T, spend)))

    everyone = first.index
    then = first.index[first <= cut]

    def held(rows: pd.DataFrame, column: str) -> np.ndarray:
        grouped = rows.groupby("customer")["amount"]
        counted = grouped.size() if column == "count" else grouped.sum()
        return counted.reindex(then, fill_value=0).to_numpy(dtype=float)

    after = daily[daily["day"] > cut]
    lately = daily[(daily["day"] <= cut) & (daily["day"] > cut - (as_of - cut))]
    seen = Observed(
        as_of=as_of,
        calibration_end=cut,
        customer_key=np.arange(len(everyone), dtype=np.int32),
        first_day=np.array([(day - EPOCH).days for day in first], dtype=np.int32),
        now=history(as_of, everyone),
        known_then=(first <= cut).to_numpy(),
        then=history(cut, then),
        before=held(lately, "count"),
        before_spend=held(lately, "sum"),
        after=held(after, "count"),
        after_spend=held(after, "sum"),
        margin=0.4 * daily.groupby("customer")["amount"].sum().to_numpy(),
        margin_base=daily.groupby("customer")["amount"].sum().to_numpy(),
    )
    again = daily[(daily["day"] > daily["customer"].map(first)) & daily["customer"].isin(then)]
    back = np.array([(as_of - day).days // 7 for day in again["day"]], dtype=int)
    weekly = pd.Series(back).value_counts().rename_axis("weeks_back").reset_index(name="purchases")
    return seen, weekly


@pytest.fixture(scope="session")
def simulated():
    """4,000 customers of a Pareto/NBD merchant over two and a half years, Gamma-Gamma spend."""
    rng = np.random.default_rng(20251123)
    n, start, as_of = 4000, date(2024, 1, 1), date(2026, 6, 30)
    span = (as_of - start).days
    rate, death = rng.gamma(0.7, 1 / 40.0, n), rng.gamma(0.6, 1 / 120.0, n)
    won, life = rng.integers(0, span - 30, n), rng.exponential(1 / death)
    mean = 6.0 * 300 / rng.gamma(4.0, 10.0, n)
    rows = []
    for customer in range(n):
        times = [0.0, *np.cumsum(rng.exponential(1 / rate[customer], 400))]
        days = {int(time) for time in times if time <= life[customer] and won[customer] + time <= span}
        for day in sorted(days):
            amount = rng.gamma(6.0, mean[customer] / 6.0)
            rows.append((customer, start + timedelta(days=int(won[customer]) + day), amount))
    log = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    return observed_of(log, as_of, as_of - timedelta(days=7 * 39))


@pytest.fixture(scope="session")
def cdnow():
    """The CDNOW sample as a log: 39 weeks of calibration, 39 of holdout."""
    import lifetimes

    path = Path(lifetimes.__file__).parent / "datasets" / "CDNOW_sample.txt"
    log = pd.read_csv(path, sep=r"\s+", header=None, names=["_", "customer", "day", "count", "amount"])
    log["day"] = pd.to_datetime(log["day"].astype(str)).dt.date
    return observed_of(log[["customer", "day", "amount"]], date(1998, 6, 30), date(1997, 9, 30))
