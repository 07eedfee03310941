"""Customers like those of a segment: learnt once for a snapshot, a scope and a segment, then asked."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
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
from data.reference import loader
from geo.cells import FINEST_ZOOM, to_lon_lat
from geo.distance import nearest
from geo.regions import polygon_codes
from ui import session
from ui.cached import people, places
from ui.cached.people import Wanted

KEPT: Final = 16
CELL_LEVEL: Final = 9

Progress = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom others shall be like, and the fields that define them (``analytics.rules.FIELDS``)."""

    wanted: Wanted
    fields: tuple[str, ...] = ()


@dataclass
class _Store:
    """What was learnt in this process: bounded, shared by all sessions, never changed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: OrderedDict[Hashable, Lookalikes] = field(default_factory=OrderedDict)


def fields_of(rule: Group | None) -> tuple[str, ...]:
    """The fields a rule asks about; none of a fixed list."""
    if rule is None:
        return ()
    found: list[str] = []
    for part in rule.children:
        found += fields_of(part) if isinstance(part, Group) else [part.field]
    return tuple(dict.fromkeys(found))


def saved(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment
) -> Lookalikes | None:
    """What was learnt before; else None."""
    store, key = _store(), (workspace, snapshot, scope, windows, segment)
    with store.lock:
        found = store.found.get(key)
        if found is not None:
            store.found.move_to_end(key)
        return found


def compute(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    segment: Segment,
    progress: Progress = lambda share: None,
) -> Lookalikes:
    """Learn a segment and keep what was learnt. Takes seconds for a million customers."""
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
    made = lookalikes.learn(rows, dropped, told=lambda share: progress(0.3 + 0.7 * share))
    store = _store()
    with store.lock:
        store.found[(*question, segment)] = made
        while len(store.found) > KEPT:
            store.found.popitem(last=False)
    return made


@st.cache_resource(max_entries=3, show_spinner=False)
def others(workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment) -> pa.Table:
    """Everybody outside the segment, the most alike first.

    Returns
    -------
    pyarrow Table, shared: never change it
        ``customer_key``, ``score``, ``lat``, ``lon``, ``x20``, ``y20`` (null: not placed),
        ``region_code``; no rows where nothing could be learnt.
    """
    question = (workspace, snapshot, scope, windows)
    made = saved(*question, segment) or compute(*question, segment)
    summary = people.summary(workspace, snapshot)
    homes = summary.select("customer_key", "lat", "lon", "x20", "y20", "region_code", "geo_precision")
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

    ``region`` and ``cell`` (x, y at ``CELL_LEVEL``) keep those who live there.
    """

    segment: Segment
    count: int
    region: str = ""
    cell: tuple[int, int] | None = None
    of: str = "Alike"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Their ``customer_key``."""
        found = others(workspace, snapshot, scope, windows, self.segment).slice(0, self.count)
        rows = _placed(found)
        if self.region:
            rows = rows[rows["region"] == self.region]
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
    unit: str,
    fewest: int = places.FEWEST,
) -> tuple[pd.DataFrame, int]:
    """Where the most alike live, against everybody outside the segment.

    Parameters
    ----------
    count : int
        How many count as alike.
    unit : ``states`` or ``cells``
    fewest : int
        Places with fewer of them are left out.

    Returns
    -------
    DataFrame, the most alike first
        ``pick`` (``region:<code>`` or ``area:<x>/<y>``), ``name``, ``alike``, ``customers`` (outside
        the segment), ``index`` (share of alike against that of all places, 100 = the same), and for
        cells ``south``, ``west``, ``north``, ``east``.
    int
        Alike customers in no place that is shown.
    """
    found = _placed(others(workspace, snapshot, scope, windows, segment))
    found["alike"] = found.index < count
    total = int(found["alike"].sum())
    base = total / len(found) if len(found) else 0.0
    if unit == "states":
        known = found[found["region"].notna()]
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
    return _described(shown, unit), total - int(shown["alike"].sum())


_ALL: Final = 2**31 - 1
_COLUMNS: Final = ("customer_key", "score", "lat", "lon", "x20", "y20", "region_code")


def _described(shown: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Names, and for cells their corners."""
    if unit == "states":
        named: pd.DataFrame = shown.assign(name=[places.region_name(str(c)) for c in shown["region"]])
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
    """The customers with the region they are drawn in and their cell (-1: not placed)."""
    rows: pd.DataFrame = found.select(["customer_key", "lat", "lon", "x20", "y20", "region_code"]).to_pandas()
    shift = 1 << (FINEST_ZOOM - CELL_LEVEL)
    for name, own in (("x", "x20"), ("y", "y20")):
        rows[name] = (rows[own].fillna(-1) // shift).astype("int64")
    rows["region"] = polygon_codes(rows["region_code"], loader.regions()).fillna(rows["region_code"])
    return rows


def _everyone(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    """Who may be learnt from and found: the customers of the scope who let themselves be profiled."""
    asked = people.per_customer(workspace, snapshot, scope, windows).select("customer_key")
    return people.profiled(workspace, snapshot, asked)


def _members(workspace: str, snapshot: str, scope: Scope, windows: Windows, segment: Segment) -> ir.Table:
    """The ``customer_key`` of the segment."""
    among: object = segment.wanted.among
    if isinstance(among, people.Profiled) and segment.wanted.among is not None:  # a saved audience
        return segment.wanted.among.keys(workspace, snapshot, scope, windows)
    wanted, chosen = segment.wanted, segment.wanted.selection
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
    stores = [
        (float(row["lat"]), float(row["lon"]))
        for row in places.stores(workspace, snapshot)
        if row["lat"] is not None and row["lon"] is not None and row["owner"] != "competitor"
    ]
    if not stores:
        return None
    known = session.tables_of(workspace, snapshot).table("customer_summary")
    placed = known.filter(known.lat.notnull()).select("customer_key", "lat", "lon").to_pyarrow()
    lat, lon = zip(*stores, strict=True)
    km = nearest(placed["lat"].to_numpy(), placed["lon"].to_numpy(), lat, lon)[1]
    return pa.table({"customer_key": placed["customer_key"].cast(pa.int32()), "km": pa.array(km)})


@st.cache_resource(max_entries=1, show_spinner=False)
def _store() -> _Store:
    return _Store()
