"""The questions of the page Segments, answered once for a workspace, snapshot and scope."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import ladder, lifecycle, pareto, reach, retention, rfm, rfm_grid
from analytics.groups import lifecycle_sizes
from analytics.ladder import Climbing, Ladder
from analytics.lifecycle import Windows
from analytics.pareto import Concentration
from analytics.results import frame, in_order, one_row
from analytics.retention import Retention
from analytics.scope import Scope
from ui import session
from ui.cached import people
from ui.cached.people import Scoring


@st.cache_data(max_entries=128, show_spinner=False)
def sizes(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Customers and revenue of new, active, loyal and lapsed, in that order.

    Returns
    -------
    DataFrame, four rows
        The columns of ``lifecycle.sizes``; ``share_of_revenue`` is NaN where revenue adds up to 0.
    """
    tables = session.tables_of(workspace, snapshot)
    found = lifecycle_sizes(
        people.histories(workspace, snapshot, scope),
        tables.table("order_categories"),
        scope,
        windows,
        people.summary_at(workspace, snapshot, scope.end),
    )
    return in_order(frame(found), "lifecycle", lifecycle.CODES)


@st.cache_data(max_entries=128, show_spinner=False)
def moved(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Retention:
    """Who was active at the start and at the end of the window, came new, came back."""
    history = people.history(workspace, snapshot, scope, windows)
    return retention.from_counts(one_row(retention.customer_counts(history, scope.start, scope.end, windows)))


@st.cache_data(max_entries=64, show_spinner=False)
def groups(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Per lifecycle group: all their orders, revenue and margin, and who can be written to.

    Returns
    -------
    DataFrame indexed by lifecycle
        The columns of ``reach.by_lifecycle``; missing stays missing.
    """
    found = reach.by_lifecycle(
        people.per_customer(workspace, snapshot, scope, windows),
        people.assigned(workspace, snapshot, scope.end, windows, scope),
        people.summary(workspace, snapshot),
    )
    return frame(found).set_index("lifecycle").reindex(list(lifecycle.CODES))


@st.cache_data(max_entries=64, show_spinner=False)
def climbed(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Ladder:
    """Buyers, customers and members among those who bought up to the end of the scope."""
    each = people.per_customer(workspace, snapshot, scope, windows)
    return ladder.ladder(each, people.summary(workspace, snapshot), scope.end)


@st.cache_data(max_entries=64, show_spinner=False)
def climbing(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Climbing:
    """How long the steps of the ladder take, up to the end of the scope."""
    each = people.per_customer(workspace, snapshot, scope, windows)
    if scope.narrows_customers_only:
        # Every purchase counts, so the mart's own count of them names the second one.
        orders = session.tables_of(workspace, snapshot).table("orders")
        second = orders.filter((orders.nth == 2) & (orders.day <= ibis.literal(scope.end)))
        seconds = second.select("customer_key", second_day=second.day)
    else:
        seconds = ladder.second_days(people.history(workspace, snapshot, scope, windows))
    return ladder.climbing(each, seconds, people.summary(workspace, snapshot), scope.end)


@st.cache_data(max_entries=64, show_spinner=False)
def rfm_heat(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, scoring: Scoring, money: int | None
) -> pd.DataFrame:
    """Customers and revenue by recency and frequency score, of one monetary score or of all.

    Returns
    -------
    DataFrame: ``r``, ``f``, ``customers``, ``revenue``; empty without customers.
    """
    scored = _scored(workspace, snapshot, scope, windows, scoring)
    if scored is None:
        return pd.DataFrame(columns=["r", "f", "customers", "revenue"])
    return frame(rfm.heat(scored if money is None else scored.filter(scored.m == money)))


@st.cache_data(max_entries=64, show_spinner=False)
def rfm_sizes(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, scoring: Scoring
) -> pd.DataFrame:
    """Customers, revenue and means of each named group, from the best to the worst.

    Returns
    -------
    DataFrame: the columns of ``rfm_grid.sizes``, one row per group that occurs.
    """
    scored = _scored(workspace, snapshot, scope, windows, scoring)
    if scored is None:
        return pd.DataFrame(columns=["rfm_segment", "customers", "revenue"])
    found = frame(rfm_grid.sizes(rfm_grid.name(scored, scoring.grid)))
    order = {code: place for place, code in enumerate(rfm_grid.SEGMENTS)}
    return found.sort_values("rfm_segment", key=lambda codes: codes.map(order)).reset_index(drop=True)


@st.cache_data(max_entries=64, show_spinner=False)
def concentration(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, measure: str
) -> tuple[pd.DataFrame, Concentration]:
    """The Pareto curve and its headline numbers, over the purchases of the window."""
    each = people.per_customer(workspace, snapshot, scope, windows, whole=False)
    ranked = pareto.ranked(each, measure)
    return pareto.curve(ranked), pareto.concentration(ranked)


def _scored(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, scoring: Scoring
) -> ir.Table | None:
    cuts = scoring.fixed or people.cutoffs(workspace, snapshot, scope, windows, scoring.bins, True)
    if cuts is None:
        return None
    each = people.profiled(workspace, snapshot, people.per_customer(workspace, snapshot, scope, windows))
    return rfm.score(people.measures(each, scope.end), cuts)
