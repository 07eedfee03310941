"""Hot spots: where high or low figures lie together more than chance explains, in words and on a map."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from charts import hotspots as charts
from charts.escaping import plain_text
from charts.maps.borders import Packed
from geo.region_metrics import METRICS
from i18n.translator import Translator
from ui.cached import boundaries, places, population
from ui.cached import region_hotspots as cached
from ui.cached import regions as figures
from ui.components import place_map, regions
from ui.components.figures import download
from ui.components.inputs import choice
from ui.filters import Filters
from ui.text import plain

NAME: Final = "hotspots"
ZOOMS: Final = (10, 11, 12)
ON_CELLS: Final = ("customers", "revenue", "per_customer")
NAMED: Final = 6
HEIGHT: Final = 420


@st.fragment
def block(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("hotspots.explained"))
    bar = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with bar:
        on = choice(
            t("hotspots.on"),
            ("regions", "cells"),
            "hotspots.on",
            lambda c: t(f"hotspots.on_{c}"),
            hidden=False,
        )
    if on == "cells":
        _on_cells(bar, f, t)
    else:
        _on_regions(bar, f, t)


def _on_regions(bar: Any, f: Filters, t: Translator) -> None:
    with bar:
        level = regions.level_choice(f, t, "hotspots.level")
        brought = population.brought(f.workspace, level)
        table = figures.table(*f.key, f.windows, level, brought)
        offered = figures.metrics(table)
        if not offered:
            st.info(t("regions.nobody"), icon=":material/info:")
            return
        metric = st.selectbox(
            t("regions.label.metric"),
            offered,
            width=200,
            format_func=lambda code: t(f"regions.metric.{code}"),
            key="hotspots.metric",
        )
    found = cached.of_regions(*f.key, f.windows, level, brought, metric, figures.FEWEST)
    if level.kind == boundaries.TOWNS:
        st.caption(t("regions.approximate"))
    names = regions.names_of(level, table, t)
    packed = boundaries.packed(f.workspace, level)
    key = f"hot.{f.workspace}.{level.key}.{level.content}"
    _drawn(found.assign(name=list(names)), metric, packed, key, f, t)


def _on_cells(bar: Any, f: Filters, t: Translator) -> None:
    with bar:
        zoom = choice(
            t("hotspots.size"),
            ZOOMS,
            "hotspots.zoom",
            lambda z: t(f"hotspots.size_{z}"),
            default=11,
            hidden=False,
        )
        metric = st.selectbox(
            t("regions.label.metric"),
            ON_CELLS,
            format_func=lambda code: t(f"regions.metric.{code}"),
            key="hotspots.cell_metric",
            width=240,
        )
    found = cached.of_cells(*f.key, f.windows, zoom, metric)
    if found.empty:
        st.info(t("map.place.none"), icon=":material/info:")
        return
    if len(found) > cached.MOST_CELLS:
        st.info(t("hotspots.many", n=t.number(len(found))), icon=":material/info:")
        return
    names = [t("map.place.near", name=name) for name in places.towns_near(found["lat"], found["lon"])]
    packed = cached.packed_cells(found, zoom)
    _drawn(
        found.assign(name=names, code=cached.cell_codes(found)),
        metric,
        packed,
        f"hot.{f.workspace}.cells",
        f,
        t,
    )


def _drawn(found: pd.DataFrame, metric: str, packed: Packed, key: str, f: Filters, t: Translator) -> None:
    """The answer in words, the map, the list, and what to beware of."""
    known = found[found["group"] != ""]
    if len(known) < cached.FEWEST_PLACES or known["value"].nunique() < 2:
        st.info(t("hotspots.too_few", n=t.number(cached.FEWEST_PLACES)), icon=":material/info:")
        return
    for line in _sentences(known, metric, t):
        st.markdown(plain(line, 700))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        layer = charts.layer(found, metric, packed, key, figures.FEWEST, f.currency, t)
        place_map.draw(NAME, f.workspace, layer, boundaries.home(f.workspace), t, height=regions.MAP_HEIGHT)
        st.caption(t("hotspots.caveat", n=t.number(len(known)), chance=t.number(round(0.05 * len(known)))))
        if METRICS[metric].kind in ("share", "rate", "index", "score") or metric in (
            "per_customer",
            "average_order",
        ):
            st.caption(t("hotspots.not_smoothed"))
    table = _listed(known, metric, f, t)
    with right:
        st.subheader(t("hotspots.list"), anchor=False)
        _shown(table.iloc[:, :3], "hotspots.list")
    with st.expander(t("hotspots.table"), icon=":material/table_rows:"):
        _shown(table, "hotspots.table")
        st.caption(t("hotspots.chance_help"))
        download(table, "hotspots")


def _sentences(known: pd.DataFrame, metric: str, t: Translator) -> list[str]:
    """What a manager takes away: which places, and that it is more than chance."""
    said = []
    figure = t(f"regions.metric.{metric}")
    for group in ("hot", "cold"):
        there = known[known["group"] == group].sort_values("z", ascending=group == "cold", kind="stable")
        if there.empty:
            continue
        named = list(dict.fromkeys(there["name"]))
        shown = ", ".join(plain_text(name, 40) for name in named[:NAMED])
        more = " " + t("hotspots.and_more", n=t.number(len(named) - NAMED)) if len(named) > NAMED else ""
        said.append(t.plural(f"hotspots.found_{group}", len(there), figure=figure, names=shown + more))
    odd = known[known["quadrant"].isin((2, 4))]
    for quadrant, word in ((4, "high"), (2, "low")):
        there = odd[odd["quadrant"] == quadrant]
        if len(there):
            shown = ", ".join(plain_text(name, 40) for name in list(dict.fromkeys(there["name"]))[:NAMED])
            said.append(t(f"hotspots.outlier_{word}", figure=figure, names=shown))
    return said or [t("hotspots.nothing", figure=figure)]


def _listed(known: pd.DataFrame, metric: str, f: Filters, t: Translator) -> pd.DataFrame:
    """Every place in words, the hottest first; the first three columns are the answer."""
    order = np.argsort(-known["z"].to_numpy(), kind="stable")
    rows = known.iloc[order]
    few = (rows["customers"] > 0) & (rows["customers"] < figures.FEWEST)
    written = charts.values(rows, metric, few.to_numpy(), f.currency, t)
    return pd.DataFrame(
        {
            t("regions.region"): [plain_text(name, 60) for name in rows["name"]],
            t(f"regions.metric.{metric}"): written,
            t("hotspots.verdict"): [t(f"hotspots.group.{group}") for group in rows["group"]],
            t("hotspots.chance"): [charts.chance(q, t) for q in rows["q"]],
            t("hotspots.surroundings"): [t(f"hotspots.quadrant.{int(q)}") for q in rows["quadrant"]],
        }
    )


def _shown(table: pd.DataFrame, key: str) -> None:
    figures_at = [table.columns[k] for k in (1, 3) if k < len(table.columns)]
    right = {name: st.column_config.TextColumn(alignment="right") for name in figures_at}
    height = min(HEIGHT, 38 + 35 * max(len(table), 1))
    st.dataframe(table, hide_index=True, width="stretch", height=height, column_config=right, key=key)
