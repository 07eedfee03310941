"""The names of the RFM grid: every triple of scores has exactly one.

"Which score is Champions?" has one answer here, for 27, 64 or 125 triples, and the person can
change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.rfm import BINS

SEGMENTS: Final = (
    "champions",
    "regulars",
    "potential",
    "newcomers",
    "promising",
    "attention",
    "about_to_sleep",
    "at_risk",
    "cannot_lose",
    "hibernating",
    "lost",
)
"""Codes of the named groups, from the best to the worst."""

_BY_RECENCY_AND_VALUE: Final = {
    5: ("newcomers", "potential", "potential", "champions", "champions"),
    4: ("newcomers", "potential", "potential", "regulars", "champions"),
    3: ("promising", "promising", "attention", "regulars", "regulars"),
    2: ("about_to_sleep", "about_to_sleep", "attention", "at_risk", "at_risk"),
    1: ("lost", "hibernating", "hibernating", "at_risk", "cannot_lose"),
}
"""Row: recency 5 to 1. Column: the mean of frequency and monetary value, 1 to 5, half rounds up."""

Triple = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Which group each triple (r, f, m) belongs to.

    Raises
    ------
    ValueError : a triple is missing or too many, or a name is not in ``SEGMENTS``.
    """

    bins: int
    names: Mapping[Triple, str]

    def __post_init__(self) -> None:
        expected = set(triples(self.bins))
        if set(self.names) != expected:
            raise ValueError(
                f"A grid of {self.bins} bins names {len(expected)} triples once each; got "
                f"{len(self.names)}, of which {len(set(self.names) & expected)} fit."
            )
        unknown = sorted(set(self.names.values()) - set(SEGMENTS))
        if unknown:
            raise ValueError(f"Names of the grid are {list(SEGMENTS)}; got {unknown}.")

    def renamed(self, changes: Mapping[Triple, str]) -> Grid:
        """Return the grid with some triples in another group."""
        return Grid(self.bins, MappingProxyType({**self.names, **changes}))

    def triples_of(self, segment: str) -> tuple[Triple, ...]:
        """Return the triples of one group, in order."""
        return tuple(sorted(triple for triple, name in self.names.items() if name == segment))


def triples(bins: int) -> list[Triple]:
    """Return every (r, f, m), ascending.

    Raises
    ------
    ValueError : ``bins`` is not 3, 4 or 5.
    """
    if bins not in BINS:
        raise ValueError(f"bins takes {list(BINS)}; got {bins}.")
    scores = range(1, bins + 1)
    return list(product(scores, scores, scores))


def default_grid(bins: int = 5) -> Grid:
    """Return the grid Setia starts with.

    Recency against the mean of frequency and monetary value; with 3 or 4 bins the scores are
    stretched to 1..5 first.

    Examples
    --------
    >>> grid = default_grid()
    >>> len(grid.names), grid.names[5, 5, 5], grid.names[1, 5, 5]
    (125, 'champions', 'cannot_lose')
    """
    names = {}
    for r, f, m in triples(bins):
        recency, frequency, money = (stretched(score, bins) for score in (r, f, m))
        names[r, f, m] = _BY_RECENCY_AND_VALUE[recency][(frequency + money + 1) // 2 - 1]
    return Grid(bins, MappingProxyType(names))


def name(scored: ir.Table, grid: Grid) -> ir.Table:
    """Add ``rfm_segment`` to the result of :func:`analytics.rfm.score`."""
    return scored.mutate(rfm_segment=code(scored.r, scored.f, scored.m, grid))


def code(r: ir.IntegerColumn, f: ir.IntegerColumn, m: ir.IntegerColumn, grid: Grid) -> ir.StringValue:
    """Return the name of three scores."""
    key = r * 100 + f * 10 + m
    branches = []
    for segment in SEGMENTS:
        keys = [r * 100 + f * 10 + m for r, f, m in grid.triples_of(segment)]
        if keys:
            branches.append((key.isin(keys), segment))
    return ibis.cases(*branches)


def sizes(named: ir.Table) -> ir.Table:
    """Customers and revenue of each group.

    Returns
    -------
    ibis Table, one row per group that occurs
        ``rfm_segment``, ``customers``, ``revenue``, ``share_of_customers``, ``share_of_revenue``
        (null where revenue adds up to 0), ``mean_recency_days``, ``mean_frequency``,
        ``mean_monetary_value``.
    """
    grouped = named.group_by("rfm_segment").aggregate(
        customers=named.count(),
        revenue=named.monetary_value.sum(),
        mean_recency_days=named.recency_days.mean(),
        mean_frequency=named.frequency.mean(),
        mean_monetary_value=named.monetary_value.mean(),
    )
    return grouped.mutate(
        share_of_customers=grouped.customers / grouped.customers.sum().over(),
        share_of_revenue=grouped.revenue / grouped.revenue.sum().over().nullif(0.0),
    )


def stretched(score: int, bins: int) -> int:
    """Put a score of fewer bins on the scale 1..5; half rounds up."""
    return 1 + (8 * (score - 1) + bins - 1) // (2 * (bins - 1))
