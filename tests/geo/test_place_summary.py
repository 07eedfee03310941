"""The summary of a place against ten lines of pandas."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from geo.place_summary import summarise

SEGMENTS = ("new", "active", "loyal", "lapsed")


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    chance = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "customer_key": np.arange(300),
            "orders": chance.integers(1, 9, 300),
            "revenue": chance.normal(100, 60, 300).round(2),
            "is_new": chance.random(300) < 0.4,
            "lifecycle": chance.choice(SEGMENTS[:3], 300),
        }
    )


@pytest.fixture(scope="module")
def spending() -> pd.DataFrame:
    chance = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "customer_key": chance.integers(0, 600, 2000),
            "category": chance.choice(["Coffee", "Bakery", None], 2000),
            "amount": chance.normal(20, 15, 2000).round(2),
        }
    )


def test_the_summary_agrees_with_pandas(customers: pd.DataFrame, spending: pd.DataFrame) -> None:
    here = customers[customers["customer_key"] % 3 == 0]
    made = summarise(ibis.memtable(here), ibis.memtable(spending), SEGMENTS)
    assert (made.customers, made.new, made.orders) == (100, here["is_new"].sum(), here["orders"].sum())
    assert made.revenue == pytest.approx(here["revenue"].sum())
    assert made.average_order == pytest.approx(here["revenue"].sum() / here["orders"].sum())
    assert dict(made.segments) == {**here["lifecycle"].value_counts(), "lapsed": 0}
    spent = spending[spending["customer_key"].isin(here["customer_key"])]
    by_category = spent.groupby(spent["category"].fillna("?"))["amount"].sum()
    found = {name or "?": amount for name, amount in made.categories}
    assert found == pytest.approx(by_category.to_dict())
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_the_four_groups_add_up_to_everyone(customers: pd.DataFrame) -> None:
    made = summarise(ibis.memtable(customers), None, SEGMENTS)
    assert sum(count for _, count in made.segments) == made.customers
    assert sum(made.segment_share(code) or 0 for code in SEGMENTS) == pytest.approx(1.0)


def test_a_place_without_customers_has_no_average_and_no_shares(customers: pd.DataFrame) -> None:
    made = summarise(ibis.memtable(customers.head(0)), None, SEGMENTS)
    assert (made.customers, made.revenue, made.average_order, made.new_share) == (0, 0.0, None, None)
    assert made.segment_share("new") is None
    assert made.category_share("Coffee") is None


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"needs \['is_new', 'lifecycle', 'orders', 'revenue'\]"):
        summarise(ibis.memtable({"customer_key": [1]}))
