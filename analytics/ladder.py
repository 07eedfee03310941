"""Buyer, customer, member: how far people come, and how long it takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.figures import Figure, ratio
from analytics.results import one_row, rows
from analytics.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class Ladder:
    """The three rungs. Every customer is a buyer; a member here ordered again and holds the card.

    ``members_of_buyers`` also counts members with one order; None where the data do not say who
    is a member.
    """

    buyers: int
    customers: int
    members: int | None
    members_of_buyers: int | None = None

    @property
    def bought_again(self) -> Figure:
        """Customers per buyer."""
        return ratio("bought_again", self.customers, self.buyers, "share", "no_customers")

    @property
    def became_member(self) -> Figure:
        """Members per customer."""
        reason = "no_members" if self.members is None else "no_customers"
        return ratio("became_member", self.members, self.customers, "share", reason)


def rungs(purchases: ir.Table, customer_summary: ir.Table, as_of: date) -> ir.Table:
    """Count the rungs.

    Parameters
    ----------
    purchases : ibis Table, one row per customer
        ``customer_key``, ``orders``: purchases up to ``as_of``; from ``lifecycle.assign`` or the
        summary itself.
    customer_summary : ibis Table
        ``customer_key``, ``member``, ``member_since`` (date; null with ``member`` counts as
        always).
    as_of : date
        Who joined later is no member yet.

    Returns
    -------
    ibis Table, one row: ``buyers``, ``customers``, ``members``, ``members_of_buyers``.
    """
    each = _standing(purchases, customer_summary, as_of)
    return each.aggregate(
        buyers=each.count(),
        customers=count_where(each, each.again),
        members=count_where(each, each.again & each.holds_card),
        members_of_buyers=count_where(each, each.holds_card),
    )


def on_rung(purchases: ir.Table, customer_summary: ir.Table, as_of: date, code: str) -> ir.Table:
    """Return the ``customer_key`` of those whom :func:`rungs` counts.

    Parameters
    ----------
    purchases, customer_summary, as_of : as for :func:`rungs`
    code : {"buyers", "customers", "members"}

    Raises
    ------
    ValueError : another code.
    """
    each = _standing(purchases, customer_summary, as_of)
    kept = {"buyers": ibis.literal(True), "customers": each.again, "members": each.again & each.holds_card}
    if code not in kept:
        raise ValueError(f"on_rung() takes {list(kept)}; got {code!r}.")
    return each.filter(kept[code]).select("customer_key")


def _standing(purchases: ir.Table, customer_summary: ir.Table, as_of: date) -> ir.Table:
    """Every buyer: whether they ordered ``again``, and whether they hold a card by then."""
    joined_later = (customer_summary.member_since.cast("date") > ibis.literal(as_of)).fill_null(False)
    cards = customer_summary.select(
        "customer_key",
        holds_card=customer_summary.member.fill_null(False) & ~joined_later,
    )
    each = purchases.filter(purchases.orders >= 1).select("customer_key", again=purchases.orders >= 2)
    each = each.left_join(cards, "customer_key").drop("customer_key_right")
    return each.mutate(holds_card=each.holds_card.fill_null(False))


def ladder(purchases: ir.Table, customer_summary: ir.Table, as_of: date) -> Ladder:
    """Run :func:`rungs`; where nobody holds a card the members are not known rather than 0."""
    counts = one_row(rungs(purchases, customer_summary, as_of))
    if not counts["members_of_buyers"]:
        counts |= {"members": None, "members_of_buyers": None}
    return Ladder(**counts)


@dataclass(frozen=True, slots=True)
class Climbing:
    """How long the steps take, from the first purchase on.

    ``to_second`` over all buyers; ``to_card`` too, None where the data do not say who is a member.
    ``undated`` members have no day of joining and are left out of the second curve.
    """

    to_second: Waiting
    to_card: Waiting | None
    undated: int


def second_days(facts: ir.Table) -> ir.Table:
    """The day of each customer's second purchase within a scope.

    Parameters
    ----------
    facts : ibis Table, one row per order
        ``customer_key``, ``day``, ``is_purchase``, ``order_key``.

    Returns
    -------
    ibis Table, one row per customer with two or more: ``customer_key``, ``second_day``.
    """
    bought = facts.filter(facts.is_purchase & facts.customer_key.notnull())
    place = ibis.row_number().over(group_by=bought.customer_key, order_by=[bought.day, bought.order_key])
    second = bought.mutate(place=place).filter(lambda table: table.place == 1)
    return second.select("customer_key", second_day=second.day)


def climbing(purchases: ir.Table, seconds: ir.Table, customer_summary: ir.Table, as_of: date) -> Climbing:
    """Time to the second purchase and to the card, with those who are still on their way.

    Parameters
    ----------
    purchases : ibis Table, one row per customer
        ``customer_key``, ``orders``, ``first_day``.
    seconds : ibis Table
        From :func:`second_days`, of the same scope.
    customer_summary : ibis Table
        ``customer_key``, ``member``, ``member_since``.
    as_of : date
        Who has not come that far is watched until this day.

    References
    ----------
    Kaplan, Meier (1958); see :mod:`analytics.waiting`.
    """
    cards = customer_summary.select(
        "customer_key", "member", card_day=customer_summary.member_since.cast("date")
    )
    each = purchases.filter(purchases.orders >= 1).select("customer_key", "first_day")
    each = each.left_join(seconds, "customer_key").drop("customer_key_right")
    each = each.left_join(cards, "customer_key").drop("customer_key_right")
    today = ibis.literal(as_of)
    card_day = ibis.ifelse(each.member.fill_null(False), each.card_day, ibis.null("date"))
    each = each.mutate(
        open_days=today.delta(each.first_day, unit="day").cast("int64"),
        second=each.second_day.delta(each.first_day, unit="day").cast("int64"),
        card=ibis.ifelse(
            card_day <= today,
            ibis.greatest(card_day.delta(each.first_day, unit="day").cast("int64"), 0),
            ibis.null("int64"),
        ),
        undated=(each.member.fill_null(False) & each.card_day.isnull()).cast("int64"),
    )
    dated = each.filter(each.undated == 0)
    found: dict[str, dict[int, float]] = {}
    for row in rows(
        ibis.union(
            _by_days("second", each.filter(each.second.notnull()), "second"),
            _by_days("no_second", each.filter(each.second.isnull()), "open_days"),
            _by_days("card", dated.filter(dated.card.notnull()), "card"),
            _by_days("no_card", dated.filter(dated.card.isnull()), "open_days"),
            _by_days("undated", each, "undated"),
        )
    ):
        found.setdefault(row["part"], {})[int(row["days"])] = float(row["n"])
    to_card = waiting(found["card"], found.get("no_card", {})) if "card" in found else None
    return Climbing(
        waiting(found.get("second", {}), found.get("no_second", {})),
        to_card,
        int(found.get("undated", {}).get(1, 0)),
    )


def _by_days(part: str, table: ir.Table, column: str) -> ir.Table:
    grouped = table.group_by(days=table[column]).aggregate(n=table.count())
    return grouped.select(part=ibis.literal(part), days=grouped.days.cast("int64"), n=grouped.n)
