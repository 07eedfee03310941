"""Market data of a workspace: read from a file, kept, and as arrays for the calibration."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import shapely

from data import market_visits as store
from data import site_files
from data.market_visits import About, Kept
from data.reference import loader
from geo import market_rows
from geo.catchments import Floats
from geo.distance import nearest
from geo.gazetteer import Gazetteer
from geo.gravity_data import Survey
from geo.market_rows import MarketRows
from geo.placing import place
from geo.travel import Travel
from geo.written import degrees
from ui import session
from ui.cached import boundaries, store_list

ROUGH: Final = ("region", "none")
EXAMPLE: Final = 12
"""Rows of the example file."""


def kept(workspace: str) -> Kept | None:
    """The market data in use; None without any."""
    return store.current(session.opened(workspace))


def about(workspace: str) -> About | None:
    """Where the market data in use come from: part of the key of every answer that rests on them."""
    found = kept(workspace)
    return None if found is None else found.about


def read(workspace: str, snapshot: str, country: str, content: bytes, name: str) -> MarketRows:
    """Market data from a file, ready to be kept.

    Raises
    ------
    DataError : the file cannot be read.
    ValueError : a column is missing.
    """
    rows = site_files.read(content, name, market_rows.MOST)
    known = pd.concat([store_list.own(workspace, snapshot), store_list.rivals(workspace, snapshot)])
    keys = [str(key) for key in known["store_id"]]
    named = {str(label).casefold(): key for key, label in zip(keys, known["name"], strict=True)}
    named |= {key.casefold(): key for key in keys}
    return market_rows.read(rows, named, lambda places: _located(workspace, places, country))


def keep(workspace: str, rows: MarketRows, name: str, source: str, on: date) -> None:
    """Put market data in use."""
    table = rows.table
    values = list(table[["place", "lat", "lon", "store_id", "visits"]].itertuples(index=False, name=None))
    store.keep(session.opened(workspace), values, rows.kind, on, name=name, source=source)


def remove(workspace: str) -> None:
    """Forget them."""
    store.remove(session.opened(workspace))


def survey(
    found: Kept | None, own: pd.DataFrame, others: pd.DataFrame, size: Floats, way: Travel
) -> Survey | None:
    """Market data as arrays: own stores in their order, then the competitors that the data name.

    Parameters
    ----------
    found : Kept, optional
    own, others : DataFrames
        Own stores of the market, and competitors with a place; ``store_id, lat, lon``.
    size : ndarray, (others,)
    way : Travel

    Returns
    -------
    Survey or None
        None where the data name no store of the market beside a competitor.
    """
    if found is None:
        return None
    told = pd.DataFrame(found.rows, columns=["place", "lat", "lon", "store_id", "visits"])
    named = set(told["store_id"])
    theirs = others["store_id"].isin(named).to_numpy()
    ours = own["store_id"].isin(named).to_numpy()
    if not theirs.any() or not ours.any():
        return None
    columns = [*own["store_id"], *others.loc[theirs, "store_id"]]
    places = told.groupby("place", sort=True)[["lat", "lon"]].first()
    visits = told.pivot_table(index="place", columns="store_id", values="visits", aggfunc="sum")
    visits = visits.reindex(index=places.index, columns=columns).fillna(0.0)
    lat, lon = places["lat"].to_numpy(float), places["lon"].to_numpy(float)
    cost = np.column_stack((way.cost(lat, lon, own), way.cost(lat, lon, others[theirs])))
    cost[:, : len(own)][:, ~ours] = np.inf
    return Survey(visits.to_numpy(float), cost, size[theirs])


def example(workspace: str, snapshot: str) -> pd.DataFrame:
    """A file as it should be, with the workspace's own stores and competitors; its shares are made up."""
    own, rivals = store_list.own(workspace, snapshot).head(2), store_list.rivals(workspace, snapshot).head(2)
    stores = pd.concat([own, rivals])
    towns = loader.towns()
    rows = []
    near, _ = nearest(own["lat"], own["lon"], towns["lat"], towns["lon"])
    for at, town in enumerate(towns["name"].iloc[near]):
        shares = np.roll(np.array([40, 25, 20, 15])[: len(stores)], at)
        rows += [
            {"town": town, "store": key, "share": f"{share}%", "asked": 200}
            for key, share in zip(stores["store_id"], shares, strict=True)
        ]
    return pd.DataFrame(rows[:EXAMPLE], columns=["town", "store", "share", "asked"])


def _located(workspace: str, places: pd.DataFrame, country: str) -> pd.DataFrame:
    """By the workspace's own levels of regions (code or name), else by the names that are shipped."""
    own = _own_regions(workspace)
    number = places["area"].str.fullmatch(r"\d{4,6}")
    asked = pd.DataFrame(
        {
            "postcode": places["postcode"].where(places["postcode"] != "", places["area"].where(number, "")),
            "city": places["town"].where(places["town"] != "", places["area"].where(~number, "")),
            "region": places["state"],
            "lat": places["lat"].map(degrees).astype(float),
            "lon": places["lon"].map(degrees).astype(float),
        }
    )
    found = place(asked, _gazetteer(), country)
    found["wide"] = found["geo_precision"].isin(ROUGH) & found["lat"].notna()
    for at, area in enumerate(places["area"]):
        if area.casefold() in own:
            found.loc[found.index[at], ["lat", "lon", "wide"]] = [*own[area.casefold()], False]
    return found[["lat", "lon", "wide"]]


def _own_regions(workspace: str) -> dict[str, tuple[float, float]]:
    made: dict[str, tuple[float, float]] = {}
    for level in boundaries.levels(workspace):
        if level.kind != "own":
            continue
        shapes = boundaries.shapes(workspace, level)
        middle = shapely.point_on_surface(shapes.geometry.to_numpy())
        for column in ("name", "code"):
            for label, point in zip(shapes[column], middle, strict=True):
                made[str(label).casefold()] = (float(point.y), float(point.x))
    return made


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(**loader.gazetteer_frames())
