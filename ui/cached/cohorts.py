"""Cohort triangles as a reader asks for them, and the customers behind a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import cohort_cost, cohort_groups, cohort_periods, cohorts, festive_cohorts
from analytics.cohort_periods import DEFAULT_BRACKETS, Bracket, Unit
from analytics.cohorts import View
from analytics.festive_cohorts import Season
from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.scope import Scope, matching
from ui import session
from ui.cached import people
from ui.cached.options import options

MOST_WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class Asked:
    """How cohorts are made and shown.

    ``last`` is the number of cohorts before the present one, 0 for all; ``festival`` counts from a
    festival instead of the calendar; ``by`` is an attribute whose values are the rows.
    """

    unit: Unit = "month"
    view: View = "classic"
    brackets: tuple[Bracket, ...] = DEFAULT_BRACKETS
    last: int = 12
    festival: str = ""
    country: str = "MY"
    by: str = ""

    def first_cohort(self, end: date) -> date | None:
        """The first day of the first cohort wanted; None for all."""
        if not self.last or self.festival:
            return None
        return cohort_periods.shift(cohort_periods.begin(end, self.unit), -self.last, self.unit)

    @property
    def spans(self) -> tuple[Bracket, ...] | None:
        """The brackets where they are the columns."""
        return self.brackets if self.view == "bracket" else None


@dataclass(frozen=True, slots=True)
class CohortCell:
    """The customers behind one cell: a rule for ``people.Wanted.among``.

    ``cohort`` is None for a row of the breakdown: then all cohorts whose period is over count,
    of the customers with that ``value``. ``column`` 0 is the whole cohort.
    """

    asked: Asked
    cohort: date | None
    column: int
    value: str | None = None
    of: str = "CohortCell"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of the customers in the cell."""
        bought = activity(workspace, snapshot, scope, windows, self.asked)
        first, final = self.asked.brackets[self.column] if self.asked.spans else (self.column, self.column)
        if self.cohort is not None:
            bought = bought.filter(bought.cohort == ibis.literal(self.cohort))
        else:
            bought = bought.filter(bought.cohort <= ibis.literal(_last_mature(self.asked, scope.end, final)))
        if self.value is not None:
            known = attributes(workspace, snapshot, scope, windows, self.asked.by)
            mine = known.value.isnull() if self.value == "" else known.value == self.value
            bought = bought.semi_join(known.filter(mine), "customer_key")
        later = bought.period >= first
        return bought.filter(later if self.asked.view == "unbounded" else later & (bought.period <= final))


@st.cache_data(max_entries=64, show_spinner=False)
def triangle(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    """The cells of what was asked: by cohort, or with ``asked.by`` by value and cohort.

    Returns
    -------
    DataFrame
        ``analytics.cohorts.triangle``, with ``value`` under a breakdown.
    """
    by = ("value",) if asked.by else ()
    if _mart_suffices(workspace, snapshot, scope, asked):
        mart = matching(session.tables_of(workspace, snapshot).table("cohorts"), scope)
        found = frame(cohorts.cells_from_mart(cohorts.begun_between(mart, asked.first_cohort(scope.end))))
        return _laid_out(asked, scope.end)(found, None)
    bought = activity(workspace, snapshot, scope, windows, asked)
    if asked.by:
        bought = cohorts.with_value(bought, attributes(workspace, snapshot, scope, windows, asked.by))
    if asked.spans:
        bought = cohorts.bracketed(bought, asked.spans, by)
    found = frame(cohorts.cells(bought, by))
    last = frame(cohorts.last_seen(bought, by)) if asked.view == "unbounded" else None
    lay_out = _laid_out(asked, scope.end)
    return cohort_groups.triangles_by(found, last, lay_out) if asked.by else lay_out(found, last)


@st.cache_data(max_entries=64, show_spinner=False)
def averages(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    """``analytics.cohorts.averages`` of a triangle without a breakdown."""
    return cohorts.averages(triangle(workspace, snapshot, scope, windows, asked))


@st.cache_data(max_entries=32, show_spinner=False)
def costs(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> pd.DataFrame:
    """Mean recorded cost to win a customer of each cohort: ``analytics.cohort_cost.costs``."""
    bought = activity(workspace, snapshot, scope, windows, asked)
    members = bought.filter(bought.period == 0).select("customer_key", "cohort")
    return cohort_cost.costs(members, people.summary(workspace, snapshot))


def activity(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> ir.Table:
    """Purchases by customer and period, from the smallest table that knows the answer."""
    first = asked.first_cohort(scope.end)
    suffice = customers_suffice(workspace, snapshot, scope)
    if asked.festival:
        return _festive(workspace, snapshot, scope, windows, asked)
    if suffice and asked.unit in ("month", "quarter", "year"):
        months = matching(session.tables_of(workspace, snapshot).table("customer_month"), scope)
        if first is not None:
            months = months.filter(months.cohort >= ibis.literal(first))
        return cohorts.activity_from_months(months, asked.unit)
    history = people.history(workspace, snapshot, scope, windows)
    known = None
    if suffice and first is not None:
        known = _first_days(workspace, snapshot, scope)
        known = known.filter(known.first_day >= ibis.literal(first))
        history = history.filter(history.day >= ibis.literal(first))
    return cohorts.begun_between(cohorts.activity_from_orders(history, asked.unit, known), first)


def attributes(workspace: str, snapshot: str, scope: Scope, windows: Windows, by: str) -> ir.Table:
    """The value of an attribute of each customer: ``customer_key``, ``value``."""
    if by == "lifecycle":
        assigned = people.assigned(workspace, snapshot, scope.end, windows, scope)
        return assigned.select("customer_key", value=assigned.lifecycle)
    summary = people.summary(workspace, snapshot)
    return summary.select("customer_key", value=summary[by].nullif(""))


def seasons(workspace: str, snapshot: str, scope: Scope, asked: Asked) -> tuple[Season, ...]:
    """The run-ups to the festival that the data hold."""
    known = options(workspace, snapshot)
    if known is None:
        return ()
    return festive_cohorts.seasons(asked.festival, asked.country, known.first_day, scope.end)


def customers_suffice(workspace: str, snapshot: str, scope: Scope) -> bool:
    """Whether the marts by customer, which know no days, hold what the scope asks for."""
    known = options(workspace, snapshot)
    return scope.narrows_customers_only and known is not None and scope.end >= known.as_of


def _mart_suffices(workspace: str, snapshot: str, scope: Scope, asked: Asked) -> bool:
    plain = asked.unit == "month" and asked.view == "classic" and not asked.festival and not asked.by
    return plain and customers_suffice(workspace, snapshot, scope)


def _first_days(workspace: str, snapshot: str, scope: Scope) -> ir.Table:
    summary = matching(people.summary(workspace, snapshot), scope)
    return summary.filter(summary.orders > 0).select("customer_key", "first_day")


def _festive(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> ir.Table:
    history = people.history(workspace, snapshot, scope, windows)
    if customers_suffice(workspace, snapshot, scope):
        known = _first_days(workspace, snapshot, scope)
    else:
        bought = history.filter(history.is_purchase & history.customer_key.notnull())
        known = bought.group_by("customer_key").aggregate(first_day=bought.day.min())
    found = seasons(workspace, snapshot, scope, asked)
    return festive_cohorts.activity(history, known, found, asked.unit)


def _laid_out(asked: Asked, as_of: date) -> Callable[[pd.DataFrame, pd.DataFrame | None], pd.DataFrame]:
    """How cells become a triangle, as ``f(cells, last)``."""

    def lay_out(found: pd.DataFrame, last: pd.DataFrame | None) -> pd.DataFrame:
        most = asked.last or (MOST_WEEKS if asked.unit == "week" else None)
        most = None if asked.spans else most
        if asked.festival:
            return festive_cohorts.season_triangle(
                found, as_of, asked.unit, last=last, most_periods=most, brackets=asked.spans
            )
        return cohorts.triangle(
            found, as_of, unit=asked.unit, last=last, most_periods=most, brackets=asked.spans
        )

    return lay_out


def _last_mature(asked: Asked, as_of: date, final: int) -> date:
    """The latest cohort whose period is over."""
    if asked.festival:
        return as_of - timedelta(days=festive_cohorts.BLOCK_DAYS[asked.unit] * final)
    tomorrow = as_of + timedelta(days=1)
    return cohort_periods.shift(cohort_periods.begin(tomorrow, asked.unit), -(final + 1), asked.unit)
