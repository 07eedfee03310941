"""That there is nothing to compare with is said once, not on every card."""

from __future__ import annotations

import pandas as pd
import pytest

from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui import filter_bar

LONG = "2025-02-01_2026-11-22"
"""Longer than a year: the days a year before overlap with it."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["home/overview.py", "customers/segments.py", "customers/retention.py"])
def test_no_card_repeats_that_there_is_nothing_to_compare_with(open_page, page, lang):
    t = translator(lang)
    app = open_page(page, lang=lang, d=LONG)
    assert app.metric
    repeated = {t("card.no_comparison"), t("kpi.reason.no_comparison")}
    assert not repeated & {metric.delta.replace("\\", "") for metric in app.metric}
    f = app.session_state["setia.filters"]
    assert f.comparison is None
    under = filter_bar._versus(f.compared, f.first_day, t)
    assert under in " ".join(str(each.value) for each in app.caption).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_is_new_the_overview_says_how_many_orders_have_no_customer(
    open_page, small_workspace, lang
):
    sold = pd.read_parquet(small_workspace.current().folder("orders"))
    sold = sold[
        (pd.to_datetime(sold["day"]) >= "2025-02-01") & (sold["kind"] != "internal") & sold["is_purchase"]
    ]
    nobody = float(sold["customer_key"].isna().mean())
    t = translator(lang)
    app = open_page("home/overview.py", lang=lang, d=LONG)
    written = " ".join(str(each.value) for each in app.markdown).replace("\\", "")
    assert nobody > 0.05
    assert t("kpi.finding.unidentified", share=t.percent(nobody)) in written
    assert t("kpi.finding.no_comparison") not in written
