"""The customers behind a number: the expression of a list, its count, its first rows, its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from analytics import customers, lifecycle, pareto, rfm, rfm_grid, value
from analytics.customers import Selection
from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.rfm import Cutoffs
from analytics.rfm_grid import Grid, Triple
from analytics.scope import MISSING, Scope, facts, matching, whole_histories
from data import consent
from ui import session
from ui.cached.options import options


@dataclass(frozen=True, slots=True)
class Scoring:
    """How customers are scored: number of bins, fixed cut-offs (None: quantiles), moved names."""

    bins: int = 5
    fixed: Cutoffs | None = None
    renamed: tuple[tuple[Triple, str], ...] = ()

    @property
    def grid(self) -> Grid:
        """The names of the triples."""
        changes = {triple: name for triple, name in self.renamed if max(triple) <= self.bins}
        return rfm_grid.default_grid(self.bins).renamed(MappingProxyType(changes))


EVERYONE: Final = Selection()
SCORING: Final = Scoring()


class Among(Protocol):
    """Any other rule that picks customers: the cell of a figure, a saved segment.

    Implement it as a frozen dataclass. Its fields are part of the key of every cached answer, its
    class is not: give each class a field ``of`` with its own name as the default.
    """

    @property
    def of(self) -> str:
        """The name of the rule's class."""

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who are meant; other columns and double keys do no harm."""


@runtime_checkable
class Profiled(Among, Protocol):
    """An :class:`Among` that knows its customers itself: all of them, whatever the filters say."""

    def profiles(self, workspace: str, snapshot: str, columns: tuple[str, ...]) -> ir.Table:
        """``customer_key``, ``customer_id`` and the columns, one row per customer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers a list holds.

    ``history`` counts all purchases up to the end of the window, else those inside it. ``gold``
    (``revenue`` or ``margin``) keeps the best 20%. ``among`` keeps those another rule picks.
    """

    selection: Selection = EVERYONE
    history: bool = True
    gold: str = ""
    scoring: Scoring = SCORING
    among: Among | None = None


def history(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    """Every order of the scope up to its end."""
    tables = session.tables_of(workspace, snapshot)
    return facts(
        tables.table("orders"), tables.table("order_categories"), scope, windows=windows, history=True
    )


def of_window(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    """The orders of the scope between its two days."""
    tables = session.tables_of(workspace, snapshot)
    return facts(tables.table("orders"), tables.table("order_categories"), scope, windows=windows)


def assigned(
    workspace: str, snapshot: str, as_of: date, windows: Windows, scope: Scope | None = None
) -> ir.Table:
    """The lifecycle of every customer as of a day, whatever the other filters say.

    Parameters
    ----------
    scope : Scope, optional
        Customers whom its regions cannot hold may be left out, which is much faster.
    """
    known = summary_at(workspace, snapshot, as_of)
    if scope is None or not scope.region_codes:
        orders = session.tables_of(workspace, snapshot).table("orders")
        return lifecycle.assign(orders, as_of, windows, known)
    if known is not None:
        regions = (*scope.region_codes, MISSING)
        known = matching(known, Scope(date.min, as_of, region_codes=regions, kinds=()))
    return lifecycle.assign(histories(workspace, snapshot, scope), as_of, windows, known)


def histories(workspace: str, snapshot: str, scope: Scope) -> ir.Table:
    """``scope.whole_histories`` of a snapshot."""
    return whole_histories(
        session.tables_of(workspace, snapshot).table("orders"),
        summary(workspace, snapshot),
        scope,
        anybody_without=_anybody_without_region(workspace, session.whole(snapshot)),
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _anybody_without_region(workspace: str, snapshot: str) -> bool:
    known = summary(workspace, snapshot)
    known = known.filter(known.region_code.isnull() & (known.orders > 0))
    return bool(known.limit(1).count().to_pyarrow().as_py())


def summary_at(workspace: str, snapshot: str, as_of: date) -> ir.Table | None:
    """The mart of customers, which knows them on the last day of the data; None for an earlier day."""
    known = options(workspace, snapshot)
    return summary(workspace, snapshot) if known is not None and as_of >= known.as_of else None


def summary(workspace: str, snapshot: str) -> ir.Table:
    """The mart of customers."""
    return session.tables_of(workspace, snapshot).table("customer_summary")


def unprofiled(workspace: str, snapshot: str) -> ir.Table | None:
    """The ``customer_key`` of those who are in totals only: in no score, in no list; None: nobody."""
    known = summary(workspace, snapshot)
    if "do_not_profile" in known.columns:
        return known.filter(known.do_not_profile).select("customer_key")
    tables = session.tables_of(workspace, snapshot)  # a snapshot made before the mart knew
    against = consent.unprofiled(
        *(tables.table(name) if tables.has(name) else None for name in ("customers", "consents"))
    )
    return None if against is None else known.semi_join(against, "customer_id").select("customer_key")


def profiled(workspace: str, snapshot: str, table: ir.Table) -> ir.Table:
    """The rows of a table by ``customer_key`` that may be scored and listed."""
    against = unprofiled(workspace, snapshot)
    return table if against is None else table.anti_join(against, "customer_key")


@st.cache_data(max_entries=32, show_spinner=False)
def unprofiled_count(workspace: str, snapshot: str) -> int:
    """How many customers are in totals only."""
    against = unprofiled(workspace, snapshot)
    return 0 if against is None else int(against.count().to_pyarrow().as_py() or 0)


def per_customer(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, *, whole: bool = True
) -> ir.Table:
    """What each customer of a scope brought; from the summary mart where that can answer.

    Parameters
    ----------
    whole : bool
        All purchases up to the end of the window, else those inside it.
    """
    if not whole:
        return value.per_customer(of_window(workspace, snapshot, scope, windows))
    if _customers_suffice(workspace, snapshot, scope):
        return value.summary_value(matching(summary(workspace, snapshot), scope))
    return value.per_customer(history(workspace, snapshot, scope, windows))


def _customers_suffice(workspace: str, snapshot: str, scope: Scope) -> bool:
    """Whether the marts by customer, which know no days, hold what the scope asks for."""
    known = options(workspace, snapshot)
    return scope.narrows_customers_only and known is not None and scope.end >= known.as_of


@st.cache_data(max_entries=128, show_spinner=False)
def cutoffs(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, bins: int, whole: bool
) -> Cutoffs | None:
    """The quantile cut-offs of recency, frequency and monetary value; None without customers."""
    each = profiled(workspace, snapshot, per_customer(workspace, snapshot, scope, windows, whole=whole))
    measured = measures(each, scope.end)
    return rfm.quantile_cutoffs(measured, bins)


def measures(each: ir.Table, as_of: date) -> ir.Table:
    """Name what :func:`per_customer` found as RFM names it."""
    recency = ibis.literal(as_of).delta(each.last_day, unit="day").cast("int32")
    return each.select(
        "customer_key", recency_days=recency, frequency=each.orders, monetary_value=each.revenue
    )


def listed(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, wanted: Wanted, *, scored: bool = True
) -> ir.Table:
    """The profiles of the customers that are wanted, one row each: nobody who is in totals only.

    ``scored``: with RFM scores and names, whose cut-offs are a question of their own.
    """
    if isinstance(wanted.among, Profiled):
        known = wanted.among.profiles(workspace, snapshot, (*customers.COLUMNS[1:], "r", "f", "m"))
        return customers.select(profiled(workspace, snapshot, known), wanted.selection)
    each = per_customer(workspace, snapshot, scope, windows, whole=wanted.history)
    each = profiled(workspace, snapshot, each)
    scoring = wanted.scoring
    cuts = scoring.fixed if scored else None
    if scored and cuts is None:
        cuts = cutoffs(workspace, snapshot, scope, windows, scoring.bins, wanted.history)
    table = customers.profiles(
        each,
        summary(workspace, snapshot),
        assigned(workspace, snapshot, scope.end, windows, scope),
        cuts,
        scoring.grid if cuts else None,
        scope.end,
    )
    if wanted.gold:
        best = pareto.gold(pareto.ranked(each, wanted.gold))
        table = table.semi_join(best, "customer_key")
    if wanted.among:
        table = table.semi_join(wanted.among.keys(workspace, snapshot, scope, windows), "customer_key")
    return customers.select(table, wanted.selection)


@st.cache_data(max_entries=256, show_spinner=False)
def count(workspace: str, snapshot: str, scope: Scope, windows: Windows, wanted: Wanted) -> int:
    """How many customers a list holds."""
    chosen = wanted.selection
    scored = bool(chosen.rfm_segments or chosen.rfm_scores)
    found = listed(workspace, snapshot, scope, windows, wanted, scored=scored)
    return int(found.count().to_pyarrow().as_py() or 0)


@st.cache_data(max_entries=64, show_spinner=False)
def lifecycle_counts(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> dict[str, int]:
    """How many customers the list of each lifecycle holds; those that hold nobody are missing."""
    found = listed(workspace, snapshot, scope, windows, Wanted(), scored=False)
    rows = found.group_by("lifecycle").aggregate(n=found.count()).to_pyarrow().to_pylist()
    return {row["lifecycle"]: int(row["n"]) for row in rows}


@st.cache_data(max_entries=64, show_spinner=False)
def first_rows(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    wanted: Wanted,
    sort: str = "revenue",
    size: int = 200,
) -> pd.DataFrame:
    """The head of a list, best first; the columns of ``analytics.customers.COLUMNS``."""
    found = listed(workspace, snapshot, scope, windows, wanted)
    return frame(customers.page(found, sort=sort, size=size))


def whole_list(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    wanted: Wanted,
    columns: Sequence[str],
) -> pd.DataFrame:
    """All customers of a list, chosen columns only, best first. For a file; never kept."""
    found = listed(workspace, snapshot, scope, windows, wanted)
    ordered = found.order_by(ibis.desc("revenue"), "customer_id")
    return frame(ordered.select(*columns))


def with_contact(workspace: str, snapshot: str) -> ir.Table:
    """``customer_id`` of those who left a telephone or an email that can be used; none without customers."""
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("customers"):
        return tables.table("customer_summary").select("customer_id").limit(0)
    return consent.with_contact(tables.table("customers"))


@st.cache_data(max_entries=32, show_spinner=False)
def has_contacts(workspace: str, snapshot: str) -> bool:
    """Whether any customer left a contact that can be used; marketplaces mask them all."""
    return bool(with_contact(workspace, snapshot).count().to_pyarrow().as_py())


@st.cache_data(max_entries=32, show_spinner=False)
def store_names(workspace: str, snapshot: str) -> dict[str, str]:
    """The name of each store that sold something; its id where it has none."""
    known = options(workspace, snapshot)
    return dict(known.stores) if known else {}


@st.cache_data(max_entries=32, show_spinner=False)
def assumed_share(workspace: str, snapshot: str) -> float | None:
    """Share of purchases (0..1) whose margin is an assumption of the workspace; None without any."""
    orders = session.tables_of(workspace, snapshot).table("orders")
    bought = orders.filter(orders.is_purchase)
    found = bought.aggregate(share=bought.margin_assumed.cast("float64").mean())
    return found.to_pyarrow().to_pylist()[0]["share"]  # type: ignore[no-any-return]
