"""The tab Closing: what is lost if a store closes, where its customers go, and whether moving is better."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import sites as charts
from charts.amounts import whole_money
from charts.escaping import plain_text
from charts.maps.marks import store_rows
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.cached import places, site_answer, site_closing, sites, store_list
from ui.cached.site_closing import Closed
from ui.cached.site_model import Model
from ui.components import cards, figures, place_map
from ui.components import sites_state as state
from ui.components import sites_words as words
from ui.components.cards import Card
from ui.components.inputs import choice, number
from ui.filters import Filters


def closing(f: Filters, t: Translator, made: Model) -> None:
    """Draw what closing a store costs and where its sales go."""
    names = [plain_text(name, 40) for name in made.own["name"]]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        store = int(
            st.selectbox(
                t("sites.closing.which"),
                range(len(names)),
                format_func=lambda k: names[k],
                key="sites.closing.store",
                width=280,
            )
        )
        way = choice(
            t("sites.closing.way"),
            ("huff", "stated"),
            "sites.closing.way",
            lambda code: t(f"sites.closing.{code}"),
        )
        stated = (
            number(t("sites.closing.leaving"), "sites.closing.leaving", 50.0, high=100.0)
            if way == "stated"
            else None
        )
    leaving = None if stated is None else stated / 100
    rests = sites.basis(f.workspace)
    found = site_closing.closed(*f.key, f.windows, state.plan(f).brief, rests, store, leaving)
    if found is None:
        return
    st.caption(_range_note(found, leaving is not None, t))
    _cards(found, made, f, t)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _map(found, made, f, t)
    with right:
        _where(found, made, f, t)
    _moving(store, found, made, f, t)


def _cards(found: Closed, made: Model, f: Filters, t: Translator) -> None:
    middle = found.middle
    margin = site_answer.margin_of(f.workspace)
    rent = made.own["rent"].iloc[middle.store]
    known = not absent(rent)
    saved = 12 * float(rent) if known else 0.0
    lost = margin * middle.leaves
    cards.kpi_row(
        [
            Card(
                t("sites.closing.sales.name"),
                t.money_short(middle.sales, f.currency),
                t("sites.closing.sales.definition"),
            ),
            Card(
                t("sites.closing.leaves.name"),
                t.money_short(middle.leaves, f.currency),
                t("sites.closing.leaves.definition"),
                reason=_share_words(found, t),
            ),
            Card(
                t("sites.closing.margin.name"),
                t.money_short(lost, f.currency),
                t("sites.closing.margin.definition"),
                reason=t("sites.closing.margin_rate", rate=t.percent(margin, 0)),
            ),
            Card(
                t("sites.closing.net.name"),
                t.money_short(saved - lost, f.currency) if known else DASH,
                t("sites.closing.net.definition"),
                reason=t("sites.closing.rent", rent=whole_money(saved, f.currency, t))
                if known
                else t("sites.reason.rent_unknown"),
            ),
        ],
        t,
    )


def _shares(found: Closed, t: Translator) -> tuple[str, str, str]:
    """What leaves, and the least and most of it, as they are written."""
    low, middle, high = (each.share_leaving for each in (found.low, found.middle, found.high))
    return t.percent(middle, 0), t.percent(low, 0), t.percent(high, 0)


def _share_words(found: Closed, t: Translator) -> str:
    """The share that leaves, with its range where that has a width."""
    if found.middle.share_leaving is None:
        return DASH
    share, low, high = _shares(found, t)
    if low == high:
        return t("sites.closing.share_alone", share=share)
    return t("sites.closing.share", share=share, low=low, high=high)


def _range_note(found: Closed, stated: bool, t: Translator) -> str:
    """Where the range comes from, or why there is none."""
    share, low, high = _shares(found, t)
    if found.middle.share_leaving is None:
        return t("sites.closing.nothing_sold")
    if low != high:
        return t("sites.closing.note_stated" if stated else "sites.closing.note_huff")
    return t(
        "sites.closing.all_leaves" if share == t.percent(1.0, 0) else "sites.closing.no_range", share=share
    )


def _flows(found: Closed, made: Model, f: Filters, t: Translator) -> pd.DataFrame:
    """Where the sales of the store go, the most first."""
    own, middle = made.own, found.middle
    table = pd.DataFrame(
        {
            "name": own["name"].astype(str),
            "lat": own["lat"],
            "lon": own["lon"],
            "gain": middle.gains,
            "least": found.high.gains,
            "most": found.low.gains,
        }
    )
    table = table.drop(index=middle.store).sort_values(["gain", "name"], ascending=[False, True])
    table["share"] = table["gain"] / middle.sales if middle.sales > 0 else 0.0
    table["text"] = [
        f"{whole_money(gain, f.currency, t)} · {t.percent(share)}"
        for gain, share in zip(table["gain"], table["share"], strict=True)
    ]
    return table


def _map(found: Closed, made: Model, f: Filters, t: Translator) -> None:
    extent = places.extent(f.workspace, f.snapshot)
    if extent is None:
        return
    here = made.own.iloc[found.middle.store]
    flows = _flows(found, made, f, t)
    stores = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    serial = f"{found.middle.store}.{found.middle.leaves:.0f}"
    layers = charts.flow_layers((float(here["lat"]), float(here["lon"])), flows, stores, t, serial=serial)
    place_map.seen("sites-closing", f.workspace)
    place_map.draw("sites-closing", f.workspace, layers, extent, t, height=400)


def _where(found: Closed, made: Model, f: Filters, t: Translator) -> None:
    flows = _flows(found, made, f, t)
    top = flows.head(6)
    names = [t("sites.closing.elsewhere"), *top["name"]]
    values = [found.middle.leaves, *top["gain"]]
    total = found.middle.sales
    share = t.percent(found.middle.leaves / total) if total > 0 else DASH
    texts = [f"{whole_money(found.middle.leaves, f.currency, t)} · {share}", *top["text"]]
    table = pd.DataFrame(
        {
            t("sites.column.store"): [t("sites.closing.elsewhere"), *flows["name"]],
            t("sites.closing.gain"): [found.middle.leaves, *flows["gain"]],
            t("sites.closing.least"): [found.low.leaves, *flows["least"]],
            t("sites.closing.most"): [found.high.leaves, *flows["most"]],
        }
    )
    figures.chart(
        charts.bars(names, values, texts, t), table.round(0), "sites-flows", title=t("sites.closing.title")
    )


def _moving(store: int, found: Closed, made: Model, f: Filters, t: Translator) -> None:
    """Close here and open at a candidate."""
    st.subheader(t("sites.moving.title"), anchor=False)
    if not state.candidates(f):
        st.caption(t("sites.moving.none"))
        return
    answer = state.answer(f, t)
    if answer is None:
        return
    names = {j: plain_text(answer.kept["name"].iloc[j], 40) for j in answer.ranked}
    site = int(
        st.selectbox(
            t("sites.moving.to"),
            list(names),
            format_func=lambda j: names[j],
            key="sites.moving.to",
            width=320,
        )
    )
    moved = site_closing.moved(state.key(f), store, site)
    if moved is None:
        return
    if made.error is None:
        st.caption(words.ranking_only(made, t))
        return
    st.markdown(
        t(
            "sites.moving.sentence",
            before=whole_money(moved.before, f.currency, t),
            after=whole_money(moved.after, f.currency, t),
            others=whole_money(float(moved.others.sum()), f.currency, t, sign=True),
            net=whole_money(moved.net, f.currency, t, sign=True),
        ).replace("$", "\\$")
    )
    st.caption(t("sites.moving.note", error=t.percent(made.error.median_error)))
