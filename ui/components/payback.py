"""What winning a customer costs by channel, what comes back, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from charts import forecast as charts
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.components import figures
from ui.components.forecast import asked, service_cost
from ui.filters import Filters

MOST_LINES = 6


def block(f: Filters, t: Translator, *, forecasted: bool) -> None:
    """Draw the table by channel and the curves.

    Parameters
    ----------
    forecasted : bool
        Whether the forecast may be used: then value so far and expected stands beside the cost.
    """
    found, curves = cached.paid_back(f.workspace, f.snapshot)
    if found.empty or found["cost"].isna().all():
        st.markdown(t("payback.none"))
        return
    st.markdown(t("payback.sentence"))
    values = _values(f) if forecasted else {}
    codes = [str(code) if code else "" for code in found["channel"].fillna("")]
    rows = [
        _row(code, row, values.get(code), f, t)
        for code, row in zip(codes, found.to_dict("records"), strict=True)
    ]
    headers = ("channel", "customers", "cost", "source", "first_year", "value", "times", "months")
    table = pd.DataFrame(rows, columns=[t(f"payback.column.{name}") for name in headers])
    named = found.assign(code=codes).sort_values("customers", ascending=False)
    shown = list(named["code"].head(MOST_LINES))
    drawn = curves[curves["channel"].fillna("").isin(shown)]
    costs = dict(zip(named["code"], named["cost"], strict=True))
    words = {code: _name(code, t) for code in shown}
    figures.chart(
        charts.payback(drawn, costs, words, f.currency, t),
        table,
        "payback",
        title=t("payback.title"),
    )
    st.dataframe(table, hide_index=True, width="stretch")
    st.caption(t("payback.note"))


def _values(f: Filters) -> dict[str, float]:
    """Margin so far and expected per customer, by channel that won them."""
    found = cached.by(*f.key, f.windows, asked(f), service_cost(), "acquisition_channel")
    each = (found["so_far"] + found["value"]) / found["customers"]
    return dict(zip(found["value_of"], each, strict=True))


def _row(
    code: str, row: Mapping[Any, Any], value: float | None, f: Filters, t: Translator
) -> tuple[str, ...]:
    cost = row["cost"]
    if pd.isna(cost):
        months = DASH
    elif pd.isna(row["months"]):
        months = t("payback.not_within", n=t.number(row["observed"]))
    else:
        months = t.plural("payback.months", int(row["months"]) + 1)
    times = value / cost if value is not None and cost and cost > 0 else None
    return (
        _name(code, t),
        t.number(row["customers"]),
        t.money(cost, f.currency),
        t(f"payback.source.{row['source'] or 'none'}"),
        t.money(row["first_year"], f.currency),
        t.money(value, f.currency),
        t("payback.times", n=t.number(times, 1)) if times is not None else DASH,
        months,
    )


def _name(code: str, t: Translator) -> str:
    return t.code("channel", code) if code else t("filters.unknown_place")
