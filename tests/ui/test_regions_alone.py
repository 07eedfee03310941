"""What the caches answer for a region, having read that region's orders, against all orders."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.groups import lifecycle_sizes
from analytics.lifecycle import CODES, Windows, assign
from analytics.results import frame, in_order
from analytics.scope import Scope
from data import workspaces
from data.engines import Tables
from ui.cached import people, places, segments

LAST = date(2026, 11, 22)


@pytest.mark.parametrize("end", [LAST, date(2026, 5, 3)])
def test_a_region_is_told_as_if_every_order_had_been_read(small_home, monkeypatch, use_home, end):
    use_home(small_home, monkeypatch)
    shop = workspaces.open_workspace(small_home, "Kedai Ujian")
    tables, snapshot = Tables(shop.current()), shop.current().id
    orders, categories = tables.table("orders"), tables.table("order_categories")
    every = frame(assign(orders, end, Windows())).set_index("customer_key")["lifecycle"]
    for region in ("MY-10", "MY-14"):
        scope = Scope(date(2026, 1, 1), end, region_codes=(region,))
        found = segments.sizes(shop.name, snapshot, scope, Windows())
        plain = in_order(frame(lifecycle_sizes(orders, categories, scope, Windows())), "lifecycle", CODES)
        pd.testing.assert_frame_equal(found, plain, check_dtype=False)
        those = frame(people.assigned(shop.name, snapshot, end, Windows(), scope)).set_index("customer_key")
        on_map = places.customers(shop.name, snapshot, scope, Windows()).to_pandas().set_index("customer_key")
        assert len(on_map) > 0
        assert (on_map["lifecycle"] == every[on_map.index]).all()
        assert (those.loc[on_map.index, "lifecycle"] == every[on_map.index]).all()


def test_the_orders_of_a_customer_lie_together_within_a_region(small_home):
    shop = workspaces.open_workspace(small_home, "Kedai Ujian")
    orders = frame(Tables(shop.current()).table("orders"))
    keys = orders[["region_code", "customer_key", "order_key"]]
    assert list(keys.index) == list(keys.sort_values(list(keys.columns)).index)
