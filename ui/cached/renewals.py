"""Terms of subscribers: who renewed, who left, and how long a cohort stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import projection, renewals
from analytics.lifecycle import Windows
from analytics.projection import Projection
from analytics.renewals import Term
from analytics.results import frame
from analytics.scope import Scope, matching
from ui import session
from ui.cached import people
from ui.cached.cohorts import customers_suffice
from ui.cached.options import options

MOST_TERMS: Final = {"month": 24, "quarter": 12, "year": 8}
AHEAD: Final = {"month": 12, "quarter": 6, "year": 5}
LEAST_CUSTOMERS: Final = 50


@dataclass(frozen=True, slots=True)
class TermCell:
    """The customers of a term who renewed, or who did not: a rule for ``people.Wanted.among``."""

    term: Term
    day: date
    renewed: bool
    of: str = "TermCell"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of the customers."""
        table = terms(workspace, snapshot, scope, windows, self.term)
        at = renewals.number_of(self.day, self.term)
        return renewals.renewed_of(table, at) if self.renewed else renewals.lost_of(table, at)


@dataclass(frozen=True, slots=True)
class Stayed:
    """Cohorts that began between two terms, and how many bought in every term since.

    ``left`` holds the customers after 0, 1, ... terms, all over.
    """

    first: date
    last: date
    left: tuple[int, ...]


def terms(workspace: str, snapshot: str, scope: Scope, windows: Windows, term: Term) -> ir.Table:
    """The terms in which each customer bought, from the smallest table that knows."""
    if customers_suffice(workspace, snapshot, scope):
        months = session.tables_of(workspace, snapshot).table("customer_month")
        return renewals.terms_of_months(matching(months, scope), term)
    return renewals.terms_of_orders(people.history(workspace, snapshot, scope, windows), term)


@st.cache_data(max_entries=64, show_spinner=False)
def by_term(workspace: str, snapshot: str, scope: Scope, windows: Windows, term: Term) -> pd.DataFrame:
    """``analytics.renewals.by_term`` up to the end of the scope."""
    found = frame(renewals.counts(terms(workspace, snapshot, scope, windows, term)))
    return renewals.by_term(found, term, scope.end)


@st.cache_data(max_entries=64, show_spinner=False)
def stayed(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, term: Term, observed: int
) -> Stayed | None:
    """Cohorts of which so many terms are over; None where the data are too short.

    The data's first term is left out: customers who seem to begin in it may have begun before.
    """
    first, last = _cohorts(workspace, snapshot, scope.end, term, observed)
    if last < first:
        return None
    table = terms(workspace, snapshot, scope, windows, term)
    runs = frame(renewals.survivors(table, first, last))
    left = tuple(renewals.left_after(runs, observed))
    if left[0] < LEAST_CUSTOMERS:
        return None
    return Stayed(renewals.day_of(first, term), renewals.day_of(last, term), left)


def longest(workspace: str, snapshot: str, end: date, term: Term) -> int:
    """The most terms after the first that can be followed."""
    found = 0
    for observed in range(1, MOST_TERMS[term] + 1):
        first, last = _cohorts(workspace, snapshot, end, term, observed)
        found = observed if last >= first else found
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def projected(survivors: tuple[float, ...], fitted: int, horizon: int, customers: float | None) -> Projection:
    """``analytics.projection.project``."""
    return projection.project(survivors, fitted, horizon, customers)


def _cohorts(workspace: str, snapshot: str, end: date, term: Term, observed: int) -> tuple[int, int]:
    known = options(workspace, snapshot)
    first = renewals.number_of(known.first_day if known else end, term) + 1
    complete = renewals.number_of(end + timedelta(days=1), term) - 1
    return first, complete - observed
