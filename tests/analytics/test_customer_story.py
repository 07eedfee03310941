"""One customer's groups over time are those everybody is told by; P(alive) is the model's."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.clv import BetaGeoNBD, ParetoNBD
from analytics.customer_story import alive_on, lifecycle_on, month_ends
from analytics.lifecycle import Windows, assign
from analytics.results import frame

WINDOWS = Windows()
MODEL = ParetoNBD.from_params({"r": 0.7, "alpha": 40.0, "s": 0.6, "beta": 120.0})


@pytest.mark.parametrize("as_of", [date(2023, 9, 1), date(2024, 6, 30), date(2025, 6, 20)])
def test_every_customer_is_in_the_group_the_engine_puts_them_in(merchant, duckdb, as_of):
    orders = merchant.orders
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()]
    found = frame(assign(duckdb.table(orders), as_of, WINDOWS)).set_index("customer_key")["lifecycle"]
    for key, own in bought.groupby("customer_key"):
        assert lifecycle_on(list(own["day"]), as_of, WINDOWS) == found.get(int(key))


def test_before_the_first_purchase_there_is_no_group():
    assert lifecycle_on([date(2026, 5, 1)], date(2026, 4, 30), WINDOWS) is None
    assert lifecycle_on([], date(2026, 4, 30), WINDOWS) is None


def test_the_chance_on_a_day_is_the_models_for_what_was_known_then():
    days = [date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 10), date(2026, 3, 1)]
    found = alive_on(MODEL, days, [date(2025, 12, 31), date(2026, 2, 20), date(2026, 9, 1)])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(float(MODEL.probability_alive(1, 40, 50)))
    assert found[2] == pytest.approx(float(MODEL.probability_alive(2, 59, 243)))


@given(st.lists(st.integers(0, 900), min_size=1, max_size=20))
def test_silence_never_raises_the_chance(offsets):
    days = [date(2024, 1, 1) + timedelta(days=each) for each in offsets]
    silent = [max(days) + timedelta(days=30 * step) for step in range(10)]
    assert (np.diff(alive_on(MODEL, days, silent)) <= 1e-12).all()


def test_bg_nbd_is_refused():
    model = BetaGeoNBD.from_params({"r": 0.2, "alpha": 4.0, "a": 0.8, "b": 2.4})
    with pytest.raises(ValueError, match="BG/NBD cannot"):
        alive_on(model, [date(2026, 1, 1)], [date(2026, 2, 1)])


def test_months_end_with_the_last_day_known():
    ends = month_ends(date(2024, 1, 31), date(2026, 11, 22))
    wanted = [day.date() for day in pd.date_range("2024-01-31", "2026-10-31", freq="ME")]
    assert ends == [*wanted, date(2026, 11, 22)]
    assert month_ends(date(2026, 11, 22), date(2026, 11, 22)) == [date(2026, 11, 22)]
