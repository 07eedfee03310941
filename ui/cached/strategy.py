"""Who of a group can be written to, answered once; and those who can, as a rule for a list."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import reach
from analytics.lifecycle import Windows
from analytics.results import frame, rows
from analytics.scope import Scope
from data import consent
from ui import session
from ui.cached import people
from ui.cached.people import Wanted


@dataclass(frozen=True, slots=True)
class Reachable:
    """The customers of a list who can be written to by any channel."""

    wanted: Wanted
    of: str = "Reachable"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those with consent and a valid contact."""
        found = people.listed(workspace, snapshot, scope, windows, self.wanted).select("customer_key")
        known = people.summary(workspace, snapshot)
        any_channel = ibis.or_(*(known[f"reachable_{c}"].fill_null(False) for c in reach.CHANNELS))
        return found.semi_join(known.filter(any_channel), "customer_key")


@st.cache_data(max_entries=64, show_spinner=False)
def lifecycles(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, wanted: Wanted
) -> dict[str, int]:
    """How many of a list are in each lifecycle group; those who never bought are in none."""
    found = people.listed(workspace, snapshot, scope, windows, wanted)
    counted = found.group_by("lifecycle").aggregate(customers=found.count())
    return {row["lifecycle"]: int(row["customers"]) for row in rows(counted) if row["lifecycle"]}


@st.cache_data(max_entries=64, show_spinner=False)
def obstacles(workspace: str, snapshot: str, scope: Scope, windows: Windows, wanted: Wanted) -> pd.DataFrame:
    """What stands between the merchant and the customers of a list.

    Returns
    -------
    DataFrame indexed by ``reach.OBSTACLES``
        The columns of :func:`analytics.reach.obstacles`; 0 where nobody has that obstacle.
    """
    tables = session.tables_of(workspace, snapshot)
    found = reach.obstacles(
        people.listed(workspace, snapshot, scope, windows, wanted),
        people.summary(workspace, snapshot),
        consent.stated(tables.table("consents")) if tables.has("consents") else None,
        people.with_contact(workspace, snapshot),
    )
    table = frame(found).set_index("obstacle").reindex(list(reach.OBSTACLES))
    counts = [c for c in table.columns if c not in ("margin", "revenue")]
    table[counts] = table[counts].fillna(0).astype("int64")
    return table
