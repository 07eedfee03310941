"""A user's boundaries of another country, and customers there: from the file to the map."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import boundaries as store
from data.boundaries import About
from data.engines import Tables
from data.reference import loader
from data.workspaces import Config, Workspace
from geo.boundaries import labelled
from tests.conftest import build_workspace, small_tables
from ui import boundary_job
from ui.boundary_job import Ask
from ui.cached import boundaries, population, regions

SCOPE = Scope(date(2025, 1, 1), date(2026, 11, 22))
WINDOWS = Windows()


@pytest.fixture
def german(tmp_path: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A chain whose customers live in German towns, more of them in the larger ones."""
    towns = loader.towns()
    towns = towns[towns["country"] == "DE"].nlargest(40, "population").reset_index(drop=True)
    rng = np.random.default_rng(6)
    tables = small_tables()
    rows = tables["customers"].to_pylist()
    homes = rng.choice(len(towns), len(rows), p=towns["population"] / towns["population"].sum())
    for row, town in zip(rows, homes, strict=True):
        place = towns.iloc[town]
        row |= {
            "lat": float(place["lat"]),
            "lon": float(place["lon"]),
            "country": "DE",
            "city": place["name"],
            "region": None,
            "region_code": place["region_code"],
        }
    tables["customers"] = pa.Table.from_pylist(rows, schema=tables["customers"].schema)
    use_home(tmp_path, monkeypatch)
    config = Config(title="Laden", currency="EUR", country="DE", time_zone="Europe/Berlin")
    return build_workspace(tmp_path, "laden", tables, config)


def uploaded(epsg: int) -> bytes:
    """The German states as an office would publish them: in metres, with the system named."""
    states = loader.regions_of("DE")[["code", "name", "geometry"]].to_crs(epsg)
    return states.to_json(show_bbox=False, to_wgs84=False, drop_id=True).encode()


def test_german_states_from_a_file_in_metres_to_figures_and_a_map(german: Workspace) -> None:
    snapshot = german.current()
    assert snapshot is not None
    box = boundaries.customers_box("laden", snapshot.id)
    ask = Ask(country="DE", home=boundaries.country_box("DE"), customers=box)
    read = boundary_job.read(uploaded(25832), "bundesländer.geojson", ask)
    assert (read.crs, read.crs_reason) == ("EPSG:25832", "declared")
    shapes, notes = labelled(read.columns, read.shapes, *read.guess)
    assert (len(shapes), notes["merged"]) == (16, 0)
    made = store.save(german, About("Bundesländer", "BKG", 2024), shapes, added=date(2026, 11, 23))

    level = boundaries.level("laden", made.id)
    found = regions.table("laden", snapshot.id, SCOPE, WINDOWS, level)
    people = Tables(snapshot, "duckdb").table("customer_summary").to_pandas()
    orders = Tables(snapshot, "duckdb").table("orders").to_pandas()
    days = pd.to_datetime(orders["day"])
    bought = orders[orders["is_purchase"] & (orders["kind"] != "internal") & (days >= "2025-01-01")]
    people = people[people["customer_key"].isin(bought["customer_key"].dropna())]
    points = shapely.points(people["lon"], people["lat"])
    expected = {row.code: int(shapely.intersects(row.geometry, points).sum()) for row in shapes.itertuples()}
    assert dict(zip(found["code"], found["customers"].astype(int), strict=True)) == expected
    assert found["customers"].sum() >= 0.95 * len(people)

    packed = boundaries.packed("laden", level)
    south, west, north, east = packed.extent
    assert (46 < south < 48, 5 < west < 7, 54 < north < 56, 14 < east < 16) == (True,) * 4
    assert len(packed.shapes) == 16


def test_a_file_with_latitude_first_is_told_by_where_the_customers_live(german: Workspace) -> None:
    snapshot = german.current()
    assert snapshot is not None
    swapped = loader.regions_of("DE")[["code", "name", "geometry"]].copy()
    swapped["geometry"] = shapely.transform(swapped.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    ask = Ask(country="DE", customers=boundaries.customers_box("laden", snapshot.id))
    read = boundary_job.read(swapped.to_json(drop_id=True).encode(), "x.geojson", ask)
    assert dict(read.notes)["swapped"] == 16
    assert shapely.total_bounds(read.shapes)[1] > 46


def test_figures_of_german_states_give_penetration_against_the_whole(german: Workspace) -> None:
    snapshot = german.current()
    assert snapshot is not None
    level = boundaries.levels("laden")[0]
    assert (level.kind, level.content) == ("states", "DE")
    labels = ["DE-BY", "Berlin", "Nordrhein-Westfalen", "Atlantis"]
    population.save("laden", level, "population", 2023, "Destatis", labels, [13.4e6, 3.8e6, 18.1e6, 1.0])
    base = population.base("laden", level)
    assert base is not None
    found = regions.table(
        "laden", snapshot.id, SCOPE, WINDOWS, level, population.brought("laden", level)
    ).set_index("code")
    known = found.loc[["DE-BY", "DE-BE", "DE-NW"]]
    overall = known["customers"].sum() / 35.3e6
    rates = known["customers"] / pd.Series({"DE-BY": 13.4e6, "DE-BE": 3.8e6, "DE-NW": 18.1e6})
    assert known["index"].tolist() == pytest.approx((100 * rates / overall).tolist())
    assert found["index"].notna().sum() == 3
    assert {"penetration", "index"} <= set(regions.metrics(found.reset_index()))
