"""Buyer, customer, member."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from analytics.ladder import Ladder, climbing, ladder, on_rung, second_days
from analytics.lifecycle import Windows, assign
from analytics.results import frame
from analytics.value import per_customer
from analytics.waiting import waiting


def test_a_thousand_buyers_of_whom_300_again_and_120_members_are_30_and_40_percent():
    found = Ladder(buyers=1000, customers=300, members=120)
    assert (found.bought_again.value, found.became_member.value) == (0.3, 0.4)


def test_rungs_are_counted_from_orders_and_cards(marts, merchant):
    as_of = date(2025, 3, 31)
    found = ladder(assign(marts.orders, as_of, Windows()), marts.customer_summary, as_of)
    bought = merchant.orders[merchant.orders["is_purchase"] & (merchant.orders["day"] <= as_of)]
    orders = bought["customer_key"].value_counts()
    cards = merchant.customer_summary.set_index("customer_key")
    joined = np.array([day is None or day <= as_of for day in cards["member_since"]])
    holders = cards.index[cards["member"].to_numpy(bool) & joined]
    again = orders.index[orders >= 2]
    assert (found.buyers, found.customers) == (len(orders), len(again))
    assert found.members == again.isin(holders).sum()
    assert found.members_of_buyers == orders.index.isin(holders).sum()
    asked = (assign(marts.orders, as_of, Windows()), marts.customer_summary, as_of)
    expected = {"buyers": orders.index, "customers": again, "members": again[again.isin(holders)]}
    for code, keys in expected.items():
        assert set(frame(on_rung(*asked, code))["customer_key"]) == set(keys)
    with pytest.raises(ValueError, match="buyers"):
        on_rung(*asked, "strangers")


def test_without_any_member_the_third_rung_is_unknown_rather_than_0(backend):
    bought = backend.table(pd.DataFrame({"customer_key": [1, 2], "orders": [1, 3]}))
    nobody = backend.table(
        pd.DataFrame({"customer_key": [1, 2], "member": [False, None], "member_since": [None, None]})
    )
    found = ladder(bought, nobody, date(2025, 1, 1))
    assert (found.members, found.became_member.reason) == (None, "no_members")


def test_without_buyers_nothing_is_divided(backend):
    empty = backend.table(pd.DataFrame({"customer_key": [1], "orders": [0]}))
    cards = backend.table(pd.DataFrame({"customer_key": [1], "member": [True], "member_since": [None]}))
    found = ladder(empty, cards, date(2025, 1, 1))
    assert (found.buyers, found.bought_again.reason) == (0, "no_customers")


def test_time_to_climb_counts_everybody_from_their_first_purchase(marts, merchant):
    as_of = date(2025, 6, 20)
    facts = marts.orders.filter(marts.orders.day <= ibis.literal(as_of))
    each = per_customer(facts)
    found = climbing(each, second_days(facts), marts.customer_summary, as_of)
    bought = merchant.orders[merchant.orders["is_purchase"] & (merchant.orders["day"] <= as_of)]
    cards = merchant.customer_summary.set_index("customer_key")
    second, watched, card, no_card, undated = {}, {}, {}, {}, 0

    def add(counts, days):
        counts[days] = counts.get(days, 0) + 1

    for key, mine in bought[bought["customer_key"].notna()].groupby("customer_key"):
        days = sorted(mine["day"])
        add(*((second, (days[1] - days[0]).days) if len(days) > 1 else (watched, (as_of - days[0]).days)))
        member, since = cards.loc[key, "member"], cards.loc[key, "member_since"]
        if member and since is None:
            undated += 1
        elif member and since <= as_of:
            add(card, max((since - days[0]).days, 0))
        else:
            add(no_card, (as_of - days[0]).days)
    assert found.to_second == waiting(second, watched)
    assert found.to_card == (waiting(card, no_card) if card else None)
    assert found.undated == undated


def test_a_card_taken_before_the_first_order_takes_no_days(duckdb):
    each = duckdb.table(
        pd.DataFrame({"customer_key": [1, 2], "orders": [1, 1], "first_day": [date(2025, 1, 10)] * 2})
    )
    seconds = duckdb.table(pd.DataFrame({"customer_key": [2], "second_day": [date(2025, 1, 20)]}))
    cards = duckdb.table(
        pd.DataFrame({"customer_key": [1], "member": [True], "member_since": [date(2024, 1, 1)]})
    )
    found = climbing(each, seconds, cards, date(2025, 3, 1))
    assert (found.to_card.days, found.to_card.share) == ((0,), (0.5,))
    assert found.to_second.quantile(0.5) == 10
