"""Cost to win and payback by channel against a customer-by-customer count."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from analytics.forecast.payback import FEWEST, contribution_curve, cost_to_win, payback

AS_OF = date(2026, 6, 20)
EXTERNAL = ("external",)


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(11)
    rows = []
    for key in range(600):
        month = int(rng.integers(0, 17))
        first = date(2025 + month // 12, month % 12 + 1, int(rng.integers(1, 28)))
        channel = ["ads", "friends", None][key % 3]
        rows.append((key, "external" if key % 10 else "internal", channel, first, 5.0 + key % 4))
    return pd.DataFrame(
        rows, columns=["customer_key", "kind", "acquisition_channel", "first_day", "acquisition_cost"]
    )


@pytest.fixture(scope="module")
def months(people):
    rng = np.random.default_rng(12)
    rows = []
    for row in people.itertuples():
        cohort = row.first_day.replace(day=1)
        number = cohort.year * 12 + cohort.month - 1
        for period in range(2026 * 12 + 5 - number + 1):
            if period == 0 or rng.random() < 0.3:
                month = number + period
                rows.append(
                    (row.customer_key, cohort, date(month // 12, month % 12 + 1, 1), period, rng.gamma(2, 4))
                )
    return pd.DataFrame(rows, columns=["customer_key", "cohort", "month", "period", "margin"])


def curve_by_hand(people, months, channel):
    """Mean margin of those known for that many whole months, month after month."""
    own = people[(people["kind"] == "external")]
    own = own[own["acquisition_channel"].isna() if channel is None else own["acquisition_channel"] == channel]
    ended = 2026 * 12 + 5
    totals, total = [], 0.0
    for period in range(40):
        known = [
            row.customer_key
            for row in own.itertuples()
            if row.first_day.year * 12 + row.first_day.month - 1 + period < ended
        ]
        if len(known) < FEWEST:
            break
        here = months[(months["period"] == period) & months["customer_key"].isin(known)]
        total += here["margin"].sum() / len(known)
        totals.append(total)
    return totals


@pytest.mark.parametrize("channel", ["ads", "friends", None])
def test_the_curve_equals_the_count_by_hand(people, months, channel):
    found = contribution_curve(ibis.memtable(months), ibis.memtable(people), AS_OF, EXTERNAL)
    own = found[found["channel"].isna() if channel is None else found["channel"] == channel]
    np.testing.assert_allclose(own["cumulative"], curve_by_hand(people, months, channel))
    assert own["customers"].is_monotonic_decreasing


def test_spend_over_the_customers_it_won(people):
    spend = pd.DataFrame(
        {
            "month": [date(2025, 1, 1), date(2025, 2, 1), date(2025, 2, 1), date(2026, 9, 1)],
            "channel": ["ads", "ads", "ads", "ads"],
            "kind": ["acquisition", None, "retention", "acquisition"],
            "amount": [100.0, 50.0, 999.0, 999.0],
        }
    )
    found = cost_to_win(ibis.memtable(people), ibis.memtable(spend), AS_OF, EXTERNAL).set_index("channel")
    external = people[people["kind"] == "external"]
    won = external[
        (external["acquisition_channel"] == "ads")
        & np.array([day < date(2025, 3, 1) for day in external["first_day"]])
    ]
    assert found.loc["ads", "cost"] == pytest.approx(150.0 / len(won))
    assert found.loc["ads", "source"] == "spend"
    friends = external[external["acquisition_channel"] == "friends"]
    assert found.loc["friends", "cost"] == pytest.approx(friends["acquisition_cost"].mean())
    assert found.loc["friends", "source"] == "customers"


def test_payback_is_the_first_month_that_covers_the_cost():
    curve = pd.DataFrame(
        {
            "channel": ["ads"] * 13 + ["free"] * 2,
            "period": [*range(13), 0, 1],
            "customers": 50,
            "margin": 1.0,
            "cumulative": [float(n + 1) for n in range(13)] + [5.0, 6.0],
        }
    )
    costs = pd.DataFrame(
        {
            "channel": ["ads", "free", "gone"],
            "customers": [50, 50, 5],
            "cost": [3.5, 100.0, np.nan],
            "source": ["spend", "spend", ""],
        }
    )
    found = payback(curve, costs).set_index("channel")
    assert found.loc["ads", "months"] == 3
    assert found.loc["ads", "first_year"] == 12.0
    assert np.isnan(found.loc["free", "months"])
    assert found.loc["free", "observed"] == 2
    assert np.isnan(found.loc["free", "first_year"])
    assert np.isnan(found.loc["gone", "months"])


def test_without_any_cost_nothing_is_paid_back(people):
    unknown = people.assign(acquisition_cost=np.nan)
    found = cost_to_win(ibis.memtable(unknown), None, AS_OF, EXTERNAL)
    assert found["cost"].isna().all()
    assert set(found["source"]) == {""}
