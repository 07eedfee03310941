"""Hexagons cover the plane once: every customer lies in the one whose middle is nearest."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from geo import hexagons
from geo.cells import Bounds, to_x20, to_y20
from geo.hexagons import _middle
from geo.place_cells import window

SHOWN = window(Bounds(2.8, 101.2, 3.4, 101.9), 13)


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    chance = np.random.default_rng(4)
    lat, lon = chance.uniform(2.0, 4.0, 4_000), chance.uniform(100.5, 102.5, 4_000)
    return pd.DataFrame(
        {
            "customer_key": np.arange(4_000),
            "lat": lat,
            "lon": lon,
            "x20": to_x20(lon).astype("int32"),
            "y20": to_y20(lat).astype("int32"),
            "is_new": chance.random(4_000) < 0.3,
            "revenue": chance.gamma(2, 50, 4_000),
        }
    )


def test_every_customer_lies_in_the_hexagon_with_the_nearest_middle(people):
    found = hexagons.located(ibis.memtable(people), 13).to_pandas()
    x, y = found["x20"].to_numpy(float), found["y20"].to_numpy(float)
    own = np.hypot(
        *(
            a - b
            for a, b in zip(_middle(found["q"].to_numpy(), found["r"].to_numpy(), 13), (x, y), strict=True)
        )
    )
    for dq, dr in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)):
        mx, my = _middle(found["q"].to_numpy() + dq, found["r"].to_numpy() + dr, 13)
        assert (own <= np.hypot(mx - x, my - y) + 1e-6).all()


def test_no_hexagon_in_view_is_cut_and_none_is_lost(people):
    table = ibis.memtable(people)
    cells = hexagons.counted(table, SHOWN).to_pandas()
    drawn, hidden = hexagons.drawn(cells, SHOWN)
    assert hidden == 0
    for row in drawn.sample(20, random_state=1).itertuples():
        chosen = hexagons.parse_pick(row.pick.removeprefix("hex:"))
        theirs = hexagons.members(table, chosen).to_pandas()
        assert len(theirs) == row.customers
        assert theirs["revenue"].sum() == pytest.approx(row.revenue)
        assert theirs["lat"].mean() == pytest.approx(row.lat)


def test_small_groups_are_hidden_and_counted(people):
    cells = hexagons.counted(ibis.memtable(people), SHOWN).to_pandas()
    every, _ = hexagons.drawn(cells, SHOWN)
    drawn, hidden = hexagons.drawn(cells, SHOWN, fewest=5)
    assert drawn["customers"].min() >= 5
    assert hidden == every.loc[every["customers"] < 5, "customers"].sum() > 0


def test_a_ring_surrounds_its_hexagon(people):
    cells = hexagons.counted(ibis.memtable(people), SHOWN).to_pandas()
    row = hexagons.drawn(cells, SHOWN)[0].iloc[0]
    lats, lons = zip(*row["ring"], strict=True)
    assert min(lats) <= row["lat"] <= max(lats)
    assert min(lons) <= row["lon"] <= max(lons)


@pytest.mark.parametrize(
    "text", ["", "1/2", "x/1/2", "21/0/0", "3/1/123456789", "3/--1/2", "3/1/2/4", "٣/1/2"]
)
def test_what_is_no_id_is_no_hexagon(text):
    assert hexagons.parse_pick(text) is None
