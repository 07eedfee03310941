"""New stores: the market of a workspace, how well existing stores are forecast from it, and candidates
judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope, facts
from data.reference import loader
from data.site_plans import Brief
from geo import longlist as judging
from geo import site_forecast
from geo.candidates import Candidate, frame
from geo.captured import Market, Rules
from geo.longlist import Limits
from geo.market import candidate_pulls, market, own_stores, usual_size, whole_sales
from geo.regions import assign
from geo.site_forecast import ForecastError
from ui import session
from ui.cached import visits as who
from ui.cached.options import options

LEVEL: Final = 13
"""Zoom of the cells of demand: squares of 4.9 km at the equator."""

YEAR: Final = 365
SHORTEST: Final = 180
"""Days of data below which a year's sales are not told."""

MOST_STORES: Final = 150
"""Own stores up to which each is forecast without its data."""

BETAS: Final = (1.0, 1.5, 2.0, 2.5)
"""Exponents of distance that are tried on the existing stores."""

AROUND: Final = 0.5
"""Degrees around the customers within which towns count."""

_STORE: Final = ("store_id", "name", "lat", "lon", "owner", "opened_on", "size_m2", "rent")


@dataclass(frozen=True)
class Model:
    """What new stores are forecast with.

    Parameters
    ----------
    market : Market
    rules : Rules
    surface : {"towns", "sales"}
        Where spending comes from.
    own : DataFrame
        Own stores on the map, in the order of the market's columns.
    usual_m2 : float or None
    validated : DataFrame
        From ``geo.site_forecast.best_validated``: ``store_id``, ``actual``, ``predicted``, ``way``.
    error : ForecastError or None
        None where fewer than five stores could be forecast: a ranking only.
    days : int
        Days of sales the year was made from.
    scale : mapping of store to float
        All sales of a store for each one to a known and placed customer.
    """

    market: Market
    rules: Rules
    surface: str
    own: pd.DataFrame
    usual_m2: float | None
    validated: pd.DataFrame
    error: ForecastError | None
    days: int
    scale: Mapping[str, float]

    @property
    def factor(self) -> float:
        """What captured sales are multiplied by for the middle of the forecast."""
        return 1.0 if self.error is None else float(np.exp(self.error.shift))

    def pulls(self, sites: pd.DataFrame) -> np.ndarray:
        """Pull of candidates on the market's points."""
        return candidate_pulls(self.market, sites, self.usual_m2, self.rules)


@st.cache_data(max_entries=16, show_spinner=False)
def stores(workspace: str, snapshot: str) -> pd.DataFrame:
    """Own stores and competitors by id; empty without the table.

    Returns
    -------
    DataFrame
        ``store_id``, ``name``, ``lat``, ``lon``, ``owner``, ``opened_on``, ``size_m2``, ``rent`` (a month,
        float).
    """
    tables = session.tables_of(workspace, session.whole(snapshot))
    if not tables.has("stores"):
        return pd.DataFrame(columns=list(_STORE))
    table = tables.table("stores")
    for name in _STORE:
        if name not in table.columns:
            table = table.mutate(**{name: None})
    found = table.select(*_STORE).order_by("store_id").to_pyarrow().to_pylist()
    made = pd.DataFrame(found, columns=list(_STORE))
    for name in ("lat", "lon", "size_m2", "rent"):
        made[name] = pd.to_numeric(made[name], errors="coerce").astype(float)
    made["owner"] = made["owner"].fillna("own")
    made["name"] = made["name"].fillna(made["store_id"])
    return made


def year_of(workspace: str, snapshot: str, scope: Scope) -> tuple[Scope, int]:
    """The scope over the last 365 days up to its end, and how many of those the data hold."""
    known = options(workspace, snapshot)
    first = known.first_day if known else scope.start
    start = max(scope.end - timedelta(days=YEAR - 1), first)
    return replace(scope, start=start), max((scope.end - start).days + 1, 1)


@st.cache_data(max_entries=16, show_spinner=False)
def visits(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> tuple[pd.DataFrame, int]:
    """A year's purchases by cell and store, and the days they cover."""
    year, days = year_of(workspace, snapshot, scope)
    return who.visits(workspace, snapshot, year, windows, LEVEL), days


@st.cache_data(max_entries=16, show_spinner=False)
def totals(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> dict[str, float]:
    """All sales of each store over the year of a scope, whoever bought."""
    year, _ = year_of(workspace, snapshot, scope)
    tables = session.tables_of(workspace, snapshot)
    bought = facts(tables.table("orders"), tables.table("order_categories"), year, windows=windows)
    bought = bought.filter(bought.store_id.notnull())
    summed = bought.group_by("store_id").aggregate(sales=bought.amount.sum().cast("float64"))
    return {row["store_id"]: float(row["sales"] or 0.0) for row in summed.to_pyarrow().to_pylist()}


@st.cache_resource(max_entries=8, show_spinner=False)
def model(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, own_share: float, surface: str
) -> Model | None:
    """The market with the way to forecast that did best on the existing stores.

    Parameters
    ----------
    own_share : float
        As in ``geo.captured.Rules``.
    surface : {"best", "towns", "sales"}
        Where spending comes from; ``best`` lets the existing stores decide.

    Returns
    -------
    Model or None
        None where no own store stands on the map, or nobody with a place bought in one.
    """
    known = stores(workspace, snapshot)
    own = own_stores(known)
    bought, days = visits(workspace, snapshot, scope, windows)
    if own.empty or bought.empty or not bought["store_id"].isin(own["store_id"]).any():
        return None
    surfaces = ("towns", "sales") if surface == "best" else (surface,)
    towns = towns_around(bought)
    scale = whole_sales(bought, totals(workspace, snapshot, scope, windows))
    made: dict[str, tuple[Market, Rules, str]] = {}
    for name in surfaces:
        for beta in BETAS:
            rules = Rules(own_share=own_share, beta=beta)
            inhabitants = towns if name == "towns" else None
            if inhabitants is not None and inhabitants.empty:
                continue
            built = market(
                bought, known, rules, yearly=YEAR / days, towns=inhabitants, level=LEVEL, scale=scale
            )
            made[f"{name}:{beta:g}"] = (built, rules, name)
    whole_year = open_all_year(own, scope.end, days)
    few = len(own) <= MOST_STORES
    tested = {
        way: site_forecast.leave_one_out(
            built, list(own["store_id"]), whole_year if few else [False] * len(own)
        )
        for way, (built, _, _) in made.items()
    }
    usual = f"{next(iter(made.values()))[2]}:2"  # Huff's own exponent where nothing can be tested
    ordered = {way: tested[way] for way in [usual, *(w for w in tested if w != usual)]}
    way, validated = site_forecast.best_validated(ordered)
    chosen, rules, name = made[way]
    error = site_forecast.error_of(validated) if days >= SHORTEST else None
    return Model(chosen, rules, name, own, usual_size(known), validated, error, days, scale)


def open_all_year(own: pd.DataFrame, end: date, days: int) -> list[bool]:
    """Whether each store was open on every day of the sales; one without a date is taken to be."""
    start = pd.Timestamp(end) - pd.Timedelta(days=days - 1)
    opened = pd.to_datetime(own["opened_on"], errors="coerce")
    return [bool(pd.isna(day) or day <= start) for day in opened]


def towns_around(bought: pd.DataFrame) -> pd.DataFrame:
    """Towns with inhabitants where the customers live, a little beyond."""
    towns = loader.towns()
    inside = towns["lat"].between(bought["lat"].min() - AROUND, bought["lat"].max() + AROUND)
    inside &= towns["lon"].between(bought["lon"].min() - AROUND, bought["lon"].max() + AROUND)
    found = towns[inside & (towns["population"] > 0)]
    countries = _countries(bought)
    found = found[found["country"].isin(countries)] if countries else found
    return found[["name", "country", "lat", "lon", "population"]].reset_index(drop=True)


def _countries(bought: pd.DataFrame) -> set[str]:
    """Countries in which at least one in fifty of the customers lives."""
    regions = loader.regions()
    at = assign(bought["lon"], bought["lat"], regions, 10.0)
    weight = bought["customers"].to_numpy(float)
    country = np.where(at >= 0, regions["country"].to_numpy(dtype=object)[at], "")
    summed = pd.Series(weight).groupby(country).sum()
    summed = summed[summed.index != ""]
    return set(summed[summed >= 0.02 * summed.sum()].index) if len(summed) else set()


@st.cache_data(max_entries=32, show_spinner=False)
def judged(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    brief: Brief,
    candidates: tuple[Candidate, ...],
) -> pd.DataFrame:
    """The longlist: ``geo.longlist.longlist`` of the candidates, in their order.

    Raises
    ------
    ValueError : there is no market.
    """
    made = model(workspace, snapshot, scope, windows, brief.own_share, brief.surface)
    if made is None:
        raise ValueError("judged() needs an own store on the map with a customer; there is none.")
    limits = Limits(brief.radius_km, brief.own_km, brief.budget, brief.set_up, brief.rent_limit)
    return judging.longlist(frame(candidates), stores(workspace, snapshot), made.market, limits, _land())


def _land() -> gpd.GeoDataFrame:
    return loader.regions()


def as_candidates(rows: tuple[Mapping[str, Any], ...]) -> tuple[Candidate, ...]:
    """Candidates from the plain values of a plan; a row that makes no sense is passed over."""
    made = []
    for row in rows:
        try:
            made.append(Candidate(**row))
        except (TypeError, ValueError):
            continue
    return tuple(made)
