"""A web order has no store: that is no store that nobody knows."""

from __future__ import annotations

from datetime import date

import pytest

from i18n.translator import translator
from ui import filter_bar
from ui.cached.options import Options
from ui.components import names, overview

OFFERED = Options(
    first_day=date(2025, 8, 1),
    as_of=date(2026, 11, 22),
    customers=1,
    regions=("", "MY-10"),
    stores=(("", ""), ("K1", "Kafe Senja")),
    channels=("", "web"),
    categories=(),
    kinds=(),
    currencies=("MYR",),
)


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_sales_without_a_store_are_called_so_everywhere(lang: str) -> None:
    t = translator(lang)
    said = t("filters.no_store")
    assert filter_bar.words_of("stores", OFFERED, t) == {"": said, "K1": "Kafe Senja"}
    assert overview._name("store_id", "", t) == said
    assert names.group_name("main_store_id", "", None, t) == said  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["regions", "channels"])
def test_a_place_or_a_channel_that_is_not_told_is_not_known(field: str) -> None:
    t = translator("en")
    assert filter_bar.words_of(field, OFFERED, t)[""] == t("filters.unknown_place")
