"""Purchase histories of all customers as of two days, in one pass over the orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from analytics.counting import count_where
from analytics.scope import Scope, matching

FloatArray = NDArray[np.float64]

KINDS: Final = ("external",)
"""Whose purchases the models learn from: neither staff nor resellers, who buy in another way."""


@dataclass(frozen=True, slots=True)
class Histories:
    """What a model of repeat purchases needs, one entry a customer; time in days.

    Attributes
    ----------
    frequency : ndarray, shape (n,)
        Days after the first one on which the customer bought.
    recency : ndarray, shape (n,)
        From the first to the last of these days; 0 without any.
    T : ndarray, shape (n,)
        From the first purchase to the end of observation.
    spend : ndarray, shape (n,)
        Money of everything after the first day, less refunds.
    """

    frequency: FloatArray
    recency: FloatArray
    T: FloatArray
    spend: FloatArray

    @property
    def size(self) -> int:
        """Number of customers."""
        return len(self.frequency)

    @property
    def valued(self) -> NDArray[np.bool_]:
        """Who bought again for more than was refunded: the spend model learns from them."""
        return (self.frequency > 0) & (self.spend > 0)

    @property
    def mean_value(self) -> FloatArray:
        """Mean money of a repeat purchase; 0 for those who are not ``valued``."""
        paid = self.valued
        return np.divide(self.spend, self.frequency, out=np.zeros(self.size), where=paid)

    @property
    def orders_valued(self) -> FloatArray:
        """How many purchases stand behind ``mean_value``; 0 for those who are not ``valued``."""
        return np.where(self.valued, self.frequency, 0.0)

    def of(self, chosen: NDArray[np.bool_]) -> Histories:
        """The histories of some of the customers."""
        return Histories(self.frequency[chosen], self.recency[chosen], self.T[chosen], self.spend[chosen])


@dataclass(frozen=True, slots=True)
class Observed:
    """All customers as of ``as_of``, and as they stood at ``calibration_end``.

    Attributes
    ----------
    customer_key : ndarray of int32, shape (n,)
    first_day : ndarray of int32, shape (n,)
        Days since 1970-01-01.
    now : Histories
        Up to ``as_of``.
    known_then : ndarray of bool, shape (n,)
        Bought for the first time up to ``calibration_end``; the arrays below are theirs, shape (m,).
    then : Histories
        Up to ``calibration_end``.
    before : ndarray
        Days with a purchase in the last ``(as_of - calibration_end)`` days of calibration: as long
        as the holdout.
    before_spend : ndarray
        Money of those days.
    after, after_spend : ndarray
        Days with a purchase, and money, in the holdout: what the forecast is judged by.
    margin, margin_base : ndarray, shape (n,)
        Margin of all orders up to ``as_of``, and the revenue of those that have one.
    """

    as_of: date
    calibration_end: date
    customer_key: NDArray[np.int32]
    first_day: NDArray[np.int32]
    now: Histories
    known_then: NDArray[np.bool_]
    then: Histories
    before: FloatArray
    before_spend: FloatArray
    after: FloatArray
    after_spend: FloatArray
    margin: FloatArray
    margin_base: FloatArray

    @property
    def holdout_days(self) -> int:
        """Length of the holdout."""
        return (self.as_of - self.calibration_end).days


def histories(
    orders: ir.Table,
    customer_summary: ir.Table,
    as_of: date,
    calibration_end: date,
    *,
    kinds: tuple[str, ...] = KINDS,
    currency: str | None = None,
) -> ir.Table:
    """Sufficient statistics of every customer at two days.

    Parameters
    ----------
    orders, customer_summary : ibis Table
        The marts of those names, of one snapshot.
    as_of : date
        End of observation; later orders are ignored.
    calibration_end : date
        Before ``as_of``; what lies between the two is the holdout.
    kinds : tuple of str
        Kinds of customers that are taken.
    currency : str, optional
        Only orders in this currency; needed where there are several.

    Returns
    -------
    ibis Table, one row per customer with a purchase
        ``customer_key``, ``first_day``, ``frequency``, ``recency_days``, ``spend``, the same three with
        ``_then`` (up to ``calibration_end``), ``before``, ``before_spend``, ``after``, ``after_spend``,
        ``margin``, ``margin_base``.

    Raises
    ------
    ValueError : the calibration does not end before ``as_of``.
    """
    if calibration_end >= as_of:
        raise ValueError(f"calibration_end must be before as_of {as_of}; got {calibration_end}.")
    rows = _rows(orders, customer_summary, as_of, kinds, currency)
    rows = _told_apart(rows, calibration_end - (as_of - calibration_end), calibration_end)
    return rows.group_by("customer_key").aggregate(
        first_day=rows.first_day.min(),
        frequency=count_where(rows, rows.again),
        last_day=rows.day.max(where=rows.is_purchase),
        spend=rows.amount.sum(where=rows.later).coalesce(0.0),
        frequency_then=count_where(rows, rows.again_then),
        last_day_then=rows.day.max(where=rows.purchase_then),
        spend_then=rows.amount.sum(where=rows.later_then).coalesce(0.0),
        before=count_where(rows, rows.new_lately),
        before_spend=rows.amount.sum(where=rows.lately).coalesce(0.0),
        after=count_where(rows, rows.new_after),
        after_spend=rows.amount.sum(where=rows.after).coalesce(0.0),
        margin=rows.margin.sum().coalesce(0.0),
        margin_base=rows.amount.sum(where=rows.has_margin).coalesce(0.0),
    )


def weekly_repeats(
    orders: ir.Table,
    customer_summary: ir.Table,
    as_of: date,
    calibration_end: date,
    *,
    kinds: tuple[str, ...] = KINDS,
    currency: str | None = None,
) -> ir.Table:
    """Repeat purchases by week, of the customers won up to the end of calibration.

    Parameters
    ----------
    As for :func:`histories`.

    Returns
    -------
    ibis Table, one row per week that has any
        ``weeks_back`` (int, 0 is the week that ends with ``as_of``), ``purchases``.
    """
    known = _counted(orders, as_of, kinds, currency)
    won_after = customer_summary.filter(customer_summary.first_day > ibis.literal(calibration_end))
    again = known.filter(known.is_purchase & (known.days_since_previous > 0))
    again = again.anti_join(won_after.select("customer_key"), "customer_key")
    days_back = ibis.literal(as_of).delta(again.day, unit="day").cast("int64")
    again = again.mutate(weeks_back=(days_back // 7).cast("int64"))
    return again.group_by("weeks_back").aggregate(purchases=again.count())


def observed(table: ir.Table, as_of: date, calibration_end: date) -> Observed:
    """Run :func:`histories` and take its rows as arrays, in the order of ``customer_key``."""
    found = table.to_pyarrow()
    order = np.argsort(found["customer_key"].to_numpy())  # cheaper here than in the engine
    column = {name: found[name].to_numpy(zero_copy_only=False)[order] for name in found.column_names}
    first = column["first_day"].astype("datetime64[D]").astype(np.int64)
    cut = (calibration_end - date(1970, 1, 1)).days
    known = first <= cut
    return Observed(
        as_of=as_of,
        calibration_end=calibration_end,
        customer_key=column["customer_key"].astype(np.int32),
        first_day=first.astype(np.int32),
        now=_histories(column, "", first, as_of),
        known_then=known,
        then=_histories(
            {name: values[known] for name, values in column.items()}, "_then", first[known], calibration_end
        ),
        before=column["before"][known].astype(np.float64),
        before_spend=column["before_spend"][known].astype(np.float64),
        after=column["after"][known].astype(np.float64),
        after_spend=column["after_spend"][known].astype(np.float64),
        margin=column["margin"].astype(np.float64),
        margin_base=column["margin_base"].astype(np.float64),
    )


def calibration_end(first_day: date, as_of: date, holdout_share: float = 0.3) -> date:
    """Where to cut the data: the last 30% are held out, in whole weeks, at most one year.

    Examples
    --------
    >>> calibration_end(date(2024, 1, 1), date(2025, 12, 31))
    datetime.date(2025, 5, 28)
    """
    span = (as_of - first_day).days
    weeks = min(52, max(1, round(span * holdout_share / 7)))
    return as_of - timedelta(days=7 * weeks)


def _histories(
    column: dict[str, NDArray[np.generic]], suffix: str, first: NDArray[np.int64], end: date
) -> Histories:
    last = column[f"last_day{suffix}"].astype("datetime64[D]").astype(np.int64)
    frequency = column[f"frequency{suffix}"].astype(np.float64)
    T = ((end - date(1970, 1, 1)).days - first).astype(np.float64)
    recency = np.where(frequency > 0, last - first, 0).astype(np.float64)
    return Histories(frequency, recency, T, column[f"spend{suffix}"].astype(np.float64))


def _counted(orders: ir.Table, as_of: date, kinds: tuple[str, ...], currency: str | None) -> ir.Table:
    """The orders that count."""
    known = matching(orders, Scope(date.min, as_of, kinds=kinds, currency=currency))
    known = known.filter(known.customer_key.notnull() & (known.day <= ibis.literal(as_of)))
    return known.select(
        "customer_key", "day", "is_purchase", "amount", "margin", "nth", "days_since_previous"
    )


def _rows(
    orders: ir.Table,
    customer_summary: ir.Table,
    as_of: date,
    kinds: tuple[str, ...],
    currency: str | None,
) -> ir.Table:
    """The orders that count, each with the first day of its customer; refunds after it stay in."""
    first = customer_summary.filter(customer_summary.first_day.notnull())
    known = _counted(orders, as_of, kinds, currency)
    joined = known.inner_join(first.select("customer_key", "first_day"), "customer_key")
    return joined.filter(joined.day >= joined.first_day)


def _told_apart(rows: ir.Table, start: date, cut: date) -> ir.Table:
    """What each order counts for, as columns: asked once an order instead of once a sum."""
    new_day = rows.is_purchase & ((rows.days_since_previous > 0) | (rows.nth == 1))
    then, later = rows.day <= ibis.literal(cut), rows.day > rows.first_day
    rows = rows.mutate(
        new_day=new_day,
        again=new_day & later,
        later=later,
        then=then,
        lately=then & (rows.day > ibis.literal(start)),
        after=~then,
        has_margin=rows.margin.notnull(),
    )
    return rows.mutate(
        again_then=rows.again & rows.then,
        later_then=rows.later & rows.then,
        purchase_then=rows.is_purchase & rows.then,
        new_lately=rows.new_day & rows.lately,
        new_after=rows.new_day & rows.after,
    )
