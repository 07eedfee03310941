"""Service gaps of a scope: who lives beyond a way from every own store, by the ways of the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import service_gaps
from geo.cells import FINEST_ZOOM
from geo.service_gaps import Gap
from ui.cached import demand, places, store_list
from ui.cached import travel as ways
from ui.cached.demand import Weight
from ui.cached.territories import memory

GAP_LEVEL: Final = 11
_ROWS: Final = 100_000
"""Customers whose minutes are looked up together."""


@dataclass(frozen=True, slots=True)
class InGap:
    """A rule for a list: customers beyond ``limit`` from every own store (``cell``: of one cell).

    ``limit`` is in the unit of the ways of ``version``.
    """

    limit: float
    version: str
    cell: tuple[int, int] | None = None
    of: str = "InGap"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who are meant."""
        beyond = _beyond(workspace, snapshot, scope, windows, "customers", self.limit, self.version)
        if self.cell is not None:
            size = 1 << (FINEST_ZOOM - GAP_LEVEL)
            beyond = beyond.filter(
                beyond.x20 // size == self.cell[0],
                beyond.y20 // size == self.cell[1],
            )
        found = connection("duckdb").to_pyarrow(beyond.select("customer_key"))
        return memory(found["customer_key"].to_pandas())


def _beyond(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    weight: Weight,
    limit: float,
    version: str,
) -> ir.Table:
    """Straight lines and their multiples are compared in the engine, supplied minutes one by one."""
    known, way = store_list.own(workspace, snapshot), ways.travel(workspace, version)
    table = demand.weighted(workspace, snapshot, scope, windows, weight)
    if way.given is None:
        lat, lon = known["lat"].tolist(), known["lon"].tolist()
        found = service_gaps.far(ibis.memtable(table), lat, lon, limit / way.factor)
        return found.mutate(way=found.way * way.factor)
    at = table.select(["lat", "lon"]).to_pandas().to_numpy(float)
    nearest = [
        way.cost(part[:, 0], part[:, 1], known).min(axis=1)
        for part in np.split(at, range(_ROWS, len(at), _ROWS))
    ]
    minutes = np.concatenate(nearest)
    far = np.isfinite(at).all(axis=1) & (minutes > limit)
    return ibis.memtable(table.append_column("way", pa.array(minutes)).filter(pa.array(far)))


@st.cache_data(max_entries=48, show_spinner=False)
def gap(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    weight: Weight,
    limit: float,
    version: str,
) -> tuple[Gap, pd.DataFrame]:
    """Who lives beyond ``limit`` from every own store: the sums, and the cells of five or more.

    Returns
    -------
    Gap, DataFrame
        The cells with ``x``, ``y``, ``customers``, ``weight``, ``lat``, ``lon``, ``near`` (a town) and
        ``way`` to the nearest own store (the mean of its customers), the heaviest first.
    """
    everyone = ibis.memtable(demand.weighted(workspace, snapshot, scope, windows, weight))
    beyond = _beyond(workspace, snapshot, scope, windows, weight, limit, version)
    backend = connection("duckdb")
    row = backend.to_pyarrow(service_gaps.summed(everyone, beyond)).to_pylist()[0]
    cells = backend.to_pandas(service_gaps.by_cell(beyond, GAP_LEVEL, places.FEWEST))
    near = places.towns_near(cells["lat"], cells["lon"]) if len(cells) else pd.Series(dtype=str)
    cells = cells.assign(near=near)
    whole = Gap(row["customers"], float(row["weight"]), row["all_customers"], float(row["all_weight"]))
    return whole, cells
