"""A store's catchment laid out for its map: the outline, and who comes from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from analytics.lifecycle import Windows
from analytics.scope import Scope
from charts.maps.base import Box
from geo import catchments as areas
from geo.catchments import Catchment
from geo.distance import circle
from ui.cached.catchments import FEWEST, LEVEL, Ground, Rule, catchment, ground

OUTLINE_KM: Final = 1.6
"""Half the diagonal of a cell: discs of neighbouring cells meet."""

FLOW_LEVEL: Final = 13
MOST_FLOWS: Final = 120
MOST_SALES: Final = 0.85
EDGE: Final = 0.03
"""Degrees of a map beyond what it has to show."""


@dataclass(frozen=True)
class Shown:
    """A store's catchment as its page shows it.

    ``outline`` is in degrees, without islands of fewer than ``FEWEST`` customers. ``flows`` tells who comes
    from where, by cells of ``FLOW_LEVEL`` with ``FEWEST`` customers or more, the most sales first: ``lat,
    lon, customers, orders, revenue, cost``; ``more`` than these ``MOST_FLOWS`` there are. ``hidden``
    customers live in smaller cells.
    """

    found: Catchment
    customers: int
    outline: BaseGeometry | None
    flows: pd.DataFrame
    more: bool
    hidden: int
    extent: Box


@st.cache_data(max_entries=64, show_spinner=False)
def shown(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    store_id: str,
    rule: Rule,
) -> Shown:
    """The catchment of a store, laid out for its map."""
    here = ground(workspace, snapshot, scope, windows, version)
    j = here.place(store_id)
    found = catchment(here, store_id, rule)
    flows = _flows(here, j)
    return Shown(
        found,
        int(here.customers[found.inside, j].sum()),
        _outline(here, j, rule, found),
        flows.head(MOST_FLOWS),
        len(flows) > MOST_FLOWS,
        int(here.customers[:, j].sum() - flows["customers"].sum()),
        extent(here, store_id),
    )


def _outline(here: Ground, j: int, rule: Rule, found: Catchment) -> BaseGeometry | None:
    """Of a radius in straight kilometres its circle, else around the homes."""
    store = here.stores.iloc[j]
    if rule.kind == "radius" and here.label == "straight":
        return circle(float(store["lat"]), float(store["lon"]), rule.value)
    mine = found.inside & (here.customers[:, j] > 0)
    cells = here.cells[mine]
    return areas.outline(cells["lat"], cells["lon"], OUTLINE_KM, here.customers[mine, j], FEWEST)


def _flows(here: Ground, j: int) -> pd.DataFrame:
    shift = LEVEL - FLOW_LEVEL
    frame = pd.DataFrame(
        {
            "x": here.cells["x"].to_numpy() >> shift,
            "y": here.cells["y"].to_numpy() >> shift,
            "customers": here.customers[:, j],
            "orders": here.orders[:, j],
            "revenue": here.revenue[:, j],
        }
    )
    for name, values in (("lat", here.cells["lat"]), ("lon", here.cells["lon"]), ("cost", here.cost[:, j])):
        frame[name] = np.asarray(values, dtype=float) * here.customers[:, j]
    summed = frame[frame["customers"] > 0].groupby(["x", "y"], as_index=False).sum()
    for name in ("lat", "lon", "cost"):
        summed[name] /= summed["customers"]
    summed = summed[(summed["customers"] >= FEWEST) & (summed["revenue"] > 0)]
    return summed.sort_values("revenue", ascending=False, ignore_index=True)


def extent(here: Ground, store_id: str) -> Box:
    """Around most of a store's sales, and the store."""
    j = here.place(store_id)
    near = catchment(here, store_id, Rule("share", MOST_SALES)).inside & (here.customers[:, j] > 0)
    lat, lon = (
        np.append(here.cells[side].to_numpy(float)[near], here.stores[side].iloc[j])
        for side in ("lat", "lon")
    )
    south, north, west, east = lat.min(), lat.max(), lon.min(), lon.max()
    return float(south) - EDGE, float(west) - EDGE, float(north) + EDGE, float(east) + EDGE
