"""Customers as subscribers: who bought in a term, and who bought again in the next one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from analytics.cohort_periods import begin_of, between_columns, shift
from analytics.retention import Retention

Term = Literal["month", "quarter", "year"]

TERMS: Final = ("month", "quarter", "year")

_EPOCH: Final = date(2000, 1, 1)


def terms_of_months(customer_month: ir.Table, term: Term) -> ir.Table:
    """Terms in which each customer bought, from the ``customer_month`` mart.

    Returns
    -------
    ibis Table, one row per customer and term with a purchase
        ``customer_key``, ``at`` (int, terms since January 2000).
    """
    return _terms(customer_month.customer_key, customer_month.month, customer_month, term)


def terms_of_orders(history: ir.Table, term: Term) -> ir.Table:
    """Return :func:`terms_of_months` from orders, under any filter."""
    bought = history.filter(history.is_purchase & history.customer_key.notnull())
    return _terms(bought.customer_key, bought.day, bought, term)


def counts(terms: ir.Table) -> ir.Table:
    """Count each term's customers by where they come from.

    Returns
    -------
    ibis Table, one row per term with a purchase
        ``at``, ``active`` (bought in it), ``kept`` (and in the term before), ``new`` (never
        before); the rest was won back: before, but not in the term before.
    """
    each = with_previous(terms)
    kept = (each.previous == each["at"] - 1).fill_null(False)
    return each.group_by("at").aggregate(
        active=each.count(),
        kept=kept.cast("int64").sum(),
        new=each.previous.isnull().cast("int64").sum(),
    )


def with_previous(terms: ir.Table) -> ir.Table:
    """Put beside each term of a customer the one in which they bought before; null for the first."""
    window = ibis.window(group_by="customer_key", order_by="at")
    return terms.mutate(previous=terms["at"].lag().over(window))


def lost_of(terms: ir.Table, at: int) -> ir.Table:
    """Customers who bought in a term and not in the next one: ``customer_key``."""
    return _bought(terms, at).anti_join(_bought(terms, at + 1), "customer_key")


def renewed_of(terms: ir.Table, at: int) -> ir.Table:
    """Customers who bought in a term and in the next one: ``customer_key``."""
    return _bought(terms, at).semi_join(_bought(terms, at + 1), "customer_key")


def by_term(found: pd.DataFrame, term: Term, as_of: date) -> pd.DataFrame:
    """From each term to the next: how many renewed, left, came back and came new.

    Parameters
    ----------
    found : DataFrame
        :func:`counts` as a frame.
    as_of : date
        The last day of the data.

    Returns
    -------
    DataFrame, one row per term after which another has begun
        ``term`` (first day), ``active``, ``renewed``, ``lost``, ``next_active``, ``new``,
        ``won_back`` (of the next term), ``rate``, ``churn`` (0..1, None where nobody was active),
        ``mature`` (the next term is over: before that, some may still renew).
    """
    columns = [
        "term",
        "active",
        "renewed",
        "lost",
        "next_active",
        "new",
        "won_back",
        "rate",
        "churn",
        "mature",
    ]
    if found.empty:
        return pd.DataFrame(columns=columns)
    known = found.set_index("at")[["active", "kept", "new"]].astype("int64")
    last = _index(as_of, term)
    first = int(known.index.min())
    known = known.reindex(range(first, last + 1), fill_value=0)
    each = dict(zip(range(first, last + 1), known.to_dict("records"), strict=True))
    rows = []
    for at in range(first, last):
        here, after = each[at], each[at + 1]
        made = Retention(
            start=float(here["active"]),
            end=float(after["active"]),
            new=float(after["new"]),
            won_back=float(after["active"] - after["new"] - after["kept"]),
        )
        rows.append(
            (
                day_of(at, term),
                int(made.start),
                int(made.kept),
                int(made.lost),
                int(made.end),
                int(made.new),
                int(made.won_back),
                made.rate,
                made.churn,
                day_of(at + 2, term) - timedelta(days=1) <= as_of,
            )
        )
    return pd.DataFrame(rows, columns=columns)


def day_of(at: int, term: Term) -> date:
    """Return the first day of a term from its number."""
    return shift(_EPOCH, at, term)


def number_of(day: date, term: Term) -> int:
    """Return the number of the term a day lies in."""
    return _index(day, term)


def survivors(activity: ir.Table, first_cohort: int, last_cohort: int) -> ir.Table:
    """Customers by the number of terms they bought in without a break, from their first on.

    Parameters
    ----------
    activity : ibis Table
        :func:`terms_of_months` or :func:`terms_of_orders`.
    first_cohort, last_cohort : int
        Terms of the first purchase, both included.

    Returns
    -------
    ibis Table, one row per length that occurs
        ``run`` (1: the first term only), ``customers``.
    """
    window = ibis.window(group_by="customer_key", order_by="at")
    each = activity.mutate(
        place=ibis.row_number().over(window),
        first=activity["at"].min().over(ibis.window(group_by="customer_key")),
    )
    each = each.filter((each["first"] >= first_cohort) & (each["first"] <= last_cohort))
    unbroken = each.filter(each["at"] - each["first"] == each.place)
    runs = unbroken.group_by("customer_key").aggregate(run=unbroken.count())
    return runs.group_by("run").aggregate(customers=runs.count())


def left_after(runs: pd.DataFrame, terms: int) -> list[int]:
    """Customers left at the start of term 0, 1, ..., ``terms``.

    Parameters
    ----------
    runs : DataFrame
        :func:`survivors` as a frame.
    terms : int
        Terms that are over for all of the cohorts; longer runs count as still there.
    """
    return [int(runs.loc[runs["run"] > n, "customers"].sum()) for n in range(terms + 1)]


def _bought(terms: ir.Table, at: int) -> ir.Table:
    return terms.filter(terms["at"] == at).select("customer_key")


def _terms(key: ir.Value, day: ir.DateValue, table: ir.Table, term: Term) -> ir.Table:
    if term not in TERMS:
        raise ValueError(f"term takes {list(TERMS)}; got {term!r}.")
    at = between_columns(ibis.literal(_EPOCH), begin_of(day, term), term)
    return table.select(customer_key=key, at=at.cast("int64")).distinct()


def _index(day: date, term: Term) -> int:
    months = (day.year - _EPOCH.year) * 12 + day.month - _EPOCH.month
    return months // {"month": 1, "quarter": 3, "year": 12}[term]
