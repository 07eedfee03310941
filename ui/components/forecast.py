"""The forecast of the page Value: what customers will bring, how sure that is, and by whom."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.forecast.forecast import Assumptions, Forecast
from charts import value as charts
from charts.amounts import symbol
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.cached.forecast import Asked
from ui.components import cards, counts, figures
from ui.components.cards import Card
from ui.components.inputs import number
from ui.components.names import group_name
from ui.components.working import working
from ui.filters import Filters

MONTHS: Final = (12, 24, 36)
DIMENSIONS: Final = (
    "lifecycle",
    "acquisition_channel",
    "main_channel",
    "region_code",
    "cohort",
    "main_store_id",
)
FEWEST: Final = 30
"""The backtest of a smaller group says nothing."""


def asked(f: Filters) -> Asked:
    """What the forecast is asked for in this session."""
    months = _typed("forecast.months", MONTHS[0])
    discount = _typed("forecast.discount", 10.0) / 100
    return Asked(Assumptions(round(months * 365 / 12), discount), f.scope.currency)


def service_cost() -> float:
    """What each purchase costs to serve, as typed; 0 at first."""
    return float(_typed("forecast.service", 0.0))


def _typed(key: str, usual: float) -> float:
    """What a field holds in this run, even before it is drawn; else what it held when last seen."""
    found = st.session_state.get(key)
    return float(st.session_state.get(f"{key}.kept", usual) if found is None else found)


def ready(f: Filters, t: Translator) -> Forecast:
    """The forecast; computed now, with a bar and a button to stop, where it was not before."""
    wanted = asked(f)
    known = cached.saved(f.workspace, f.snapshot, wanted)
    if known is not None:
        return known
    with working(t("forecast.step.reading"), "forecast", t, after=0.0) as tell:

        def told(step: str, share: float) -> None:
            tell(share, t(f"forecast.step.{step}"))

        return cached.compute(f.workspace, f.snapshot, wanted, told)


def headline(made: Forecast, f: Filters, t: Translator) -> None:
    """Cards: what all bring in the horizon, one customer, the new ones' cost, what is at risk."""
    found = cached.overall(*f.key, f.windows, asked(f), service_cost())
    so_far = found["so_far"] / found["customers"] if found["customers"] else None
    months = _months(made)
    low, high = made.interval(found["value"] or 0.0)
    nobody = t("kpi.reason.no_customers")
    made_cards = [
        Card(
            t("forecast.card.total.name", months=t.number(months)),
            t.money_short(found["value"], f.currency),
            t("forecast.card.total.definition"),
            reason=t(
                "forecast.between", low=t.money_short(low, f.currency), high=t.money_short(high, f.currency)
            ),
        ),
        Card(
            t("forecast.card.each.name"),
            t.money(found["mean_value"], f.currency),
            t("forecast.card.each.definition"),
            reason=nobody if absent(found["mean_value"]) else t.plural("page.customers", found["customers"]),
        ),
        Card(
            t("value.card.mean_margin.name"),
            t.money(so_far, f.currency),
            t("forecast.card.so_far.definition"),
            reason=nobody if absent(so_far) else t.plural("page.customers", found["customers"]),
        ),
        Card(
            t("forecast.card.net.name"),
            t.money(found["net"] / found["priced"] if found["priced"] else None, f.currency),
            t("forecast.card.net.definition"),
            reason=t("forecast.priced", n=t.number(found["priced"]))
            if found["priced"]
            else t("kpi.reason.no_cost"),
        ),
        Card(
            t("forecast.card.risk.name"),
            t.money_short(found["at_stake"] if made.tells_churn else None, f.currency),
            t("forecast.card.risk.definition"),
            reason=t.plural("page.customers", found["leaving"])
            if made.tells_churn
            else t("forecast.bg_alive"),
        ),
    ]
    cards.kpi_row(made_cards, t)


def sentence(made: Forecast, f: Filters, t: Translator) -> str:
    """What those who are probably leaving would still bring, or that nobody is."""
    found = cached.overall(*f.key, f.windows, asked(f), service_cost())
    if not found["customers"]:
        return t("people.none")
    months = t.number(_months(made))
    if not found["leaving"]:
        return t("forecast.sentence.stay", months=months)
    return t(
        "forecast.sentence.leaving",
        n=t.plural("page.customers", found["leaving"]),
        expected=t.money_short(found["leaving_value"], f.currency),
        stake=t.money_short(found["at_stake"], f.currency),
        months=months,
    )


def assumptions(f: Filters, t: Translator) -> None:
    """Horizon, discount and cost to serve, in a popover."""
    with st.popover(t("forecast.assumptions"), icon=":material/tune:", key="forecast.assumptions"):
        kept = int(_typed("forecast.months", MONTHS[0]))
        st.session_state["forecast.months.kept"] = st.selectbox(
            t("forecast.horizon"),
            MONTHS,
            index=MONTHS.index(kept),
            format_func=lambda n: t("forecast.months", n=t.number(n)),
            key="forecast.months",
        )
        number(t("value.input.discount"), "forecast.discount", 10.0, high=100.0, note=t("forecast.assumed"))
        number(
            t("forecast.service", currency=symbol(f.currency)),
            "forecast.service",
            0.0,
            decimals=2,
            note=t("forecast.service_note"),
        )


def by_group(made: Forecast, f: Filters, t: Translator) -> None:
    """Mean value of a customer of each group, and how far the backtest of the group was off."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        dimension = st.selectbox(
            t("value.by.label"),
            DIMENSIONS,
            format_func=lambda name: t(f"forecast.by.{name}"),
            key="forecast.dimension",
            width=260,
        )
        assumptions(f, t)
    found = cached.by(*f.key, f.windows, asked(f), service_cost(), dimension)
    apart = counts.beside_segments(asked(f), f, t)
    if found.empty:
        st.markdown(t("people.none"))
        st.caption(apart)
        return
    words = [group_name(dimension, value, f, t) for value in found["value_of"]]
    top = found.head(10)
    table = found.assign(
        value_of=words,
        error=[
            t.change(forecast / happened - 1) if people >= FEWEST and happened > 0 else t("forecast.too_few")
            for forecast, happened, people in zip(
                found["forecast"], found["happened"], found["customers"], strict=True
            )
        ],
    )
    kept = ["value_of", "customers", "purchases", "revenue", "value", "mean_value", "so_far", "error"]
    headers = {name: t(f"forecast.column.{name}") for name in kept if name != "value_of"}
    figures.chart(
        charts.by_group(words[: len(top)], top, "mean_value", f.currency, t),
        table[kept].rename(columns={**headers, "value_of": t(f"forecast.by.{dimension}")}),
        "forecast-by",
        title=t("forecast.by_title", months=t.number(_months(made))),
        column_config={
            headers[name]: st.column_config.NumberColumn(format="localized")
            for name in headers
            if name != "error"
        },
    )
    if len(found) > len(top):
        st.caption(t("value.by.more", n=t.number(len(found) - len(top))))
    if apart:
        st.caption(apart)


def _months(made: Forecast) -> int:
    return round(made.assumptions.horizon_days * 12 / 365)
