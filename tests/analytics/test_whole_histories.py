"""The lifecycle of a region's customers, from the orders of that region alone."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.lifecycle import Windows, assign
from analytics.results import frame
from analytics.scope import Scope, whole_histories

END = date(2025, 3, 31)
REGIONS = np.array(["MY-10", "MY-14", "MY-01"], dtype=object)


def shop(chance: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders with the customer's region, or the store's where the customer has none."""
    own = chance.choice(np.append(REGIONS, None), 40)
    who = chance.integers(0, 45, 600)
    known = who < 40
    store = chance.choice(REGIONS, 600)
    region = np.where(known, own[np.where(known, who, 0)], None)
    orders = pd.DataFrame(
        {
            "order_key": range(600),
            "customer_key": pd.array(np.where(known, who, 0), dtype="Int32"),
            "day": [END - timedelta(days=int(back)) for back in chance.integers(0, 700, 600)],
            "region_code": [
                mine if mine is not None else there for mine, there in zip(region, store, strict=True)
            ],
            "is_purchase": chance.random(600) < 0.9,
        }
    )
    orders.loc[~known, "customer_key"] = pd.NA
    return orders, pd.DataFrame({"customer_key": pd.array(range(40), dtype="Int32"), "region_code": own})


@pytest.mark.parametrize("wanted", [("MY-10",), ("MY-01", "MY-14"), ()])
def test_nobody_of_a_region_is_told_apart_differently(duckdb, wanted):
    nobody_is_told_apart_differently(duckdb, wanted)


def test_nor_of_a_region_that_is_not_known_on_either_engine(backend):
    nobody_is_told_apart_differently(backend, ("", "MY-10"))


def nobody_is_told_apart_differently(backend, wanted):
    orders, customers = shop(np.random.default_rng(7))
    table, summary = backend.table(orders), backend.table(customers)
    scope = Scope(date(2025, 1, 1), END, region_codes=wanted)
    few = frame(assign(whole_histories(table, summary, scope), END, Windows())).set_index("customer_key")
    every = frame(assign(table, END, Windows())).set_index("customer_key")
    here = orders["region_code"].isin(wanted) if wanted else orders["region_code"].notna()
    meant = orders.loc[here & orders["is_purchase"], "customer_key"].dropna().unique()
    assert len(meant) > 5
    pd.testing.assert_frame_equal(few.loc[meant], every.loc[meant], check_index_type=False)
    assert len(few) < len(every) or not wanted or "" in wanted


def test_without_nameless_places_the_orders_of_the_region_are_enough(duckdb):
    orders, customers = shop(np.random.default_rng(8))
    homeless = customers.loc[customers["region_code"].isna(), "customer_key"]
    orders = orders[~orders["customer_key"].isin(homeless)]
    scope = Scope(date(2025, 1, 1), END, region_codes=("MY-14",))
    found = whole_histories(duckdb.table(orders), duckdb.table(customers), scope, anybody_without=False)
    assert sorted(frame(found)["order_key"]) == list(
        orders.loc[orders["region_code"] == "MY-14", "order_key"]
    )
