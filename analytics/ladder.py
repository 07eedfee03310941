"""Buyer, customer, member: how far people come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.figures import Figure, ratio
from analytics.results import one_row


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
    joined_later = (customer_summary.member_since.cast("date") > ibis.literal(as_of)).fill_null(False)
    cards = customer_summary.select(
        "customer_key",
        holds_card=customer_summary.member.fill_null(False) & ~joined_later,
    )
    each = purchases.filter(purchases.orders >= 1).select("customer_key", "orders")
    each = each.left_join(cards, "customer_key")
    again, holds_card = each.orders >= 2, each.holds_card.fill_null(False)
    return each.aggregate(
        buyers=each.count(),
        customers=count_where(each, again),
        members=count_where(each, again & holds_card),
        members_of_buyers=count_where(each, holds_card),
    )


def ladder(purchases: ir.Table, customer_summary: ir.Table, as_of: date) -> Ladder:
    """Run :func:`rungs`; where nobody holds a card the members are not known rather than 0."""
    counts = one_row(rungs(purchases, customer_summary, as_of))
    if not counts["members_of_buyers"]:
        counts |= {"members": None, "members_of_buyers": None}
    return Ladder(**counts)
