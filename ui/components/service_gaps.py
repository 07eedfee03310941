"""Service gaps on a page: how far is too far, who lives beyond, what they are worth, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from charts.amounts import symbol
from charts.escaping import plain_text
from charts.maps import territories as map_charts
from charts.maps.marks import store_rows
from geo.service_gaps import Gap
from geo.travel import Travel
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import demand, places, store_list
from ui.cached import service_gaps as cached
from ui.cached import travel as ways
from ui.cached.demand import Weight
from ui.cached.people import Wanted
from ui.cached.service_gaps import GAP_LEVEL, InGap
from ui.components import cards, customer_list, empty, figures, inputs, place_map
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.filters import Filters

FIRST: Final = {"km": 10.0, "min": 20.0}
MOST: Final = {"km": 2_000.0, "min": 2_880.0}
SHOWN: Final = 20


def draw(f: Filters, t: Translator) -> None:
    """Draw the tab."""
    stores = store_list.own(f.workspace, f.snapshot)
    if stores.empty:
        empty.missing_table(
            t("territories.gap.empty.title"),
            would_show=t("territories.gap.empty.would_show"),
            missing=t("territories.gap.empty.missing"),
            key="gaps",
        )
        return
    head = st.container()
    left, right = st.columns([2, 1], gap="large")
    version = ways.current(f.workspace).version
    way = ways.travel(f.workspace, version)
    with right:
        limit, weight = _choices(way, f, t)
    whole, cells = cached.gap(*f.key, f.windows, weight, limit, version)

    def write(value: Any) -> str:
        return t.number(value) if weight == "orders" else t.money_short(value, f.currency)

    if 0 < whole.customers < places.FEWEST:
        with head:
            st.info(t("map.place.few", n=t.number(places.FEWEST)), icon=":material/visibility_off:")
        return
    with head:
        _cards(whole, weight, write, t)
    with left:
        _map(cells, limit, way.unit, weight, write, f, t)
    with right:
        _open(cells, whole.customers, limit, way.unit, version, f, t)
    _table(cells, way.unit, weight, write, t)


def _choices(way: Travel, f: Filters, t: Translator) -> tuple[float, Weight]:
    """From how far on a customer counts, and by what."""
    label, key = t(f"territories.gap.{way.unit}"), f"territories.gap.{way.unit}"
    limit = inputs.number(label, key, FIRST[way.unit], low=0.5, high=MOST[way.unit], decimals=1)
    st.caption(t(f"catchments.measured.{way.label}"))
    offered = demand.weights_offered(f.workspace, f.snapshot, f.scope.currency)
    weight = st.selectbox(
        t("territories.gap.weight"),
        [code for code in offered if code != "customers"],
        index=1,
        format_func=lambda code: t(f"territories.weight.{code}"),
        key="territories.gap.weight",
    )
    return limit, weight


def _cards(whole: Gap, weight: Weight, write: Callable[[Any], str], t: Translator) -> None:
    percent = [DASH if share is None else t.percent(share) for share in (whole.share, whole.weight_share)]
    cards.kpi_row(
        [
            Card(t("territories.gap.card.customers"), t.number(whole.customers), _note("customers", t)),
            Card(t("territories.gap.card.share"), percent[0], _note("share", t)),
            Card(t(f"territories.gap.card.{weight}"), write(whole.weight), _note("weight", t)),
            Card(t("territories.gap.card.weight_share"), percent[1], _note("weight_share", t)),
        ],
        t,
    )


def _note(name: str, t: Translator) -> str:
    return t(f"territories.gap.definition.{name}")


def _map(
    cells: pd.DataFrame, km: float, unit: str, weight: str, write: Any, f: Filters, t: Translator
) -> None:
    title = t(f"territories.weight.{weight}")
    words = {
        "title": title if weight == "orders" else f"{title} ({symbol(f.currency)})",
        "note": t("territories.gap.note", few=t.number(places.FEWEST)),
        "customers": t("territories.column.customers"),
        "weight": t(f"territories.weight.{weight}"),
        "away": t("territories.gap.away"),
        "km": t(f"catchments.unit.{unit}", n="{n}"),
    }
    pins = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    serial = format(hash((f.key, km, unit, weight)) & 0xFFFFFFFF, "x")
    drawn = map_charts.gaps(cells, GAP_LEVEL, pins, words, write, t, serial)
    extent = places.extent(f.workspace, f.snapshot)
    if extent is not None:
        place_map.draw("gaps", f.workspace, drawn, extent, t)


def _open(
    cells: pd.DataFrame, customers: int, km: float, unit: str, version: str, f: Filters, t: Translator
) -> None:
    far = t(f"catchments.unit.{unit}", n=t.number(km, 1))
    if not customers:
        st.markdown(t("territories.gap.none", km=far))
        return
    options = [-1, *range(min(len(cells), SHOWN))]
    names = {-1: t.plural("territories.gap.everywhere", customers)}
    for place in options[1:]:
        near, n = str(cells["near"].iloc[place]), int(cells["customers"].iloc[place])
        names[place] = t.plural("territories.gap.place", n, name=near)
    chosen = st.selectbox(
        t("territories.gap.which"),
        options,
        format_func=lambda place: plain_text(names.get(place, ""), 60),
        key=inputs.worded("territories.gap.which", names.values()),
    )
    if st.button(t("territories.open.button"), icon=":material/group:", key="territories.gap.open"):
        cell = None if chosen < 0 else (int(cells["x"].iloc[chosen]), int(cells["y"].iloc[chosen]))
        title = t("territories.gap.list.title", km=far)
        rule = t("territories.gap.list.rule", km=far)
        if chosen >= 0:
            rule = t("territories.gap.list.near", rule=rule, name=str(cells["near"].iloc[chosen]))
        wanted = Wanted(history=False, among=InGap(km, version, cell))
        customer_list.open_list(Listing("gap", title, rule, wanted))
    st.caption(t("territories.gap.action"))


def _table(cells: pd.DataFrame, unit: str, weight: str, write: Any, t: Translator) -> None:
    if cells.empty:
        return
    shown = pd.DataFrame(
        {
            t("territories.gap.near"): [plain_text(name, 60) for name in cells["near"]],
            t("territories.column.customers"): [t.number(v) for v in cells["customers"]],
            t(f"territories.weight.{weight}"): [write(v) for v in cells["weight"]],
            t("territories.gap.away"): [t(f"catchments.unit.{unit}", n=t.number(v, 1)) for v in cells["way"]],
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(shown.columns)[1:]}
    st.subheader(t("territories.gap.table"), anchor=False)
    head = shown.head(SHOWN)
    st.dataframe(head, hide_index=True, width="stretch", column_config=right, key="territories.gap.table")
    figures.download(cells.drop(columns=["x", "y"]), "service-gaps")
