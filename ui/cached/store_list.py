"""Own stores and competitors, as every page reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.market import competitors, own_stores
from ui import session

COLUMNS: Final = ("store_id", "name", "lat", "lon", "owner", "opened_on", "size_m2", "rent")


def every(workspace: str, snapshot: str) -> pd.DataFrame:
    """Own stores and competitors, whatever the audience; empty without the table.

    Returns
    -------
    DataFrame, by ``store_id``
        ``COLUMNS``; coordinates, ``size_m2`` and ``rent`` (a month) are missing where they are not known.
        A store without a name has its id for one.
    """
    return _every(workspace, session.whole(snapshot))


@st.cache_data(max_entries=16, show_spinner=False)
def _every(workspace: str, snapshot: str) -> pd.DataFrame:
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("stores"):
        return pd.DataFrame(columns=list(COLUMNS))
    table = tables.table("stores")
    known = [name for name in COLUMNS if name in table.columns]
    rows = table.select(*known).order_by("store_id").to_pyarrow().to_pylist()
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("lat", "lon", "size_m2", "rent"):
        found[name] = pd.to_numeric(found[name], errors="coerce").astype(float)
    found["owner"] = found["owner"].fillna("own")
    found["name"] = found["name"].replace("", None).fillna(found["store_id"])
    return found


def own(workspace: str, snapshot: str) -> pd.DataFrame:
    """Own stores with a place."""
    return own_stores(every(workspace, snapshot))


def rivals(workspace: str, snapshot: str) -> pd.DataFrame:
    """Competitors with a place."""
    return competitors(every(workspace, snapshot))


def rows(workspace: str, snapshot: str) -> list[Mapping[str, Any]]:
    """The rows of :func:`every`: on a map a store is known by its place among them."""
    found: list[Mapping[str, Any]] = every(workspace, snapshot).to_dict("records")  # type: ignore[assignment]
    return found
