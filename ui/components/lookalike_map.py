"""Where look-alike customers live: a map of regions or cells, the same as a list, and their customers."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from charts.maps import lookalikes as maps
from charts.maps.marks import store_rows
from i18n.translator import Translator
from ui.cached import boundaries, places, store_list
from ui.cached import lookalikes as cached
from ui.cached.boundaries import STATES, TOWNS, Level
from ui.cached.lookalikes import Alike, Segment
from ui.cached.people import Wanted
from ui.components import customer_list, figures, place_map
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.map_state import Selection
from ui.components.regions import level_choice
from ui.filters import Filters
from ui.regions import region_name
from ui.text import plain

NAME: Final = "lookalikes"
UNITS: Final = ("regions", "cells")


def customers(segment: Segment, rule: str, count: int, f: Filters, t: Translator) -> None:
    """The map, the list and the button for one place.

    Parameters
    ----------
    segment : Segment
    rule : str
        Which customers these are, in words.
    count : int
        How many count as alike.
    f : Filters
    t : Translator
    """
    extent = places.extent(f.workspace, f.snapshot)
    if extent is None:
        return
    st.subheader(t("lookalikes.customers.where"), anchor=False)
    unit = choice(
        t("lookalikes.customers.where"),
        UNITS,
        "lookalikes.unit",
        lambda u: t(f"lookalikes.customers.unit.{u}"),
    )
    level = level_choice(f, t, "lookalikes.level") if unit == "regions" else None
    found, hidden = cached.by_place(*f.key, f.windows, segment, count, level)
    found = _named(found, level, t)
    here = place_map.seen(NAME, f.workspace)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        row = _listed(found, here.selection, level, t)
    chosen = None if row is None else str(row["pick"])
    with left:
        stores = store_rows(store_list.rows(f.workspace, f.snapshot), t)
        borders = None if level is None else boundaries.drawn(f.workspace, level)
        layers = maps.customers(found, borders, stores, chosen or "", places.FEWEST, t)
        place_map.draw(NAME, f.workspace, layers, extent, t)
        if level is not None and level.kind == TOWNS:
            st.caption(t("regions.approximate"))
    with right:
        if hidden:
            st.caption(t.plural("lookalikes.customers.hidden", hidden))
        if row is not None:
            _open(row, segment, rule, count, level, t)
        else:
            st.caption(t("lookalikes.customers.click"))


def _named(found: pd.DataFrame, level: Level | None, t: Translator) -> pd.DataFrame:
    """Names of states in the reader's language; others as they are."""
    if level is not None and level.kind == STATES:
        return found.assign(name=[region_name(str(code), t) for code in found["region"]])
    return found


def _listed(found: pd.DataFrame, picked: Selection | None, level: Level | None, t: Translator) -> Any:
    """The places as a list; the one that was chosen in it or on the map."""
    columns = ("name", "alike", "customers", "index")
    table = found[list(columns)].rename(
        columns={name: t(f"lookalikes.customers.column.{name}") for name in columns}
    )
    whole: dict[Any, Any] = dict.fromkeys(table.columns[1:], t.number)
    styled: Any = table.style.format(whole)
    drawn = st.dataframe(
        styled,
        hide_index=True,
        height=min(440, 38 + 35 * max(1, len(table))),
        on_select="rerun",
        selection_mode="single-row",
        key=f"lookalikes.places.{level.key if level else 'cells'}",
    )
    figures.download(table, "lookalikes-places")
    rows = [row for row in drawn.selection.rows if row < len(found)]
    if rows:
        return found.iloc[rows[0]]
    if picked is not None:
        same = found[found["pick"] == picked.pick]
        if len(same):
            return same.iloc[0]
    return None


def _open(row: Any, segment: Segment, rule: str, count: int, level: Level | None, t: Translator) -> None:
    key = "open_place" if level is None else "open_region"
    label = t(f"lookalikes.customers.{key}", n=t.number(row["alike"]), name=plain(row["name"], 60))
    if not st.button(label, type="primary", icon=":material/group:", key="lookalikes.open_place"):
        return
    place = str(row["name"])
    here = (
        Alike(segment, count, cell=(int(row["x"]), int(row["y"])))
        if level is None
        else Alike(segment, count, level, str(row["region"]))
    )
    told = t("lookalikes.customers.rule_place", rule=rule, place=place)
    customer_list.open_list(Listing("lookalikes-place", label, told, Wanted(among=here)))
