"""What a merchant's own data say in the client demo, with how far they carry."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analytics import evidence
from analytics.evidence import Evidence
from analytics.lifecycle import Windows
from analytics.scope import Scope
from ui.cached import overview, people, segments


def identified(workspace: str, snapshot: str, scope: Scope, windows: Windows, first_day: date) -> Evidence:
    """Share of the orders of the scope with a known customer."""
    found = overview.headline(workspace, snapshot, scope, windows, first_day)
    rate, orders = found["identification_rate"].value, int(found["orders"].value or 0)
    return evidence.coverage(round((rate or 0.0) * orders), orders)


@st.cache_data(max_entries=64, show_spinner=False)
def retention(workspace: str, snapshot: str, scope: Scope, windows: Windows, first_day: date) -> Evidence:
    """The yearly retention up to the end of the scope, with its interval."""
    history = people.history(workspace, snapshot, scope, windows)
    return evidence.yearly_retention(history, scope.end, first_day)


def gold(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Evidence:
    """Share of the sales of the scope that the best 20% bring."""
    _, found = segments.concentration(workspace, snapshot, scope, windows, "revenue")
    return evidence.concentration(found.gold_share.value, found.customers)
