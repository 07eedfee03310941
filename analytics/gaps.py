"""Lifecycle windows from the merchant's own days between purchases.

A shop whose customers come back every week loses one in a month; a furniture house does not in a
year. So the defaults follow from how long its customers take, and say so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.lifecycle import Windows
from analytics.results import rows
from analytics.waiting import Waiting, waiting

USUAL: Final = Windows()
"""What holds where the data cannot say: 90 days new, 180 lapsed, 4 orders in 365 days loyal."""

KINDS: Final = ("external",)
"""Whose gaps count: staff and resellers buy to another rhythm."""

LAPSED_SHARE: Final = 0.9
"""Lapsed: by then nine in ten of the returns that come within the horizon have come."""

NEW_SHARE: Final = 0.5
"""New: by then half of the second purchases that come within the horizon have come."""

HORIZONS: Final = (365, 730)
"""A return within a year is rhythm, a later one luck; two years where rhythm itself is slow."""

MOST_IN_A_YEAR: Final = 0.75
"""The year is the horizon where at least this share of the returns that ever come fall within it."""

LOYAL_SHARE: Final = 0.25
"""Loyal: at most a quarter of those who bought in the last year buy that often."""

LOYAL_DAYS: Final = 365
LEAST_RETURNED: Final = 100
"""Customers with a second purchase that are needed."""

LEAST_DAYS: Final = 180
"""Days of data that are needed."""

MOST_CUSTOMERS: Final = 60_000
"""More customers than that are represented by every k-th of them."""

HUMAN: Final = (7, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 210, 240, 270, 300, 365, 450, 540, 730)
"""Windows are one of these, the next longer one: a person can remember it."""

LEAST_LAPSE, MOST_LAPSE = 30, 730
REASONS: Final = ("few_customers", "short_history")


@dataclass(frozen=True, slots=True)
class Spells:
    """How long customers took, as counts by days.

    Parameters
    ----------
    returns, not_returned : mapping of days to weight
        All gaps, each customer with a weight of 1 (Wang and Chang 1999), and those who bought once.
    second, no_second : mapping of days to customers
        Days to the second day of purchase, and days since the only one.
    in_a_year : mapping of purchase days in the last year to customers, those with at least one
    customers : int
        Who was looked at.
    first_day, as_of : date
    """

    returns: Mapping[int, float]
    not_returned: Mapping[int, float]
    second: Mapping[int, float]
    no_second: Mapping[int, float]
    in_a_year: Mapping[int, int]
    customers: int
    first_day: date
    as_of: date

    @property
    def days(self) -> int:
        """Days of data."""
        return (self.as_of - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class Derived:
    """The windows and where they come from.

    ``reason`` (one of ``REASONS``) says why ``windows`` are the usual ones. ``median_gap`` and
    ``lapse_gap`` are the days by which half, and ``LAPSED_SHARE``, of the returns within
    ``horizon`` days have come; ``second_gap`` is half of the second purchases; ``loyal_share`` is
    the share of the last year's buyers who reach ``windows.loyal_orders``. ``returned`` customers
    came back, ``returning`` is the share that comes back within the horizon as the curve estimates
    it.
    """

    windows: Windows
    reason: str | None
    customers: int
    returned: int
    days: int
    horizon: int = HORIZONS[0]
    median_gap: int | None = None
    lapse_gap: int | None = None
    second_gap: int | None = None
    loyal_share: float | None = None
    returning: float | None = None


def spells(orders: ir.Table, first_day: date, as_of: date, customers: int) -> Spells:
    """Count the gaps, in one pass over the orders of at most ``MOST_CUSTOMERS`` customers.

    Purchases on one day are one: a till that closes a sale twice is no return.

    Parameters
    ----------
    orders : ibis Table, the mart
        ``customer_key``, ``day``, ``kind``, ``is_purchase``, ``days_since_previous``.
    first_day, as_of : date
        The span of the data.
    customers : int
        How many there are about, to choose every k-th.

    References
    ----------
    Wang, Chang (1999), Nonparametric estimation of a recurrent survival function, JASA 94: of who
    came back at least once the gap that is still open is left out, and the closed ones share a
    weight of 1. Frequent buyers do not speak louder, and no gap counts more for being long.
    """
    step = max(1, -(-customers // MOST_CUSTOMERS))
    known = orders.filter(
        orders.is_purchase
        & orders.customer_key.notnull()
        & orders.kind.isin(KINDS)
        & (orders.day <= ibis.literal(as_of))
    )
    known = known.filter((known.customer_key % step) == 0) if step > 1 else known
    bought = known.select("customer_key", "day", gap=known.days_since_previous.fill_null(0))
    later = bought.gap > 0
    year = bought.day > ibis.literal(as_of - timedelta(days=LOYAL_DAYS))
    each = bought.group_by("customer_key").aggregate(
        gaps=count_where(bought, later),
        first_day=bought.day.min(),
        last_day=bought.day.max(),
        second_day=bought.day.min(where=later),
        # A year's purchases on different days: those that follow a gap, and the very first one.
        late_gaps=count_where(bought, later & year),
    )
    each = each.mutate(
        in_a_year=each.late_gaps
        + (each.first_day > ibis.literal(as_of - timedelta(days=LOYAL_DAYS))).cast("int64")
    )
    closed = bought.filter(bought.gap > 0).inner_join(each.select("customer_key", "gaps"), "customer_key")
    closed = closed.mutate(share=1.0 / closed.gaps.cast("float64"))
    today = ibis.literal(as_of)
    parts = [
        _counts("returns", closed, closed.gap, "share"),
        _counts("not_returned", (one := each.filter(each.gaps == 0)), today.delta(one.last_day, unit="day")),
        _counts(
            "second", (two := each.filter(each.gaps > 0)), two.second_day.delta(two.first_day, unit="day")
        ),
        _counts("in_a_year", (now := each.filter(each.in_a_year > 0)), now.in_a_year),
        _counts("customers", each, ibis.literal(0)),
    ]
    found: dict[str, dict[int, float]] = {}
    for row in rows(ibis.union(*parts)):
        found.setdefault(row["part"], {})[int(row["days"])] = float(row["weight"])
    once = found.get("not_returned", {})
    return Spells(
        returns=found.get("returns", {}),
        not_returned=once,
        second=found.get("second", {}),
        no_second=once,
        in_a_year={k: int(v) for k, v in found.get("in_a_year", {}).items()},
        customers=int(sum(found.get("customers", {}).values())),
        first_day=first_day,
        as_of=as_of,
    )


def derive(found: Spells) -> Derived:
    """Windows from the counts; the usual ones, with a reason, where there are too few.

    - Lapsed: the day by which ``LAPSED_SHARE`` of the returns within the horizon have come, on the
      Kaplan-Meier curve: who has not come back yet counts for the days they were watched.
    - New: the same for half of the second purchases, never longer than lapsed.
    - Loyal: the fewest purchases that at most ``LOYAL_SHARE`` of the last year's buyers reach.
    """
    returned = int(sum(found.second.values()))
    base: dict[str, Any] = {"customers": found.customers, "returned": returned, "days": found.days}
    if found.days < LEAST_DAYS:
        return Derived(USUAL, "short_history", **base)
    if returned < LEAST_RETURNED:
        return Derived(USUAL, "few_customers", **base)
    every = waiting(found.returns, found.not_returned)
    second = waiting(found.second, found.no_second)
    horizon = _horizon(every)
    lapse_gap = every.quantile_of_those(LAPSED_SHARE, horizon)
    second_gap = second.quantile_of_those(NEW_SHARE, horizon)
    if lapse_gap is None or second_gap is None:
        return Derived(USUAL, "few_customers", **base)
    most = min(MOST_LAPSE, max(LEAST_LAPSE, found.days // 2))
    lapse = human(lapse_gap, LEAST_LAPSE, most)
    orders, share = _loyal(found.in_a_year)
    return Derived(
        Windows(human(second_gap, HUMAN[0], lapse), lapse, orders, LOYAL_DAYS),
        None,
        **base,
        horizon=horizon,
        median_gap=every.quantile_of_those(0.5, horizon),
        lapse_gap=lapse_gap,
        second_gap=second_gap,
        loyal_share=share,
        returning=every.by(horizon),
    )


def curve(found: Spells) -> Waiting:
    """How long until customers come back, over all their gaps."""
    return waiting(found.returns, found.not_returned)


def human(days: float, low: int, high: int) -> int:
    """The next longer window a person can remember, within bounds.

    Examples
    --------
    >>> [human(d, 30, 730) for d in (3, 61, 151, 9999)], human(200, 7, 190)
    ([30, 75, 180, 730], 180)
    """
    offered = [n for n in HUMAN if low <= n <= high] or [low]
    return offered[min(bisect_left(offered, days), len(offered) - 1)]


def _horizon(every: Waiting) -> int:
    year, ever = every.by(HORIZONS[0]) or 0.0, every.ever or 0.0
    return HORIZONS[0] if year >= MOST_IN_A_YEAR * ever else HORIZONS[1]


def _loyal(in_a_year: Mapping[int, int]) -> tuple[int, float | None]:
    """The fewest purchases, from 2 on, that at most LOYAL_SHARE reach; and how many do."""
    people = sum(in_a_year.values())
    if not people:
        return USUAL.loyal_orders, None
    for orders in range(2, max(in_a_year) + 2):
        reach = _at_least(in_a_year.items(), orders)
        if reach <= LOYAL_SHARE * people:
            break
    return orders, reach / people


def _at_least(counts: Iterable[tuple[int, int]], least: int) -> int:
    return sum(people for number, people in counts if number >= least)


def _counts(part: str, table: ir.Table, days: ir.Value, weight: str = "") -> ir.Table:
    """Rows (part, days, weight): how many of a table by days, or the sum of a column."""
    keyed = table.mutate(days_=days.cast("int64"))
    summed = keyed[weight].sum() if weight else keyed.count()
    grouped = keyed.group_by("days_").aggregate(weight_=summed.cast("float64"))
    return grouped.select(part=ibis.literal(part), days=grouped.days_, weight=grouped.weight_)
