"""When customers come back: the gaps of a scope, their curves, and where each customer stands."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import streamlit as st

from analytics import next_purchase
from analytics.lifecycle import Windows
from analytics.next_purchase import STATES, Rhythm
from analytics.results import frame, in_order
from analytics.scope import Scope, matching
from ui import session
from ui.cached import people
from ui.cached.cohorts import customers_suffice

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class StateCell:
    """The customers in one state of the next purchase: a rule for ``people.Wanted.among``."""

    state: str
    horizon: int
    of: str = "StateCell"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of the customers."""
        table = standing(workspace, snapshot, scope, windows, self.horizon)
        return table.filter(table.state == self.state).select("customer_key")


@st.cache_data(max_entries=32, show_spinner=False)
def rhythms(workspace: str, snapshot: str, scope: Scope, windows: Windows, horizon: int) -> dict[int, Rhythm]:
    """``analytics.next_purchase.rhythms`` of the scope up to its end."""
    if customers_suffice(workspace, snapshot, scope):
        orders = session.tables_of(workspace, snapshot).table("orders")
        summary = matching(people.summary(workspace, snapshot), scope)
        found = next_purchase.gaps_from_marts(orders, summary, scope.end)
    else:
        history = people.history(workspace, snapshot, scope, windows)
        found = next_purchase.gaps_from_orders(history, scope.end)
    return next_purchase.rhythms(frame(found), horizon)


@st.cache_data(max_entries=32, show_spinner=False)
def states(workspace: str, snapshot: str, scope: Scope, windows: Windows, horizon: int) -> pd.DataFrame:
    """Customers and revenue of each of the four states, in their order."""
    found = next_purchase.state_sizes(standing(workspace, snapshot, scope, windows, horizon))
    return in_order(frame(found), "state", STATES)


@st.cache_data(max_entries=32, show_spinner=False)
def first_windows(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, horizon: int, state: str
) -> pd.DataFrame:
    """The best customers of a state with their windows; see :func:`all_windows`."""
    return _windows(workspace, snapshot, scope, windows, horizon, state, MOST_ROWS)


def all_windows(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, horizon: int, state: str
) -> pd.DataFrame:
    """All customers of a state with their windows, best first. For a file; never kept.

    Returns
    -------
    DataFrame, one row a customer
        ``customer_id``, ``orders``, ``revenue``, ``last_day``, ``waited`` (days), ``chance`` (0..1 of
        a return within the horizon), ``from_day``, ``to_day`` (dates; None where not known).
    """
    return _windows(workspace, snapshot, scope, windows, horizon, state, None)


def standing(workspace: str, snapshot: str, scope: Scope, windows: Windows, horizon: int) -> ir.Table:
    """Every customer with the days of silence and the state."""
    each = people.per_customer(workspace, snapshot, scope, windows)
    made = rhythms(workspace, snapshot, scope, windows, horizon)
    return next_purchase.standing(each, scope.end, made)


def _windows(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    horizon: int,
    state: str,
    most: int | None,
) -> pd.DataFrame:
    table = standing(workspace, snapshot, scope, windows, horizon)
    table = table.filter(table.state == state)
    who = people.profiled(workspace, snapshot, people.summary(workspace, snapshot))
    who = who.select("customer_key", "customer_id")
    table = table.inner_join(who, "customer_key").order_by(ibis.desc("revenue"), "customer_id")
    table = table.select("customer_id", "orders", "revenue", "last_day", "waited")
    rows = frame(table if most is None else table.limit(most))
    made = rhythms(workspace, snapshot, scope, windows, horizon)
    found = next_purchase.windows(
        made, np.asarray(rows["orders"], float), np.asarray(rows["waited"], float), horizon
    )
    days = [
        next_purchase.window_dates(scope.end, first, last) or (None, None)
        for first, last in zip(found["first"], found["last"], strict=True)
    ]
    rows["chance"] = found["chance"].to_numpy()
    rows["from_day"] = pd.Series([first for first, _ in days], dtype="object")
    rows["to_day"] = pd.Series([last for _, last in days], dtype="object")
    return rows
