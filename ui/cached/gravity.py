"""Huff's rule on a merchant's own visits: exponents, shares with intervals, and the check store by store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.market_visits import About
from geo.gravity import MciBootstrap, MciFit, bootstrap_mci
from geo.gravity_data import Market, Seen
from geo.gravity_surface import Surface, assumed_surface, fit_surface, with_share
from geo.validation import Validation, leave_one_out
from ui.cached import catchments, market_data, store_list
from ui.cached import travel as ways
from ui.cached.catchments import Ground
from ui.cached.gravity_market import (
    MOST_CELLS,
    Known,
    exposure,
    known_market,
    most_visited,
    sizes,
    year_of,
)
from ui.cached.once import Progress, once

REPETITIONS: Final = 200
ASSUMED: Final = (0.5, 1.0, 2.0)
"""How strongly a competitor is taken to pull against an own store of its size: the range that is shown."""


@dataclass(frozen=True)
class Calibrated:
    """The rule, or the code of the reason why there is none (``gravity.reason.<code>``).

    ``given``: ``used`` where market data tell the pull of competitors, ``cannot_tell`` where they do not,
    empty without any.
    """

    reason: str
    fit: MciFit | None = None
    repeated: MciBootstrap | None = None
    sizes_missing: int = 0
    given: str = ""
    market: Market | None = None


def calibrated(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    progress: Progress | None = None,
) -> Calibrated:
    """The exponents from the choice between own stores, with repeated calibrations for intervals.

    They are those of the 365 days up to the scope's end, the same as in :func:`known_market`.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version : the key of ``catchments.ground``
    progress : callable, optional
        Called with the share done when it has to be worked out.
    """
    year, _ = year_of(workspace, snapshot, scope)
    key = (workspace, snapshot, year, windows, version)

    def make() -> Calibrated:
        return _calibrated(workspace, snapshot, version, catchments.ground(*key), year, progress)

    found: Calibrated = once(("rule", *key, market_data.about(workspace)), make)
    return found


def _calibrated(
    workspace: str, snapshot: str, version: str, here: Ground, year: Scope, progress: Progress | None
) -> Calibrated:
    if len(here.stores) < 2:
        return Calibrated("no_store" if here.stores.empty else "one_store")
    size, missing, typical = sizes(here.stores)
    others = store_list.rivals(workspace, snapshot)
    rival_size, _, _ = sizes(others, typical)
    way = ways.travel(workspace, version)
    given = market_data.kept(workspace)
    survey = market_data.survey(given, here.stores, others, rival_size, way)
    rows = most_visited(here, 0 if survey is None else len(survey.attraction))
    market = Market(here.orders, here.orders, size, here.cost, exposure(here.stores, year), floor=here.floor)
    market = replace(market, seen=Seen(here.orders[rows], here.cost[rows]), survey=survey)
    for tried in (market, replace(market, survey=None)):
        try:
            made = _repeated(tried, progress)
        except ValueError:
            continue
        used = "" if given is None else "used" if made.fit.rivals is not None else "cannot_tell"
        return Calibrated("", made.fit, made, missing, used, tried)
    return Calibrated("cannot_tell", sizes_missing=missing)


def _repeated(market: Market, progress: Progress | None) -> MciBootstrap:
    told = market.choices
    return bootstrap_mci(
        told.visits,
        told.attraction,
        told.distance,
        repetitions=REPETITIONS,
        exposure=told.exposure,
        rivals=told.rivals,
        floor=market.floor,
        progress=progress,
    )


def told_by_store(made: Calibrated, workspace: str, snapshot: str, own: pd.DataFrame) -> pd.DataFrame:
    """The market data against the rule that was learnt from them, store by store.

    Returns
    -------
    DataFrame, own stores first
        ``store_id``, ``name``, ``owner``, ``seen`` and ``rule`` (share of all visits of the data); empty
        where no market data are in use.
    """
    market, fit = made.market, made.fit
    given = market_data.kept(workspace)
    if market is None or market.survey is None or fit is None or given is None:
        return pd.DataFrame(columns=["store_id", "name", "owner", "seen", "rule"])
    survey = market.survey
    others = store_list.rivals(workspace, snapshot)
    theirs = others[others["store_id"].isin({row[3] for row in given.rows})]
    size = np.append(market.attraction, survey.attraction)
    weight = np.append(market.exposure, np.full(len(theirs), fit.rival_pull or 1.0))
    total = survey.visits.sum(axis=1)
    rule = fit.shares(size, survey.distance, weight).T @ total
    named = pd.concat([own, theirs], ignore_index=True)[["store_id", "name", "owner"]]
    named = named.assign(seen=survey.visits.sum(axis=0) / total.sum(), rule=rule / total.sum())
    there = pd.Series(np.isfinite(survey.distance).any(axis=0))
    return named[there].reset_index(drop=True)


def validated(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    version: str,
    country: str,
    progress: Progress | None = None,
) -> Validation | None:
    """Every store predicted without its own data; None with fewer than two own stores.

    The only check of stores there is: every page that speaks of how sure a forecast is quotes this one.

    Parameters
    ----------
    workspace, snapshot, scope, windows, version, country : the key of :func:`known_market`
    progress : callable, optional
        Called with the share done when it has to be worked out.
    """
    known = known_market(workspace, snapshot, scope, windows, version, country)
    if known is None or len(known.stores) < 2:
        return None

    def make() -> Validation:
        return leave_one_out(known.market, known.stores["store_id"].tolist(), progress=progress)

    year, _ = year_of(workspace, snapshot, scope)
    key = (workspace, snapshot, year, windows, version, country, known.people, known.given)
    found: Validation = once(("check", *key), make)
    return found


def rule(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str, country: str
) -> MciFit | None:
    """The rule that the check and new stores rest on; None without a market."""
    known = known_market(workspace, snapshot, scope, windows, version, country)
    if known is None:
        return None
    year, _ = year_of(workspace, snapshot, scope)
    key = (workspace, snapshot, year, windows, version, country, known.people, known.given)
    found: MciFit = once(("fit", *key), lambda: explained(known, 0.5).surface.fit)
    return found


@dataclass(frozen=True)
class Explained:
    """What stores sell to whom.

    Parameters
    ----------
    surface : Surface
    way : {"calibrated", "outside_assumed", "assumed"}
        ``calibrated``: all of it learnt from sales and inhabitants. ``outside_assumed``: no inhabitants
        are known, so the share of a lone store is assumed. ``assumed``: the visits tell no exponents
        (``geo.gravity_surface.assumed_surface``); nothing can be forecast, only put in order.
    """

    surface: Surface
    way: str


def explained(known: Known, own_share: float) -> Explained:
    """The rule of a market, and what of it had to be assumed.

    Parameters
    ----------
    known : Known
    own_share : float
        Share of the spending near a lone store of usual size, 0..1; used only where it cannot be learnt.
    """
    try:
        surface = fit_surface(known.market)
    except ValueError:
        return Explained(assumed_surface(known.market, own_share), "assumed")
    if surface.fit.beta <= 0:
        return Explained(assumed_surface(known.market, own_share), "assumed")
    if surface.basis == "others":
        return Explained(with_share(known.market, surface, own_share), "outside_assumed")
    return Explained(surface, "calibrated")


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
    given: About | None = None,
) -> pd.DataFrame:
    """The share of visits a store gets by cell, among own stores and competitors, as assumed or learnt.

    ``given`` is what the market data are (``market_data.about``): part of the key.

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
    others = store_list.rivals(workspace, snapshot)
    size, _, typical = sizes(here.stores)
    rival_size, _, _ = sizes(others, typical)
    cells = here.cells.iloc[rows]
    way = ways.travel(workspace, version)
    rival_cost = way.cost(cells["lat"].to_numpy(float), cells["lon"].to_numpy(float), others)
    attraction = np.concatenate((size, rival_size))
    theirs = np.arange(len(attraction)) >= len(size)
    weight = np.where(theirs, rival_factor, 1.0)
    cost = np.column_stack((here.cost[rows], rival_cost))
    j = here.place(store_id)
    low, high = made.repeated.share_intervals(attraction, cost, weight=weight, rivals=theirs)
    weight = weight * np.where(theirs, made.fit.rival_pull or 1.0, 1.0)
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
