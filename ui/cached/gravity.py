"""Huff's rule on a merchant's own visits: exponents, shares with intervals, and the check store by store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.reference import loader
from geo.catchments import Floats
from geo.distance import haversine_km, nearest
from geo.gravity import MciBootstrap, MciFit, bootstrap_mci
from geo.gravity_surface import Market, Rivals, Surface, fit_surface
from geo.validation import Validation, leave_one_out
from ui.cached import catchments
from ui.cached import travel as ways
from ui.cached.catchments import Ground

REPETITIONS: Final = 200
MOST_CELLS: Final = 3_000
MOST_PAIRS: Final = 36_000
"""Cells times stores that are calibrated on; the cells with most orders are taken first."""

KEPT: Final = 16
TOWN_KM: Final = 60.0
"""Customers farther than this from every town of the list are left out of its market."""

ASSUMED: Final = (0.5, 1.0, 2.0)
"""How strongly a competitor is taken to pull against an own store of its size: the range that is shown."""


@dataclass(frozen=True)
class Calibrated:
    """The rule, or the code of the reason why there is none (``gravity.reason.<code>``)."""

    reason: str
    fit: MciFit | None = None
    repeated: MciBootstrap | None = None
    sizes_missing: int = 0


@dataclass(frozen=True)
class Known:
    """A market and who is in it: own stores in the order of its columns, competitors of its rivals."""

    market: Market
    stores: pd.DataFrame
    rivals: pd.DataFrame
    places: pd.DataFrame
    sizes_missing: int
    unit: str
    label: str


def sizes(stores: pd.DataFrame, typical: float | None = None) -> tuple[Floats, int, float]:
    """Selling space; where it is not known the middle one of the others, 1 where none is.

    Returns
    -------
    sizes (stores,), how many were not known, the middle one
    """
    given = stores["size_m2"].to_numpy(float)
    known = np.isfinite(given) & (given > 0)
    middle = typical or (float(np.median(given[known])) if known.any() else 1.0)
    return np.where(known, given, middle), int((~known).sum()), middle


def exposure(stores: pd.DataFrame, scope: Scope) -> Floats:
    """Share of the days of a scope on which each store was open, at least one day of them."""
    opened = pd.to_datetime(stores["opened_on"], errors="coerce")
    late = (opened - pd.Timestamp(scope.start)).dt.days.fillna(0).clip(0, scope.days - 1)
    return np.asarray(1.0 - late.to_numpy(float) / scope.days)


Progress = Callable[[float], bool]


@st.cache_resource(max_entries=1, show_spinner=False)
def _answers() -> dict[tuple[Any, ...], Any]:
    """Answers that took a while, the latest ``KEPT``: st.cache_data cannot tell how far it is."""
    return {}


def _once(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """The answer to a question, worked out at the first asking; one that is broken off is not kept."""
    answers = _answers()
    if key not in answers:
        made = make()
        while len(answers) >= KEPT:
            answers.pop(next(iter(answers)), None)
        answers[key] = made
    return answers[key]


def calibrated(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    progress: Progress | None = None,
) -> Calibrated:
    """The exponents from the choice between own stores, with repeated calibrations for intervals.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version : the key of ``catchments.ground``
    progress : callable, optional
        Called with the share done when it has to be worked out.
    """
    key = (workspace, snapshot, scope, windows, version)
    found: Calibrated = _once(("rule", *key), lambda: _calibrated(catchments.ground(*key), scope, progress))
    return found


def _calibrated(here: Ground, scope: Scope, progress: Progress | None) -> Calibrated:
    if len(here.stores) < 2:
        return Calibrated("no_store" if here.stores.empty else "one_store")
    size, missing, _ = sizes(here.stores)
    rows = _most_visited(here)
    try:
        made = bootstrap_mci(
            here.orders[rows],
            size,
            here.cost[rows],
            repetitions=REPETITIONS,
            exposure=exposure(here.stores, scope),
            floor=here.floor,
            progress=progress,
        )
    except ValueError:
        return Calibrated("cannot_tell", sizes_missing=missing)
    return Calibrated("", made.fit, made, missing)


def _most_visited(here: Ground) -> np.ndarray:
    """The cells with most orders, so that repeating takes seconds; by place."""
    total = here.orders.sum(axis=1)
    most = min(MOST_CELLS, max(MOST_PAIRS // max(len(here.stores), 1), 100))
    return np.sort(np.argsort(-total, kind="stable")[:most])


@st.cache_resource(max_entries=8, show_spinner=False)
def known_market(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    country: str,
    rival_factor: float = 1.0,
) -> Known | None:
    """The market of the own stores over towns with inhabitants, or over cells where none are known.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version : the key of ``catchments.ground``
    country : str
        Whose towns are taken.
    rival_factor : float
        How strongly competitors are assumed to pull; 1: like an own store of their size.

    Returns
    -------
    Known or None
        None with fewer than two own stores.
    """
    here = catchments.ground(workspace, snapshot, scope, windows, version)
    if len(here.stores) < 2:
        return None
    size, missing, typical = sizes(here.stores)
    every = catchments.stores(workspace, snapshot)
    others = every[(every["owner"] == "competitor") & every["lat"].notna() & every["lon"].notna()]
    others = others.reset_index(drop=True)
    way = ways.travel(workspace, version)
    places, visits, sales, people = _origins(here, country)
    lat, lon = places["lat"].to_numpy(float), places["lon"].to_numpy(float)
    rival_size, lacking, _ = sizes(others, typical)
    rivals = Rivals(rival_size, way.cost(lat, lon, others), np.full(len(others), rival_factor))
    market = Market(
        visits,
        sales,
        size,
        way.cost(lat, lon, here.stores),
        exposure(here.stores, scope),
        people,
        rivals,
        here.floor,
    )
    return Known(market, here.stores, others, places, missing + lacking, here.unit, here.label)


def _origins(here: Ground, country: str) -> tuple[pd.DataFrame, Floats, Floats, Floats | None]:
    """Towns with what their customers bought, and their inhabitants; cells where no town is known."""
    towns = loader.towns()
    towns = towns[(towns["country"] == country) & (towns["population"] > 0)].reset_index(drop=True)
    if towns.empty or here.cells.empty:
        return here.cells, here.orders, here.revenue, None
    which, km = nearest(here.cells["lat"], here.cells["lon"], towns["lat"], towns["lon"])
    near = km <= TOWN_KM
    visits, sales = (np.zeros((len(towns), len(here.stores))) for _ in range(2))
    np.add.at(visits, which[near], here.orders[near])
    np.add.at(sales, which[near], here.revenue[near])
    return towns[["name", "lat", "lon"]], visits, sales, towns["population"].to_numpy(float)


def validated(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    country: str,
    rival_factor: float = 1.0,
    progress: Progress | None = None,
) -> Validation | None:
    """Every store predicted without its own data; None with fewer than two own stores.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version, country, rival_factor : the key of :func:`known_market`
    progress : callable, optional
        Called with the share done when it has to be worked out.
    """
    key = (workspace, snapshot, scope, windows, version, country, rival_factor)

    def make() -> Validation | None:
        known = known_market(*key)
        if known is None:
            return None
        return leave_one_out(known.market, known.stores["store_id"].tolist(), progress=progress)

    found: Validation | None = _once(("check", *key), make)
    return found


def surface(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    country: str,
    rival_factor: float = 1.0,
) -> Surface | None:
    """What stores sell to whom under the rule; None where it cannot be fitted."""
    known = known_market(workspace, snapshot, scope, windows, version, country, rival_factor)
    if known is None:
        return None
    try:
        return fit_surface(known.market)
    except ValueError:
        return None


@st.cache_data(max_entries=64, show_spinner=False)
def store_shares(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    store_id: str,
    rival_factor: float,
    fewest: int = 5,
) -> pd.DataFrame:
    """The share of visits a store gets by cell, among own stores and the competitors as assumed.

    Returns
    -------
    DataFrame, by cell with at least ``fewest`` customers
        ``x, y, lat, lon, customers, cost, share, low, high`` (95%, of the exponents), ``seen`` (share of
        the visits to own stores that went to it).

    Raises
    ------
    ValueError : the rule cannot be calibrated.
    """
    made = calibrated(workspace, snapshot, scope, windows, version)
    if made.fit is None or made.repeated is None:
        raise ValueError(f"store_shares() needs a calibrated rule; there is none: {made.reason}.")
    here = catchments.ground(workspace, snapshot, scope, windows, version)
    people = here.customers.sum(axis=1)
    rows = np.flatnonzero(people >= fewest)
    rows = rows[np.argsort(-people[rows], kind="stable")[:MOST_CELLS]]
    every = catchments.stores(workspace, snapshot)
    others = every[(every["owner"] == "competitor") & every["lat"].notna() & every["lon"].notna()]
    size, _, typical = sizes(here.stores)
    rival_size, _, _ = sizes(others, typical)
    cells = here.cells.iloc[rows]
    way = ways.travel(workspace, version)
    rival_cost = way.cost(cells["lat"].to_numpy(float), cells["lon"].to_numpy(float), others)
    attraction = np.concatenate((size, rival_size))
    weight = np.concatenate((np.ones(len(size)), np.full(len(rival_size), rival_factor)))
    cost = np.column_stack((here.cost[rows], rival_cost))
    j = here.place(store_id)
    low, high = made.repeated.share_intervals(attraction, cost, weight=weight)
    seen = here.orders[rows]
    total = seen.sum(axis=1)
    return cells.reset_index(drop=True).assign(
        customers=people[rows],
        cost=here.cost[rows, j],
        share=made.fit.shares(attraction, cost, weight)[:, j],
        low=low[:, j],
        high=high[:, j],
        seen=np.where(total > 0, seen[:, j] / np.where(total > 0, total, 1.0), np.nan),
    )


def straight_km(stores: pd.DataFrame, one: str, other: str) -> float:
    """Kilometres between two stores."""
    at = stores.set_index("store_id")
    a, b = at.loc[one], at.loc[other]
    return float(haversine_km(a["lat"], a["lon"], b["lat"], b["lon"]))
