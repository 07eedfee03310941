"""Sufficient statistics of purchases against ten lines of pandas, on both engines."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.forecast.histories import calibration_end, histories, observed, weekly_repeats
from analytics.results import frame

AS_OF = date(2025, 6, 20)
CUT = date(2024, 12, 31)


@pytest.fixture(scope="module")
def orders_frame(merchant):
    """The merchant's orders with the days since the customer's previous purchase, as the mart has them."""
    orders = merchant.orders.copy()
    bought = orders[orders["nth"].notna()].sort_values(["customer_key", "nth"])
    gap = pd.to_datetime(bought["day"]).groupby(bought["customer_key"]).diff().dt.days
    orders["days_since_previous"] = gap.astype("Int32").reindex(orders.index)
    return orders


@pytest.fixture(scope="module")
def given(orders_frame, merchant, backend):
    return backend.table(orders_frame), backend.table(merchant.customer_summary)


def oracle(orders: pd.DataFrame, summary: pd.DataFrame, until: date) -> pd.DataFrame:
    """Frequency, recency and spend of each external customer, one at a time."""
    rows = {}
    first_days = summary.set_index("customer_key")["first_day"]
    for key, own in orders[orders["kind"] == "external"].groupby("customer_key"):
        first = first_days[key]
        if first is None or first > until:
            continue
        own = own[(own["day"] <= until) & (own["day"] >= first)]
        days = sorted(set(own.loc[own["is_purchase"], "day"]))
        rows[int(key)] = {
            "frequency": len(days) - 1,
            "recency": (days[-1] - first).days if len(days) > 1 else 0,
            "T": (until - first).days,
            "spend": own.loc[own["day"] > first, "amount"].sum(),
        }
    return pd.DataFrame(rows).T


def test_histories_equal_those_counted_by_hand(given, orders_frame, merchant):
    seen = observed(histories(*given, AS_OF, CUT), AS_OF, CUT)
    for until, history, keys in (
        (AS_OF, seen.now, seen.customer_key),
        (CUT, seen.then, seen.customer_key[seen.known_then]),
    ):
        wanted = oracle(orders_frame, merchant.customer_summary, until).loc[list(keys)]
        assert len(keys) == len(oracle(orders_frame, merchant.customer_summary, until))
        for name in ("frequency", "recency", "T", "spend"):
            np.testing.assert_allclose(getattr(history, name), wanted[name], atol=1e-6, err_msg=name)


def test_the_holdout_holds_what_was_bought_after_the_cut(given, orders_frame):
    seen = observed(histories(*given, AS_OF, CUT), AS_OF, CUT)
    late = orders_frame[(orders_frame["kind"] == "external") & (orders_frame["day"] > CUT)]
    keys = set(seen.customer_key[seen.known_then])
    late = late[late["customer_key"].isin(keys)]
    bought = late[late["is_purchase"]].drop_duplicates(["customer_key", "day"])
    assert seen.after.sum() == len(bought)
    assert seen.after_spend.sum() == pytest.approx(late["amount"].sum())


def test_weekly_repeats_add_up_to_the_days_with_a_repeat(given, orders_frame, merchant):
    weeks = frame(weekly_repeats(*given, AS_OF, CUT))
    wanted = oracle(orders_frame, merchant.customer_summary, AS_OF)
    won = [AS_OF.toordinal() - CUT.toordinal() <= T for T in wanted["T"]]
    assert weeks["purchases"].sum() == wanted.loc[won, "frequency"].sum()
    assert weeks["weeks_back"].is_unique
    assert weeks["weeks_back"].min() >= 0


def test_staff_and_resellers_teach_the_models_nothing(given, merchant):
    seen = observed(histories(*given, AS_OF, CUT), AS_OF, CUT)
    kinds = merchant.customer_summary.set_index("customer_key").loc[list(seen.customer_key), "kind"]
    assert set(kinds) == {"external"}


def test_a_customer_who_only_got_refunds_is_not_valued(given):
    seen = observed(histories(*given, AS_OF, CUT), AS_OF, CUT).now
    assert (seen.mean_value[~seen.valued] == 0).all()
    assert (seen.mean_value[seen.valued] > 0).all()
    assert (seen.orders_valued[~seen.valued] == 0).all()


def test_the_cut_leaves_whole_weeks_and_at_most_a_year():
    for days in (30, 100, 400, 1000, 5000):
        as_of = date(2026, 11, 22)
        first = date.fromordinal(as_of.toordinal() - days)
        held = (as_of - calibration_end(first, as_of)).days
        assert held % 7 == 0
        assert 7 <= held <= 364


def test_a_cut_after_the_last_day_is_refused(given):
    with pytest.raises(ValueError, match="before as_of"):
        histories(*given, AS_OF, AS_OF)
