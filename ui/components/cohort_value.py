"""What a customer has brought since the first purchase, against the cost to win one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics import cohort_cost, cohorts
from charts import cohort_pair as charts
from i18n.translator import Translator
from ui.cached import cohorts as cached
from ui.cached.cohorts import Asked
from ui.components import figures
from ui.components.cohort_switches import axis
from ui.filters import Filters
from ui.text import plain


def against_cost(f: Filters, t: Translator, asked: Asked) -> None:
    """The curve of cumulative value with the cost as a line, and when cohorts pay back.

    Parameters
    ----------
    asked : Asked
        What the triangle shows; its unit and cohorts are taken over.
    """
    asked = replace(asked, view="classic", by="")
    cells = cached.triangle(*f.key, f.windows, asked)
    average = cohorts.averages(cells) if len(cells) else cells
    if average.empty:
        st.markdown(t("retention.sentence.too_short"))
        return
    cost = cached.costs(*f.key, f.windows, asked)
    found = cohort_cost.payback(cohort_cost.against_cost(cells, cost), cost)
    st.markdown(plain(_sentence(found, asked, f, t), 500))
    table = average[["period", "cohorts", "size", "value_per_customer"]].assign(cost=found.mean_cost)
    figures.chart(
        charts.value_against_cost(average, found.mean_cost, f.currency, axis(asked, t), t, figures.mode()),
        table.rename(columns={code: t(f"cohorts.column.{code}") for code in table.columns}),
        "cohort-value",
    )
    st.caption(t("cohorts.value.note"))


def _sentence(found: cohort_cost.Payback, asked: Asked, f: Filters, t: Translator) -> str:
    if found.mean_cost is None:
        return t("cohorts.note.cost_missing")
    known = t.percent(found.known / found.customers)
    cost = t.money(found.mean_cost, f.currency)
    if found.median_period is None:
        return t("cohorts.value.not_yet", paid=found.paid_back, cohorts=found.cohorts, cost=cost, share=known)
    return t(
        "cohorts.value.paid",
        paid=found.paid_back,
        cohorts=found.cohorts,
        cost=cost,
        share=known,
        period=t.number(found.median_period),
        axis=axis(asked, t).lower(),
    )
