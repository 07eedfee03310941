"""Ways of buying, against pandas, at their thresholds."""

import numpy as np
import pytest

from analytics.proxies import CODES, Thresholds, buying, habits, sizes, usual
from analytics.results import frame


def _orders(merchant):
    orders = merchant.orders.copy()
    rng = np.random.default_rng(11)
    orders["discount"] = np.where(rng.random(len(orders)) < 0.4, rng.gamma(2, 5, len(orders)).round(2), 0.0)
    orders.loc[orders.index % 17 == 0, "discount"] = None
    return orders


def _oracle(orders):
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()].fillna({"discount": 0.0})
    each = bought.groupby("customer_key").agg(
        orders=("order_key", "size"), revenue=("amount", "sum"), discount=("discount", "sum"),
        discounted=("discount", lambda values: (values > 0).sum()), quantity=("quantity", "sum"),
        marked=("kind", lambda kinds: (kinds == "reseller").any()),
    )  # fmt: skip
    each["basket"], each["units"] = each["revenue"] / each["orders"], each["quantity"] / each["orders"]
    each["off"] = each["discount"] / (each["revenue"] + each["discount"])
    return each


def test_each_way_of_buying_holds_those_its_definition_names(merchant, backend):
    orders = _orders(merchant)
    each, want = habits(backend.table(orders)), _oracle(orders)
    at = Thresholds(basket=60.0, low_discount=0.04, discounted=0.5, units=2.6)
    expected = {
        "high_basket": want[(want["basket"] >= 60) & (want["off"] <= 0.04) & (want["orders"] >= 2)],
        "discount_buyer": want[(want["discounted"] / want["orders"] >= 0.5) & (want["orders"] >= 2)],
        "like_reseller": want[(want["units"] >= 2.6) & (want["orders"] >= 3)],
    }
    summed = sizes(each, at)
    for code in CODES:
        found = frame(buying(each, code, at))
        assert set(found["customer_key"]) == set(expected[code].index), code
        assert len(found) > 3
        assert summed[code]["customers"] == len(found)
        assert summed[code]["revenue"] == pytest.approx(expected[code]["revenue"].sum())
        assert summed[code]["marked"] == expected[code]["marked"].sum()
    assert summed["everyone"]["customers"] == len(want)


def test_the_defaults_are_quantiles_of_the_merchant_s_own_customers(merchant, duckdb):
    orders = _orders(merchant)
    found, want = usual(habits(duckdb.table(orders))), _oracle(orders)
    assert found.basket == pytest.approx(want["basket"].quantile(0.75))
    assert found.units == pytest.approx(max(want["units"].quantile(0.95), 2 * want["units"].median()))
    assert found.discounts == pytest.approx(want["discount"].sum())
    assert found.thresholds().basket == found.basket


def test_without_customers_there_are_no_thresholds_and_without_discounts_a_zero(merchant, duckdb):
    orders = merchant.orders.assign(discount=0.0)
    assert usual(habits(duckdb.table(orders))).discounts == 0
    nobody = usual(habits(duckdb.table(orders.assign(is_purchase=False))))
    assert (nobody.customers, nobody.thresholds()) == (0, None)


@pytest.mark.parametrize("wrong", [{"discounted": 1.2}, {"low_discount": -0.1}, {"least_orders": 0}])
def test_thresholds_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Thresholds(basket=10.0, **wrong)


def test_an_unknown_way_of_buying_is_refused(duckdb, merchant):
    each = habits(duckdb.table(merchant.orders.assign(discount=0.0)))
    with pytest.raises(ValueError, match="wealthy"):
        buying(each, "wealthy", Thresholds(basket=1.0))
