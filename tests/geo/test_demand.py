"""Demand in cells against pandas, on both engines; coarser cells; the error of aggregation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import to_x20, to_y20
from geo.demand import (
    aggregation_error,
    at_most,
    cells,
    coarser,
    demand_of,
    finer_where_heavy,
    gathered,
)
from geo.distance import haversine_km


def people(n=400, seed=4):
    chance = np.random.default_rng(seed)
    lat, lon = chance.normal(3.1, 0.3, n), chance.normal(101.6, 0.3, n)
    frame = pd.DataFrame({"lat": lat, "lon": lon, "x20": to_x20(lon), "y20": to_y20(lat)})
    frame["spent"] = chance.gamma(0.5, 100, n).round(2)
    frame.loc[:9, "spent"] = -5.0
    frame["spent"] = frame["spent"].astype(object).where(frame.index % 17 != 3, None)
    frame[["x20", "y20"]] = frame[["x20", "y20"]].astype("Int64")
    frame.loc[390:, ["lat", "lon", "x20", "y20"]] = None
    return frame


def oracle(frame, level, weight):
    placed = frame[frame["x20"].notna()].copy()
    given = 1.0 if weight is None else pd.to_numeric(placed[weight]).fillna(0.0).clip(lower=0.0)
    placed["w"] = given
    placed["x"], placed["y"] = (
        placed["x20"].astype(int) // 2 ** (20 - level),
        placed["y20"].astype(int) // 2 ** (20 - level),
    )
    rows = []
    for (x, y), part in placed.groupby(["x", "y"]):
        shares = part["w"] if part["w"].sum() > 0 else part["w"] + 1
        middle = {name: np.average(part[name].astype(float), weights=shares) for name in ("lat", "lon")}
        rows.append({"x": x, "y": y, "customers": len(part), "weight": part["w"].sum(), **middle})
    return pd.DataFrame(rows).sort_values(["y", "x"]).reset_index(drop=True)


@pytest.mark.parametrize("weight", [None, "spent"])
def test_cells_are_those_of_pandas(backend, weight):
    frame = people()
    frame["spent"] = frame["spent"].astype(float)
    table = backend.create_table(f"people_{weight or 'none'}", frame.convert_dtypes(), overwrite=True)
    found = cells(table, 10, weight).to_pyarrow().to_pandas()
    found = found.sort_values(["y", "x"]).reset_index(drop=True)
    expected = oracle(people(), 10, weight)
    assert len(found) > 20
    for name in ("x", "y", "customers", "weight", "lat", "lon"):
        assert np.allclose(found[name].astype(float), expected[name].astype(float)), name


def as_demand(frame, level, weight="spent"):
    return demand_of(oracle(frame, level, weight), level)


@pytest.mark.parametrize("level", [0, 5, 9, 13])
def test_coarser_cells_are_those_counted_afresh(level):
    one, other = coarser(as_demand(people(), 13), level), as_demand(people(), level)
    assert one.level == level
    assert (one.x == other.x).all()
    assert (one.y == other.y).all()
    assert (one.customers == other.customers).all()
    assert np.allclose(one.weight, other.weight)
    some = other.weight > 0
    assert np.allclose(one.lat[some], other.lat[some])
    assert np.allclose(one.lon[some], other.lon[some])


@given(st.integers(1, 500))
def test_at_most_so_many_cells_and_nobody_is_lost(most):
    fine = as_demand(people(), 13)
    found = at_most(fine, most)
    assert len(found) <= most or found.level == 4
    assert found.customers.sum() == fine.customers.sum() == 390
    assert found.weight.sum() == pytest.approx(fine.weight.sum())
    if found.level < 13:
        assert len(coarser(fine, found.level + 1)) > most


def test_the_error_of_aggregation_is_the_difference_of_two_means():
    frame = people()
    frame["w"] = pd.to_numeric(frame["spent"]).fillna(0).clip(lower=0)
    found = as_demand(frame, 9)
    lat, lon = [3.1, 3.4], [101.5, 101.9]
    error = aggregation_error(found, lat, lon, frame["lat"], frame["lon"], frame["w"])
    placed = frame[frame["lat"].notna()]
    near = np.min(
        [haversine_km(placed["lat"], placed["lon"], a, b) for a, b in zip(lat, lon, strict=True)], 0
    )
    assert error.customers_km == pytest.approx(np.average(near, weights=placed["w"]))
    middle = np.min([haversine_km(found.lat, found.lon, a, b) for a, b in zip(lat, lon, strict=True)], 0)
    assert error.cells_km == pytest.approx(np.average(middle, weights=found.weight))
    assert error.share == pytest.approx(1 - error.cells_km / error.customers_km)


def test_finer_cells_have_a_smaller_error():
    frame = people(4_000)
    frame["w"] = 1.0
    frame = frame[frame["lat"].notna()]
    errors = []
    for level in (7, 10, 13):
        found = as_demand(frame, level, "w")
        errors.append(abs(aggregation_error(found, [3.1], [101.6], frame["lat"], frame["lon"]).share))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.001


def test_what_is_missing_is_said(backend):
    table = backend.create_table("short", people()[["lat", "lon"]].astype(float), overwrite=True)
    with pytest.raises(ValueError, match="x20"):
        cells(table, 10)
    with pytest.raises(ValueError, match="level from 0 to 20"):
        cells(table, 21)


def test_no_demand_has_no_error_and_says_so():
    found = as_demand(people(), 9)
    with pytest.raises(ValueError, match="demand above 0"):
        aggregation_error(found, [3.0], [101.0], [np.nan], [np.nan])
    with pytest.raises(ValueError, match="level from 0 to 9"):
        coarser(found, 10)
    with pytest.raises(ValueError, match="at least 1 cell"):
        at_most(found, 0)


@given(st.integers(1, 300))
def test_heavy_squares_are_split_first_and_nobody_is_lost(most):
    fine = as_demand(people(), 13)
    group = finer_where_heavy(fine, most)
    lat, lon, weight, customers = gathered(fine, group)
    assert set(group) == set(range(len(weight)))
    assert len(weight) <= most + 3 or len(weight) == len(at_most(fine, max(most // 3, 1)))
    assert customers.sum() == 390
    assert weight.sum() == pytest.approx(fine.weight.sum())
    assert np.isfinite(lat).all()
    assert np.isfinite(lon).all()
    alike = at_most(fine, most)
    assert weight.max() <= alike.weight.max() + 1e-9 or len(weight) <= len(alike)


def test_each_group_is_one_square():
    fine = as_demand(people(), 13)
    group = finer_where_heavy(fine, 60)
    for number in range(group.max() + 1):
        x, y = fine.x[group == number], fine.y[group == number]
        level = next(z for z in range(14) if len({*(x >> z)}) == len({*(y >> z)}) == 1)
        inside = (fine.x >> level == x[0] >> level) & (fine.y >> level == y[0] >> level)
        assert (group[inside] == number).all()
