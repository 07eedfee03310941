"""The blocks of the page Value that look back: cards, spread, groups, the best customers."""

from __future__ import annotations

import streamlit as st

from charts import value as charts
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import people
from ui.cached import value as cached
from ui.cached.people import Wanted
from ui.components import cards, counts, customer_list, figures, forecast, foreseen
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.names import group_name
from ui.components.segments import shares_format
from ui.filters import Filters

MEASURES = ("revenue", "margin")


def headline(f: Filters, t: Translator) -> None:
    """Six cards: what customers brought so far, how they buy, what winning one costs."""
    so_far = cached.overall(*f.key, f.windows, True)
    inputs = cached.inputs(*f.key, f.windows, f.first_day)
    nobody = t("kpi.reason.no_customers")
    made = [
        Card(
            label=t(f"value.card.{name}.name"),
            value=t.money(so_far[name], f.currency),
            definition=t(f"value.card.{name}.definition"),
            reason=nobody if absent(so_far[name]) else "",
        )
        for name in ("mean_revenue", "median_revenue", "mean_margin")
    ]
    for name in ("orders_per_year", "retention", "acquisition_cost"):
        found = inputs[name]
        made.append(
            Card(
                label=t(f"value.card.{name}.name"),
                value=t.percent(found.value)
                if found.unit == "share"
                else t.money(found.value, f.currency)
                if found.unit == "money"
                else t.number(found.value, 1),
                definition=t(f"value.card.{name}.definition"),
                reason=t(f"kpi.reason.{found.reason}") if found.reason else "",
            )
        )
    cards.kpi_row(made, t)


def sentence(f: Filters, t: Translator) -> str:
    """Half of the customers brought less than the median; the mean is pulled up by few."""
    so_far = cached.overall(*f.key, f.windows, True)
    if not so_far["customers"]:
        return t("people.none")
    return t(
        "value.history.sentence",
        n=t.number(so_far["customers"]),
        median=t.money(so_far["median_revenue"], f.currency),
        mean=t.money(so_far["mean_revenue"], f.currency),
    )


def history(f: Filters, t: Translator) -> None:
    """What customers brought so far: the spread, by group, or the best."""
    views = {"spread": spread, "by": groups, "best": best}
    view = choice(t("value.view"), tuple(views), "value.past", lambda name: t(f"value.tab.{name}"))
    views[view](f, t)
    apart = counts.beside_forecast(forecast.asked(f), f, t) if foreseen.trusted(f) else ""
    if apart:
        st.caption(apart)


def switches(t: Translator, key: str) -> tuple[bool, str]:
    """So far or in the window; sales or margin."""
    with st.container(horizontal=True, gap="small"):
        whole = choice(
            t("value.history.span"),
            (True, False),
            f"{key}.whole",
            lambda yes: t(f"value.history.whole_{yes}"),
        )
        measure = choice(
            t("segments.pareto.measure"), MEASURES, f"{key}.measure", lambda m: t(f"people.column.{m}")
        )
    return bool(whole), str(measure)


def spread(f: Filters, t: Translator) -> None:
    """How many customers brought how much."""
    whole, measure = switches(t, "value.spread")
    brackets = cached.distribution(*f.key, f.windows, whole, measure)
    if brackets.empty:
        st.markdown(t("people.none"))
        return
    table = brackets.rename(columns={name: t(f"value.spread.column.{name}") for name in brackets.columns})
    figures.chart(
        charts.spread(brackets, measure, f.currency, t),
        table,
        "value-spread",
        title=t("value.spread.title"),
        column_config=shares_format({name: name for name in table.columns}),
    )
    _assumed(measure, f, t)


def groups(f: Filters, t: Translator) -> None:
    """Mean value per customer by group, region, channel ..."""
    whole, measure = switches(t, "value.by")
    dimension = st.selectbox(
        t("value.by.label"),
        cached.DIMENSIONS,
        format_func=lambda name: t(f"value.by.{name}"),
        key="value.by.dimension",
    )
    found = cached.by(*f.key, f.windows, whole, dimension)
    if found.empty:
        st.markdown(t("people.none"))
        return
    words = [group_name(dimension, value, f, t) for value in found["value"]]
    headers = {name: t(f"people.column.{name}") for name in found.columns if name != "value"}
    table = found.assign(value=words).rename(columns={**headers, "value": t(f"value.by.{dimension}")})
    top = found.head(12)
    figures.chart(
        charts.by_group(words[: len(top)], top, f"mean_{measure}", f.currency, t),
        table,
        "value-by",
        title=t("value.by.title"),
        column_config=shares_format(headers),
    )
    if len(found) > len(top):
        st.caption(t("value.by.more", n=t.number(len(found) - len(top))))
    _assumed(measure, f, t)


def best(f: Filters, t: Translator) -> None:
    """The customers who brought most, and their file."""
    st.subheader(t("value.best.title"), anchor=False)
    customer_list.draw(Listing("value", t("value.best.title"), t("value.best.rule"), Wanted()))


def _assumed(measure: str, f: Filters, t: Translator) -> None:
    assumed = people.assumed_share(f.workspace, f.snapshot)
    if measure == "margin" and assumed:
        st.caption(t("segments.todo.assumed", share=t.percent(assumed)))
