"""What is said of a place beside its sales, and the regions of the overview, against pandas alone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import Tables
from data.workspaces import Workspace
from geo.distance import haversine_km
from tests.conftest import TOWNS, build_workspace, small_tables
from ui.cached import overview
from ui.cached.forecast import Asked
from ui.cached.place_more import More, more
from ui.components.map_state import Selection, Shape

SCOPE = Scope(start=date(2026, 1, 1), end=date(2026, 11, 22))
WINDOWS = Windows()
KLANG = Selection("shape", shapes=(Shape((((TOWNS[0][4], TOWNS[0][3]),),), 20_000.0),))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    """The small merchant with a competitor and answers to how likely people are to recommend it."""
    tables = small_tables()
    stores = tables["stores"].to_pylist()
    stores.append({**stores[0], "store_id": "X1", "name": "Other", "lat": 3.2, "owner": "competitor"})
    tables["stores"] = pa.Table.from_pylist(stores)
    chance = np.random.default_rng(3)
    tables["feedback"] = pa.Table.from_pylist(
        [
            {
                "customer_id": f"C{int(number):04d}",
                "given_at": datetime(2026, 1 + i % 11, 3),
                "kind": "nps" if i % 5 else "csat",
                "score": float(chance.integers(0, 11)),
            }
            for i, number in enumerate(chance.integers(0, 240, 400))
        ]
    )
    folder = tmp_path_factory.mktemp("more")
    return folder, build_workspace(folder, "More", tables)


@pytest.fixture
def key(home, use_home, monkeypatch) -> tuple[str, str, Scope, Windows]:
    folder, workspace = home
    use_home(folder, monkeypatch)
    snapshot = workspace.current()
    assert snapshot is not None
    return workspace.name, snapshot.id, SCOPE, WINDOWS


@pytest.fixture
def people(home) -> pd.DataFrame:
    """Who bought in the window, with their place and their distance to Klang."""
    tables = Tables(home[1].current(), "duckdb")
    orders = tables.table("orders").to_pandas()
    day = pd.to_datetime(orders["day"])
    inside = orders[(day >= "2026-01-01") & (day <= "2026-11-22") & orders["is_purchase"]]
    keys = inside.loc[(inside["kind"] != "internal"), "customer_key"].dropna().unique()
    homes = tables.table("customer_summary").to_pandas()
    found = homes[homes["customer_key"].isin(keys)].copy()
    found["away"] = haversine_km(found["lat"], found["lon"], TOWNS[0][3], TOWNS[0][4])
    return found


@pytest.mark.parametrize("chosen", [None, KLANG])
def test_distances_to_own_and_other_stores_are_those_of_half_the_customers(home, key, people, chosen):
    found = more(*key, chosen, 0, Asked())
    there = people if chosen is None else people[people["away"] <= 20]
    stores = Tables(home[1].current(), "duckdb").table("stores").to_pandas()
    for owner, km in (("own", found.own_km), ("competitor", found.other_km)):
        of_theirs = stores[stores["owner"] == owner]
        away = np.min(
            [haversine_km(there["lat"], there["lon"], s.lat, s.lon) for s in of_theirs.itertuples()], axis=0
        )
        assert km == pytest.approx(float(np.median(away)), rel=1e-6)


def test_the_score_of_a_place_is_promoters_less_detractors_with_its_margin(home, key, people):
    found = more(*key, KLANG, 0, Asked())
    said = Tables(home[1].current(), "duckdb").table("feedback").to_pandas()
    near = people[people["away"] <= 20]
    said = said[(said["kind"] == "nps") & said["customer_id"].isin(near["customer_id"])]
    up, down = (said["score"] >= 9).mean(), (said["score"] <= 6).mean()
    each = np.select([said["score"] >= 9, said["score"] <= 6], [1.0, -1.0], 0.0)
    assert found.answers == len(said) > 10
    assert found.nps == pytest.approx(100 * (up - down))
    assert found.margin == pytest.approx(100 * 1.959964 * each.std() / np.sqrt(len(each)), rel=1e-5)


def test_a_small_group_says_nothing(key):
    nowhere = Selection("shape", shapes=(Shape((((0.0, 0.0),),), 1_000.0),))
    assert more(*key, nowhere, 5, Asked()) == More()
    assert more(*key, KLANG, 10_000, Asked()) == More()


def test_what_nobody_computed_is_not_there(key):
    assert more(*key, None, 0, Asked()).value is None


def test_the_regions_of_the_overview_are_those_pandas_adds_up(home, key):
    found = overview.by_region(*key).set_index("region_code")
    orders = Tables(home[1].current(), "duckdb").table("orders").to_pandas()
    day = pd.to_datetime(orders["day"])
    inside = orders[(day >= "2026-01-01") & (day <= "2026-11-22") & (orders["kind"] != "internal")]
    inside = inside.assign(region_code=inside["region_code"].fillna(""))
    bought = inside[inside["is_purchase"]]
    assert found["revenue"].to_dict() == pytest.approx(
        inside.groupby("region_code")["amount"].sum().to_dict()
    )
    assert found["orders"].to_dict() == bought.groupby("region_code").size().to_dict()
    customers = bought.groupby("region_code")["customer_key"].nunique()
    assert found["customers"].to_dict() == customers.to_dict()
