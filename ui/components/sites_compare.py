"""The tab Compare: candidates, a refurbishment and doing nothing against each other."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from charts import sites as charts
from charts.amounts import symbol, whole_money
from charts.escaping import plain_text
from charts.sites import Interval
from geo.site_compare import Compared, Option, best_refurbishment
from i18n.translator import Translator
from ui.cached import site_answer
from ui.cached.site_answer import Answer
from ui.cached.site_model import Model
from ui.components import figures
from ui.components import sites_state as state
from ui.components import sites_words as words
from ui.components.inputs import number
from ui.filters import Filters

MOST: Final = 6


def compare(f: Filters, t: Translator, made: Model) -> None:
    """Draw the options side by side and how often each beats each other."""
    found = state.answer(f, t)
    if found is None:
        return
    if made.error is None:
        st.info(words.ranking_only(made, t))
        return
    st.caption(t("sites.compare.note"))
    names = {j: plain_text(found.kept["name"].iloc[j], 40) for j in found.ranked}
    chosen = st.multiselect(
        t("sites.compare.which"),
        list(names),
        default=list(found.ranked[:4]),
        max_selections=MOST,
        format_func=lambda j: names[j],
        placeholder=t("filters.search"),
        key="sites.compare.which",
    )
    refurbish = _refurbishment(f, t, made)
    if not chosen:
        return
    result = site_answer.compared(state.key(f), tuple(chosen), refurbish)
    if result is not None:
        _draw(result, found, made, f, t)


def _refurbishment(f: Filters, t: Translator, made: Model) -> tuple[int, float, float] | None:
    names = [plain_text(name, 40) for name in made.own["name"]]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        included = st.toggle(t("sites.refurbish.include"), True, key="sites.refurbish")
        if not included:
            return None
        best = best_refurbishment(made.market, 1.2)
        store = st.selectbox(
            t("sites.refurbish.store"),
            range(len(names)),
            index=best,
            format_func=lambda k: names[k],
            key="sites.refurbish.store",
            width=260,
        )
        more = number(t("sites.refurbish.more"), "sites.refurbish.more", 20.0, low=1.0, high=500.0)
        cost = st.number_input(
            t("sites.refurbish.cost", currency=symbol(f.currency)),
            min_value=0.0,
            value=None,
            step=1000.0,
            format="%.0f",
            placeholder="–",
            key="sites.refurbish.cost",
        )
    st.caption(t("sites.refurbish.note" if cost is not None else "sites.refurbish.no_cost"))
    return None if cost is None else (int(store), 1.0 + more / 100.0, float(cost))


def _draw(result: Compared, found: Answer, made: Model, f: Filters, t: Translator) -> None:
    names = [_name(option, found, made, t) for option in result.options]
    rows = [Interval(name, *option.net) for name, option in zip(names, result.options, strict=True)]
    texts = [
        t(
            "sites.compare.between",
            middle=whole_money(row.middle, f.currency, t),
            low=whole_money(row.low, f.currency, t),
            high=whole_money(row.high, f.currency, t),
        )
        for row in rows
    ]
    table = pd.DataFrame(
        {
            t("sites.column.option"): names,
            t("sites.column.p10"): [row.low for row in rows],
            t("sites.column.p50"): [row.middle for row in rows],
            t("sites.column.p90"): [row.high for row in rows],
        }
    )
    figures.chart(charts.intervals(rows, texts, t), table, "sites-options", title=t("sites.compare.title"))
    st.caption(t("sites.compare.with_rent" if result.with_rent else "sites.compare.without_rent"))
    st.subheader(t("sites.beats.title"), anchor=False)
    chances = pd.DataFrame(
        [
            ["–" if i == j else t.percent(result.beats[i, j], 0) for j in range(len(names))]
            for i in range(len(names))
        ],
        columns=_different(names),
    )
    chances.insert(0, t("sites.beats.row"), names)
    st.dataframe(chances, hide_index=True, width="stretch")
    st.caption(t("sites.beats.note"))


def _name(option: Option, found: Answer, made: Model, t: Translator) -> str:
    if option.code == "site":
        return plain_text(found.kept["name"].iloc[option.place], 40)
    if option.code == "refurbish":
        return t("sites.refurbish.name", store=plain_text(made.own["name"].iloc[option.place], 30))
    return t("sites.nothing")


def _different(names: list[str]) -> list[str]:
    """Headers of a table, each once."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made
