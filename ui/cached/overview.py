"""The questions of the Overview, answered once for a workspace, snapshot and scope."""

from __future__ import annotations

from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import findings, kpis, retention, trends
from analytics.findings import Finding
from analytics.kpis import Headline
from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.scope import Scope, facts
from data.engines import Tables
from ui import session

TIME_TO_RETURN_DAYS = 180
"""A customer first won less than this ago has not had time to come back, and is not compared."""


@st.cache_data(max_entries=128, show_spinner=False)
def headline(workspace: str, snapshot: str, scope: Scope, windows: Windows, first_day: date) -> Headline:
    """The headline numbers of a window."""
    tables = session.tables_of(workspace, snapshot)
    orders, categories, daily = _facts(tables)
    return kpis.headline(orders, categories, daily, scope, windows=windows, first_day=first_day)


@st.cache_data(max_entries=64, show_spinner=False)
def trend(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, *, spark: bool = False
) -> pd.DataFrame:
    """New against existing over the window, or (``spark``) over the twelve months before its end."""
    tables = session.tables_of(workspace, snapshot)
    window = trends.spark_scope(scope) if spark else scope
    unit = "month" if spark else trends.unit_for(scope)
    return trends.trend(*_facts(tables), window, unit, windows=windows)


@st.cache_data(max_entries=64, show_spinner=False)
def finding(
    workspace: str, snapshot: str, scope: Scope, comparison: Scope | None, windows: Windows
) -> Finding:
    """What changed most; where nothing did, whose customers come back most differently."""
    tables = session.tables_of(workspace, snapshot)
    orders, categories, _ = _facts(tables)
    before = facts(orders, categories, comparison, windows=windows) if comparison else None
    found = findings.largest_change(facts(orders, categories, scope, windows=windows), before)
    if found.code not in {"steady", "no_comparison"}:
        return found
    summary = tables.table("customer_summary")
    summary = summary.filter(summary.kind != "internal")
    until = scope.end - timedelta(days=TIME_TO_RETURN_DAYS)
    gap = findings.largest_gap(retention.came_back(summary, "first_channel", until), "channel")
    return found if gap.code == "steady" else gap


@st.cache_data(max_entries=64, show_spinner=False)
def by_region(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Revenue, orders and customers of each region, the largest revenue first.

    An order of a customer without an address is of its store's region; a customer is of the region of
    their home, as on the maps, so each is counted once.

    Returns
    -------
    DataFrame
        ``region_code`` (empty where not known), ``revenue``, ``orders``, ``customers``.
    """
    tables = session.tables_of(workspace, snapshot)
    orders, categories, _ = _facts(tables)
    sold = facts(orders, categories, scope, windows=windows)
    grouped = sold.group_by("region_code").aggregate(
        revenue=sold.amount.sum(),
        orders=sold.count(where=sold.is_purchase),
    )
    buyers = sold.filter(sold.is_purchase & sold.customer_key.notnull()).select("customer_key").distinct()
    homes = tables.table("customer_summary").select("customer_key", "region_code")
    living = buyers.inner_join(homes, "customer_key").group_by("region_code")
    counted = frame(living.aggregate(customers=lambda home: home.count()))
    sums = frame(grouped)
    parts = [part.assign(region_code=part["region_code"].fillna("")) for part in (sums, counted)]
    found = (
        parts[0]
        .merge(parts[1], on="region_code", how="outer")
        .fillna({"revenue": 0.0, "orders": 0, "customers": 0})
    )
    found = found.astype({"orders": "int64", "customers": "int64"})
    return found.sort_values(["revenue", "region_code"], ascending=[False, True], ignore_index=True)


@st.cache_data(max_entries=64, show_spinner=False)
def identification(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, dimension: str
) -> pd.DataFrame:
    """Share of orders with a known customer, by ``store_id`` or ``channel``, the lowest first."""
    tables = session.tables_of(workspace, snapshot)
    sums = kpis.sums_of(*_facts(tables), scope, by=(dimension,), windows=windows)
    found = frame(kpis.identification(sums))
    found = found[found["orders"] > 0].sort_values(["identification_rate", dimension])
    found[dimension] = found[dimension].fillna("")
    return found[[dimension, "orders", "identified_orders", "identification_rate"]].reset_index(drop=True)


@st.cache_data(max_entries=64, show_spinner=False)
def known_revenue(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> tuple[float, float]:
    """Revenue with a known customer, and all revenue, of a window."""
    tables = session.tables_of(workspace, snapshot)
    sums = one_row(kpis.sums_of(*_facts(tables), scope, windows=windows))
    return float(sums["identified_revenue"]), float(sums["revenue"])


def _facts(tables: Tables) -> tuple[ir.Table, ir.Table, ir.Table]:
    return tables.table("orders"), tables.table("order_categories"), tables.table("daily")
