"""Ways of buying and what a group buys: questions that need the orders with their discounts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import profile, proxies
from analytics.lifecycle import Windows
from analytics.proxies import Thresholds, Usual
from analytics.scope import Scope, facts, within
from ui import session
from ui.cached import people
from ui.cached.options import options
from ui.cached.people import Wanted


@dataclass(frozen=True, slots=True)
class Proxy:
    """The customers who buy in a way, over all their purchases up to the end of the window."""

    code: str
    at: Thresholds
    of: str = "Proxy"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who buy so."""
        each = _habits(workspace, snapshot, scope, windows)
        return proxies.buying(each, self.code, self.at).select("customer_key")


@st.cache_data(max_entries=64, show_spinner=False)
def usual(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Usual:
    """What is usual among the customers of a scope: where the default thresholds come from."""
    return proxies.usual(_habits(workspace, snapshot, scope, windows))


@st.cache_data(max_entries=64, show_spinner=False)
def proxy_sizes(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, at: Thresholds
) -> dict[str, dict[str, float]]:
    """How many buy in each way, and what they brought."""
    return proxies.sizes(_habits(workspace, snapshot, scope, windows), at)


@st.cache_data(max_entries=64, show_spinner=False)
def compared(workspace: str, snapshot: str, scope: Scope, windows: Windows, wanted: Wanted) -> pd.DataFrame:
    """What a group buys against the others, within the window.

    Returns
    -------
    DataFrame: as :func:`analytics.profile.compare`.
    """
    orders = orders_of(workspace, snapshot, scope, windows)
    parts = session.tables_of(workspace, snapshot).table("order_categories")
    if scope.is_additive:
        parts = within(parts, scope)
    else:
        parts = within(parts, replace(scope, segments=())).semi_join(orders, "order_key")
    segment = people.listed(workspace, snapshot, scope, windows, wanted)
    return profile.compare(profile.mixes(orders, parts, segment, sample_step(workspace, snapshot)))


def sample_step(workspace: str, snapshot: str) -> int:
    """A profile looks at every so many-th customer; 1 is everybody."""
    known = options(workspace, snapshot)
    return max(1, -(-known.customers // profile.MOST_CUSTOMERS)) if known else 1


def orders_of(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, *, history: bool = False
) -> ir.Table:
    """Whole orders of a scope with every column of the mart.

    Under a category or segment filter: the orders that hold the category, of those customers.
    """
    tables = session.tables_of(workspace, snapshot)
    orders = tables.table("orders")
    known = options(workspace, snapshot)
    if history and known is not None:
        scope = scope.moved_to(min(known.first_day, scope.end), scope.end)
    if scope.is_additive:
        return within(orders, scope)
    found = facts(orders, tables.table("order_categories"), scope, windows=windows)
    return orders.semi_join(found, "order_key")


def _habits(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    return proxies.habits(orders_of(workspace, snapshot, scope, windows, history=True))
