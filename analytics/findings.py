"""The one sentence that is new: the largest change, or gap, that chance does not explain.

A finding is a code and its fields; the sentence is made where words are. The choice is
deterministic, and small numbers never make one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, Final

import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.results import rows

LEAST_ORDERS: Final = 30
"""Orders a group needs in one of the two windows."""

LEAST_CUSTOMERS: Final = 100
"""Customers a group needs before its repeat rate is compared."""

FALSE_ALARMS: Final = 0.01
"""Chance of any finding where nothing changed, over all the groups looked at (Bonferroni)."""

Z: Final = 3.0
"""Standard errors a change must exceed in any case."""

LEAST_GAP: Final = 0.05
"""Points of repeat rate below which a gap is not worth a sentence."""

DIMENSIONS: Final = ("channel", "store_id", "region_code")


CODES: Final = (
    "group_up",
    "group_down",
    "group_new",
    "returns_less",
    "returns_more",
    "steady",
    "no_comparison",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is new: a code (its sentence is under ``kpi.finding.<code>``) and the fields in it.

    Codes: ``group_up``, ``group_down``, ``group_new`` (nothing before) with ``dimension``,
    ``value``, ``now``, ``before``, ``change``, ``relative`` (None for ``group_new``);
    ``returns_less``, ``returns_more`` with ``dimension``, ``value``, ``rate``, ``others``;
    ``steady`` (no change beyond chance); ``no_comparison``.
    """

    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def revenue_by(facts: ir.Table, dimension: str) -> ir.Table:
    """Revenue of each group with what its chance variation is made of.

    Returns
    -------
    ibis Table, one row per group with a value
        ``value``, ``orders`` (purchases), ``revenue``, ``squares`` (sum of squared amounts: under
        a compound Poisson process the variance of ``revenue``).
    """
    known = facts.filter(facts[dimension].notnull())
    return known.group_by(value=known[dimension]).aggregate(
        orders=count_where(known, known.is_purchase),
        revenue=known.amount.sum(),
        squares=(known.amount * known.amount).sum(),
    )


def largest_change(now: ir.Table, before: ir.Table | None, dimensions: Iterable[str] = DIMENSIONS) -> Finding:
    """Return the group whose revenue changed most between two windows of equal length.

    Parameters
    ----------
    now, before : ibis Table
        ``scope.facts`` of the window and of its comparison; None where that cannot be used.
    dimensions : iterable of str
        Columns to look at.

    Returns
    -------
    Finding
        The change of the largest amount among those that chance does not explain, in groups with
        enough orders. Equal amounts go by dimension, then by value.
    """
    if before is None:
        return Finding("no_comparison")
    groups = [
        group
        for dimension in dimensions
        for group in _paired(dimension, rows(revenue_by(now, dimension)), rows(revenue_by(before, dimension)))
    ]
    bound = _standard_errors(len(groups))
    changes = [change for change, error in groups if abs(change["change"]) > bound * error]
    if not changes:
        return Finding("steady")
    best = min(changes, key=lambda c: (-abs(c["change"]), c["dimension"], c["value"]))
    if best["change"] < 0:
        return Finding("group_down", best)
    return Finding("group_new" if best["relative"] is None else "group_up", best)


def largest_gap(groups: ir.Table, dimension: str) -> Finding:
    """Return the group whose customers come back most differently from all others.

    Parameters
    ----------
    groups : ibis Table
        ``retention.came_back``: ``value``, ``customers``, ``repeaters``.
    dimension : str
        What ``value`` is; named in the finding.

    Returns
    -------
    Finding
        By a two-sample test of proportions, and of at least ``LEAST_GAP`` points. Of two groups
        equally far apart the smaller one is named.
    """
    found = sorted((row for row in rows(groups) if row["value"] is not None), key=lambda row: row["value"])
    everyone = sum(row["customers"] for row in found)
    again = sum(row["repeaters"] for row in found)
    bound = _standard_errors(len(found))
    gaps = []
    for row in found:
        others, others_again = everyone - row["customers"], again - row["repeaters"]
        if min(row["customers"], others) < LEAST_CUSTOMERS:
            continue
        rate, rest = row["repeaters"] / row["customers"], others_again / others
        error = _pooled_error(again / everyone, row["customers"], others)
        if abs(rate - rest) >= LEAST_GAP and abs(rate - rest) > bound * error:
            fields = {"dimension": dimension, "value": row["value"], "rate": rate, "others": rest}
            gaps.append((-round(abs(rate - rest), 9), row["customers"], row["value"], fields))
    if not gaps:
        return Finding("steady")
    best = min(gaps, key=lambda gap: gap[:3])[3]
    return Finding("returns_less" if best["rate"] < best["others"] else "returns_more", best)


def _paired(
    dimension: str, now: list[dict[str, Any]], before: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], float]]:
    """Fields of each group's change with its standard error; none of a lone group."""
    nothing = {"orders": 0, "revenue": 0.0, "squares": 0.0}
    earlier = {row["value"]: row for row in before}
    later = {row["value"]: row for row in now}
    values = sorted(earlier.keys() | later.keys())
    for value in values if len(values) > 1 else []:
        new, old = later.get(value, nothing), earlier.get(value, nothing)
        if max(new["orders"], old["orders"]) < LEAST_ORDERS:
            continue
        change = new["revenue"] - old["revenue"]
        fields = {
            "dimension": dimension,
            "value": value,
            "now": new["revenue"],
            "before": old["revenue"],
            "change": change,
            "relative": change / old["revenue"] if old["revenue"] > 0 else None,
        }
        yield fields, math.sqrt(new["squares"] + old["squares"])


def _standard_errors(looked_at: int) -> float:
    """How many standard errors a change must exceed, given how many groups are looked at."""
    return max(Z, NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * max(1, looked_at))))


def _pooled_error(rate: float, first: int, second: int) -> float:
    return math.sqrt(rate * (1 - rate) * (1 / first + 1 / second))
