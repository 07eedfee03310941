"""New stores where no sale belongs to an own store on the map: a first store, or one beside a web shop.

How far customers go cannot be learnt. What they buy by any channel stands for demand, Huff's usual rule is
assumed, and sites are put in order; no sales are forecast.
"""

from __future__ import annotations

from dataclasses import replace

import ibis
import numpy as np
import pandas as pd

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import demand
from geo.captured import from_surface
from geo.gravity_data import Market, Rivals
from geo.gravity_surface import unsold_surface
from ui.cached import store_list, visits
from ui.cached import travel as ways
from ui.cached.gravity_market import YEAR, Known, exposure, sizes, year_of
from ui.cached.site_model import LEVEL, Basis, Model


def model(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, own_share: float, rests: Basis
) -> Model | None:
    """The market of what customers with a place buy by any channel.

    Parameters
    ----------
    workspace, snapshot, scope, windows, own_share, rests : as for ``ui.cached.sites.model``

    Returns
    -------
    Model or None
        None where nobody with a place bought anything.
    """
    year, days = year_of(workspace, snapshot, scope)
    homes = _homes(workspace, snapshot, year, windows)
    if not homes["revenue"].any():
        return None
    known = _known(workspace, snapshot, year, homes, rests.version, days)
    here = known.market
    spending = homes["revenue"].to_numpy(float)
    surface = unsold_surface(here, spending, own_share)
    yearly = YEAR / days
    market = from_surface(surface, known.places, here.attraction, here.distance, yearly)
    return Model(
        market=market,
        observed=replace(market, sales=np.zeros_like(market.sales)),
        demand=homes.assign(revenue=spending * yearly),
        known=known,
        surface=surface,
        way="assumed",
        own=known.stores,
        placed=known.stores,
        validation=None,
        error=None,
        reason="first",
        travel=ways.travel(workspace, rests.version),
    )


def _homes(workspace: str, snapshot: str, year: Scope, windows: Windows) -> pd.DataFrame:
    """Cells of the customers' homes with what they bought: ``x, y, lat, lon, customers, revenue``."""
    buyers = ibis.memtable(visits.buyers(workspace, snapshot, year, windows))
    cells = demand.cells(buyers, LEVEL, "revenue").rename(revenue="weight").order_by("x", "y")
    found: pd.DataFrame = connection("duckdb").to_pandas(cells)
    return found


def _known(workspace: str, snapshot: str, year: Scope, homes: pd.DataFrame, version: str, days: int) -> Known:
    """The homes as origins, own stores without sales, and competitors taken to pull like an own store."""
    own, others = store_list.own(workspace, snapshot), store_list.rivals(workspace, snapshot)
    size, _, typical = sizes(own)
    rival_size, _, _ = sizes(others, typical)
    way = ways.travel(workspace, version)
    lat, lon = homes["lat"].to_numpy(float), homes["lon"].to_numpy(float)
    nothing = np.zeros((len(homes), len(own)))
    rivals = Rivals(rival_size, way.cost(lat, lon, others), np.ones(len(others)))
    market = Market(
        visits=nothing,
        sales=nothing,
        attraction=size,
        distance=way.cost(lat, lon, own),
        exposure=exposure(own, year),
        rivals=rivals,
        floor=way.floor,
    )
    return Known(
        market=market,
        stores=own,
        rivals=others,
        places=homes[["lat", "lon", "customers"]],
        typical_m2=typical,
        source="buyers",
        people=None,
        scale=np.ones(len(own)),
        days=days,
    )
