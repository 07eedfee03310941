"""Customers like those of a segment: learnt once for a snapshot, a scope and a segment, then asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import streamlit as st

from analytics import lookalikes, lookalikes_features, pareto
from analytics.customers import Selection
from analytics.lifecycle import Windows
from analytics.lookalikes import Lookalikes
from analytics.results import frame
from analytics.rules import Group
from analytics.scope import Scope
from geo.cells import FINEST_ZOOM, to_lon_lat
from geo.distance import nearest
from ui import session
from ui.cached import boundaries, people, places, store_list
from ui.cached.boundaries import Level
from ui.cached.once import Progress, once
from ui.cached.people import Wanted

CELL_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom others shall be like, and the fields that define them (``analytics.rules.FIELDS``)."""

    wanted: Wanted
    fields: tuple[str, ...] = ()


def fields_of(rule: Group | None) -> tuple[str, ...]:
    """The fields a rule asks about; none of a fixed list."""
    if rule is None:
        return ()
    found: list[str] = []
    for part in rule.children:
        found += fields_of(part) if isinstance(part, Group) else [part.field]
    return tuple(dict.fromkeys(found))


def learnt(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    segment: Segment,
    progress: Progress = lambda share: True,
) -> Lookalikes:
    """What tells a segment from the others. Takes seconds for a million customers, at the first asking.

    Parameters
    ----------
    progress : callable
        Called with the share done where it has to be worked out.
    """
    key = (workspace, snapshot, scope, windows, segment)
    return once(("lookalikes", *key), lambda: _learn(*key, progress))


def _learn(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment, progress: Progress
) -> Lookalikes:
    progress(0.0)
    question = (workspace, snapshot, scope, windows)
    asked = _everyone(*question)
    customers = int(asked.count().to_pyarrow().as_py() or 0)
    progress(0.05)
    wanted = _members(*question, segment)
    early = _features(workspace, snapshot, scope, lookalikes.step_of(customers))
    rows = frame(lookalikes.sampled(early, asked, wanted, customers))
    progress(0.3)
    dropped = lookalikes_features.left_out(segment.fields)
    return lookalikes.learn(rows, dropped, told=lambda share: progress(0.3 + 0.7 * share))


@st.cache_resource(max_entries=3, show_spinner=False)
def others(workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment) -> pa.Table:
    """Everybody outside the segment, the most alike first.

    Returns
    -------
    pyarrow Table, shared: never change it
        ``customer_key``, ``score``, ``lat``, ``lon``, ``x20``, ``y20`` (null: not placed); no rows
        where nothing could be learnt.
    """
    question = (workspace, snapshot, scope, windows)
    made = learnt(*question, segment)
    summary = people.summary(workspace, snapshot)
    homes = summary.select("customer_key", "lat", "lon", "x20", "y20", "geo_precision")
    if made.model is None:
        empty = homes.limit(0).mutate(score=ibis.literal(0.0))
        return empty.select(*_COLUMNS).to_pyarrow()
    scores = lookalikes.scored(_features(workspace, snapshot, scope), made.model)
    wanted = _members(*question, segment)
    ranked = lookalikes.best(scores, wanted, _everyone(*question), _ALL).inner_join(homes, "customer_key")
    rough = ranked.geo_precision.isin(lookalikes_features.ROUGH_PLACES).fill_null(True)
    nowhere = {name: ibis.ifelse(rough, None, ranked[name]) for name in ("x20", "y20")}
    return (
        ranked.mutate(**nowhere).order_by(ibis.desc("score"), "customer_key").select(*_COLUMNS).to_pyarrow()
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """A rule for a list: the ``count`` customers outside a segment who are most like it.

    ``region`` (of ``level``) and ``cell`` (x, y at ``CELL_LEVEL``) keep those who live there.
    """

    segment: Segment
    count: int
    level: Level | None = None
    region: str = ""
    cell: tuple[int, int] | None = None
    of: str = "Alike"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Their ``customer_key``."""
        found = others(workspace, snapshot, scope, windows, self.segment).slice(0, self.count)
        rows = _placed(found)
        if self.level is not None:
            rows = rows[_regions(workspace, snapshot, self.level, rows) == self.region]
        if self.cell is not None:
            rows = rows[(rows["x"] == self.cell[0]) & (rows["y"] == self.cell[1])]
        keys = pa.array(rows["customer_key"], pa.int32())
        return ibis.memtable(pa.table({"customer_key": keys}))


@st.cache_data(max_entries=64, show_spinner=False)
def by_place(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    segment: Segment,
    count: int,
    level: Level | None = None,
    fewest: int = places.FEWEST,
) -> tuple[pd.DataFrame, int]:
    """Where the most alike live, against everybody outside the segment.

    Parameters
    ----------
    count : int
        How many count as alike.
    level : Level, optional
        Regions of the workspace, the user's own too; without it square cells.
    fewest : int
        Places with fewer of them are left out.

    Returns
    -------
    DataFrame, the most alike first
        ``pick`` (``region:<code>`` or ``area:<x>/<y>``), ``name``, ``alike``, ``customers`` (outside
        the segment), ``index`` (share of alike against that of all places, 100 = the same); ``region``,
        or for cells ``x``, ``y``, ``south``, ``west``, ``north``, ``east``.
    int
        Alike customers in no place that is shown.
    """
    found = _placed(others(workspace, snapshot, scope, windows, segment))
    found["alike"] = found.index < count
    total = int(found["alike"].sum())
    base = total / len(found) if len(found) else 0.0
    if level is not None:
        found["region"] = _regions(workspace, snapshot, level, found)
        known = found[found["region"].isin(boundaries.shapes(workspace, level)["code"])]
        summed = known.groupby("region")["alike"].agg(["sum", "size"]).reset_index()
        summed["pick"] = "region:" + summed["region"].astype(str)
    else:
        known = found[found["x"] >= 0]
        summed = known.groupby(["x", "y"]).agg(
            sum=("alike", "sum"), size=("alike", "size"), lat=("lat", "mean"), lon=("lon", "mean")
        )
        summed = summed.reset_index()
        summed["pick"] = [f"area:{x}/{y}" for x, y in summed[["x", "y"]].astype(int).to_numpy()]
    summed = summed.rename(columns={"sum": "alike", "size": "customers"})
    shown = summed[summed["alike"] >= max(fewest, 1)].reset_index(drop=True)
    shown["index"] = 100.0 * shown["alike"] / shown["customers"] / base if base else 0.0
    shown = shown.sort_values(["alike", "pick"], ascending=[False, True], ignore_index=True)
    return _described(shown, workspace, level), total - int(shown["alike"].sum())


_ALL: Final = 2**31 - 1
_COLUMNS: Final = ("customer_key", "score", "lat", "lon", "x20", "y20")


def _described(shown: pd.DataFrame, workspace: str, level: Level | None) -> pd.DataFrame:
    """Names, and for cells their corners."""
    if level is not None:
        shapes = boundaries.shapes(workspace, level)
        titles = dict(zip(shapes["code"].astype(str), shapes["name"], strict=True))
        named: pd.DataFrame = shown.assign(name=[str(titles[code]) for code in shown["region"]])
        return named
    if shown.empty:
        nothing: pd.DataFrame = shown.assign(name=pd.Series(dtype=object))
        return nothing
    x, y = shown["x"].to_numpy(dtype="int64"), shown["y"].to_numpy(dtype="int64")
    west, north = to_lon_lat(x, y, CELL_LEVEL)
    east, south = to_lon_lat(x + 1, y + 1, CELL_LEVEL)
    names = places.towns_near(shown["lat"], shown["lon"])
    result: pd.DataFrame = shown.assign(name=names, south=south, west=west, north=north, east=east)
    return result


def _placed(found: pa.Table) -> pd.DataFrame:
    """The customers with their cell (-1: not placed)."""
    rows: pd.DataFrame = found.select(["customer_key", "lat", "lon", "x20", "y20"]).to_pandas()
    shift = 1 << (FINEST_ZOOM - CELL_LEVEL)
    for name, own in (("x", "x20"), ("y", "y20")):
        rows[name] = (rows[own].fillna(-1) // shift).astype("int64")
    return rows


def _regions(workspace: str, snapshot: str, level: Level, rows: pd.DataFrame) -> pd.Series:
    """The region of a level that each customer lives in; missing for those in none."""
    homes = boundaries.homes(workspace, snapshot, level).to_pyarrow().to_pandas()
    found: pd.Series = rows["customer_key"].map(homes.set_index("customer_key")["region"])
    return found


def _everyone(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    """Who may be learnt from and found: the customers of the scope who let themselves be profiled."""
    asked = people.per_customer(workspace, snapshot, scope, windows).select("customer_key")
    return people.profiled(workspace, snapshot, asked)


def _members(workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment) -> ir.Table:
    """The ``customer_key`` of the segment."""
    wanted, chosen = segment.wanted, segment.wanted.selection
    if isinstance(wanted.among, people.Profiled):  # a saved audience knows its customers itself
        return wanted.among.keys(workspace, snapshot, scope, windows)
    if wanted.gold:
        each = people.per_customer(workspace, snapshot, scope, windows, whole=wanted.history)
        return pareto.gold(pareto.ranked(each, wanted.gold)).select("customer_key")
    if chosen.lifecycles and chosen == Selection(lifecycles=chosen.lifecycles):
        known = people.assigned(workspace, snapshot, scope.end, windows)
        return known.filter(known.lifecycle.isin(chosen.lifecycles)).select("customer_key")
    return people.listed(workspace, snapshot, scope, windows, segment.wanted).select("customer_key")


def _features(workspace: str, snapshot: str, scope: Scope, step: int = 1) -> ir.Table:
    """Early features of every ``step``-th customer."""
    tables = session.tables_of(workspace, snapshot)
    orders, summary = tables.table("orders"), tables.table("customer_summary")
    if step > 1:
        orders = orders.filter(orders.customer_key % step == 0)
        summary = summary.filter(summary.customer_key % step == 0)
    return lookalikes_features.early(
        orders,
        summary,
        scope.end,
        _distances(workspace, session.whole(snapshot)),
        scope.currency,
    )


def _distances(workspace: str, snapshot: str) -> ir.Table | None:
    """``customer_key`` and ``km`` to the nearest own store; None without stores."""
    found = _km(workspace, snapshot)
    return None if found is None else ibis.memtable(found)


@st.cache_resource(max_entries=3, show_spinner=False)
def _km(workspace: str, snapshot: str) -> pa.Table | None:
    stores = store_list.own(workspace, snapshot)
    if stores.empty:
        return None
    known = session.tables_of(workspace, snapshot).table("customer_summary")
    placed = known.filter(known.lat.notnull()).select("customer_key", "lat", "lon").to_pyarrow()
    km = nearest(placed["lat"].to_numpy(), placed["lon"].to_numpy(), stores["lat"], stores["lon"])[1]
    return pa.table({"customer_key": placed["customer_key"].cast(pa.int32()), "km": pa.array(km)})
