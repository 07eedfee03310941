"""The one sentence that is new, and when there is none."""

import numpy as np
import pandas as pd
import pytest

from analytics.findings import largest_change, largest_gap


def sales(backend, counts, amount=50.0):
    """Orders of each channel, all of one amount."""
    rows = [
        {"channel": channel, "store_id": None, "region_code": "MY-10", "is_purchase": True, "amount": amount}
        for channel, count in counts.items()
        for _ in range(count)
    ]
    return backend.table(pd.DataFrame(rows))


def test_the_largest_change_beyond_chance_is_found(backend):
    now = sales(backend, {"shop": 400, "web": 300, "shopee": 150})
    before = sales(backend, {"shop": 390, "web": 120, "shopee": 60})
    found = largest_change(now, before)
    assert found.code == "group_up"
    assert found.fields["value"] == "web"
    assert found.fields["change"] == pytest.approx(9000)
    assert found.fields["relative"] == pytest.approx(1.5)


def test_a_fall_is_found_too(backend):
    found = largest_change(
        sales(backend, {"shop": 400, "web": 40}), sales(backend, {"shop": 400, "web": 300})
    )
    assert (found.code, found.fields["value"]) == ("group_down", "web")


def test_a_group_that_was_not_there_before_is_new_rather_than_infinitely_larger(backend):
    found = largest_change(sales(backend, {"shop": 400, "web": 200}), sales(backend, {"shop": 400}))
    assert (found.code, found.fields["value"], found.fields["relative"]) == ("group_new", "web", None)


def test_small_numbers_never_make_a_finding(backend):
    found = largest_change(sales(backend, {"shop": 100, "web": 25}), sales(backend, {"shop": 100, "web": 2}))
    assert found.code == "steady"


def test_one_large_order_is_not_a_trend(backend):
    big = pd.DataFrame(
        {"channel": ["web"] * 40 + ["shop"] * 40, "store_id": None, "region_code": None, "is_purchase": True}
    )
    big["amount"] = [20_000.0] + [10.0] * 79
    found = largest_change(backend.table(big), sales(backend, {"web": 40, "shop": 40}, 10.0))
    assert found.code == "steady"


def test_without_a_comparison_there_is_no_change(backend):
    assert largest_change(sales(backend, {"shop": 5}), None).code == "no_comparison"


def test_chance_alone_rarely_makes_a_finding(duckdb):
    rng = np.random.default_rng(7)
    found = []
    for _ in range(60):
        windows = []
        for _ in range(2):
            counts = dict(zip(("a", "b", "c", "d", "e"), rng.poisson(200, 5), strict=True))
            windows.append(sales(duckdb, counts))
        found.append(largest_change(windows[0], windows[1], ("channel",)).code)
    assert found.count("steady") >= 57


def groups(backend, rows):
    return backend.table(pd.DataFrame(rows, columns=["value", "customers", "repeaters"]))


def test_customers_who_come_back_less_are_found(backend):
    found = largest_gap(groups(backend, [("shop", 800, 400), ("shopee", 400, 100)]), "first_channel")
    assert found.code == "returns_less"
    assert found.fields == {"dimension": "first_channel", "value": "shopee", "rate": 0.25, "others": 0.5}


@pytest.mark.parametrize(
    "rows",
    [
        [("shop", 800, 400), ("shopee", 60, 5)],
        [("shop", 800, 400), ("shopee", 400, 190)],
        [("shop", 800, 400), (None, 400, 10)],
        [("shop", 800, 400)],
    ],
)
def test_gaps_that_are_small_or_rest_on_few_are_no_finding(backend, rows):
    assert largest_gap(groups(backend, rows), "first_channel").code == "steady"
