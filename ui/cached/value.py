"""The questions of the page Value, answered once for a workspace, snapshot and scope."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics import value
from analytics.figures import Figure
from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.scope import Scope, matching
from ui.cached import people

DIMENSIONS: Final = (
    "lifecycle",
    "region_code",
    "main_channel",
    "first_channel",
    "main_store_id",
    "acquisition_channel",
)
"""What value per customer can be split by."""


@st.cache_data(max_entries=64, show_spinner=False)
def inputs(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, first_day: date
) -> dict[str, Figure]:
    """What the calculators ask for, from the merchant's last year; missing with a reason."""
    who = Scope(scope.start, scope.end, region_codes=scope.region_codes, kinds=scope.kinds)
    return value.merchant_inputs(
        people.history(workspace, snapshot, scope, windows),
        scope.end,
        first_day,
        matching(people.summary(workspace, snapshot), who),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def returned(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> tuple[int, int]:
    """Customers of the year before the last one, and those who bought in the last."""
    return value.returned(people.history(workspace, snapshot, scope, windows), scope.end)


@st.cache_data(max_entries=64, show_spinner=False)
def overall(workspace: str, snapshot: str, scope: Scope, windows: Windows, whole: bool) -> dict[str, Any]:
    """Customers, and the mean and median of what they brought."""
    return one_row(value.overall(people.per_customer(workspace, snapshot, scope, windows, whole=whole)))


@st.cache_data(max_entries=64, show_spinner=False)
def distribution(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, whole: bool, measure: str
) -> pd.DataFrame:
    """How many customers brought how much, bracket by bracket."""
    each = people.per_customer(workspace, snapshot, scope, windows, whole=whole)
    return value.distribution(each, measure)


@st.cache_data(max_entries=128, show_spinner=False)
def by(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, whole: bool, dimension: str
) -> pd.DataFrame:
    """Value per customer of each group, region, channel ..., the highest first.

    Returns
    -------
    DataFrame
        ``value`` (the code; empty where not known) and the columns of ``value.overall``.
    """
    attributes = (
        people.assigned(workspace, snapshot, scope.end, windows, scope)
        if dimension == "lifecycle"
        else people.summary(workspace, snapshot)
    )
    each = people.per_customer(workspace, snapshot, scope, windows, whole=whole)
    found = frame(value.by(each, attributes, dimension))
    found = found.sort_values(["mean_revenue", "value"], ascending=[False, True])
    return found.assign(value=found["value"].fillna("")).reset_index(drop=True)


@st.cache_data(max_entries=64, show_spinner=False)
def compared(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, dimension: str, measure: str
) -> pd.DataFrame:
    """``value.compared`` over all purchases up to the end of the scope."""
    each = people.per_customer(workspace, snapshot, scope, windows)
    return value.compared(each, people.summary(workspace, snapshot), dimension, measure)
