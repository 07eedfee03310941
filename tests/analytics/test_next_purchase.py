"""Gaps counted in the engine, and the windows read off their curves."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics import next_purchase, value
from analytics.next_purchase import CLASSES, EVERYONE, GROUPS, class_of, gaps_from_marts, gaps_from_orders
from analytics.results import frame
from analytics.scope import Scope, facts, matching

FIRST, AS_OF = date(2023, 1, 5), date(2025, 6, 20)
SCOPE = Scope(FIRST, AS_OF)


def visits(merchant):
    """Days and purchases so far of each customer, staff left out."""
    orders = merchant.orders
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]
    for customer, mine in bought.groupby("customer_key"):
        counted = mine.groupby("day").size().sort_index()
        yield int(customer), list(counted.index), counted.cumsum().tolist()


def by_hand(merchant):
    """Return {(class, part, days): [events, censored]}."""
    found = {}
    for customer, days, so_far in visits(merchant):
        for i, (day, n) in enumerate(zip(days, so_far, strict=True)):
            code = max(c for c in CLASSES if c <= n)
            over = i + 1 < len(days)
            length = ((days[i + 1] if over else AS_OF) - day).days
            found.setdefault((code, customer % GROUPS, length), [0, 0])[0 if over else 1] += 1
    return found


def as_dict(table):
    rows = frame(table)
    keys = zip(rows["frequency"], rows["part"], rows["days"], strict=True)
    values = zip(rows["events"], rows["censored"], strict=True)
    return {key: list(value) for key, value in zip(keys, values, strict=True)}


def test_gaps_counted_from_orders_are_those_counted_by_hand(marts, merchant):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    assert as_dict(gaps_from_orders(history, AS_OF)) == by_hand(merchant)


def test_gaps_counted_from_the_marts_are_the_same(backend, marts, merchant):
    orders = merchant.orders.copy()
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()].sort_values(
        ["customer_key", "nth"]
    )
    before = bought.groupby("customer_key")["day"].shift()
    gap = [(a - b).days if isinstance(b, date) else None for a, b in zip(bought["day"], before, strict=True)]
    orders["days_since_previous"] = pd.Series(gap, index=bought.index, dtype="float64")
    summary = matching(marts.customer_summary, SCOPE)
    assert as_dict(gaps_from_marts(backend.table(orders), summary, AS_OF)) == by_hand(merchant)


def test_every_customer_has_exactly_one_open_gap(marts, merchant):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    found = frame(gaps_from_orders(history, AS_OF))
    assert found["censored"].sum() == len(list(visits(merchant)))
    assert found["events"].sum() == sum(len(days) - 1 for _, days, _ in visits(merchant))


def memoryless(never=0.3, mean=30.0, customers=60_000, seed=4):
    """Counts of a shop in which a share of the gaps never ends, as the engine would return them."""
    chance = np.random.default_rng(seed)
    length = np.where(chance.random(customers) < never, np.inf, chance.exponential(mean, customers))
    seen = chance.uniform(0, 1000, customers)
    over = length <= seen
    days = np.where(over, np.ceil(np.minimum(length, 2000)), np.floor(seen)).astype(int)
    table = pd.DataFrame(
        {
            "frequency": chance.choice(CLASSES, customers),
            "part": np.arange(customers) % GROUPS,
            "days": days,
            "events": over.astype(int),
            "censored": (~over).astype(int),
        }
    )
    return table.groupby(["frequency", "part", "days"], as_index=False).sum()


def test_the_window_of_a_memoryless_customer_is_the_quartiles_of_the_exponential():
    """Whoever returns does so 30 x ln(4/3), 30 x ln 2, 30 x ln 4 days from now, however long ago it was."""
    rhythm = next_purchase.rhythms(memoryless(), 365)
    waited = np.array([0, 20, 40])
    found = next_purchase.windows(rhythm, np.array([1, 3, 7]), waited, 365)
    for column, share in (("first", 0.25), ("middle", 0.5), ("last", 0.75)):
        assert found[column].to_numpy() == pytest.approx(-30 * np.log(1 - share), abs=2.5)
    alive = 0.7 * np.exp(-waited / 30)
    assert found["chance"].to_numpy() == pytest.approx(alive / (0.3 + alive), abs=0.03)


def test_the_rhythm_names_the_quartiles_and_the_hiatus_of_the_class():
    rhythm = next_purchase.rhythms(memoryless(), 365)
    assert set(rhythm) == {EVERYONE, *CLASSES}
    one = rhythm[1]
    assert (one.first, one.middle, one.last) == pytest.approx((8.6, 20.8, 41.6), abs=2.5)
    assert rhythm[EVERYONE].hiatus.days == pytest.approx(30 * np.log(7 / 3), abs=3)


def test_a_class_with_too_few_returns_takes_the_rhythm_of_everyone():
    table = memoryless(customers=4000)
    thin = table[(table["frequency"] != 5) | (table["days"] < 1)]
    rhythm = next_purchase.rhythms(thin, 365)
    assert rhythm[5] is rhythm[EVERYONE]


def test_each_customer_is_in_the_state_their_silence_says(marts):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    rhythm = next_purchase.rhythms(frame(gaps_from_orders(history, AS_OF)), 180)
    each = next_purchase.standing(value.per_customer(history), AS_OF, rhythm)
    table = frame(each)
    for row in table.itertuples():
        mine = rhythm[int(class_of(np.array([row.orders]))[0])]
        gone = mine.hiatus.days if mine.hiatus.days is not None else rhythm[EVERYONE].hiatus.days
        late = row.waited > mine.last
        expected = (
            "gone" if late and gone is not None and row.waited >= gone
            else "late" if late else "due" if row.waited >= mine.first else "early"
        )  # fmt: skip
        assert row.state == expected
    sizes = frame(next_purchase.state_sizes(each)).set_index("state")
    assert sizes["customers"].to_dict() == table.groupby("state").size().to_dict()
    assert len(set(table["state"])) >= 3


def test_without_any_return_nobody_has_a_window():
    table = pd.DataFrame({"frequency": [1], "part": [0], "days": [40], "events": [0], "censored": [90]})
    rhythm = next_purchase.rhythms(table)
    assert rhythm[EVERYONE].hiatus.reason == "too_few"
    found = next_purchase.windows(rhythm, np.array([1]), np.array([3]))
    assert found[["first", "middle", "last"]].isna().all(axis=None)
    empty = next_purchase.rhythms(table.iloc[:0])
    assert empty[EVERYONE].first is None


def test_the_distribution_holds_every_gap_that_ended_once():
    rhythm = next_purchase.rhythms(memoryless(customers=3000))
    bins = next_purchase.distribution(rhythm[EVERYONE].curve, 7, 2000)
    assert bins["gaps"].sum() == rhythm[EVERYONE].curve.events.sum()
    assert bins["share"].sum() == pytest.approx(1)
