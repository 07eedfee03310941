"""Where to advertise: the people of a target, the places near them, and the best choice for a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import demand as gathered
from geo.demand import Demand
from geo.distance import nearest
from geo.reach import Plan, best_reach, within_reach
from geo.reach_places import Place
from ui import session
from ui.cached import audiences, forecast, people, places

Kind = Literal["towns", "cells", "upload"]
Aim = Literal["customers", "revenue", "value"]
EVERYONE: Final = "all"
AUDIENCE: Final = "audience:"
"""Before the code (``ui.cached.audiences.code_of``) of the saved audience that is the target."""
MOST_PLACES: Final = 250
MOST_CELLS: Final = 6_000
CELL: Final = 12
TIME_LIMIT: Final = 2.0
_STEPS: Final = (0.25, 0.5, 0.75, 1.25, 1.5, 2.0)
_STEP_LIMIT: Final = 0.25

Key = tuple[str, str, Scope, Windows]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to reach, from which places, how near, for how much.

    ``target``: ``all``, ``lifecycle:<code>`` or ``audience:<code>``. ``cost`` is of every town or
    square; uploaded places have their own.
    """

    target: str
    aim: Aim
    kind: Kind
    km: float
    cost: float
    budget: float
    uploaded: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class Answer:
    """What a budget reaches, counted on the single people.

    ``chosen``: one row a place that was taken, in the order of what each adds for its cost: ``name``,
    ``lat``, ``lon``, ``cost``, ``alone`` (people within its radius), ``added`` (by it, after those above).
    ``target`` and ``reached`` are people with a place, ``value`` what the reached are worth; ``gathered`` is
    what the cells that were optimised say is reached, in the unit of the aim, ``counted`` the same counted on
    people. ``left_out`` places reach too few to be shown.
    """

    plan: Plan
    chosen: pd.DataFrame
    target: int
    reached: int
    value: float
    gathered: float
    counted: float
    candidates: int
    left_out: int


@st.cache_resource(max_entries=6, show_spinner=False)
def targets(workspace: str, snapshot: str, scope: Scope, windows: Windows, target: str) -> pa.Table:
    """The people of a target who have a place: ``customer_key``, place, ``postcode``, ``revenue``, ``value``.

    Those of a saved audience wherever and whenever they bought, all others of the scope. ``value`` is
    foreseen, null without a forecast that may be used. Shared: never change it.
    """
    summary = people.summary(workspace, snapshot)
    homes = summary.select(
        "customer_key",
        "lat",
        "lon",
        "x20",
        "y20",
        postcode=summary.postcode if "postcode" in summary.columns else ibis.null("string"),
    )
    homes = homes.filter(homes.x20.notnull())
    if target.startswith(AUDIENCE):
        members = audiences.keys(workspace, snapshot, target.removeprefix(AUDIENCE))
        found = _with_spent(homes.semi_join(members, "customer_key"), workspace, snapshot, scope).to_pyarrow()
    else:
        everyone = places.customers(workspace, snapshot, scope, windows)
        table = ibis.memtable(everyone).select("customer_key", "revenue", "lifecycle")
        if target.startswith("lifecycle:"):
            table = table.filter(table.lifecycle == target.partition(":")[2])
        table = table.mutate(revenue=table.revenue.cast("float64")).drop("lifecycle")
        kept = ibis.memtable(homes.to_pyarrow())
        found = connection("duckdb").to_pyarrow(kept.inner_join(table, "customer_key"))
    frame = found.to_pandas().sort_values("customer_key", ignore_index=True)
    value = pd.Series(np.nan, index=frame.index)
    if foreseen(workspace, snapshot, scope):
        asked = forecast.Asked(currency=scope.currency)
        scores = forecast.valued(workspace, snapshot, scope, windows, asked, 0.0)
        known = scores.select("customer_key", "value").to_pyarrow().to_pandas()
        value = frame["customer_key"].map(known.set_index("customer_key")["value"].astype(float)).fillna(0.0)
    return pa.Table.from_pandas(frame.assign(value=value), preserve_index=False)


def _with_spent(homes: ir.Table, workspace: str, snapshot: str, scope: Scope) -> ir.Table:
    """With ``revenue``: all they ever spent, in the currency of the page."""
    if scope.currency is None:
        spent = people.summary(workspace, snapshot).select("customer_key", "revenue")
    else:
        orders = session.tables_of(workspace, snapshot).table("orders")
        known = orders.filter(orders.customer_key.notnull() & (orders.currency == scope.currency))
        spent = known.group_by("customer_key").aggregate(revenue=known.amount.sum())
    joined = homes.left_join(spent, "customer_key").drop("customer_key_right")
    return joined.mutate(revenue=joined.revenue.cast("float64").fill_null(0.0))


def foreseen(workspace: str, snapshot: str, scope: Scope) -> bool:
    """Whether there is a forecast that may be used, in the currency of the page."""
    return forecast.scored(workspace, snapshot, forecast.Asked(currency=scope.currency)) is not None


def weight_of(frame: pd.DataFrame, aim: Aim) -> np.ndarray:
    """What each person counts for, >= 0."""
    if aim == "customers":
        return np.ones(len(frame))
    return np.asarray(frame[aim].fillna(0.0).clip(lower=0.0).to_numpy(float))


@st.cache_resource(max_entries=8, show_spinner=False)
def _cells(workspace: str, snapshot: str, scope: Scope, windows: Windows, target: str, aim: Aim) -> Demand:
    frame = targets(workspace, snapshot, scope, windows, target).to_pandas()
    table = ibis.memtable(frame.assign(weight=weight_of(frame, aim)))
    found = connection("duckdb").to_pandas(gathered.cells(table, 18, "weight"))
    return gathered.at_most(gathered.demand_of(found, 18), MOST_CELLS)


def candidates(cells: Demand, asked: Asked) -> pd.DataFrame:
    """Places that could be booked: ``name``, ``lat``, ``lon``, ``cost``; the fullest first."""
    if asked.kind == "upload":
        rows = [(each.name, each.lat, each.lon, each.cost) for each in asked.uploaded]
        return pd.DataFrame(rows, columns=["name", "lat", "lon", "cost"])
    if asked.kind == "towns":
        known = places.known_towns()
        if not len(cells):
            return pd.DataFrame(columns=["name", "lat", "lon", "cost"])
        away = nearest(known["lat"], known["lon"], cells.lat, cells.lon)[1]
        found = pd.DataFrame(known.loc[away <= asked.km, ["name", "lat", "lon"]])
    else:
        wide = gathered.coarser(cells, min(CELL, cells.level))
        names = places.towns_near(pd.Series(wide.lat), pd.Series(wide.lon)) if len(wide) else []
        found = pd.DataFrame({"name": names, "lat": wide.lat, "lon": wide.lon})
    return found.assign(cost=asked.cost).reset_index(drop=True)


@st.cache_resource(max_entries=24, show_spinner=False)
def answer(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> Answer:
    """Choose the places, and count on the single people whom they reach."""
    cells = _cells(workspace, snapshot, scope, windows, asked.target, asked.aim)
    offered, within, left_out = _offered(cells, asked)
    plan = best_reach(within, cells.weight, offered["cost"], asked.budget, time_limit=TIME_LIMIT)
    frame = targets(workspace, snapshot, scope, windows, asked.target).to_pandas()
    chosen = offered.iloc[plan.places].reset_index(drop=True)
    near = within_reach(frame["lat"], frame["lon"], chosen["lat"], chosen["lon"], asked.km)
    after = [int(near[:, : k + 1].any(axis=1).sum()) for k in range(len(chosen))]
    reached = near.any(axis=1)
    worth = frame["value"] if foreseen(workspace, snapshot, scope) else frame["revenue"]
    return Answer(
        plan,
        chosen.assign(alone=near.sum(axis=0).astype(int), added=np.diff([0, *after]).astype(int)),
        len(frame),
        int(reached.sum()),
        float(worth[reached].clip(lower=0.0).sum()),
        plan.objective,
        float(weight_of(frame, asked.aim)[reached].sum()),
        len(offered),
        left_out,
    )


def _offered(cells: Demand, asked: Asked) -> tuple[pd.DataFrame, np.ndarray, int]:
    """Candidates that reach enough people to be shown, the fullest, and how many reach too few."""
    found = candidates(cells, asked)
    if found.empty or not len(cells):
        return found, np.zeros((len(cells), len(found)), dtype=bool), 0
    within = within_reach(cells.lat, cells.lon, found["lat"], found["lon"], asked.km)
    reach = cells.customers @ within
    enough = np.flatnonzero(reach >= places.FEWEST)
    best = enough[np.argsort(-reach[enough], kind="stable")]
    kept = np.sort(best if asked.kind == "upload" else best[:MOST_PLACES])
    return found.iloc[kept].reset_index(drop=True), within[:, kept], len(found) - len(enough)


@st.cache_data(max_entries=24, show_spinner=False)
def curve(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    """Reach against budget around the one that is asked for: ``budget``, ``reach``, ``bound``, ``places``."""
    made = answer(workspace, snapshot, scope, windows, asked)
    cells = _cells(workspace, snapshot, scope, windows, asked.target, asked.aim)
    offered, within, _ = _offered(cells, asked)
    rows = [(asked.budget, made.plan.objective, made.plan.upper_bound, len(made.plan.places))]
    for share in _STEPS:
        budget = asked.budget * share
        plan = best_reach(within, cells.weight, offered["cost"], budget, time_limit=_STEP_LIMIT)
        rows.append((budget, plan.objective, plan.upper_bound, len(plan.places)))
    found = pd.DataFrame(rows, columns=["budget", "reach", "bound", "places"])
    found = found.sort_values("budget", ignore_index=True)
    # What less money reaches, more reaches too; what more money cannot reach, less cannot either.
    found["reach"] = found["reach"].cummax()
    found["bound"] = found["bound"][::-1].cummin()[::-1]
    return found


def postcodes(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    """Postcodes of the people who are reached: ``postcode``, ``customers``; those with too few left out."""
    frame = _reached(workspace, snapshot, scope, windows, asked)
    counted = frame[frame["postcode"].notna()].groupby("postcode").size()
    shown = counted[counted >= places.FEWEST].sort_values(ascending=False)
    return pd.DataFrame({"postcode": shown.index.astype(str), "customers": shown.to_numpy()})


def _reached(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    made = answer(workspace, snapshot, scope, windows, asked)
    frame = targets(workspace, snapshot, scope, windows, asked.target).to_pandas()
    spots = made.chosen
    near = within_reach(frame["lat"], frame["lon"], spots["lat"], spots["lon"], asked.km)
    return pd.DataFrame(frame[near.any(axis=1)])


@dataclass(frozen=True, slots=True)
class InReach:
    """A rule for a list: the people of the target whom the chosen places reach."""

    asked: Asked
    of: str = "InReach"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who are reached."""
        found = _reached(workspace, snapshot, scope, windows, self.asked)
        return ibis.memtable(pa.table({"customer_key": pa.array(found["customer_key"], pa.int32())}))


def aims_offered(workspace: str, snapshot: str, scope: Scope) -> tuple[Aim, ...]:
    """What can be reached for: ``value`` only with a forecast that may be used."""
    known = foreseen(workspace, snapshot, scope)
    return ("customers", "revenue", "value") if known else ("customers", "revenue")
