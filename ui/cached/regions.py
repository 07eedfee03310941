"""How strong each region is: figures by region, by month, and the customers behind a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import streamlit as st

from analytics import retention
from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.scope import Scope
from geo import region_metrics as figures
from geo.penetration import penetration
from geo.region_metrics import METRICS, SUMS
from ui import session
from ui.cached import boundaries, forecast, people, population
from ui.cached.boundaries import Level
from ui.cached.population import Base

FEWEST: Final = 5
"""Regions with fewer customers are hidden while the privacy switch is on."""


@dataclass(frozen=True, slots=True)
class InRegion:
    """A rule for a list: the customers of a scope who live in a region of a level."""

    level: Level
    region: str
    of: str = "InRegion"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who live there and bought in the scope."""
        bought = people.of_window(workspace, snapshot, scope, windows)
        bought = bought.filter(bought.is_purchase, bought.customer_key.notnull())
        homes = boundaries.homes(workspace, snapshot, self.level)
        there = homes.filter(homes.region == self.region)
        return bought.semi_join(there, "customer_key").select("customer_key").distinct()


@st.cache_data(max_entries=64, show_spinner=False)
def sums(workspace: str, snapshot: str, scope: Scope, windows: Windows, level: Level) -> pd.DataFrame:
    """Customers, orders and sales of every region of a level, 0 where there are none.

    Returns
    -------
    DataFrame, in the order of the level's shapes
        ``code``, ``name`` and ``geo.region_metrics.SUMS``.
    """
    homes = boundaries.homes(workspace, snapshot, level)
    found = frame(figures.per_region(people.of_window(workspace, snapshot, scope, windows), homes))
    return _on_level(workspace, level, found, list(SUMS))


@st.cache_data(max_entries=64, show_spinner=False)
def table(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    level: Level,
    brought: tuple[Base, ...] = (),
) -> pd.DataFrame:
    """Everything a map of regions can show.

    Parameters
    ----------
    brought : tuple of Base
        The user's own figures of the level (``population.brought``).

    Returns
    -------
    DataFrame, in the order of the level's shapes
        As :func:`sums`; ``active_start`` and ``kept`` (customers); ``answers``, ``nps``, ``margin``
        (points); ``value``, ``valued`` (expected margin and its customers) where a forecast was
        computed; ``population``, ``households``, ``income`` where brought and, with one of the first
        two, ``base``, ``penetration``, ``low``, ``high`` (per 1,000), ``index``, ``index_low``,
        ``index_high``, ``reliability``.
    """
    found = sums(workspace, snapshot, scope, windows, level)
    found = _with_retention(found, workspace, snapshot, scope, windows, level)
    found = _with_answers(found, workspace, snapshot, scope, level)
    found = _with_value(found, workspace, snapshot, scope, windows, level)
    for each in brought:
        found = found.assign(**{each.measure: population.values(workspace, level, each)})
    return _with_base(found, population.base_of(brought))


@st.cache_data(max_entries=32, show_spinner=False)
def months(workspace: str, snapshot: str, scope: Scope, windows: Windows, level: Level) -> pd.DataFrame:
    """The sums of every region and month that has any: ``month``, ``code`` and ``SUMS``."""
    homes = boundaries.homes(workspace, snapshot, level)
    found = frame(figures.per_month(people.of_window(workspace, snapshot, scope, windows), homes))
    found = found.rename(columns={"region": "code"})
    return found.sort_values(["month", "code"], ignore_index=True)


@dataclass(frozen=True, slots=True)
class Placed:
    """Customers of a scope: all, with a place, in a region of the level."""

    customers: int
    inside: int


@st.cache_data(max_entries=64, show_spinner=False)
def placed(workspace: str, snapshot: str, scope: Scope, windows: Windows, level: Level) -> Placed:
    """How many customers of a scope fall into regions of a level."""
    bought = people.of_window(workspace, snapshot, scope, windows)
    bought = bought.filter(bought.is_purchase, bought.customer_key.notnull())
    everyone = int(bought.customer_key.nunique().to_pyarrow().as_py() or 0)
    inside = int(sums(workspace, snapshot, scope, windows, level)["customers"].sum())
    return Placed(everyone, inside)


def metrics(found: pd.DataFrame) -> tuple[str, ...]:
    """The figures that a table of :func:`table` can give, in their order."""
    return tuple(
        code
        for code, metric in METRICS.items()
        if all(name in found for name in metric.needs) and np.isfinite(metric.compute(found)).any()
    )


def values(found: pd.DataFrame, metric: str, fewest: int) -> np.ndarray:
    """A figure per region; missing where it cannot be computed or fewer than ``fewest`` customers live.

    A region without any customer keeps its 0 where the figure is a count or a sum.
    """
    chosen = METRICS[metric]
    out = chosen.compute(found).astype(float)
    if not chosen.people:
        return out
    people_there = found[chosen.people].to_numpy(dtype=float)
    out[small(people_there, fewest)] = np.nan
    if chosen.people != "customers":
        out[people_there == 0] = np.nan
    return out


def small(people_there: np.ndarray, fewest: int) -> np.ndarray:
    """Regions that are hidden: those with few people and, where that is only one, the next smallest too.

    A single missing number could be had by taking the others off the whole (complementary suppression:
    Hundepool and others 2012, Statistical Disclosure Control, section 4.2.3).
    """
    few: np.ndarray = (people_there > 0) & (people_there < fewest)
    others = np.flatnonzero((people_there > 0) & ~few)
    if few.sum() == 1 and len(others):
        few[others[np.argmin(people_there[others])]] = True
    return few


def _on_level(workspace: str, level: Level, found: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    shapes = boundaries.shapes(workspace, level)
    known = found.set_index("region").reindex(shapes["code"])[columns]
    out = pd.DataFrame({"code": shapes["code"].to_numpy(), "name": shapes["name"].to_numpy()})
    for column in columns:
        out[column] = known[column].fillna(0).to_numpy(dtype=float)
    return out


def _with_retention(
    found: pd.DataFrame, workspace: str, snapshot: str, scope: Scope, windows: Windows, level: Level
) -> pd.DataFrame:
    history = people.history(workspace, snapshot, scope, windows)
    homes = boundaries.homes(workspace, snapshot, level)
    counted = retention.kept_by(history, homes, "region", scope.start, scope.end, windows)
    told = _on_level(workspace, level, frame(counted), ["active_start", "kept"])
    return found.assign(active_start=told["active_start"], kept=told["kept"])


def _with_answers(
    found: pd.DataFrame, workspace: str, snapshot: str, scope: Scope, level: Level
) -> pd.DataFrame:
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("feedback"):
        return found
    homes = boundaries.homes(workspace, snapshot, level)
    asked = figures.answers(
        tables.table("feedback"), tables.table("customer_summary"), homes, scope.start, scope.end
    )
    told = _on_level(workspace, level, frame(asked), ["answers", "promoters", "detractors"])
    score, margin = figures.nps(told["answers"], told["promoters"], told["detractors"])
    return found.assign(answers=told["answers"], nps=score, margin=margin)


def _with_value(
    found: pd.DataFrame, workspace: str, snapshot: str, scope: Scope, windows: Windows, level: Level
) -> pd.DataFrame:
    asked = forecast.Asked(currency=scope.currency)
    if forecast.scored(workspace, snapshot, asked) is None:
        return found
    each = forecast.valued(workspace, snapshot, scope, windows, asked, 0.0)
    there = each.inner_join(boundaries.homes(workspace, snapshot, level), "customer_key")
    summed = there.group_by("region").aggregate(value=there.value.sum(), valued=there.count())
    told = _on_level(workspace, level, frame(summed), ["value", "valued"])
    return found.assign(value=told["value"], valued=told["valued"])


def _with_base(found: pd.DataFrame, base: Base | None) -> pd.DataFrame:
    if base is None:
        return found
    rates = penetration(found["customers"], found[base.measure])
    return found.assign(
        base=found[base.measure],
        penetration=rates.rate,
        low=rates.low,
        high=rates.high,
        index=rates.index,
        index_low=rates.index_low,
        index_high=rates.index_high,
        reliability=rates.reliability,
    )
