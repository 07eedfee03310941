"""A group against the rest: means over customers, Welch's test, and no false alarms."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.profile import DISCOUNTED, LEVEL, compare, mixes


def _merchant(merchant):
    orders = merchant.orders.copy()
    rng = np.random.default_rng(4)
    orders["discount"] = np.where(rng.random(len(orders)) < 0.3, 2.5, 0.0)
    return orders, merchant.order_categories


def _segment(backend, keys):
    return backend.table(pd.DataFrame({"customer_key": pd.array(sorted(keys), dtype="Int32")}))


def _vectors(table, column, value, people):
    """Each customer's share of a value, 0 where they have others only."""
    known = table[table["is_purchase"] & table["customer_key"].notna() & table[column].notna()]
    share = (known[column] == value).groupby(known["customer_key"]).mean()
    return share[share.index.isin(people)], share[~share.index.isin(people)]


def test_shares_index_and_p_are_those_of_the_customers_one_by_one(merchant, backend):
    orders, parts = _merchant(merchant)
    people = {key for key in range(260) if key % 3 == 0}
    found = compare(mixes(backend.table(orders), backend.table(parts), _segment(backend, people)))
    orders["weekday"] = [str(day.weekday()) for day in orders["day"]]
    orders["discount"] = np.where(orders["discount"] > 0, DISCOUNTED, "full")
    assert set(found["dimension"]) == {
        "category",
        "channel",
        "region_code",
        "store_id",
        "weekday",
        "discount",
    }
    for row in found.itertuples():
        source = parts if row.dimension == "category" else orders
        mine, others = _vectors(source, row.dimension, row.value, people)
        assert (row.customers, row.others) == (len(mine), len(others))
        assert (row.share, row.rest) == pytest.approx((mine.mean(), others.mean()))
        assert row.index == pytest.approx(100 * mine.mean() / others.mean())
        expected = stats.ttest_ind(mine, others, equal_var=False).pvalue
        assert row.p == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert found["q"].to_numpy() == pytest.approx(stats.false_discovery_control(found["p"].to_numpy()))


def _random_merchant(rng, people=400, heavy=False):
    """Everybody buys alike; with ``heavy`` a few people place most of the orders."""
    records = []
    for key in range(people):
        count = int(rng.pareto(1.2) * 3) + 1 if heavy else int(rng.integers(1, 6))
        favourite = rng.choice(["web", "shop", "shopee"])
        for _ in range(min(count, 300)):
            channel = favourite if rng.random() < 0.9 else rng.choice(["web", "shop", "shopee"])
            records.append((key, channel, int(rng.integers(0, 365))))
    table = pd.DataFrame(records, columns=["customer_key", "channel", "offset"])
    table["customer_key"] = table["customer_key"].astype("Int32")
    table["day"] = [date(2025, 1, 1) + timedelta(days=int(d)) for d in table.pop("offset")]
    table["region_code"], table["store_id"], table["is_purchase"], table["discount"] = (
        "MY-10",
        "S1",
        True,
        0.0,
    )
    table["category"] = "tea"
    return table


def test_where_the_groups_do_not_differ_hardly_any_difference_is_called_real(duckdb):
    """Orders of one person hang together: counted one by one they would cry wolf."""
    alarms, naive = 0, 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        table = _random_merchant(rng, heavy=True)
        people = set(rng.choice(400, 150, replace=False).tolist())
        orders = duckdb.table(table)
        found = compare(mixes(orders, orders, _segment(duckdb, people)))
        alarms += found["verdict"].isin(["more", "less"]).any()
        counts = pd.crosstab(table["channel"], table["customer_key"].isin(people))
        naive += stats.chi2_contingency(counts).pvalue < LEVEL
    assert alarms <= 4
    assert naive >= 15


def test_a_real_difference_is_found_and_told_in_its_direction(duckdb):
    rng = np.random.default_rng(9)
    table = _random_merchant(rng)
    people = set(range(150))
    mine = table["customer_key"].isin(people)
    table.loc[mine & (rng.random(len(table)) < 0.4), "channel"] = "web"
    orders = duckdb.table(table)
    found = compare(mixes(orders, orders, _segment(duckdb, people))).set_index(["dimension", "value"])
    assert found.loc[("channel", "web"), "verdict"] == "more"
    assert found.loc[("channel", "web"), "index"] > 120
    assert "less" in set(found.loc["channel", "verdict"])
    assert found.loc[("category", "tea"), "verdict"] == "chance"


def test_with_few_customers_nothing_is_tested(duckdb):
    table = _random_merchant(np.random.default_rng(2))
    orders = duckdb.table(table)
    found = compare(mixes(orders, orders, _segment(duckdb, range(10))))
    assert set(found["verdict"]) == {"few"}
    assert found["q"].isna().all()


def test_an_empty_group_gives_no_rows_rather_than_an_error(duckdb):
    orders = duckdb.table(_random_merchant(np.random.default_rng(2)))
    assert compare(mixes(orders, orders, _segment(duckdb, [9999]))).empty
