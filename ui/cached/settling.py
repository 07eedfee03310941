"""Orders against what their platforms paid out, of a snapshot."""

from __future__ import annotations

from typing import Final

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import reconciliation
from analytics.results import frame
from data.marts.lines import complete
from ui import session

SHOWN: Final = 500
"""Orders that are listed; the download has them all."""


@st.cache_data(max_entries=16, show_spinner=False)
def totals(workspace: str, snapshot: str) -> pd.DataFrame | None:
    """Orders and money by system, currency and state; None where nothing is settled."""
    found = _reconciled(workspace, snapshot)
    return None if found is None else frame(reconciliation.totals(found))


@st.cache_data(max_entries=16, show_spinner=False)
def first_orders(workspace: str, snapshot: str, state: str) -> pd.DataFrame:
    """The orders of one state, the largest difference first, ``SHOWN`` at most."""
    return frame(_orders(workspace, snapshot, state).limit(SHOWN))


def all_orders(workspace: str, snapshot: str, state: str) -> pd.DataFrame:
    """The same, all of them. For a file; never kept."""
    return frame(_orders(workspace, snapshot, state))


def _orders(workspace: str, snapshot: str, state: str) -> ir.Table:
    found = _reconciled(workspace, snapshot)
    assert found is not None, "asked for orders where nothing is settled"
    chosen = found.filter(found.state == state)
    chosen = chosen.mutate(size=chosen["difference"].abs())
    return chosen.order_by(chosen["size"].desc(), chosen.order_id).drop("size", "state")


def _reconciled(workspace: str, snapshot: str) -> ir.Table | None:
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("settlements"):
        return None
    orders = tables.table("orders")
    if "contribution" not in orders.columns:  # a snapshot of an older version
        return None
    settlements = complete(tables.table("settlements"), "settlements")
    return reconciliation.reconcile(orders, settlements)
