"""What the customers of each region did: sums by region in the engine, and the figures a map shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.penetration import Z

Floats = npt.NDArray[np.float64]
Kind = Literal["count", "money", "share", "score", "rate", "index"]

SUMS: Final = ("customers", "new", "repeaters", "orders", "revenue")


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a region.

    ``kind`` says how it is written and compared: counts and money by percent, shares in points, the
    rest by difference. ``adds`` is True where the regions add up to the whole. ``needs`` names the
    columns it is computed from; ``people`` is the one that counts whom it is about, empty where a
    figure says nothing of customers. ``brought`` is the measure of the user's own figures it rests on.
    """

    code: str
    kind: Kind
    needs: tuple[str, ...]
    compute: Callable[[pd.DataFrame], Floats]
    adds: bool = False
    people: str = "customers"
    brought: str = ""


def _ratio(above: str, below: str) -> Callable[[pd.DataFrame], Floats]:
    def compute(frame: pd.DataFrame) -> Floats:
        top, base = frame[above].to_numpy(dtype=float), frame[below].to_numpy(dtype=float)
        out: Floats = np.full(top.shape, np.nan)
        np.divide(top, base, out=out, where=base > 0)
        return out

    return compute


def _column(name: str) -> Callable[[pd.DataFrame], Floats]:
    return lambda frame: frame[name].to_numpy(dtype=float)


_ALL: Final = (
    Metric("customers", "count", ("customers",), _column("customers"), adds=True),
    Metric("revenue", "money", ("revenue",), _column("revenue"), adds=True),
    Metric("per_customer", "money", ("revenue", "customers"), _ratio("revenue", "customers")),
    Metric("average_order", "money", ("revenue", "orders"), _ratio("revenue", "orders")),
    Metric("new_share", "share", ("new", "customers"), _ratio("new", "customers")),
    Metric("repeat_rate", "share", ("repeaters", "customers"), _ratio("repeaters", "customers")),
    Metric(
        "retention", "share", ("kept", "active_start"), _ratio("kept", "active_start"), people="active_start"
    ),
    Metric("nps", "score", ("nps",), _column("nps"), people="answers"),
    Metric("value", "money", ("value",), _column("value"), adds=True),
    Metric("value_each", "money", ("value", "valued"), _ratio("value", "valued")),
    Metric("penetration", "rate", ("penetration",), _column("penetration"), brought="base"),
    Metric("index", "index", ("index",), _column("index"), brought="base"),
    Metric(
        "per_household",
        "money",
        ("revenue", "households"),
        _ratio("revenue", "households"),
        brought="households",
    ),
    *(
        Metric(name, "count", (name,), _column(name), adds=name != "income", people="", brought=name)
        for name in ("population", "households", "income")
    ),
)
METRICS: Final = MappingProxyType({metric.code: metric for metric in _ALL})
"""Every figure by its code, in the order they are offered."""

STANDING: Final = frozenset({"value", "value_each", "population", "households", "income"})
"""Those that do not belong to days: there is nothing before to compare them with."""

MONTHLY: Final = ("customers", "revenue", "per_customer", "average_order", "new_share", "repeat_rate")
"""Those that can be told of a single month."""


def per_region(facts: ir.Table, homes: ir.Table) -> ir.Table:
    """Customers, orders and sales of each region.

    Parameters
    ----------
    facts : ibis Table, one row per order of a scope
        ``customer_key``, ``is_purchase``, ``nth`` (which purchase of the customer), ``amount``.
    homes : ibis Table, one row per customer in a region
        ``customer_key``, ``region``.

    Returns
    -------
    ibis Table, one row per region with a customer
        ``region``, ``customers`` (with a purchase), ``new`` (first purchase ever in the scope),
        ``repeaters`` (two or more purchases up to their last one in the scope), ``orders``, ``revenue``.
    """
    return _summed(facts, homes, ())


def per_month(facts: ir.Table, homes: ir.Table) -> ir.Table:
    """As :func:`per_region`, for each month: ``month`` (its first day) and ``region``."""
    return _summed(facts, homes, ("month",))


def _summed(facts: ir.Table, homes: ir.Table, by: tuple[str, ...]) -> ir.Table:
    known = facts.filter(facts.customer_key.notnull())
    each = known.group_by(["customer_key", *by]).aggregate(
        orders=known.is_purchase.cast("int32").sum(),
        revenue=known.amount.sum(),
        first=known.nth.min(),
        last=known.nth.max(),
    )
    each = each.filter(each.orders > 0)
    there = each.inner_join(homes.select("customer_key", "region"), "customer_key")
    return there.group_by(["region", *by]).aggregate(
        customers=there.count(),
        new=(there["first"] == 1).cast("int32").sum(),
        repeaters=(there["last"] >= 2).cast("int32").sum(),
        orders=there.orders.sum(),
        revenue=there.revenue.sum(),
    )


def answers(feedback: ir.Table, known: ir.Table, homes: ir.Table, start: date, end: date) -> ir.Table:
    """Promoters and detractors of each region.

    Parameters
    ----------
    feedback : ibis Table
        ``customer_id``, ``given_at``, ``kind``, ``score`` (``nps``: 0..10).
    known : ibis Table
        ``customer_key``, ``customer_id``.
    homes : ibis Table
        ``customer_key``, ``region``.
    start, end : date
        First and last day.

    Returns
    -------
    ibis Table: ``region``, ``answers``, ``promoters`` (9, 10), ``detractors`` (0 to 6).
    """
    day = feedback.given_at.cast("date")
    asked = feedback.filter(feedback.kind == "nps", day >= ibis.literal(start), day <= ibis.literal(end))
    who = asked.inner_join(known.select("customer_key", "customer_id"), "customer_id")
    there = who.inner_join(homes.select("customer_key", "region"), "customer_key")
    return there.group_by("region").aggregate(
        answers=there.count(),
        promoters=(there.score >= 9).cast("int32").sum(),
        detractors=(there.score <= 6).cast("int32").sum(),
    )


def nps(answers: npt.ArrayLike, promoters: npt.ArrayLike, detractors: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Net promoter score in points and its margin (half of the 95% interval); NaN without answers.

    References
    ----------
    Variance of a difference of two multinomial shares: Agresti (2013), Categorical Data Analysis,
    eq. 10.2; the score is p - d, so its variance is (p + d - (p - d)^2) / n.

    Examples
    --------
    >>> score, margin = nps([100], [50], [20])
    >>> float(score[0]), round(float(margin[0]), 1)
    (30.0, 15.3)
    """
    n, up, down = (np.asarray(x, dtype=float) for x in (answers, promoters, detractors))
    with np.errstate(divide="ignore", invalid="ignore"):
        p, d = np.where(n > 0, up / n, np.nan), np.where(n > 0, down / n, np.nan)
        margin = Z * np.sqrt((p + d - (p - d) ** 2) / n)
    return 100 * (p - d), 100 * margin


def change(now: Floats, before: Floats, kind: Kind) -> Floats:
    """How a figure moved: a share of what it was for counts and money, else the difference."""
    if kind not in ("count", "money"):
        return now - before
    out: Floats = np.full(now.shape, np.nan)
    np.divide(now - before, before, out=out, where=before > 0)
    return out
