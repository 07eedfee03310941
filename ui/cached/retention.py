"""The questions of the page Retention, answered once for a workspace, snapshot and scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import streamlit as st

from analytics import findings, retention
from analytics.figures import Figure, ratio
from analytics.findings import Finding
from analytics.lifecycle import Windows
from analytics.results import one_row
from analytics.retention import Retention
from analytics.scope import Scope, matching
from ui.cached import people


@dataclass(frozen=True, slots=True)
class CameBack:
    """The two rates of a window, never mixed, and the counts behind them."""

    retention_rate: Figure
    churn: Figure
    repeat_rate: Figure
    moves: Retention
    customers: int
    repeaters: int


@st.cache_data(max_entries=128, show_spinner=False)
def came_back(workspace: str, snapshot: str, scope: Scope, windows: Windows, first_day: date) -> CameBack:
    """Retention and repeat rate of a window.

    Parameters
    ----------
    first_day : date
        Of the data; where it lies less than a lapse window before the scope the base is noted as
        not fully known.
    """
    history = people.history(workspace, snapshot, scope, windows)
    counts = one_row(retention.customer_counts(history, scope.start, scope.end, windows))
    short = first_day > scope.start - timedelta(days=windows.lapse_days)
    kept = retention.rate_figure(counts, short_history=short)
    return CameBack(
        kept,
        replace(kept, code="churn", value=None if kept.value is None else 1 - kept.value),
        ratio("repeat_rate", counts["repeaters"], counts["customers"], "share", "no_customers"),
        retention.from_counts(counts),
        int(counts["customers"]),
        int(counts["repeaters"]),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def gap(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Finding:
    """Customers won through which channel come back most differently from all others."""
    narrowed = Scope(scope.start, scope.end, region_codes=scope.region_codes, kinds=scope.kinds)
    summary = matching(people.summary(workspace, snapshot), narrowed)
    until = scope.end - timedelta(days=windows.lapse_days)
    return findings.largest_gap(retention.came_back(summary, "first_channel", until), "first_channel")
