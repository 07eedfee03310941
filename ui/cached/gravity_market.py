"""The market of the own stores: who lives where, what they bought, and what pulls on them.

One market for every page: catchments are checked on it, and new stores are forecast from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.market_visits import About
from data.reference import loader
from geo.catchments import Floats
from geo.distance import nearest
from geo.gravity_data import Market, Rivals, Seen
from geo.regions import assign
from ui.cached import catchments, inhabitants, market_data, people, store_list
from ui.cached import travel as ways
from ui.cached.catchments import Ground
from ui.cached.inhabitants import Inhabitants
from ui.cached.options import options

MOST_CELLS: Final = 3_000
MOST_PAIRS: Final = 36_000
"""Cells times stores that are calibrated on; the cells with most orders are taken first."""

TOWN_KM: Final = 60.0
"""Customers farther than this from every town of the list are left out of its market."""

COAST_KM: Final = 2.0
"""How far outside all regions customers still count in the nearest one."""

YEAR: Final = 365


@dataclass(frozen=True)
class Known:
    """A market and who is in it: own stores in the order of its columns, competitors of its rivals.

    Parameters
    ----------
    market : Market
        Sales are those of the days, all of each store: what is sold to nobody known, or to customers
        without a place, is spread like the store's other sales (``scale``, (stores,)).
    places : DataFrame
        ``lat``, ``lon``, ``customers`` of each origin.
    typical_m2 : float
        The middle size of the own stores; not a number where none is known.
    source : {"towns", "level", "cells", "buyers"}
        Whose inhabitants are the market: those of towns, of ``people``'s level, or none that are known;
        ``buyers``: no sale names a store, so the market is what customers buy by any channel.
    days : int
        Days of sales.
    given : About, optional
        Where market data come from.
    """

    market: Market
    stores: pd.DataFrame
    rivals: pd.DataFrame
    places: pd.DataFrame
    typical_m2: float
    source: str
    people: Inhabitants | None
    scale: Floats
    days: int
    given: About | None = None


def year_of(workspace: str, snapshot: str, scope: Scope) -> tuple[Scope, int]:
    """The scope over the last 365 days up to its end, and how many of those the data hold."""
    known = options(workspace, snapshot)
    first = known.first_day if known else scope.start
    start = max(scope.end - timedelta(days=YEAR - 1), first)
    return replace(scope, start=start), max((scope.end - start).days + 1, 1)


@st.cache_data(max_entries=16, show_spinner=False)
def totals(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> dict[str, float]:
    """All sales of each store in a scope, whoever bought."""
    bought = people.of_window(workspace, snapshot, scope, windows)
    bought = bought.filter(bought.store_id.notnull())
    summed = bought.group_by("store_id").aggregate(sales=bought.amount.sum().cast("float64"))
    return {row["store_id"]: float(row["sales"] or 0.0) for row in summed.to_pyarrow().to_pylist()}


def sizes(stores: pd.DataFrame, typical: float | None = None) -> tuple[Floats, int, float]:
    """Selling space beside that of the own stores.

    Parameters
    ----------
    stores : DataFrame
        ``size_m2``.
    typical : float, optional
        The middle size of the own stores, for others than these: it stands where a size is not known. Where
        it is not a number the own stores' sizes are not known, and no other can be held against them: all
        are 1.

    Returns
    -------
    sizes (stores,), how many were not known, the middle one (of ``stores`` where ``typical`` is not given)
    """
    given = stores["size_m2"].to_numpy(float)
    known = np.isfinite(given) & (given > 0)
    middle = typical if typical is not None else float(np.median(given[known])) if known.any() else np.nan
    unknown = int((~known).sum())
    if np.isnan(middle):
        return np.ones(len(given)), unknown, middle
    return np.where(known, given, middle), unknown, middle


def exposure(stores: pd.DataFrame, scope: Scope) -> Floats:
    """Share of the days of a scope on which each store was open, at least one day of them."""
    opened = pd.to_datetime(stores["opened_on"], errors="coerce")
    late = (opened - pd.Timestamp(scope.start)).dt.days.fillna(0).clip(0, scope.days - 1)
    return np.asarray(1.0 - late.to_numpy(float) / scope.days)


def most_visited(here: Ground, rivals: int = 0) -> np.ndarray:
    """The cells with most orders, so that repeating takes seconds; by place.

    ``rivals``: competitors that are calibrated on too.
    """
    total = here.orders.sum(axis=1)
    most = min(MOST_CELLS, max(MOST_PAIRS // max(len(here.stores) + rivals, 1), 100))
    return np.sort(np.argsort(-total, kind="stable")[:most])


def known_market(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    country: str,
) -> Known | None:
    """The market of a year: over regions or towns with inhabitants, or over cells where none are known.

    A competitor is taken to pull like an own store of its size where no market data tell its pull.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version : the key of ``catchments.ground``
        The market is that of the 365 days up to the scope's end, so that every page speaks of the same.
    country : str
        Whose towns are taken, where the workspace has no figures of its own.

    Returns
    -------
    Known or None
        None without an own store that sold to a customer with a place.
    """
    year, days = year_of(workspace, snapshot, scope)
    people, given = inhabitants.known(workspace), market_data.about(workspace)
    return _market(workspace, snapshot, year, windows, version, country, days, people, given)


@st.cache_resource(max_entries=8, show_spinner=False)
def _market(
    workspace: str,
    snapshot: str,
    year: Scope,
    windows: Windows,
    version: str,
    country: str,
    days: int,
    people: Inhabitants | None,
    given: About | None,
) -> Known | None:
    here = catchments.ground(workspace, snapshot, year, windows, version)
    if here.stores.empty or not here.orders.any():
        return None
    size, _, typical = sizes(here.stores)
    others = store_list.rivals(workspace, snapshot)
    places, which, heads, source = _origins(workspace, here, country, people)
    visits, sales, customers = (_summed(each, which, len(places)) for each in _matrices(here))
    scale = _whole(sales, totals(workspace, snapshot, year, windows), here.stores["store_id"].tolist())
    way = ways.travel(workspace, version)
    lat, lon = places["lat"].to_numpy(float), places["lon"].to_numpy(float)
    rival_size, _, _ = sizes(others, typical)
    found = market_data.kept(workspace) if given else None
    survey = market_data.survey(found, here.stores, others, rival_size, way)
    rows = most_visited(here, 0 if survey is None else len(survey.attraction))
    market = Market(
        visits,
        sales * scale,
        size,
        way.cost(lat, lon, here.stores),
        exposure(here.stores, year),
        heads,
        Rivals(rival_size, way.cost(lat, lon, others), np.ones(len(others))),
        here.floor,
        Seen(here.orders[rows], here.cost[rows]),
        survey,
    )
    return Known(
        market,
        here.stores,
        others,
        places.assign(customers=customers.sum(axis=1)),
        typical,
        source,
        people if source == "level" else None,
        scale,
        days,
        given,
    )


def _matrices(here: Ground) -> tuple[Floats, Floats, Floats]:
    return here.orders, np.maximum(here.revenue, 0.0), here.customers


def _summed(values: Floats, which: np.ndarray, places: int) -> Floats:
    """Cells added up by the origin they belong to; -1: none."""
    made = np.zeros((places, values.shape[1]))
    np.add.at(made, which[which >= 0], values[which >= 0])
    return made


def _whole(sales: Floats, totals: dict[str, float], stores: list[str]) -> Floats:
    """How many times as much each store sells as its customers of the market buy; 1 where not known."""
    placed = sales.sum(axis=0)
    whole = np.array([totals.get(store, 0.0) for store in stores])
    return np.asarray(np.where((placed > 0) & (whole > 0), whole / np.where(placed > 0, placed, 1.0), 1.0))


def _origins(
    workspace: str, here: Ground, country: str, people: Inhabitants | None
) -> tuple[pd.DataFrame, np.ndarray, Floats | None, str]:
    """Where people live, the origin of each cell (-1: none), inhabitants, and whose figures these are."""
    lat, lon = here.cells["lat"].to_numpy(float), here.cells["lon"].to_numpy(float)
    if people is not None:
        regions = inhabitants.regions(workspace, people)
        which = assign(lon, lat, regions, COAST_KM)
        if _sold(here, which):
            return regions[["lat", "lon"]], which, regions["inhabitants"].to_numpy(float), "level"
    towns = loader.towns()
    towns = towns[(towns["country"] == country) & (towns["population"] > 0)].reset_index(drop=True)
    if len(towns):
        near, km = nearest(lat, lon, towns["lat"], towns["lon"])
        which = np.where(km <= TOWN_KM, near, -1)
        if _sold(here, which):
            return towns[["lat", "lon"]], which, towns["population"].to_numpy(float), "towns"
    return here.cells[["lat", "lon"]], np.arange(len(here.cells)), None, "cells"


def _sold(here: Ground, which: np.ndarray) -> bool:
    """Whether any sale belongs to an origin."""
    return bool((here.revenue[which >= 0] > 0).any())
