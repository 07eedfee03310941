"""Who moved from which group to which, answered once; and the customers of a move."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import migration
from analytics.lifecycle import Windows
from analytics.migration import Between
from analytics.results import frame
from analytics.scope import Scope
from ui import session
from ui.cached import people
from ui.cached.people import SCORING, Scoring

COLUMNS = (
    "origin",
    "target",
    "customers",
    "revenue_before",
    "revenue_after",
    "revenue_change",
    "margin_before",
    "margin_after",
    "margin_change",
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The customers who were in one group on the first day and in another on the second.

    An empty ``origin`` or ``target`` means any group.
    """

    between: Between
    by: str
    origin: str = ""
    target: str = ""
    scoring: Scoring = SCORING
    of: str = "Moved"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who moved so."""
        found = _states(workspace, snapshot, scope, windows, self.between, self.by, self.scoring)
        if found is None:
            return people.summary(workspace, snapshot).select("customer_key").limit(0)
        for column, code in (("origin", self.origin), ("target", self.target)):
            if code:
                found = found.filter(found[column] == code)
        return found.select("customer_key")


@st.cache_data(max_entries=64, show_spinner=False)
def cells(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    between: Between,
    by: str,
    scoring: Scoring,
) -> pd.DataFrame:
    """Customers and money of each move.

    Returns
    -------
    DataFrame: ``COLUMNS``; no rows without customers.
    """
    found = _states(workspace, snapshot, scope, windows, between, by, scoring)
    if found is None:
        return pd.DataFrame(columns=list(COLUMNS))
    return frame(migration.cells(found))[list(COLUMNS)]


def _states(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    between: Between,
    by: str,
    scoring: Scoring,
) -> ir.Table | None:
    """The moves of each customer; None where nobody can be scored."""
    cuts = None
    if by == "rfm_segment":
        until = scope.moved_to(min(scope.start, between.second), between.second)
        cuts = scoring.fixed or people.cutoffs(workspace, snapshot, until, windows, scoring.bins, True)
        if cuts is None:
            return None
    tables = session.tables_of(workspace, snapshot)
    orders, parts = tables.table("orders"), tables.table("order_categories")
    if cuts is not None:  # a score: nobody who does not want to be profiled
        orders, parts = (people.profiled(workspace, snapshot, each) for each in (orders, parts))
    return migration.states(
        orders,
        parts,
        scope,
        between,
        windows,
        by,
        cuts,
        scoring.grid if cuts else None,
    )
