"""How far a number carries, by its rule; and the yearly retention counted a second way."""

from datetime import date, timedelta

import pandas as pd
import pytest

from analytics.evidence import concentration, coverage, sampled, within, yearly_retention
from analytics.scope import Scope, facts
from analytics.value import merchant_inputs

FIRST, AS_OF = date(2023, 1, 5), date(2025, 6, 20)


def history(marts):
    return facts(marts.orders, marts.order_categories, Scope(date(2024, 1, 1), AS_OF), history=True)


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons_as_newcombe_1998_prints_it(successes, of, low, high):
    found = sampled(successes, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_share_is_reliable_within_3_points_rough_within_10_else_not_to_be_used():
    assert sampled(600, 1200).reliability == "reliable"  # 2.8 points
    assert sampled(450, 900).reliability == "rough"  # 3.3 points
    assert sampled(30, 60).reliability == "do_not_use"  # 12 points
    assert sampled(0, 0) == sampled(0, 0)
    assert sampled(0, 0).value is None


def test_identified_orders_speak_for_the_business_from_70_and_40_percent_on():
    assert [coverage(k, 100).reliability for k in (70, 69, 40, 39)] == [
        "reliable",
        "rough",
        "rough",
        "do_not_use",
    ]
    assert coverage(0, 0).value is None


def test_the_best_customers_share_needs_500_or_100_customers():
    assert [concentration(0.8, n).reliability for n in (500, 499, 100, 99)] == [
        "reliable",
        "rough",
        "rough",
        "do_not_use",
    ]
    assert concentration(None, 900).value is None


def test_yearly_retention_matches_pandas_and_the_calculators(marts, merchant):
    found = yearly_retention(history(marts), AS_OF, FIRST)
    table = merchant.orders
    bought = table[table["is_purchase"] & table["customer_key"].notna() & (table["kind"] != "internal")]
    day = pd.to_datetime(bought["day"]).dt.date
    recent, before = AS_OF - timedelta(days=365), AS_OF - timedelta(days=730)
    late = set(bought.loc[(day > recent) & (day <= AS_OF), "customer_key"])
    early = set(bought.loc[(day > before) & (day <= recent), "customer_key"])
    assert found.of == len(early)
    assert found.value == pytest.approx(len(early & late) / len(early))
    assert found.value == pytest.approx(merchant_inputs(history(marts), AS_OF, FIRST)["retention"].value)
    assert found.low < found.value < found.high


def test_under_two_years_there_is_no_yearly_retention(marts):
    assert yearly_retention(history(marts), AS_OF, AS_OF - timedelta(days=700)).value is None


def test_a_share_of_known_customers_is_judged_no_better_than_how_many_orders_have_one():
    good, rough, bad = (coverage(n, 100) for n in (70, 40, 39))
    gold = concentration(0.6, 100)
    assert [within(gold, each).reliability for each in (good, rough, bad)] == ["rough", "rough", "do_not_use"]
    assert within(concentration(0.6, 900), good) == concentration(0.6, 900)
    assert within(concentration(None, 0), good).reliability == "do_not_use"
