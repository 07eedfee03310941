"""Where each store's customers come from: cards, the store that is looked at, its catchment on the map."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from charts.maps import catchments as map_charts
from charts.maps.marks import store_rows
from geo.decay import median_km
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import catchments as cached
from ui.cached import travel as ways
from ui.cached import visits
from ui.cached.catchments import Ground, InCatchment, Rule
from ui.cached.people import Wanted
from ui.components import cards, customer_list, empty, figures, inputs, place_map
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.filters import Filters
from ui.text import plain

SHARES: Final = (0.7, 0.8, 0.9)
KINDS: Final = ("share", "radius", "nearest")
FLOW_LEVEL: Final = 13
NEAR_KM: Final = 5.0
STORE: Final = "catchments.store"


def ground(f: Filters) -> Ground:
    """Cells by store of this scope."""
    return cached.ground(*f.key, f.windows, ways.current(f.workspace).version)


def ready(f: Filters, t: Translator) -> bool:
    """Whether there is anything to show; else say what is missing."""
    known = cached.stores(f.workspace, f.snapshot)
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
    table = cached.by_store(*f.key, f.windows, ways.current(f.workspace).version)
    everyone = visits.by_customer(*f.key, f.windows)
    placed = visits.placed(*f.key, f.windows)
    revenue = here.revenue.ravel()
    half, most = (median_km(here.cost.ravel(), revenue, share) for share in (0.5, 0.8))
    nearest = float((table["nearest"] * table["revenue"]).sum() / max(table["revenue"].sum(), 1e-9))
    several = _several(everyone.column("customer_key").to_numpy())
    cards.kpi_row(
        [
            Card(
                t("catchments.card.half"),
                way(half, here.unit, t),
                t(f"catchments.definition.half.{here.label}"),
            ),
            Card(t("catchments.card.most"), way(most, here.unit, t), t("catchments.definition.most")),
            Card(t("catchments.card.nearest"), t.percent(nearest), t("catchments.definition.nearest")),
            Card(t("catchments.card.several"), t.percent(several), t("catchments.definition.several")),
            Card(
                t("catchments.card.placed"),
                t.percent(placed.num_rows / everyone.num_rows) if everyone.num_rows else DASH,
                t("catchments.definition.placed"),
            ),
        ],
        t,
    )
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


def _several(keys: np.ndarray) -> float | None:
    """Share of the customers of stores who buy in two or more."""
    if not len(keys):
        return None
    _, counts = np.unique(keys, return_counts=True)
    return float((counts > 1).mean())


def way(value: float | None, unit: str, t: Translator) -> str:
    """``4.2 km`` or ``12 min``."""
    return DASH if value is None else t(f"catchments.unit.{unit}", n=t.number(value, 1))


def choose_store(here: Ground, t: Translator) -> str:
    """The store that is looked at, the same in every tab; the largest first."""
    ids = here.stores["store_id"].tolist()
    names = dict(zip(ids, here.stores["name"].fillna(here.stores["store_id"]), strict=True))
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
    left, right = st.columns([2, 1], gap="large")
    with right:
        store_id = choose_store(here, t)
        rule = _rule(here, t)
    found = cached.catchment(here, store_id, rule)
    j = here.place(store_id)
    store = here.stores.iloc[j].to_dict()
    name = store["name"] or store_id
    flows = cached.flows(here, store_id, FLOW_LEVEL)
    with left:
        _map(here, store_id, rule, f, t, found, flows)
    inside = int(here.customers[found.inside, j].sum())
    with right:
        if 0 < inside < cached.FEWEST:
            st.info(t("map.place.few", n=t.number(cached.FEWEST)), icon=":material/visibility_off:")
            inside = 0
        else:
            st.markdown(
                t(
                    f"catchments.found.{rule.kind}",
                    store=plain(name, 60),
                    n=t.number(inside),
                    share=t.percent(found.share),
                    sales=t.money_short(found.weight, f.currency),
                    reach=way(found.reach, here.unit, t),
                    limit=way(rule.value, here.unit, t),
                )
            )
        hidden = int(here.customers[:, j].sum() - flows["customers"].sum())
        if hidden:
            st.caption(t.plural("catchments.hidden", hidden, few=t.number(cached.FEWEST)))
        st.caption(measured(here, t))
        if inside and st.button(t("catchments.open", n=t.number(inside)), key="catchments.open"):
            title = t("catchments.list.title", store=name)
            rule_words = t(f"catchments.rule.{rule.kind}", share=t.percent(rule.value, 0), store=name)
            version = ways.current(f.workspace).version
            wanted = Wanted(history=False, among=InCatchment(store_id, rule, version))
            customer_list.open_list(Listing("catchment", title, rule_words, wanted))
    _table(f, t, here)


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


def _map(
    here: Ground, store_id: str, rule: Rule, f: Filters, t: Translator, found: Any, flows: pd.DataFrame
) -> None:
    store = {str(key): value for key, value in here.stores.iloc[here.place(store_id)].items()}
    words = {
        "title": str(store["name"] or store_id),
        "outline": t("catchments.map.outline", share=t.percent(found.share, 0)),
        "note": t("catchments.map.note", few=t.number(cached.FEWEST)),
        "unit": t(f"catchments.unit.{here.unit}", n="{n}"),
    }
    every = cached.stores(f.workspace, f.snapshot)
    pins = store_rows(every.astype(object).where(every.notna(), None).to_dict("records"), t)  # type: ignore[arg-type]
    outline = cached.shown(here, store_id, rule, found)
    drawn = map_charts.catchment(outline, flows, store, pins, f.currency, words, t)
    place_map.draw("catchment", f.workspace, drawn, extent(here, store_id), t, version=store_id)


def extent(here: Ground, store_id: str) -> tuple[float, float, float, float]:
    """South, west, north, east around nine tenths of a store's sales."""
    j = here.place(store_id)
    near = cached.catchment(here, store_id, Rule("share", 0.85)).inside & (here.customers[:, j] > 0)
    store = here.stores.iloc[j]
    lat = np.append(here.cells["lat"].to_numpy(float)[near], store["lat"])
    lon = np.append(here.cells["lon"].to_numpy(float)[near], store["lon"])
    return (
        float(lat.min()) - 0.03,
        float(lon.min()) - 0.03,
        float(lat.max()) + 0.03,
        float(lon.max()) + 0.03,
    )


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
    st.dataframe(shown, hide_index=True, width="stretch", column_config=right, key="catchments.table")
    figures.download(table, "catchments-stores")
