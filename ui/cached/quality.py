"""Counts of a snapshot for the Quality page."""

from __future__ import annotations

import streamlit as st

from data import quality
from data.quality import TableQuality
from data.schema import TABLES
from ui import session


@st.cache_data(max_entries=16, show_spinner=False)
def tables(workspace: str, snapshot: str) -> dict[str, TableQuality | None]:
    """Every table of the schema; None for one the workspace does not have."""
    found = session.tables_of(workspace, snapshot)
    return {name: quality.table_quality(found, name) for name in TABLES}


@st.cache_data(max_entries=16, show_spinner=False)
def geo_precisions(workspace: str, snapshot: str) -> dict[str, int]:
    """Customers by what their coordinates stand for."""
    return quality.geo_precisions(session.tables_of(workspace, snapshot))


@st.cache_data(max_entries=16, show_spinner=False)
def identical_lines(workspace: str, snapshot: str) -> int:
    """Order lines that repeat another one in every value."""
    return quality.identical_lines(session.tables_of(workspace, snapshot))
