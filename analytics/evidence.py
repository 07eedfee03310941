"""How far a merchant's own numbers carry: an interval, and a word with its rule.

A share is *reliable* while its 95% interval reaches at most 3 points to either side, *rough* up to
10, else *do not use*. How many orders are identified is no sample but a coverage: numbers about
customers speak for 70% of the orders or more (reliable), for 40% or more (rough), or for too few.
The share of the best customers is carried by how many customers there are: 500, 100.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.results import one_row

Reliability = Literal["reliable", "rough", "do_not_use"]

Z95: Final = 1.959963984540054
RELIABLE_POINTS: Final = 0.03
ROUGH_POINTS: Final = 0.10
RELIABLE_COVERAGE: Final = 0.70
ROUGH_COVERAGE: Final = 0.40
RELIABLE_CUSTOMERS: Final = 500
ROUGH_CUSTOMERS: Final = 100
YEAR_DAYS: Final = 365
_WORST: Final[tuple[Reliability, ...]] = ("reliable", "rough", "do_not_use")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A share with what it rests on; ``low`` and ``high`` are its 95% interval, None without one.

    ``value`` is None where there is nothing to count, and ``reliability`` then ``do_not_use``.
    """

    value: float | None
    of: int
    reliability: Reliability
    low: float | None = None
    high: float | None = None


def sampled(successes: int, of: int) -> Evidence:
    """Judge a share of customers who decided one by one.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22;
    Newcombe (1998), Two-sided confidence intervals for the single proportion, table I: 81 of 263 is
    .308 with .2553 to .3662.

    Examples
    --------
    >>> found = sampled(81, 263)
    >>> round(found.value, 3), round(found.low, 4), round(found.high, 4), found.reliability
    (0.308, 0.2553, 0.3662, 'rough')
    """
    if of <= 0:
        return Evidence(None, 0, "do_not_use")
    share, z2 = successes / of, Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    reach = max(share - low, high - share)
    return Evidence(share, of, _grade(-reach, -RELIABLE_POINTS, -ROUGH_POINTS), low, high)


def coverage(known: int, of: int) -> Evidence:
    """Judge how much of the business the numbers about customers speak for."""
    if of <= 0:
        return Evidence(None, 0, "do_not_use")
    return Evidence(known / of, of, _grade(known / of, RELIABLE_COVERAGE, ROUGH_COVERAGE))


def concentration(share: float | None, customers: int) -> Evidence:
    """Judge the share of the value that the best customers bring, by how many customers there are."""
    if share is None or customers <= 0:
        return Evidence(None, customers, "do_not_use")
    return Evidence(share, customers, _grade(customers, RELIABLE_CUSTOMERS, ROUGH_CUSTOMERS))


def within(found: Evidence, known: Evidence) -> Evidence:
    """A share of the known customers, judged no better than how much of the business they are.

    Examples
    --------
    >>> within(concentration(0.62, 900), coverage(255, 1000)).reliability
    'do_not_use'
    """
    return replace(found, reliability=max(found.reliability, known.reliability, key=_WORST.index))


def yearly_retention(facts: ir.Table, as_of: date, first_day: date) -> Evidence:
    """Of the customers who bought in the year before the last, the share who bought in the last.

    Parameters
    ----------
    facts : ibis Table, one row per order
        ``customer_key``, ``is_purchase``, ``day``; at least the two years up to ``as_of``.
    as_of, first_day : date
        The span of the data; under two years the share is missing.

    Returns
    -------
    Evidence
        ``value`` as ``analytics.value.merchant_inputs`` has it.
    """
    if (as_of - first_day).days + 1 < 2 * YEAR_DAYS:
        return Evidence(None, 0, "do_not_use")
    recent = ibis.literal(as_of - timedelta(days=YEAR_DAYS))
    bought = facts.filter(
        facts.is_purchase
        & facts.customer_key.notnull()
        & (facts.day > ibis.literal(as_of - timedelta(days=2 * YEAR_DAYS)))
        & (facts.day <= ibis.literal(as_of))
    )
    each = bought.group_by("customer_key").aggregate(
        before=count_where(bought, bought.day <= recent), after=count_where(bought, bought.day > recent)
    )
    row = one_row(
        each.aggregate(
            base=count_where(each, each.before > 0),
            stayed=count_where(each, (each.before > 0) & (each.after > 0)),
        )
    )
    return sampled(int(row["stayed"] or 0), int(row["base"] or 0))


def _grade(value: float, reliable: float, rough: float) -> Reliability:
    if value >= reliable:
        return "reliable"
    return "rough" if value >= rough else "do_not_use"
