"""Whose inhabitants are the market of a chain: towns, or figures that a user brought for a level."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import boundaries as store
from data.boundaries import About
from data.workspaces import Workspace
from tests.chain import TOWNS, chain
from ui.cached import boundaries, catchments, gravity, inhabitants, population, sites
from ui.cached.gravity_market import known_market, totals, year_of

NAME = "kedai-rantai"
SCOPE = Scope(date(2026, 6, 1), date(2026, 11, 22))
HEADS = (1_900_000.0, 1_000_000.0, 800_000.0, 400_000.0, 500_000.0, 200_000.0)


@pytest.fixture
def place(tmp_path: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    use_home(tmp_path, monkeypatch)
    return chain(tmp_path)


def asked(place: Workspace) -> tuple[Any, ...]:
    snapshot = place.current()
    assert snapshot is not None
    return (NAME, snapshot.id, SCOPE, Windows(), sites.basis(NAME).version, "MY")


def bring(place: Workspace, half: float = 0.035) -> None:
    """A square around each town, with its inhabitants."""
    squares = [shapely.box(t[3] - half, t[2] - half, t[3] + half, t[2] + half) for t in TOWNS]
    names = [t[0] for t in TOWNS]
    shapes = gpd.GeoDataFrame({"code": names, "name": names}, geometry=squares, crs=4326)
    kept = store.save(place, About("Daerah", "Ujian", 2025), shapes, added=date(2026, 11, 23))
    level = boundaries.level(NAME, kept.id)
    population.save(NAME, level, "population", 2025, "Ujian", names, HEADS)


def test_without_figures_the_towns_are_the_market_and_all_sales_are_in_it(place: Workspace) -> None:
    known = known_market(*asked(place))
    assert known is not None
    assert (known.source, known.people, known.market.basis) == ("towns", None, "population")
    year, days = year_of(*asked(place)[:3])
    assert (year.start < SCOPE.start, known.days) == (True, days)
    whole = totals(NAME, asked(place)[1], year, Windows())
    expected = [whole[each] for each in known.stores["store_id"]]
    assert known.market.sales.sum(axis=0) == pytest.approx(expected)


def test_figures_of_a_level_take_the_place_of_the_towns_and_are_named(place: Workspace) -> None:
    bring(place)
    known = known_market(*asked(place))
    assert known is not None
    assert known.people is not None
    by_name = {t[0]: t for t in TOWNS}
    towns = [by_name[code] for code in inhabitants.regions(NAME, known.people)["code"]]
    assert (known.source, known.people.level.about.name) == ("level", "Daerah")
    assert sorted(known.market.potential) == sorted(HEADS)
    assert np.abs(known.places["lat"].to_numpy() - [t[2] for t in towns]).max() < 0.035
    year, _ = year_of(*asked(place)[:3])
    here = catchments.ground(*asked(place)[:2], year, Windows(), asked(place)[4])
    at = [
        ((here.cells["lat"] - t[2]).abs() <= 0.035) & ((here.cells["lon"] - t[3]).abs() <= 0.035)
        for t in towns
    ]
    inside = np.array([here.orders[rows.to_numpy()].sum() for rows in at])
    assert (known.market.visits.sum(axis=1) >= inside).all()  # what lies just outside counts at the nearest
    assert known.market.visits.sum() <= here.orders.sum()
    check, model = gravity.validated(*asked(place)), sites.model(*asked(place)[:4], 0.3)
    assert model is not None
    assert check is model.validation


def test_regions_too_wide_to_tell_a_way_are_passed_over(place: Workspace) -> None:
    states = boundaries.level(NAME, boundaries.STATES)
    codes = boundaries.shapes(NAME, states)["code"].tolist()
    population.save(NAME, states, "population", 2025, "Ujian", codes, [1e6] * len(codes))
    assert inhabitants.known(NAME) is None
    bring(place)
    assert inhabitants.known(NAME).level.about.name == "Daerah"
    for each in population.kept(NAME, inhabitants.known(NAME).level):
        population.delete(NAME, each.id)
    assert inhabitants.known(NAME) is None
