"""Below the answer: existing stores forecast anew, sites on single customers, what the market rests on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import sites as charts
from charts.escaping import plain_text
from geo.validation import Validation
from i18n.translator import Translator
from ui.cached.site_answer import Answer
from ui.cached.site_model import Model
from ui.components import figures
from ui.components import sites_words as words
from ui.filters import Filters


def checks(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """The check of the page Catchments, the error of aggregation, and what the market rests on."""
    if made.validation is None or not made.checked:
        _raw(found, made, t)
        return
    one, other = st.columns([3, 2], gap="large")
    with one:
        _existing(made, made.validation, f, t)
    with other:
        _raw(found, made, t)


def _raw(found: Answer, made: Model, t: Translator) -> None:
    """The chosen sites on single customers, and what the market rests on."""
    st.subheader(t("sites.raw.title"), anchor=False)
    raw = found.raw
    st.markdown(
        t(
            "sites.raw.km",
            n=t.number(raw.customers),
            raw=t.number(raw.km[1], 2),
            cells=t.number(raw.km[0], 2),
            error=t.change(raw.km_error),
        )
    )
    if raw.lost_error is not None:
        st.markdown(t("sites.raw.lost", error=t.change(raw.lost_error)))
    st.caption(words.rests_on(made, t))


def _existing(made: Model, validation: Validation, f: Filters, t: Translator) -> None:
    """Every existing store forecast without its own data."""
    names = made.own.set_index("store_id")["name"]
    tested = validation.stores
    tested = tested[tested["reason"] == ""].sort_values("actual", ascending=False)
    label = [plain_text(names.get(store, store), 28) for store in tested["store_id"]]
    actual, predicted = (tested[name].astype(float) * made.yearly for name in ("actual", "predicted"))
    heads = (t("sites.check.actual"), t("sites.check.predicted"))
    table = pd.DataFrame(
        {
            t("sites.column.store"): label,
            heads[0]: actual.round(0).tolist(),
            heads[1]: predicted.round(0).tolist(),
            t("sites.check.error"): [t.change(v) for v in predicted / actual - 1],
        }
    )
    figures.chart(
        charts.actual_and_predicted(label, actual.tolist(), predicted.tolist(), heads, f.currency, t),
        table,
        "sites-check",
        title=t("sites.check.title"),
    )
    st.caption(t("sites.check.same"))
