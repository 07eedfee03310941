"""Where each store's customers come from: cards, the store that is looked at, its catchment on the map."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from charts.maps import catchments as map_charts
from charts.maps.marks import store_rows
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import catchment_map, store_list
from ui.cached import catchments as cached
from ui.cached import travel as ways
from ui.cached.catchment_map import Shown
from ui.cached.catchments import Ground, InCatchment, Rule
from ui.cached.people import Wanted
from ui.components import cards, customer_list, empty, figures, inputs, place_map
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.filters import Filters
from ui.text import plain

SHARES: Final = (0.7, 0.8, 0.9)
KINDS: Final = ("share", "radius", "nearest")
NEAR_KM: Final = 5.0
WHOLE: Final = 15
"""So many stores are shown without a list that scrolls in a page that scrolls."""
STORE: Final = "catchments.store"


def ground(f: Filters) -> Ground:
    """Cells by store of this scope."""
    return cached.ground(*f.key, f.windows, ways.current(f.workspace).version)


def ready(f: Filters, t: Translator) -> bool:
    """Whether there is anything to show; else say what is missing."""
    known = store_list.every(f.workspace, f.snapshot)
    own = known[known["owner"] != "competitor"]
    missing = ""
    if own.empty:
        missing = "stores" if known.empty else "own"
    elif own["lat"].isna().all():
        missing = "places"
    elif f.leaves_nothing:
        empty.nothing_left(f, t)
        return False
    else:
        with st.spinner(t("catchments.finding"), show_time=True):
            missing = "visits" if ground(f).stores.empty else ""
    if missing:
        empty.missing_table(
            t("catchments.empty.title"),
            would_show=t("catchments.empty.would_show"),
            missing=t(f"catchments.empty.{missing}"),
            key="catchments",
        )
    return not missing


def headline(f: Filters, t: Translator) -> None:
    """Four cards, and one sentence about the store whose customers come from farthest."""
    here = ground(f)
    version = ways.current(f.workspace).version
    whole = cached.whole(*f.key, f.windows, version)
    cards.kpi_row(
        [
            Card(
                t("catchments.card.half"),
                way(whole.half, here.unit, t),
                t(f"catchments.definition.half.{here.label}"),
            ),
            Card(t("catchments.card.most"), way(whole.most, here.unit, t), t("catchments.definition.most")),
            Card(t("catchments.card.nearest"), t.percent(whole.nearest), t("catchments.definition.nearest")),
            Card(t("catchments.card.several"), t.percent(whole.several), t("catchments.definition.several")),
            Card(
                t("catchments.card.placed"),
                t.percent(whole.placed),
                t("catchments.definition.placed"),
            ),
        ],
        t,
    )
    table = cached.by_store(*f.key, f.windows, version)
    far = table[table["customers"] >= cached.FEWEST].sort_values("half", ascending=False)
    if len(far) > 1:
        first, last = far.iloc[0], far.iloc[-1]
        sentence = t(
            "catchments.sentence",
            far=first["name"],
            far_way=way(first["half"], here.unit, t),
            near=last["name"],
            near_way=way(last["half"], here.unit, t),
        )
        st.markdown(plain(sentence, 600))


def way(value: float | None, unit: str, t: Translator) -> str:
    """``4.2 km`` or ``12 min``."""
    return DASH if value is None else t(f"catchments.unit.{unit}", n=t.number(value, 1))


def choose_store(here: Ground, t: Translator) -> str:
    """The store that is looked at, the same in every tab; the largest first."""
    names = here.names
    ids = list(names)
    kept = f"{STORE}.kept"
    if st.session_state.get(STORE) not in ids:
        found = st.session_state.get(kept)
        st.session_state[STORE] = found if found in ids else ids[0]
    chosen = st.selectbox(
        t("catchments.store"), ids, format_func=lambda code: plain(names[code], 60), key=STORE
    )
    st.session_state[kept] = chosen
    return str(chosen)


def catchment(f: Filters, t: Translator) -> None:
    """The map of a store's catchment, what it holds, and all stores as a table."""
    here = ground(f)
    version = ways.current(f.workspace).version
    left, right = st.columns([2, 1], gap="large")
    with right:
        store_id = choose_store(here, t)
        rule = _rule(here, t)
    shown = catchment_map.shown(*f.key, f.windows, version, store_id, rule)
    with left:
        _map(here, store_id, f, t, shown)
    with right:
        _found(here, store_id, rule, shown, f, t)
        if shown.more:
            st.caption(t("catchments.most_lines", n=t.number(len(shown.flows))))
        if shown.hidden:
            st.caption(t.plural("catchments.hidden", shown.hidden, few=t.number(cached.FEWEST)))
        st.caption(measured(here, t))
        if shown.customers >= cached.FEWEST:
            _open(here.names[store_id], InCatchment(store_id, rule, version), shown.customers, t)
    _table(f, t, here)


def _found(here: Ground, store_id: str, rule: Rule, shown: Shown, f: Filters, t: Translator) -> None:
    """What the catchment holds, in words."""
    if 0 < shown.customers < cached.FEWEST:
        st.info(t("map.place.few", n=t.number(cached.FEWEST)), icon=":material/visibility_off:")
        return
    st.markdown(
        t(
            f"catchments.found.{rule.kind}",
            store=plain(here.names[store_id], 60),
            n=t.number(shown.customers),
            share=t.percent(shown.found.share),
            sales=t.money_short(shown.found.weight, f.currency),
            reach=way(shown.found.reach, here.unit, t),
            limit=way(rule.value, here.unit, t),
        )
    )


def _open(name: str, wanted: InCatchment, customers: int, t: Translator) -> None:
    """A button that lists the customers of the catchment."""
    if st.button(t("catchments.open", n=t.number(customers)), key="catchments.open"):
        rule = wanted.rule
        title = t("catchments.list.title", store=name)
        words = t(f"catchments.rule.{rule.kind}", share=t.percent(rule.value, 0), store=name)
        customer_list.open_list(Listing("catchment", title, words, Wanted(history=False, among=wanted)))


def measured(here: Ground, t: Translator) -> str:
    """What the ways rest on, in words."""
    words = t(f"catchments.measured.{here.label}")
    return (
        words if here.given >= 0.995 else f"{words} {t('catchments.given', share=t.percent(here.given, 0))}"
    )


def _rule(here: Ground, t: Translator) -> Rule:
    kind = inputs.choice(
        t("catchments.kind.label"), KINDS, "catchments.kind", lambda code: t(f"catchments.kind.{code}")
    )
    if kind == "share":
        share = inputs.choice(
            t("catchments.share.label"),
            SHARES,
            "catchments.share",
            lambda value: t.percent(value, 0),
            default=0.8,
            hidden=False,
        )
        order = inputs.choice(
            t("catchments.order.label"),
            ("nearest", "densest"),
            "catchments.order",
            lambda code: t(f"catchments.order.{code}"),
            hidden=False,
        )
        return Rule("share", float(share), order)
    if kind == "radius":
        limit = inputs.number(
            t(f"catchments.limit.{here.unit}"),
            "catchments.limit",
            NEAR_KM if here.unit == "km" else 15.0,
            low=0.5,
            high=500.0,
            step=1.0,
            decimals=1,
        )
        return Rule("radius", limit)
    return Rule("nearest")


def _map(here: Ground, store_id: str, f: Filters, t: Translator, shown: Shown) -> None:
    store = {str(key): value for key, value in here.stores.iloc[here.place(store_id)].items()}
    words = {
        "title": here.names[store_id],
        "outline": t("catchments.map.outline", share=t.percent(shown.found.share, 0)),
        "note": t("catchments.map.note", few=t.number(cached.FEWEST)),
        "unit": t(f"catchments.unit.{here.unit}", n="{n}"),
    }
    pins = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    drawn = map_charts.catchment(shown.outline, shown.flows, store, pins, f.currency, words, t)
    place_map.draw("catchment", f.workspace, drawn, shown.extent, t, version=store_id)


def _table(f: Filters, t: Translator, here: Ground) -> None:
    table = cached.by_store(*f.key, f.windows, ways.current(f.workspace).version)
    c = "catchments.column"
    few = table["customers"].between(1, cached.FEWEST - 1)
    table.loc[few, ["revenue", "half", "most", "nearest"]] = np.nan
    table["customers"] = table["customers"].astype(object).where(~few, None)
    shown = pd.DataFrame(
        {
            t(f"{c}.store"): table["name"],
            t(f"{c}.customers"): [t.number(v) for v in table["customers"]],
            t(f"{c}.revenue"): [t.money_short(v, f.currency) for v in table["revenue"]],
            t(f"{c}.half"): [way(v, here.unit, t) for v in table["half"]],
            t(f"{c}.most"): [way(v, here.unit, t) for v in table["most"]],
            t(f"{c}.nearest"): [t.percent(v) for v in table["nearest"]],
        }
    )
    st.subheader(t("catchments.table.title"), anchor=False)
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(shown.columns)[1:]}
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content" if len(shown) <= WHOLE else "auto",
        column_config=right,
        key="catchments.table",
    )
    figures.download(table, "catchments-stores")
