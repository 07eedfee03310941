"""How far customers come: sales by band of distance, and customers per thousand inhabitants."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import catchments as charts
from geo.decay import EDGES_KM, penetration
from i18n.translator import Translator
from ui.cached import catchments as cached
from ui.components import figures
from ui.components.catchments import choose_store, ground
from ui.components.inputs import choice
from ui.filters import Filters
from ui.text import plain

FEWEST_PEOPLE = 1_000
"""Fewer inhabitants than this in a band say nothing about a rate."""


def distance(f: Filters, t: Translator) -> None:
    """Bands of one store or of all, as shares of sales; penetration where inhabitants are known."""
    here = ground(f)
    whose = choice(
        t("catchments.whose.label"), ("one", "all"), "catchments.whose", lambda c: t(f"catchments.whose.{c}")
    )
    store_id = choose_store(here, t) if whose == "one" else ""
    found = cached.bands(*f.key, f.windows)
    table = banded(found if whose == "all" else found[found["store_id"] == store_id], t)
    if table["share"].isna().all():
        st.markdown(t("catchments.band.none"))
        return
    near = table[table["reached"] >= 0.5].iloc[0]
    st.markdown(
        plain(t("catchments.band.sentence", band=near["name"], share=t.percent(near["reached"])), 300)
    )
    c = "catchments.column"
    figures.chart(
        charts.bands(table, t, figures.mode()),
        table[["name", "customers", "orders", "revenue", "share", "reached"]].rename(
            columns={
                "name": t(f"{c}.band"),
                "customers": t(f"{c}.customers"),
                "orders": t(f"{c}.orders"),
                "revenue": t(f"{c}.revenue"),
                "share": t("catchments.band.share"),
                "reached": t(f"{c}.reached"),
            }
        ),
        "catchments-bands",
        title=t("catchments.band.title"),
    )
    st.caption(t("catchments.band.straight"))
    if whose == "one":
        _people(f, t, store_id, table)


def banded(found: pd.DataFrame, t: Translator) -> pd.DataFrame:
    """Every band of some stores: ``name, customers, orders, revenue, share, reached``."""
    columns = ["customers", "orders", "revenue"]
    table = found.groupby("band")[columns].sum().reindex(range(len(EDGES_KM)), fill_value=0)
    table = table.reset_index(drop=True)
    total = float(table["revenue"].clip(lower=0).sum())
    table["share"] = table["revenue"].clip(lower=0) / total if total > 0 else float("nan")
    table["reached"] = table["share"].cumsum()
    table["name"] = [charts.band_name(i, EDGES_KM, t) for i in range(len(EDGES_KM))]
    return table


def _people(f: Filters, t: Translator, store_id: str, table: pd.DataFrame) -> None:
    people = cached.people_near(f.workspace, f.snapshot, store_id, f.country)
    st.subheader(t("catchments.penetration.title"), anchor=False)
    if people is None:
        st.markdown(t("catchments.penetration.none"))
        return
    rates = penetration(table["customers"], people)
    shown = pd.concat([table[["name", "customers"]], rates], axis=1).assign(people=people)
    shown = shown[shown["rate"].notna() & (shown["people"] >= FEWEST_PEOPLE)]
    if shown.empty:
        st.markdown(t("catchments.penetration.none"))
        return
    c = "catchments.column"
    figures.chart(
        charts.penetration(shown, t, figures.mode()),
        shown.rename(
            columns={
                "name": t(f"{c}.band"),
                "customers": t(f"{c}.customers"),
                "people": t(f"{c}.people"),
                "rate": t(f"{c}.rate"),
                "low": t(f"{c}.low"),
                "high": t(f"{c}.high"),
            }
        ),
        "catchments-penetration",
    )
    st.caption(t("catchments.penetration.source"))
