"""The quick ways to the lifecycle groups give what the plain way gives."""

from datetime import date

import pandas as pd
import pytest

from analytics.groups import lifecycle_sizes
from analytics.lifecycle import Windows, assign, sizes
from analytics.results import frame
from analytics.scope import Scope, facts

START, END = date(2024, 9, 1), date(2025, 3, 31)
LAST = date(2025, 6, 20)


def sorted_by(table, column):
    return table.sort_values(column).reset_index(drop=True)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(START, END),
        Scope(START, END, channels=("web", "")),
        Scope(START, END, region_codes=("MY-10",), store_ids=("S1",)),
        Scope(START, END, kinds=()),
        Scope(START, END, categories=("tea",)),
        Scope(START, END, categories=("tea", "cakes")),
        Scope(START, END, segments=("loyal", "new")),
        Scope(date(2030, 1, 1), date(2030, 2, 1), channels=("nowhere",)),
    ],
)
def test_one_pass_gives_the_same_groups_as_assigning_and_joining(marts, scope):
    windows = Windows(60, 150, 3, 300)
    history = facts(marts.orders, marts.order_categories, scope, windows=windows, history=True)
    plain = frame(sizes(assign(marts.orders, scope.end, windows), history, scope.start))
    quick = frame(lifecycle_sizes(marts.orders, marts.order_categories, scope, windows))
    pd.testing.assert_frame_equal(sorted_by(quick, "lifecycle"), sorted_by(plain, "lifecycle"))


def test_the_summary_gives_the_same_groups_on_the_last_day(marts):
    plain = sorted_by(frame(assign(marts.orders, LAST, Windows())), "customer_key")
    quick = frame(assign(marts.orders, LAST, Windows(), marts.customer_summary))
    pd.testing.assert_frame_equal(sorted_by(quick, "customer_key")[plain.columns], plain, check_dtype=False)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(START, LAST),
        Scope(date(2025, 6, 1), LAST, kinds=("reseller",)),
        Scope(START, LAST, channels=("web",)),
    ],
)
def test_with_the_summary_the_sizes_are_the_same_on_the_last_day(marts, scope):
    windows = Windows(60, 150, 3, 300)
    plain = frame(lifecycle_sizes(marts.orders, marts.order_categories, scope, windows))
    quick = frame(
        lifecycle_sizes(marts.orders, marts.order_categories, scope, windows, marts.customer_summary)
    )
    pd.testing.assert_frame_equal(sorted_by(quick, "lifecycle"), sorted_by(plain, "lifecycle"))
