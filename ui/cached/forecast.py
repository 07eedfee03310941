"""The forecast of a workspace: computed once for a snapshot and its assumptions, kept on disk.

It is about all customers the models may learn from, as of the last day of the data; the filters of a
page say whose part of it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import outlook
from analytics.forecast import forecast as forecasting
from analytics.forecast import histories, payback, valuing
from analytics.forecast.forecast import Assumptions, Forecast
from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.scope import Scope
from data import engines, forecasts
from ui import session
from ui.cached import people
from ui.cached.options import options

FORMAT = "1"
"""Raised when a saved forecast of an earlier version means something else."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a forecast depends on beside the snapshot.

    ``currency`` is None where the data hold one only.
    """

    assumptions: Assumptions = field(default_factory=Assumptions)
    currency: str | None = None

    @property
    def key(self) -> str:
        """A text that differs where anything differs."""
        return f"{FORMAT} {self!r}"


def saved(workspace: str, snapshot: str, asked: Asked) -> Forecast | None:
    """The forecast, if it was computed before; else None."""
    found = _found(workspace, snapshot, asked)
    return None if found is None else found[0]


def compute(workspace: str, snapshot: str, asked: Asked, progress: Progress) -> Forecast:
    """Compute a forecast and keep it. Takes seconds for a million customers.

    It learns from all customers, whatever audience the page is seen through: those somebody picked by
    what they did say nothing of how customers behave.

    Parameters
    ----------
    progress : callable
        Called with a step (see ``forecasting.forecast``; ``reading`` first) and the share done.
    """
    known = options(workspace, snapshot)
    if known is None:
        raise ValueError("compute() needs a workspace with orders.")
    progress("reading", 0.0)
    snapshot = session.whole(snapshot)
    tables = session.tables_of(workspace, snapshot)
    cut = histories.calibration_end(known.first_day, known.as_of)
    given = (tables.table("orders"), tables.table("customer_summary"), known.as_of, cut)
    seen = histories.observed(histories.histories(*given, currency=asked.currency), known.as_of, cut)
    weekly = frame(histories.weekly_repeats(*given, currency=asked.currency))
    made, scores = forecasting.forecast(
        seen, weekly, asked.assumptions, lambda step, share: progress(step, 0.2 + 0.75 * share)
    )
    progress("saving", 0.95)
    summary = forecasting.to_json(made)
    forecasts.save(session.opened(workspace), snapshot, asked.key, summary, scores)
    return made


def scored(workspace: str, snapshot: str, asked: Asked | None = None) -> ir.Table | None:
    """The scores of every customer (``scores.COLUMNS``), if they were computed and may be used.

    Parameters
    ----------
    asked : Asked, optional
        Default: a year ahead at 10%.
    """
    found = _found(workspace, snapshot, asked or Asked())
    if found is None:
        return None
    made, scores = found
    if not made.usable or scores is None:
        return None
    return engines.read(scores, session.tables_of(workspace, snapshot).engine)


def valued(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked, service_cost: float
) -> ir.Table:
    """``valuing.valued`` of the customers of a scope.

    Raises
    ------
    ValueError : there is no forecast that may be used.
    """
    scores = scored(workspace, snapshot, asked)
    if scores is None:
        raise ValueError("valued() needs a forecast that was computed and may be used.")
    table = valuing.valued(scores, people.summary(workspace, snapshot), service_cost)
    if _narrows(scope):
        those = people.per_customer(workspace, snapshot, scope, windows)
        table = table.semi_join(those, "customer_key")
    return table


@st.cache_data(max_entries=64, show_spinner=False)
def overall(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    service_cost: float,
    which: str = "all",
) -> dict[str, Any]:
    """The columns of ``valuing.overall`` of all, of those probably ``leaving``, or of the ``best`` fifth."""
    table = valued(workspace, snapshot, scope, windows, asked, service_cost)
    return one_row(valuing.overall(_those(table, which)))


@st.cache_data(max_entries=128, show_spinner=False)
def by(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    service_cost: float,
    dimension: str,
) -> pd.DataFrame:
    """The columns of ``valuing.by``, the highest value per customer first; empty where not known."""
    table = valued(workspace, snapshot, scope, windows, asked, service_cost)
    known = attributes(workspace, snapshot, windows, dimension, scope)
    found = frame(valuing.by(table, known, dimension))
    found = found.sort_values(["mean_value", "value_of"], ascending=[False, True])
    return found.assign(value_of=found["value_of"].fillna("")).reset_index(drop=True)


@st.cache_data(max_entries=64, show_spinner=False)
def beside_segments(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked
) -> tuple[pd.DataFrame, int]:
    """What sets the customers of the forecast apart from those whom the page Segments counts.

    Returns
    -------
    DataFrame, int
        ``kind``, ``lifecycle`` (as of the end of the scope), ``customers``: whom Segments counts and the
        forecast does not; and how many the forecast counts and Segments does not: first bought later.
    """
    here = valued(workspace, snapshot, scope, windows, asked, 0.0).select("customer_key")
    there = people.per_customer(workspace, snapshot, scope, windows).select("customer_key")
    later = here.anti_join(there, "customer_key").count().to_pyarrow().as_py()
    kinds = people.summary(workspace, snapshot).select("customer_key", "kind")
    groups = people.assigned(workspace, snapshot, scope.end, windows, scope)
    out = there.anti_join(here, "customer_key").inner_join(kinds, "customer_key")
    out = out.inner_join(groups.select("customer_key", "lifecycle"), "customer_key")
    found = frame(out.group_by("kind", "lifecycle").aggregate(customers=out.count()))
    ordered = found.sort_values(["kind", "customers", "lifecycle"], ascending=[True, False, True])
    return ordered.reset_index(drop=True), int(later or 0)


def attributes(
    workspace: str, snapshot: str, windows: Windows, dimension: str, scope: Scope | None = None
) -> ir.Table:
    """``customer_key`` and what value can be split by, as of the last day of the data.

    With a scope, at least of the customers whom its regions can hold.
    """
    if dimension == "lifecycle":
        known = options(workspace, snapshot)
        day = known.as_of if known else date.min
        return people.assigned(workspace, snapshot, day, windows, scope)
    summary = people.summary(workspace, snapshot)
    if dimension == "cohort":
        day = summary.first_day
        quarter = (day.year() * 10 + day.quarter()).cast("string")
        return summary.mutate(cohort=quarter)
    return summary


@st.cache_data(max_entries=32, show_spinner=False)
def paid_back(workspace: str, snapshot: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cost to win and payback by channel (``payback.payback``), and the curves behind them."""
    known = options(workspace, snapshot)
    if known is None:
        return pd.DataFrame(), pd.DataFrame()
    tables = session.tables_of(workspace, snapshot)
    summary, kinds = tables.table("customer_summary"), histories.KINDS
    spend = tables.table("spend") if tables.has("spend") else None
    costs = payback.cost_to_win(summary, spend, known.as_of, kinds)
    curve = payback.contribution_curve(tables.table("customer_month"), summary, known.as_of, kinds)
    return payback.payback(curve, costs), curve


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A rule for a list: customers by their forecast. ``which`` is ``leaving`` or ``scored``."""

    asked: Asked
    which: str
    of: str = "Foreseen"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The customers who are probably leaving, or all who were scored."""
        table = valued(workspace, snapshot, scope, windows, self.asked, 0.0)
        return _those(table, self.which)


@st.cache_data(max_entries=32, show_spinner=False)
def first_rows(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    service_cost: float,
    which: str,
    size: int = 100,
) -> pd.DataFrame:
    """The customers with the highest value, or with most at stake among those probably leaving.

    Returns
    -------
    DataFrame: ``customer_id``, ``last_day``, ``p_alive``, ``expected_purchases``, ``value``,
        ``value_low``, ``value_high``, ``so_far``, ``net_value``, ``at_stake``.
    """
    table = valued(workspace, snapshot, scope, windows, asked, service_cost)
    by_column = "at_stake" if which == "leaving" else "value"
    table = people.profiled(workspace, snapshot, _those(table, which))
    best = table.order_by(ibis.desc(table[by_column]), "customer_key").limit(size)
    who = people.summary(workspace, snapshot).select("customer_key", "customer_id", "last_day")
    named = best.inner_join(who, "customer_key")
    named = named.order_by(ibis.desc(named[by_column]), "customer_key")
    return frame(
        named.select(
            "customer_id",
            "last_day",
            "p_alive",
            "expected_purchases",
            "value",
            "value_low",
            "value_high",
            "so_far",
            "net_value",
            "at_stake",
        )
    )


def _those(table: ir.Table, which: str) -> ir.Table:
    """Rows of :func:`valued`: those probably ``leaving``, the ``best`` fifth, else all."""
    if which == "leaving":
        return table.filter(table.leaving)
    return outlook.best(table) if which == "best" else table


def _narrows(scope: Scope) -> bool:
    """Whether the scope leaves out customers the forecast is about."""
    kinds = bool(scope.kinds) and not set(histories.KINDS) <= set(scope.kinds)
    return not scope.narrows_customers_only or bool(scope.region_codes) or kinds


@st.cache_resource(max_entries=16, show_spinner=False)
def _parsed(text: str) -> Forecast | None:
    """A forecast read from its text; shared: never change it."""
    try:
        return forecasting.from_json(text)
    except ValueError:
        return None  # of another version: computed again


def _found(workspace: str, snapshot: str, asked: Asked) -> tuple[Forecast, Path | None] | None:
    """A forecast that was kept, with the folder of its scores."""
    kept = forecasts.find(session.opened(workspace), session.whole(snapshot), asked.key)
    made = None if kept is None else _parsed(kept.summary)
    return None if kept is None or made is None else (made, kept.scores)
