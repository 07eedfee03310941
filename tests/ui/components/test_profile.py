"""A profile opens at a dimension that can tell the groups apart."""

from __future__ import annotations

import pandas as pd

from ui.components import profile


def found(**verdicts: str) -> pd.DataFrame:
    rows = [
        ("category", "Perawatan", 1.0, 1.0, "chance"),
        ("channel", "shopee", 0.6, 0.4, verdicts.get("shopee", "chance")),
        ("channel", "tiktok", 0.4, 0.6, verdicts.get("tiktok", "chance")),
    ]
    return pd.DataFrame(rows, columns=["dimension", "value", "share", "rest", "verdict"])


def test_one_category_that_everybody_buys_is_not_what_opens() -> None:
    assert profile._telling(found()) == "channel"


def test_a_real_difference_opens_first() -> None:
    assert profile._telling(found(shopee="more")) == "channel"


def test_where_every_dimension_has_one_value_the_first_opens() -> None:
    assert profile._telling(found().head(1)) == "category"
