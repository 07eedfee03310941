"""New stores where no sale belongs to an own store on the map: a first store, or one beside a web shop.

How far customers go cannot be learnt. What they buy by any channel stands for demand, and sites are put in
order by how much of it lies near them; no sales are forecast.
"""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import demand
from geo.captured import from_surface
from geo.gravity_data import Market
from geo.gravity_surface import unsold_surface
from ui.cached import store_list, visits
from ui.cached import travel as ways
from ui.cached.gravity_market import YEAR, Known, year_of
from ui.cached.site_model import LEVEL, Model


def model(workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str) -> Model | None:
    """The market of what customers with a place buy by any channel.

    Parameters
    ----------
    workspace, snapshot, scope, windows : the key
    version : str
        Of the ways.

    Returns
    -------
    Model or None
        None where nobody with a place bought anything. Without a store that sells nothing pulls: the market
        tells what is spent where, and sites can be chosen by distance and coverage only.
    """
    year, days = year_of(workspace, snapshot, scope)
    homes = _homes(workspace, snapshot, year, windows)
    if not homes["revenue"].any():
        return None
    way, spending = ways.travel(workspace, version), homes["revenue"].to_numpy(float)
    nothing = np.zeros((len(homes), 0))
    here = Market(nothing, nothing, np.zeros(0), nothing, np.zeros(0), floor=way.floor)
    surface, placed = unsold_surface(spending, way.floor), store_list.own(workspace, snapshot)
    market = from_surface(surface, homes, here.attraction, here.distance, YEAR / days)
    return Model(
        market=market,
        observed=market,
        demand=homes.assign(revenue=market.spending),
        known=Known(here, placed[:0], placed[:0], homes, np.nan, "buyers", None, np.zeros(0), days),
        surface=surface,
        way="assumed",
        own=placed[:0],
        placed=placed,
        validation=None,
        error=None,
        reason="first",
        travel=way,
    )


def _homes(workspace: str, snapshot: str, year: Scope, windows: Windows) -> pd.DataFrame:
    """Cells of the customers' homes with what they bought: ``x, y, lat, lon, customers, revenue``."""
    buyers = ibis.memtable(visits.buyers(workspace, snapshot, year, windows))
    cells = demand.cells(buyers, LEVEL, "revenue").rename(revenue="weight").order_by("x", "y")
    found: pd.DataFrame = connection("duckdb").to_pandas(cells)
    return found
