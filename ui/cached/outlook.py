"""What groups of customers will bring, answered once; only where the forecast may be used."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics import outlook
from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.scope import Scope
from ui.cached import forecast
from ui.cached.forecast import Asked


@st.cache_data(max_entries=64, show_spinner=False)
def by(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    service_cost: float,
    dimension: str,
) -> pd.DataFrame:
    """``outlook.sums`` by a dimension of ``forecast.attributes``."""
    table = forecast.valued(workspace, snapshot, scope, windows, asked, service_cost)
    attributes = forecast.attributes(workspace, snapshot, windows, dimension, scope)
    return frame(outlook.sums(table, attributes, dimension))


@st.cache_data(max_entries=64, show_spinner=False)
def picked(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    service_cost: float,
    which: str,
) -> pd.DataFrame:
    """``outlook.sums`` of everybody (``all``), of those probably ``leaving``, or of the ``best`` fifth."""
    table = forecast.valued(workspace, snapshot, scope, windows, asked, service_cost)
    if which == "leaving":
        table = table.filter(table.leaving)
    elif which == "best":
        table = outlook.best(table)
    return frame(outlook.sums(table))
