"""The questions of the page of people, answered once for a workspace and snapshot."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd
import streamlit as st

from analytics import people as figures
from analytics.results import frame
from data import consent
from data.people import by_hand, listing
from data.people.compare import Comparison, compare
from data.people.listing import Apart
from ui import session

MOST = 200
"""Merged people on screen, those who brought most first; a search finds the others."""


@st.cache_data(max_entries=16, show_spinner=False)
def totals(workspace: str, snapshot: str) -> dict[str, int]:
    """``purchases``, ``identified``, ``buyers``, ``repeat_buyers``, ``several``: all time."""
    orders = session.tables_of(workspace, snapshot).table("orders")
    row = figures.across_channels(orders).to_pyarrow().to_pylist()[0]
    return {name: int(value or 0) for name, value in row.items()}


@st.cache_data(max_entries=16, show_spinner=False)
def channels(workspace: str, snapshot: str) -> pd.DataFrame:
    """``channel``, ``buyers``, ``elsewhere``, ``repeat``; the largest first."""
    orders = session.tables_of(workspace, snapshot).table("orders")
    return frame(figures.channels(orders).order_by(ibis.desc("buyers"), "channel"))


@st.cache_data(max_entries=16, show_spinner=False)
def reach(workspace: str, snapshot: str) -> pd.DataFrame | None:
    """``channel``, ``reason``, ``customers``; None without a customer table."""
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("customers"):
        return None
    customers = tables.table("customers")
    absent = {c: ibis.null("string") for c in ("phone", "email") if c not in customers.columns}
    said = consent.latest(tables.table("consents")) if tables.has("consents") else None
    customers = customers.mutate(**absent)
    return frame(figures.reach_by_channel(customers, said, consent.usable, consent.CONTACT_OF))


@st.cache_data(max_entries=16, show_spinner=False)
def reasons(workspace: str, snapshot: str) -> dict[str, int]:
    """How many people were merged for each combination of kinds."""
    return listing.reasons(session.tables_of(workspace, snapshot))


@st.cache_data(max_entries=32, show_spinner=False)
def merged(workspace: str, snapshot: str, search: str = "") -> pd.DataFrame:
    """The first merged people, or those with an id that holds a text."""
    found = listing.persons(session.tables_of(workspace, snapshot))
    if found is None:
        return pd.DataFrame()
    if search:
        found = found.filter(found.customer_ids.lower().contains(search.lower()))
    return frame(found.order_by(ibis.desc("revenue"), "person_id").limit(MOST))


@st.cache_data(max_entries=32, show_spinner=False)
def records_of(workspace: str, snapshot: str, person_id: str) -> list[dict[str, Any]]:
    """The ids of one person, contacts masked."""
    return listing.records_of(session.tables_of(workspace, snapshot), person_id)


@st.cache_data(max_entries=32, show_spinner=False)
def is_by_hand(workspace: str, snapshot: str, person_id: str) -> bool:
    """Whether something of a person was joined by hand."""
    people = session.tables_of(workspace, snapshot).table("people")
    theirs = people.filter(people.person_id == person_id)
    reason: str = theirs.aggregate(reason=theirs.reason.max()).to_pyarrow()["reason"][0].as_py() or ""
    return by_hand.KIND in reason.split(",")


@st.cache_data(max_entries=16, show_spinner=False)
def compared(workspace: str, snapshot: str, one: str, other: str) -> tuple[Comparison, list[dict[str, Any]]]:
    """What speaks for and against two ids being one person, and the ids of both, contacts masked."""
    opened = session.opened(workspace)
    tables = session.tables_of(workspace, snapshot)
    found = compare(opened, tables, one, other)
    return found, listing.records(tables, [*found.one, *found.other])


@st.cache_data(max_entries=16, show_spinner=False)
def undone(workspace: str, snapshot: str) -> list[Apart]:
    """What was undone: a decision makes a new snapshot, so the key changes with it."""
    opened = session.opened(workspace)
    return listing.undone(opened, session.tables_of(workspace, snapshot).snapshot)


@st.cache_data(max_entries=16, show_spinner=False)
def found(workspace: str, snapshot: str) -> dict[str, Any]:
    """What resolving came to (``data.people.resolve.Found``); empty for a snapshot from before it."""
    manifest = session.tables_of(workspace, snapshot).snapshot.manifest
    return dict(manifest.get("people") or {})
