"""New stores: the market of the page Catchments as arrays for many sets of sites, and candidates judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.reference import loader
from data.site_plans import Brief
from geo import longlist as judging
from geo import validation
from geo.candidates import Candidate, frame
from geo.captured import from_surface
from geo.gravity_surface import Surface
from geo.longlist import Limits
from geo.market import own_stores
from geo.regions import assign
from ui import session
from ui.cached import first_store, gravity, inhabitants, market_data, places, store_list
from ui.cached import travel as ways
from ui.cached import visits as who
from ui.cached.gravity_market import YEAR, Known, known_market, year_of
from ui.cached.site_model import LEVEL, SHORTEST, Basis, Model

MOST_STORES: Final = 150
"""Own stores that are left out one by one to see what the order of sites owes to them."""

AROUND: Final = 0.5
"""Degrees around the customers within which towns count."""


def basis(workspace: str) -> Basis:
    """What the market of a workspace rests on now."""
    config = session.opened(workspace).config
    given = market_data.about(workspace)
    version = ways.current(workspace).version
    return Basis(version, config.country, inhabitants.known(workspace), given.version if given else "")


def model(workspace: str, snapshot: str, scope: Scope, windows: Windows, own_share: float) -> Model | None:
    """The market of the page Catchments with its check, and what had to be assumed.

    Parameters
    ----------
    own_share : float
        Share of the spending near a lone store of usual size; used only where it cannot be learnt.

    Returns
    -------
    Model or None
        Of what customers buy by any channel where no sale belongs to an own store on the map; None where
        nobody with a place bought anything.
    """
    return _model(workspace, snapshot, scope, windows, own_share, basis(workspace))


@st.cache_resource(max_entries=8, show_spinner=False)
def _model(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, own_share: float, rests: Basis
) -> Model | None:
    key = (workspace, snapshot, scope, windows, rests.version, rests.country)
    known = known_market(*key)
    if known is None:
        return first_store.model(*key[:5])
    explained = gravity.explained(known, own_share)
    surface, yearly = explained.surface, YEAR / known.days
    there = known.market
    market = from_surface(surface, known.places, there.attraction, there.distance, yearly)
    every = store_list.every(workspace, snapshot)
    own = every.set_index("store_id").loc[known.stores["store_id"]].reset_index()
    check = gravity.validated(*key)
    error = None if check is None else check.error
    reason = "few" if error is None else ""
    reason = "days" if known.days < SHORTEST else reason
    reason = "assumed" if explained.way == "assumed" else reason
    return Model(
        market=market,
        observed=replace(market, sales=known.market.sales * yearly),
        demand=_demand(workspace, snapshot, scope, windows, known),
        known=known,
        surface=surface,
        way=explained.way,
        own=own,
        placed=own_stores(every),
        validation=check,
        error=None if reason else error,
        reason=reason,
        travel=ways.travel(workspace, rests.version),
    )


def _demand(workspace: str, snapshot: str, scope: Scope, windows: Windows, known: Known) -> pd.DataFrame:
    """The homes of the own stores' customers by cell, at the middle of the customers."""
    year, _ = year_of(workspace, snapshot, scope)
    bought = who.visits(workspace, snapshot, year, windows, LEVEL)
    scale = dict(zip(known.stores["store_id"], known.scale * YEAR / known.days, strict=True))
    bought = bought[bought["store_id"].isin(scale.keys())]
    weight = bought["customers"].clip(lower=0).to_numpy(float).clip(min=1e-9)
    made = bought.assign(
        lat=bought["lat"] * weight,
        lon=bought["lon"] * weight,
        weight=weight,
        revenue=np.maximum(bought["revenue"].to_numpy(float), 0.0) * bought["store_id"].map(scale),
    )
    columns = ["lat", "lon", "weight", "customers", "revenue"]
    made = made.groupby(["x", "y"], as_index=False)[columns].sum()
    made[["lat", "lon"]] = made[["lat", "lon"]].div(made["weight"], axis=0)
    return made.drop(columns="weight")


@st.cache_resource(max_entries=4, show_spinner=False)
def learnt_without(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, rests: Basis
) -> tuple[Surface, ...]:
    """The rule once per own store, learnt without that store's data; stores that tell none are left out."""
    key = (workspace, snapshot, scope, windows, rests.version, rests.country)
    known = known_market(*key)
    if known is None:
        return ()
    found = (validation.learnt_without(known.market, j) for j in range(min(len(known.stores), MOST_STORES)))
    return tuple(each for each in found if each is not None)


def towns_around(homes: pd.DataFrame) -> pd.DataFrame:
    """Towns with inhabitants where the customers live (``lat, lon, customers``), a little beyond."""
    towns = loader.towns()
    inside = towns["lat"].between(homes["lat"].min() - AROUND, homes["lat"].max() + AROUND)
    inside &= towns["lon"].between(homes["lon"].min() - AROUND, homes["lon"].max() + AROUND)
    found = towns[inside & (towns["population"] > 0)]
    countries = _countries(homes)
    found = found[found["country"].isin(countries)] if countries else found
    return found[["name", "country", "lat", "lon", "population"]].reset_index(drop=True)


def _countries(homes: pd.DataFrame) -> set[str]:
    """Countries in which at least one in fifty of the customers lives."""
    regions = loader.regions()
    at = assign(homes["lon"], homes["lat"], regions, 10.0)
    weight = homes["customers"].to_numpy(float)
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
    rests: Basis,
) -> pd.DataFrame:
    """The longlist: ``geo.longlist.longlist`` of the candidates, in their order.

    The number of customers around a candidate is missing where it is small: anybody can draw one.

    Raises
    ------
    ValueError : there is no market.
    """
    made = _model(workspace, snapshot, scope, windows, brief.own_share, rests)
    if made is None:
        raise ValueError("judged() needs a customer with a place; there is none.")
    limits = Limits(brief.radius_km, brief.own_km, brief.budget, brief.set_up, brief.rent_limit)
    every = store_list.every(workspace, snapshot)
    found = judging.longlist(frame(candidates), every, made.market, limits, _land(), made.demand)
    few = found["customers"].between(1, places.FEWEST - 1)
    return found.assign(customers=found["customers"].astype(float).mask(few))


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
