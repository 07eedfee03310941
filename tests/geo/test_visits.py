"""Who buys where, against pandas and on both engines."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from geo.cells import to_x20, to_y20
from geo.visits import cells
from tests.analytics.conftest import Backend, backend, spark_session  # noqa: F401


def merchant(seed: int = 3, people: int = 300) -> tuple[pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(seed)
    lat, lon = random.normal(3.1, 0.2, people), random.normal(101.6, 0.2, people)
    homes = pd.DataFrame({"customer_key": np.arange(people, dtype="int32"), "lat": lat, "lon": lon})
    homes["x20"], homes["y20"] = to_x20(lon).astype("int32"), to_y20(lat).astype("int32")
    homes["x20"], homes["y20"] = homes["x20"].astype("Int32"), homes["y20"].astype("Int32")
    homes.loc[:9, ["lat", "lon", "x20", "y20"]] = None
    n = 2_000
    orders = pd.DataFrame(
        {
            "customer_key": pd.array(random.integers(0, people, n), dtype="Int32"),
            "store_id": random.choice(["A", "B", None], n),
            "is_purchase": random.random(n) < 0.9,
            "amount": random.normal(50, 20, n).round(2),
        }
    )
    orders.loc[::17, "customer_key"] = pd.NA
    return orders, homes


def oracle(orders: pd.DataFrame, homes: pd.DataFrame, level: int) -> pd.DataFrame:
    known = orders.dropna(subset=["customer_key", "store_id"])
    each = known.groupby(["customer_key", "store_id"], as_index=False).agg(
        orders=("is_purchase", "sum"), revenue=("amount", "sum")
    )
    placed = homes.dropna(subset=["x20"]).assign(
        x=lambda h: h["x20"] // 2 ** (20 - level), y=lambda h: h["y20"] // 2 ** (20 - level)
    )
    each = each[each["orders"] > 0].merge(placed, on="customer_key")
    middle = each.drop_duplicates("customer_key").groupby(["x", "y"], as_index=False)[["lat", "lon"]].mean()
    counted = each.groupby(["x", "y", "store_id"], as_index=False).agg(
        customers=("customer_key", "size"), orders=("orders", "sum"), revenue=("revenue", "sum")
    )
    return counted.merge(middle, on=["x", "y"])


def test_cells_agree_with_pandas(backend: Backend) -> None:  # noqa: F811
    orders, homes = merchant()
    found = cells(backend.table(orders), backend.table(homes), 11).to_pyarrow().to_pandas()
    keys = ["x", "y", "store_id"]
    expected = oracle(orders, homes, 11).astype({"x": "int64", "y": "int64"})
    found = found.astype({"x": "int64", "y": "int64"}).sort_values(keys, ignore_index=True)
    expected = expected[list(found.columns)].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_every_purchase_in_a_store_by_somebody_with_a_place_is_counted_at_any_level() -> None:
    orders, homes = merchant(5)
    known = orders[orders["is_purchase"]].dropna().merge(homes.dropna(), on="customer_key")
    for level in (0, 7, 14, 20):
        found = cells(ibis.memtable(orders), ibis.memtable(homes), level).to_pandas()
        assert found["orders"].sum() == len(known)


def test_what_is_missing_is_named() -> None:
    orders, homes = merchant(people=20)
    with pytest.raises(ValueError, match="store_id"):
        cells(ibis.memtable(orders.drop(columns="store_id")), ibis.memtable(homes), 9)
    with pytest.raises(ValueError, match="0 to 20; got 21"):
        cells(ibis.memtable(orders), ibis.memtable(homes), 21)
