"""How much stores share: customers who buy in both, and sales inside the catchment of the other."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import catchments as charts
from i18n.translator import Translator
from ui.cached import catchments as cached
from ui.cached import travel as ways
from ui.components import figures
from ui.components.catchments import ground
from ui.components.inputs import choice
from ui.filters import Filters
from ui.text import plain

SHARE = 0.8


def overlap(f: Filters, t: Translator) -> None:
    """The matrix of stores, and the pair that shares most in one sentence."""
    here = ground(f)
    if len(here.stores) < 2:
        st.markdown(t("catchments.overlap.one_store"))
        return
    what = choice(
        t("catchments.overlap.what"),
        ("customers", "sales"),
        "catchments.overlap",
        lambda code: t(f"catchments.overlap.{code}"),
    )
    table = _customers(f, here.stores) if what == "customers" else _sales(f)
    table = table.assign(name=table["store_id"].map(here.names), other=table["other_id"].map(here.names))
    largest = table[table["share"] > 0].sort_values("share", ascending=False)
    if largest.empty:
        st.markdown(t("catchments.overlap.none"))
        return
    first = largest.iloc[0]
    st.markdown(
        plain(
            t(
                f"catchments.overlap.sentence.{what}",
                one=first["name"],
                other=first["other"],
                share=t.percent(first["share"]),
            ),
            400,
        )
    )
    c = "catchments.column"
    figures.chart(
        charts.overlap(table, t, figures.mode()),
        table[["name", "other", "share"]].rename(
            columns={
                "name": t(f"{c}.store"),
                "other": t(f"{c}.other"),
                "share": t(f"catchments.overlap.{what}"),
            }
        ),
        "catchments-overlap",
        title=t(f"catchments.overlap.title.{what}"),
    )
    st.caption(t(f"catchments.overlap.note.{what}", share=t.percent(SHARE, 0)))


def _sales(f: Filters) -> pd.DataFrame:
    return cached.overlaps(*f.key, f.windows, ways.current(f.workspace).version, SHARE)


def _customers(f: Filters, stores: pd.DataFrame) -> pd.DataFrame:
    """Share of a store's customers who also buy in another; every pair, 0 where none does."""
    found = cached.shared(*f.key, f.windows)
    ids = stores["store_id"].tolist()
    found = found[found["store_id"].isin(ids) & found["other_id"].isin(ids)]
    grid = found.pivot_table(index="store_id", columns="other_id", values="customers", aggfunc="first")
    grid = grid.reindex(index=ids, columns=ids).fillna(0)
    return pd.DataFrame(
        [
            {
                "store_id": one,
                "other_id": other,
                "share": float(grid.loc[one, other]) / max(float(grid.loc[one, one]), 1.0),
            }
            for one in ids
            for other in ids
            if one != other
        ]
    )
