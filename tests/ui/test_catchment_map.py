"""What the page on catchments shows, against pandas on the tables of a chain; and which stores there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.workspaces import Workspace
from geo.cells import to_x20, to_y20
from geo.distance import haversine_km
from tests.chain import chain_tables
from tests.conftest import build_workspace
from tests.ui.test_place_more import SCOPE
from ui.cached import catchments, store_list
from ui.cached.catchment_map import FLOW_LEVEL, shown
from ui.cached.catchments import FEWEST, Rule

Key = tuple[str, str, Scope, Windows]
STORE = "S0"


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    found = chain_tables()
    stores = found["stores"].to_pylist()
    stores[1]["name"] = ""
    stores.append({**stores[0], "store_id": "S9", "name": "No place", "lat": None, "lon": None})
    found["stores"] = pa.Table.from_pylist(stores)
    people = found["customers"].to_pylist()
    people[0] |= {"lat": None, "lon": None, "geo_precision": "none"}
    found["customers"] = pa.Table.from_pylist(people)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, tables: dict[str, pa.Table]) -> tuple[Path, Workspace]:
    folder = tmp_path_factory.mktemp("catchment-map")
    return folder, build_workspace(folder, "Chain", tables)


@pytest.fixture
def key(home: Any, use_home: Any, monkeypatch: pytest.MonkeyPatch) -> Key:
    folder, workspace = home
    use_home(folder, monkeypatch)
    return workspace.name, workspace.current().id, SCOPE, Windows()


@pytest.fixture(scope="module")
def bought(tables: dict[str, pa.Table]) -> pd.DataFrame:
    """Customers by store: what they bought, where they live, how far the store is."""
    people, stores = (tables[name].to_pandas() for name in ("customers", "stores"))
    lines = tables["transactions"].to_pandas().assign(amount=lambda frame: frame["amount"].astype(float))
    lines = lines[pd.to_datetime(lines["ordered_at"]).dt.date.between(SCOPE.start, SCOPE.end)]
    summed = lines.groupby(["customer_id", "store_id"], as_index=False)["amount"].sum()
    at = stores.set_index("store_id")[["lat", "lon"]].astype(float).add_prefix("store_")
    people = people[people["lat"].notna()]
    found = summed.merge(people, on="customer_id").merge(at, left_on="store_id", right_index=True)
    far = haversine_km(found["lat"], found["lon"], found["store_lat"], found["store_lon"])
    return found.assign(x20=to_x20(found["lon"]), y20=to_y20(found["lat"]), km=far)


def test_stores_have_a_name_and_only_those_with_a_place_are_on_the_map(key: Key) -> None:
    every = store_list.every(*key[:2])
    assert every["store_id"].tolist() == ["K1", *(f"S{i}" for i in range(6)), "S9"]
    assert every.set_index("store_id").loc["S1", "name"] == "S1"
    assert store_list.own(*key[:2])["store_id"].tolist() == [f"S{i}" for i in range(6)]
    assert store_list.rivals(*key[:2])["store_id"].tolist() == ["K1"]
    assert [row["store_id"] for row in store_list.rows(*key[:2])] == every["store_id"].tolist()


def test_flows_and_who_has_none_are_the_customers_of_the_store(key: Key, bought: pd.DataFrame) -> None:
    found = shown(*key, "straight", STORE, Rule())
    mine = bought[bought["store_id"] == STORE]
    shift = 20 - FLOW_LEVEL
    groups = mine.groupby([mine["x20"] // 2**shift, mine["y20"] // 2**shift])
    sums = groups.agg(customers=("customer_id", "size"), revenue=("amount", "sum"), km=("km", "mean"))
    large = sums[sums["customers"] >= FEWEST].sort_values("revenue", ascending=False)
    assert found.flows["customers"].tolist() == large["customers"].tolist()
    assert found.flows["revenue"].tolist() == pytest.approx(large["revenue"].tolist())
    assert found.flows["cost"].tolist() == pytest.approx(large["km"].tolist(), abs=0.5)
    assert found.hidden == len(mine) - large["customers"].sum()


def test_the_outline_holds_the_customers_of_the_share(key: Key, bought: pd.DataFrame) -> None:
    near, every = (shown(*key, "straight", STORE, Rule(value=share)) for share in (0.5, 1.0))
    mine = bought[bought["store_id"] == STORE]
    assert every.customers == len(mine)
    assert near.outline is not None
    assert every.outline is not None
    sold = mine["amount"].to_numpy()
    held = [sold[shapely.contains_xy(x.outline, mine["lon"], mine["lat"])].sum() for x in (near, every)]
    assert near.found.share <= held[0] / sold.sum() < 0.85
    assert near.found.share >= 0.5
    assert held[1] / sold.sum() > 0.9
    south, west, north, east = near.extent
    assert south < mine["lat"].median() < north
    assert west < mine["lon"].median() < east


def test_the_cards_are_those_of_every_customer(
    key: Key, bought: pd.DataFrame, tables: dict[str, pa.Table]
) -> None:
    found = catchments.whole(*key, "straight")
    ranked = bought.sort_values("km")
    reached = ranked["amount"].cumsum() / ranked["amount"].sum()
    half, most = (float(ranked["km"][reached >= share].iloc[0]) for share in (0.5, 0.8))
    assert found.half == pytest.approx(half, abs=1.0)
    assert found.most == pytest.approx(most, abs=1.0)
    lines = tables["transactions"].to_pandas()
    lines = lines[pd.to_datetime(lines["ordered_at"]).dt.date.between(SCOPE.start, SCOPE.end)]
    stores = lines.groupby("customer_id")["store_id"].nunique()
    assert found.several == pytest.approx((stores > 1).mean())
    assert found.placed == pytest.approx(bought["customer_id"].nunique() / len(stores))
    assert found.placed < 1
    assert found.nearest is not None
    assert 0 < found.nearest < 1
    assert np.isfinite(found.nearest)
