"""What winning a customer costs by channel, what comes back, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from charts import forecast as charts
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.components import figures
from ui.components.forecast import asked, service_cost
from ui.filters import Filters

MOST_LINES = 6
COLUMNS = ("channel", "customers", "cost", "source", "first_year", "value", "times", "months")


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
    table = _table(codes, found, values, t)
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
    st.dataframe(_written(table, f, t), hide_index=True, width="stretch", placeholder=DASH)
    fewer = t("payback.drawn", n=t.number(MOST_LINES)) if len(named) > MOST_LINES else ""
    st.caption(" ".join(each for each in (fewer, t("payback.note")) if each))


def _values(f: Filters) -> dict[str, float]:
    """Margin so far and expected per customer, by channel that won them."""
    found = cached.by(*f.key, f.windows, asked(f), service_cost(), "acquisition_channel")
    each = (found["so_far"] + found["value"]) / found["customers"]
    return dict(zip(found["value_of"], each, strict=True))


def _table(codes: list[str], found: pd.DataFrame, values: dict[str, float], t: Translator) -> pd.DataFrame:
    """Numbers as numbers, under headers in the reader's language."""
    made = found.assign(
        channel=[_name(code, t) for code in codes],
        source=[t(f"payback.source.{source or 'none'}") for source in found["source"]],
        value=[values.get(code, float("nan")) for code in codes],
        months=[_months(row, t) for row in found.to_dict("records")],
    )
    made["times"] = (made["value"] / made["cost"]).where(made["cost"] > 0)
    return made[list(COLUMNS)].rename(columns={name: t(f"payback.column.{name}") for name in COLUMNS})


def _written(table: pd.DataFrame, f: Filters, t: Translator) -> Any:
    money = {t(f"payback.column.{name}"): f.currency for name in ("cost", "first_year", "value")}
    write: dict[Any, Any] = {header: lambda value: t.money(value, f.currency) for header in money}
    write[t("payback.column.customers")] = t.number
    write[t("payback.column.times")] = lambda value: (
        DASH if absent(value) else t("payback.times", n=t.number(value, 1))
    )
    return table.style.format(write)


def _months(row: Mapping[Any, Any], t: Translator) -> str:
    if absent(row["cost"]):
        return DASH
    if row["cost"] == 0:
        return t("payback.free")
    if absent(row["months"]):
        return t("payback.not_within", n=t.number(row["observed"]))
    return t.plural("payback.months", int(row["months"]) + 1)


def _name(code: str, t: Translator) -> str:
    return t.code("channel", code) if code else t("filters.unknown_place")
