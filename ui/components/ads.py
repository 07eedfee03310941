"""Ad places on a page: whom, from where, for how much; the map, the curve, the list, the files."""

from __future__ import annotations

import json
from typing import Any, Final

import pandas as pd
import shapely
import streamlit as st

from charts import ads as charts
from charts.amounts import symbol, whole_money
from charts.escaping import plain_text
from charts.maps.marks import store_rows
from data.errors import FileRefused
from data.population import read_table
from geo.mending import around_date_line
from geo.reach import circle
from geo.reach_places import MOST, Place, places_of
from i18n.numbers import DASH, WITHOUT_DECIMALS
from i18n.translator import Translator
from ui import downloads, errors, session
from ui.cached import ads as cached
from ui.cached import audiences, places, store_list
from ui.cached.ads import EVERYONE, Answer, Asked, InReach
from ui.cached.people import Wanted
from ui.components import cards, customer_list, exports, figures, inputs, place_map
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.exports import Export
from ui.filters import Filters

LIFECYCLE: Final = ("new", "active", "loyal", "lapsed")
KINDS: Final = ("towns", "cells", "upload")
FIRST_KM: Final = 5.0
FIRST_COST: Final = 1_000.0
FIRST_PLACES: Final = 5
_MOST_MB: Final = 2


def draw(f: Filters, t: Translator) -> None:
    """Draw the page below its head."""
    head = st.container()
    left, right = st.columns([2, 1], gap="large")
    with right:
        asked = _choices(f, t)
    if asked is None:
        return
    with st.spinner(t("ads.working")):
        made = cached.answer(*f.key, f.windows, asked)
    with head:
        _cards(made, asked, f, t)
    with left:
        _map(made, asked, f, t)
    with right:
        _say(made, asked, f, t)
    if len(made.chosen):
        _curve(asked, f, t)
        _table(made, f, t)
        _files(made, asked, f, t)


def _choices(f: Filters, t: Translator) -> Asked | None:
    target = _target(f, t)
    aim = st.selectbox(
        t("ads.aim.label"),
        cached.aims_offered(f.workspace, f.snapshot, f.scope),
        format_func=lambda code: t(f"ads.aim.{code}"),
        key="ads.aim",
    )
    kind = inputs.choice(
        t("ads.kind.label"), KINDS, "ads.kind", lambda code: t(f"ads.kind.{code}"), hidden=False
    )
    uploaded: tuple[Place, ...] = ()
    if kind == "upload":
        uploaded = _upload(t)
        if not uploaded:
            return None
    first, second = st.columns(2)
    with first:
        km = inputs.number(t("ads.km"), "ads.km", FIRST_KM, low=0.2, high=100.0, step=1.0, decimals=1)
    scale = _scale(f)
    cost = FIRST_COST * scale
    if kind != "upload":
        with second:
            label = t("ads.cost", currency=symbol(f.currency))
            cost = inputs.number(label, "ads.cost", cost, low=1.0, step=100.0 * scale)
    budget = inputs.number(
        t("ads.budget", currency=symbol(f.currency)),
        "ads.budget",
        FIRST_PLACES * FIRST_COST * scale,
        low=1.0,
        step=1_000.0 * scale,
    )
    made = Asked(target, aim, kind, km, cost, budget, uploaded)
    if examples := _examples(made, f):
        st.caption(t(f"ads.example.{examples}"))
    if kind != "upload":
        st.caption(t("ads.cost_note"))
    return made


def _scale(f: Filters) -> float:
    """What an example of money is multiplied with in this currency."""
    return 1_000.0 if f.currency == "IDR" else 1.0


def _examples(asked: Asked, f: Filters) -> str:
    """What of cost and budget is still our example: ``both``, ``cost``, ``budget`` or nothing."""
    cost = asked.kind != "upload" and asked.cost == FIRST_COST * _scale(f)
    budget = asked.budget == FIRST_PLACES * FIRST_COST * _scale(f)
    return "both" if cost and budget else "cost" if cost else "budget" if budget else ""


def _target(f: Filters, t: Translator) -> str:
    names = {EVERYONE: t("ads.target.all")}
    names |= {f"lifecycle:{code}": t.code("lifecycle", code) for code in LIFECYCLE}
    opened = session.opened(f.workspace)
    for each in audiences.saved(opened):
        code = audiences.code_of(opened, f.snapshot, (each.id,))
        names[f"{cached.AUDIENCE}{code}"] = t("ads.target.audience", name=each.name)
    key = "ads.target"
    if st.session_state.get(key) not in names:
        st.session_state[key] = EVERYONE
    return str(
        st.selectbox(
            t("ads.target.label"),
            list(names),
            format_func=lambda code: plain_text(names.get(code, ""), 60),
            key=key,
        )
    )


def _upload(t: Translator) -> tuple[Place, ...]:
    """The places of a file; what cannot be read is said."""
    given = st.file_uploader(
        t("ads.upload.label"), type=["csv", "xlsx"], key="ads.upload", max_upload_size=_MOST_MB
    )
    st.caption(t("ads.upload.note", most=t.number(MOST), mb=t.number(_MOST_MB)))
    if given is None:
        return ()
    try:
        found, refused = places_of(read_table(given.getvalue(), given.name))
    except FileRefused as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return ()
    except ValueError:
        st.error(t("ads.upload.unread", most=t.number(MOST)), icon=":material/info:")
        return ()
    st.caption(t.plural("ads.upload.read", len(found)))
    if refused:
        lines = ", ".join(t.number(each.row) for each in refused[:10])
        st.caption(t.plural("ads.upload.refused", len(refused), rows=lines))
    return found


def _cards(made: Answer, asked: Asked, f: Filters, t: Translator) -> None:
    example = t("ads.example.short") if _examples(asked, f) in ("both", "cost") else ""
    spent = float(made.plan.cost[-1]) if len(made.plan.cost) else 0.0
    worth = "value" if cached.foreseen(f.workspace, f.snapshot, f.scope) else "revenue"
    each = t.money(spent / made.reached, f.currency) if made.reached else DASH
    why = example if made.reached else t("ads.nobody")
    told, per = of_sales(spent, made.value, f.currency, t)
    share = t.percent(made.reached / made.target) if made.target else DASH
    cards.kpi_row(
        [
            Card(t("ads.card.reached"), t.number(made.reached), t("ads.definition.reached")),
            Card(t("ads.card.share"), share, t.plural("ads.definition.share", made.target)),
            Card(
                t("ads.card.cost"),
                t.money_short(spent, f.currency),
                t("ads.definition.cost"),
                reason=example if spent else "",
            ),
            Card(t("ads.card.each"), each, t("ads.definition.each"), reason=why),
            Card(
                t(f"ads.card.per_{worth}", hundred=told),
                per,
                t(f"ads.definition.per_{worth}", hundred=told),
                reason=example if made.value > 0 else t("ads.nobody"),
            ),
        ],
        t,
    )


def of_sales(spent: float, value: float, currency: str, t: Translator) -> tuple[str, str]:
    """An amount of sales, and what is spent for so much: RM100; Rp1,000, as Rp100 would cost Rp0 or Rp1."""
    each = 1_000 if currency in WITHOUT_DECIMALS else 100
    return whole_money(each, currency, t), t.money(spent / value * each, currency) if value > 0 else DASH


def _say(made: Answer, asked: Asked, f: Filters, t: Translator) -> None:
    if not len(made.chosen):
        st.info(_nothing(made, asked, t), icon=":material/info:")
        return
    if made.plan.proved:
        st.markdown(t("ads.proved"))
    else:
        st.markdown(t("ads.gap", share=t.percent(made.plan.gap)))
    off = made.counted / made.gathered - 1 if made.gathered > 0 else 0.0
    st.caption(t("ads.counted", change=t.change(off)))
    if made.left_out:
        st.caption(t.plural("ads.left_out", made.left_out, few=t.number(places.FEWEST)))


def _nothing(made: Answer, asked: Asked, t: Translator) -> str:
    """Why no place is chosen, and what to do."""
    few = t.number(places.FEWEST)
    if not made.target:
        return t("ads.nobody_placed")
    if made.candidates:
        return t("ads.none", few=few)
    if made.left_out:
        return t("ads.all_few", few=few, km=t.number(asked.km, 1))
    return t("ads.no_towns", km=t.number(asked.km, 1), people=t.number(places.TOWN_SIZE))


def _map(made: Answer, asked: Asked, f: Filters, t: Translator) -> None:
    words = {
        "title": t("ads.map.title"),
        "place": t("ads.map.place", km=t.number(asked.km, 1)),
        "note": t("ads.map.note"),
        "few": t("ads.few", few=t.number(places.FEWEST)),
        **{name: t(f"ads.column.{name}") for name in ("alone", "added", "cost")},
    }
    pins = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    serial = format(hash((f.key, asked)) & 0xFFFFFFFF, "x")
    drawn = charts.places(made.chosen, asked.km, pins, words, f.currency, places.FEWEST, t, serial)
    extent = _around(made) or places.extent(f.workspace, f.snapshot)
    if extent is not None:
        place_map.draw("ads", f.workspace, drawn, extent, t)


def _around(made: Answer) -> tuple[float, float, float, float] | None:
    """Where the chosen places are."""
    if not len(made.chosen):
        return None
    lat, lon = made.chosen["lat"], made.chosen["lon"]
    return place_map.around((lon.min(), lat.min(), lon.max(), lat.max()))


def _curve(asked: Asked, f: Filters, t: Translator) -> None:
    def write(value: Any) -> str:
        return t.number(value) if asked.aim == "customers" else t.money_short(value, f.currency)

    found = cached.curve(*f.key, f.windows, asked)
    words = {
        "x": t("ads.budget", currency=symbol(f.currency)),
        "y": t(f"ads.aim.{asked.aim}"),
        **{name: t(f"ads.curve.{name}") for name in ("reach", "bound", "places")},
    }
    figure = charts.curve(found, asked.budget, words, write, f.currency, t, figures.mode())
    headers = {"budget": words["x"], "reach": words["reach"], "bound": words["bound"]}
    table = found.rename(columns=headers | {"places": words["places"]})
    figures.chart(figure, table, "ads-curve", title=t("ads.curve.title"))


def _table(made: Answer, f: Filters, t: Translator) -> None:
    few = t("ads.few", few=t.number(places.FEWEST))
    shown = pd.DataFrame(
        {
            t("ads.column.place"): [
                f"{n} · {plain_text(name, 60)}" for n, name in enumerate(made.chosen["name"], start=1)
            ],
            t("ads.column.added"): [_count(n, few, t) for n in made.chosen["added"]],
            t("ads.column.alone"): [_count(n, few, t) for n in made.chosen["alone"]],
            t("ads.column.cost"): [t.money(cost, f.currency) for cost in made.chosen["cost"]],
            t("ads.column.each"): [
                t.money(cost / n, f.currency) if n >= places.FEWEST else DASH
                for cost, n in zip(made.chosen["cost"], made.chosen["added"], strict=True)
            ],
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(shown.columns)[1:]}
    st.subheader(t("ads.table"), anchor=False)
    st.dataframe(shown, hide_index=True, width="stretch", column_config=right, key="ads.table")


def _count(n: int, few: str, t: Translator) -> str:
    return t.number(n) if n >= places.FEWEST else few


def _files(made: Answer, asked: Asked, f: Filters, t: Translator) -> None:
    title = t("ads.list.title")
    rule = t.plural(
        "ads.list.rule",
        len(made.chosen),
        km=t.number(asked.km, 1),
        target=_target_words(asked, t),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            t("ads.geojson"),
            data=lambda: geojson_of(made, asked.km),
            file_name=downloads.file_name("ad-areas", f.workspace, f.as_of).replace(".csv", ".geojson"),
            mime="application/geo+json",
            on_click="ignore",
            icon=":material/map:",
            key="ads.geojson",
        )
        export = Export("ad-postcodes", title, rule, ("postcode", "customers"))
        exports.button(
            export, f, t("ads.postcodes"), "ads.postcodes", lambda: postcodes_of(f, asked, t), tuple
        )
        label = t("ads.open", n=t.number(made.reached))
        if made.reached >= places.FEWEST and st.button(label, icon=":material/group:", key="ads.open"):
            wanted = Wanted(history=asked.target.startswith(cached.AUDIENCE), among=InReach(asked))
            customer_list.open_list(Listing("reach", title, rule, wanted))
    st.caption(t("ads.files_note", few=t.number(places.FEWEST)))


def _target_words(asked: Asked, t: Translator) -> str:
    kind, _, rest = asked.target.partition(":")
    if kind == "lifecycle":
        return t.code("lifecycle", rest)
    return t("ads.target.all" if kind == EVERYONE else "ads.target.saved")


def postcodes_of(f: Filters, asked: Asked, t: Translator) -> pd.DataFrame:
    """The file for ad platforms: postcodes of those who are reached, and how many of them live there."""
    found = cached.postcodes(*f.key, f.windows, asked)
    return found.rename(columns={"postcode": t("ads.column.postcode"), "customers": t("ads.column.people")})


def geojson_of(made: Answer, km: float) -> bytes:
    """The circles as GeoJSON polygons (RFC 7946), cut at the date line as its section 3.1.9 asks."""
    features = []
    for number, row in enumerate(made.chosen.to_dict("records"), start=1):
        shape = shapely.set_precision(around_date_line(circle(row["lat"], row["lon"], km)), 1e-5)
        properties = {
            "number": number,
            "name": plain_text(row["name"], 80),
            "radius_km": km,
            "lat": round(float(row["lat"]), 5),
            "lon": round(float(row["lon"]), 5),
            "cost": float(row["cost"]),
        }
        geometry = shapely.geometry.mapping(shape)
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
