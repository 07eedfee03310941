"""The lifecycle windows of a workspace: chosen by somebody, else derived from its purchases."""

from __future__ import annotations

from dataclasses import fields, replace

import streamlit as st

from analytics import gaps
from analytics.gaps import Derived, Spells
from analytics.lifecycle import Windows
from analytics.waiting import Waiting
from data.workspaces import Config
from ui import session
from ui.cached.options import options


def of_workspace(config: Config, workspace: str, snapshot: str) -> Windows:
    """What holds for everybody who looks at this workspace."""
    chosen = {field.name: getattr(config, field.name) for field in fields(Windows)}
    kept = {name: value for name, value in chosen.items() if value is not None}
    if len(kept) == len(chosen):
        return Windows(**kept)
    return replace(derived(workspace, snapshot).windows, **kept)


@st.cache_data(max_entries=32, show_spinner=False)
def derived(workspace: str, snapshot: str) -> Derived:
    """The windows that follow from the purchases of a snapshot, as of its last day."""
    found = _spells(workspace, snapshot)
    if found is None:
        return Derived(gaps.USUAL, "few_customers", customers=0, returned=0, days=0)
    return gaps.derive(found)


@st.cache_data(max_entries=32, show_spinner=False)
def curve(workspace: str, snapshot: str) -> Waiting | None:
    """How long until customers come back; None without data."""
    found = _spells(workspace, snapshot)
    return None if found is None else gaps.curve(found)


@st.cache_data(max_entries=32, show_spinner=False)
def _spells(workspace: str, snapshot: str) -> Spells | None:
    known = options(workspace, snapshot)
    if known is None:
        return None
    # Of all customers: the windows of a workspace do not follow an audience.
    orders = session.tables_of(workspace, session.whole(snapshot)).table("orders")
    return gaps.spells(orders, known.first_day, known.as_of, known.customers)
