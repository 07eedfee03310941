"""The check: each store predicted without its own data, against what it sold."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import catchments as charts
from geo.validation import FEWEST_STORES, Validation
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import gravity, gravity_market
from ui.cached import travel as ways
from ui.cached.gravity_market import Known
from ui.components import cards, figures, market_data
from ui.components.cards import Card
from ui.components.catchments import ground, measured
from ui.components.forecast_trust import ICONS
from ui.components.regions import level_title
from ui.components.working import working
from ui.filters import Filters
from ui.text import plain


def check(f: Filters, t: Translator) -> None:
    """Cards, the figure store by store, the table, and what it says about a new store."""
    here = ground(f)
    version = ways.current(f.workspace).version
    with working(t("catchments.check.working"), "check", t) as progress:
        found = gravity.validated(*f.key, f.windows, version, f.country, progress=progress)
    if found is None or not found.checked:
        st.markdown(t("catchments.check.not_possible", few=t.number(FEWEST_STORES)))
        return
    st.markdown(t("catchments.check.how"))
    if found.ranking_only:
        st.info(
            t.plural("catchments.check.ranking", found.checked, few=t.number(FEWEST_STORES)),
            icon=":material/info:",
        )
    else:
        _trust(found, f, t)
    ids = found.stores["store_id"]
    table = found.stores.assign(name=ids.map(here.names).fillna(ids))
    table = table.sort_values("actual", ascending=False, ignore_index=True)
    interval = t("catchments.check.interval", level=t.percent(found.level, 0))
    figures.chart(
        charts.check(table, f.currency, t, figures.mode(), interval),
        _table(table, f, t, with_sales=not found.ranking_only),
        "catchments-check",
        title=t("catchments.check.title"),
    )
    known = gravity_market.known_market(*f.key, f.windows, version, f.country)
    if known is not None:
        st.caption(f"{_basis(known, t)} {_rivals(known, f, t)}".strip())
        sold = t("catchments.check.sales", days=t.number(known.days), to=t.date(f.scope.end))
        st.caption(f"{sold} {measured(here, t)}")


def _basis(known: Known, t: Translator) -> str:
    """Whose inhabitants are the market."""
    if known.people is None:
        return t(f"catchments.check.basis.{known.market.basis}")
    return t(
        "catchments.check.basis.level",
        measure=t(f"sites.measure.{known.people.base.measure}"),
        level=level_title(known.people.level, t),
        source=plain(known.people.base.source, 80),
        year=str(known.people.base.year),
    )


def _rivals(known: Known, f: Filters, t: Translator) -> str:
    """How competitors count in the check."""
    fit = gravity.rule(*f.key, f.windows, ways.current(f.workspace).version, f.country)
    return "" if fit is None else market_data.rivals(fit, not known.rivals.empty, t)


def _trust(found: Validation, f: Filters, t: Translator) -> None:
    word = found.reliability
    low, high = found.quantile(0.1), found.quantile(0.9)
    cards.kpi_row(
        [
            Card(
                t("catchments.check.error"),
                t.percent(found.median_error),
                t("catchments.check.error_definition"),
            ),
            Card(
                t("catchments.check.coverage", level=t.percent(found.level, 0)),
                DASH if found.coverage is None else t.percent(found.coverage, 0),
                t("catchments.check.coverage_definition", level=t.percent(found.level, 0)),
            ),
            Card(
                t("catchments.check.stores"), t.number(found.checked), t("catchments.check.stores_definition")
            ),
            Card(
                t("catchments.check.range"),
                DASH if low is None or high is None else f"{t.percent(low, 0)} – {t.percent(high, 0)}",
                t("catchments.check.range_definition"),
            ),
        ],
        t,
    )
    st.markdown(f"{ICONS[word]} **{t(f'forecast.word.{word}')}**: {t(f'catchments.check.word.{word}')}")


def _table(table: pd.DataFrame, f: Filters, t: Translator, *, with_sales: bool) -> pd.DataFrame:
    c = "catchments.column"
    columns: dict[str, Any] = {
        t(f"{c}.store"): table["name"],
        t("catchments.check.actual"): table["actual"].round(2),
    }
    if with_sales:
        columns |= {
            t("catchments.check.predicted"): table["predicted"].astype(float).round(2),
            t(f"{c}.low"): table["low"].astype(float).round(2),
            t(f"{c}.high"): table["high"].astype(float).round(2),
            t("catchments.check.off"): [
                "" if pd.isna(row["predicted"]) else t.change(row["predicted"] / row["actual"] - 1)
                for row in table.to_dict("records")
            ],
        }
    else:
        columns[t("catchments.check.rank")] = table["predicted"].astype(float).rank(ascending=False)
    columns[t("catchments.check.reason_title")] = [
        t(f"catchments.check.reason.{code}") if code else "" for code in table["reason"]
    ]
    return pd.DataFrame(columns)
