"""Windows from the merchant's own gaps: against pandas, against a known truth, and within bounds."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import gaps
from analytics.gaps import Spells, derive, human, spells
from analytics.lifecycle import Windows
from tests.analytics.conftest import AS_OF, FIRST_DAY


def with_gaps(orders: pd.DataFrame) -> pd.DataFrame:
    """The mart's column, which the small merchant does not have."""
    orders = orders.copy()
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()].sort_values(["day", "order_key"])
    days = pd.to_datetime(bought["day"]).groupby(bought["customer_key"]).diff().dt.days
    orders["days_since_previous"] = days.astype("Int32")
    return orders


def oracle(orders: pd.DataFrame) -> Spells:
    """The same counts, customer by customer."""
    bought = orders[orders["is_purchase"] & (orders["kind"] == "external") & orders["customer_key"].notna()]
    returns, once, second, year, people = {}, {}, {}, {}, 0
    for _, mine in bought.groupby("customer_key"):
        days, people = sorted(set(mine["day"])), people + 1
        steps = [(b - a).days for a, b in pairwise(days)]
        for step in steps:
            returns[step] = returns.get(step, 0) + 1 / len(steps)
        if steps:
            second[steps[0]] = second.get(steps[0], 0) + 1
        else:
            once[(AS_OF - days[0]).days] = once.get((AS_OF - days[0]).days, 0) + 1
        lately = sum(day > AS_OF - timedelta(days=365) for day in days)
        if lately:
            year[lately] = year.get(lately, 0) + 1
    return Spells(returns, once, second, once, year, people, FIRST_DAY, AS_OF)


def test_the_counts_are_those_of_going_customer_by_customer(merchant, backend):
    orders = with_gaps(merchant.orders)
    found, expected = spells(backend.table(orders), FIRST_DAY, AS_OF, 260), oracle(orders)
    for name in ("returns", "not_returned", "second", "in_a_year"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name)), name
    assert found.customers == expected.customers
    assert derive(found).windows == derive(expected).windows


def test_a_sample_of_the_customers_gives_counts_of_the_sample(merchant, duckdb, monkeypatch):
    monkeypatch.setattr(gaps, "MOST_CUSTOMERS", 130)
    orders = with_gaps(merchant.orders)
    found = spells(duckdb.table(orders), FIRST_DAY, AS_OF, 260)
    half = orders[orders["customer_key"].isna() | (orders["customer_key"] % 2 == 0)]
    assert found.returns == pytest.approx(oracle(half).returns)


def _simulated(mean_gap: float, stays: float, days: int, people: int = 4000, seed: int = 3) -> Spells:
    """Customers who come back after a Gamma gap with a probability, until the data end."""
    rng = np.random.default_rng(seed)
    returns, once, second, year = {}, {}, {}, {}
    for _ in range(people):
        day, steps, start = int(rng.integers(0, days)), [], 0
        start, seen = day, [day]
        while rng.random() < stays:
            step = max(1, round(rng.gamma(4.0, mean_gap / 4)))
            if day + step >= days:
                break
            day += step
            steps.append(step)
            seen.append(day)
        for step in steps:
            returns[step] = returns.get(step, 0) + 1 / len(steps)
        if steps:
            second[steps[0]] = second.get(steps[0], 0) + 1
        else:
            once[days - 1 - start] = once.get(days - 1 - start, 0) + 1
        lately = sum(d >= days - 365 for d in seen)
        if lately:
            year[lately] = year.get(lately, 0) + 1
    as_of = date(2026, 1, 1)
    return Spells(returns, once, second, once, year, people, as_of - timedelta(days=days - 1), as_of)


@pytest.mark.parametrize(("mean_gap", "days"), [(14, 700), (60, 1100), (90, 1100)])
def test_the_gap_by_which_nine_in_ten_return_is_found_though_many_never_do(mean_gap, days):
    truth = np.quantile(np.random.default_rng(0).gamma(4.0, mean_gap / 4, 200_000), 0.9)
    found = derive(_simulated(mean_gap, 0.7, days))
    assert found.reason is None
    assert found.lapse_gap == pytest.approx(truth, rel=0.08)
    assert found.windows.lapse_days >= found.lapse_gap
    assert found.windows.new_days <= found.windows.lapse_days


def test_closed_gaps_alone_would_call_customers_lapsed_too_early():
    found = _simulated(200, 0.8, 700)
    closed = pd.Series(found.returns).sort_index().loc[:365].cumsum()
    naive = closed.index[np.searchsorted(closed.to_numpy(), 0.9 * closed.iloc[-1])]
    assert derive(found).lapse_gap > naive


def test_too_little_data_keeps_the_usual_windows_and_says_why():
    few = derive(_simulated(30, 0.7, 700, people=60))
    short = derive(_simulated(30, 0.7, 120))
    assert (few.windows, few.reason) == (Windows(), "few_customers")
    assert (short.windows, short.reason) == (Windows(), "short_history")
    assert (Windows().new_days, Windows().lapse_days) == (90, 180)


def test_at_most_a_quarter_of_the_buyers_are_loyal():
    found = _simulated(20, 0.85, 900)
    orders = derive(found).windows.loyal_orders
    people = sum(found.in_a_year.values())
    reach = sum(n for k, n in found.in_a_year.items() if k >= orders)
    one_less = sum(n for k, n in found.in_a_year.items() if k >= orders - 1)
    assert reach <= people / 4 < one_less


@given(st.floats(0, 5000), st.integers(1, 40), st.integers(50, 900))
def test_a_window_is_within_its_bounds_and_not_shorter_than_asked_where_that_is_possible(days, low, high):
    found = human(days, low, high)
    assert low <= found <= high
    assert found >= days or all(n < days or not low <= n <= high for n in gaps.HUMAN)
