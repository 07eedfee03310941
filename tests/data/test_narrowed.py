"""A snapshot narrowed to some customers holds their rows, and sums of their rows, on each engine."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from data.engines import Tables
from data.narrowed import NarrowedTables

MARTS = ("orders", "order_categories", "customer_summary", "customer_month")


def _frame(table) -> pd.DataFrame:
    return table.to_pyarrow().to_pandas()


def test_every_table_holds_these_customers_only_and_every_sum_is_of_them(small_workspace, engine):
    whole = Tables(small_workspace.current(), engine)
    keys = pa.table({"customer_key": pa.array([3, 5, 8, 13], pa.int32())})
    some = NarrowedTables(whole, lambda: ibis.memtable(keys))
    for name in MARTS:
        expected = _frame(whole.table(name))
        expected = expected[expected["customer_key"].isin([3, 5, 8, 13])]
        assert len(_frame(some.table(name))) == len(expected) > 0
    orders = _frame(some.table("orders"))
    daily = _frame(some.table("daily"))
    assert daily["revenue"].sum() == pytest.approx(orders["amount"].sum())
    assert daily["identified_orders"].sum() == orders["is_purchase"].sum()
    months = _frame(some.table("customer_month"))
    assert _frame(some.table("cohorts"))["customers"].sum() == len(months)
    assert set(_frame(some.table("customers"))["customer_id"]) == set(
        _frame(some.table("customer_summary"))["customer_id"]
    )
    assert len(_frame(some.table("stores"))) == len(_frame(whole.table("stores")))


def test_a_narrowed_table_can_be_joined_and_its_columns_used_after(small_workspace):
    whole = Tables(small_workspace.current())
    keys = ibis.memtable(pa.table({"customer_key": pa.array([3, 5], pa.int32())}))
    some = NarrowedTables(whole, lambda: keys)
    months, summary = some.table("customer_month"), some.table("customer_summary")
    joined = months.inner_join(summary.select("customer_key", "city"), "customer_key")
    assert len(_frame(joined.mutate(cohort=months.cohort.cast("string")))) == len(_frame(months)) > 0
