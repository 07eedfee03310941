"""What stands below the map: how the customers were placed, and the same numbers as a list."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from charts.maps.base import Box
from charts.maps.small_multiples import group_maps
from i18n.translator import Translator
from ui import downloads
from ui.cached import place_more, places
from ui.components import figures, placed
from ui.filters import Filters

SHOWN: Final = 100


def notes(filters: Filters, t: Translator, kind: str, frame: pd.DataFrame, hidden: int) -> None:
    """Say how many customers stand on the map, by what they were placed, and who is left out."""
    told = placed.sentences(filters, t)
    if hidden:
        told.append(t.plural("map.hidden", hidden))
    if kind == "regions":
        beyond = int(frame.loc[~frame["code"].isin(places.drawn_regions()), "customers"].sum())
        if beyond:
            told.append(t.plural("map.regions_missing", beyond))
    st.caption(" ".join(told))


def draw(frame: pd.DataFrame, kind: str, filters: Filters, t: Translator) -> None:
    """The marks in view as a table, the largest first, and as a file that is made when it is asked for."""
    with st.expander(t("map.list"), icon=":material/table_rows:"):
        if frame.empty:
            st.caption(t("map.place.none"))
            return
        ordered = frame.sort_values(["customers"], ascending=False, kind="stable").reset_index(drop=True)
        shown = _table(ordered.head(SHOWN), kind, t)
        formats = _formats(filters, t)
        st.dataframe(shown, hide_index=True, width="stretch", column_config=formats, key="map.table")
        if len(ordered) > SHOWN:
            st.caption(t("map.list_note", n=t.number(SHOWN), all=t.number(len(ordered))))
        st.download_button(
            t("map.export_list"),
            data=lambda: downloads.csv_bytes(_table(ordered, kind, t)),
            file_name=downloads.file_name(f"map-{kind}", filters.workspace, filters.scope.end),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            key="map.list.csv",
        )


def groups(frame: pd.DataFrame, view: Box, fewest: int, t: Translator) -> None:
    """One map for each lifecycle group, below the one of the largest."""
    with st.expander(t("map.groups"), icon=":material/grid_view:", expanded=True):
        st.caption(t("map.groups_note"))
        mode = figures.mode()
        made = group_maps(frame, place_more.land(view), view, t, mode, fewest=fewest)
        st.plotly_chart(made, width="stretch", config=figures.CONFIG, key="map.groups", theme=None)


def _table(frame: pd.DataFrame, kind: str, t: Translator) -> pd.DataFrame:
    names = frame["name"] if kind == "regions" else places.towns_near(frame["lat"], frame["lon"])
    columns = {
        t("map.unit.regions" if kind == "regions" else "map.unit.near"): names,
        t("map.tip.customers"): frame["customers"],
        t("map.tip.new"): (frame["new"] / frame["customers"]).round(4),
        t("map.tip.revenue"): frame["revenue"].round(2),
    }
    if kind != "regions":
        columns |= {"lat": frame["lat"].round(5), "lon": frame["lon"].round(5)}
    return pd.DataFrame(columns)


def _formats(filters: Filters, t: Translator) -> dict[str, Any]:
    return {
        t("map.tip.new"): st.column_config.NumberColumn(format="percent"),
        t("map.tip.customers"): st.column_config.NumberColumn(format="localized"),
        t("map.tip.revenue"): st.column_config.NumberColumn(
            f"{t('map.tip.revenue')} ({filters.currency})", format="localized"
        ),
        "lat": None,
        "lon": None,
    }
