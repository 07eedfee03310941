"""Territories on a page: the choices, the map, how fair and how far, the list, the files."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from charts.escaping import plain_text
from charts.maps import territories as map_charts
from charts.maps.marks import store_rows
from i18n.translator import Translator
from ui import downloads
from ui.cached import boundaries, demand, places, store_list
from ui.cached import territories as cached
from ui.cached.people import Wanted
from ui.cached.territories import CELLS, Asked, Divided, InTerritory
from ui.components import cards, customer_list, empty, inputs, place_map
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.working import working
from ui.filters import Filters
from ui.text import plain

TOLERANCES: Final = (0.05, 0.1, 0.2)
FIRST_COUNT: Final = 4.0
MOST: Final = 30


def ready(f: Filters, t: Translator) -> bool:
    """Whether anybody has a place; else say what is missing."""
    if places.extent(f.workspace, f.snapshot) is None:
        empty.missing_table(
            t("territories.empty.title"),
            would_show=t("territories.empty.would_show"),
            missing=t("territories.empty.missing"),
            key="territories",
        )
        return False
    if f.leaves_nothing or not places.placing(*f.key, f.windows).placed:
        empty.nothing_left(f, t)
        return False
    return True


def draw(f: Filters, t: Translator) -> None:
    """Draw the tab."""
    head = st.container()
    left, right = st.columns([2, 1], gap="large")
    with right:
        asked = _choices(f, t)
    made = _made(f, asked, t) if asked else None
    if made is None or asked is None:
        return
    rows = table_of(made)
    with head:
        _cards(made, t)
    with left:
        _map(made, rows, asked, f, t)
    with right:
        _say(made, asked, f, t)
    _table(made, rows, asked, f, t)


def _choices(f: Filters, t: Translator) -> Asked | None:
    """What is shared, among how many, in which areas; None where that cannot be."""
    offered = demand.weights_offered(f.workspace, f.snapshot, f.scope.currency)
    weight = st.selectbox(
        t("territories.weight.label"),
        offered,
        format_func=lambda code: t(f"territories.weight.{code}"),
        key="territories.weight",
    )
    levels = [each for each in boundaries.levels(f.workspace) if 2 <= each.regions <= cached.MOST_REGIONS]
    titles = {CELLS: t("territories.areas.cells")}
    for each in levels:
        is_own = each.kind != boundaries.STATES
        titles[each.key] = each.about.name if is_own else t("territories.areas.states")
    which = st.selectbox(
        t("territories.areas.label"),
        list(titles),
        format_func=lambda key: plain_text(titles.get(key, key), 60),
        key="territories.areas",
    )
    stores = store_list.own(f.workspace, f.snapshot)
    from_stores = False
    if 2 <= len(stores) <= MOST:
        centre = inputs.choice(
            t("territories.centre.label"),
            ("free", "stores"),
            "territories.centre",
            lambda code: t(f"territories.centre.{code}"),
            hidden=False,
        )
        from_stores = centre == "stores"
    count = len(stores)
    if not from_stores:
        count = int(
            inputs.number(t("territories.count"), "territories.count", FIRST_COUNT, low=2.0, high=float(MOST))
        )
    tolerance = inputs.choice(
        t("territories.tolerance"),
        TOLERANCES,
        "territories.tolerance",
        lambda value: f"±{t.percent(value, 0)}",
        default=0.1,
        hidden=False,
    )
    return Asked(weight, count, str(which), from_stores, float(tolerance))


def _made(f: Filters, asked: Asked, t: Translator) -> Divided | None:
    here = cached.areas(*f.key, f.windows, asked.weight, asked.areas)
    if len(here.lat) < asked.count:
        st.info(
            t.plural("territories.too_few", len(here.lat), asked=t.number(asked.count)),
            icon=":material/info:",
        )
        return None
    if not here.weight.sum() > 0:
        st.info(t("territories.no_work"), icon=":material/info:")
        return None
    with working(t("territories.working"), "territories", t) as progress:
        return cached.divided(*f.key, f.windows, asked, progress)


def table_of(made: Divided) -> pd.DataFrame:
    """One row a territory: ``near``, ``lat``, ``lon``, ``areas``, ``customers``, ``weight``, ``deviation``,
    ``mean_way``, ``max_way``.
    """
    found = made.found
    return pd.DataFrame(
        {
            "near": made.near,
            "lat": found.lat,
            "lon": found.lon,
            "areas": np.bincount(found.label, minlength=len(found.lat)),
            "customers": made.customers,
            "weight": found.weight,
            "deviation": found.deviation,
            "mean_way": found.mean_way,
            "max_way": found.max_way,
        }
    )


def _cards(made: Divided, t: Translator) -> None:
    found = made.found
    cards.kpi_row(
        [
            Card(
                t("territories.card.balance"),
                f"±{t.percent(found.imbalance)}",
                t("territories.definition.balance"),
                reason=t("territories.least_uneven", share=t.percent(found.least_imbalance))
                if found.least_imbalance > 0
                else t("territories.no_proof"),
            ),
            Card(
                t(f"territories.card.mean_{made.unit}"),
                way(made.raw_mean, made.unit, t),
                t("territories.definition.mean", way=way(made.cells_mean, made.unit, t)),
                reason=t("territories.least_way", way=way(found.least_way, made.unit, t)),
            ),
            Card(
                t("territories.card.far"),
                way(found.max_way.max(), made.unit, t, 0),
                t("territories.definition.far"),
            ),
            Card(
                t("territories.card.piece"),
                t("territories.yes" if found.contiguous else "territories.no"),
                t("territories.definition.piece"),
            ),
        ],
        t,
    )


def _say(made: Divided, asked: Asked, f: Filters, t: Translator) -> None:
    found = made.found
    fair = found.weight.sum() / len(found.weight)
    heaviest = int(np.argmax(made.areas.weight))
    uneven = found.imbalance > asked.tolerance + 1e-9
    if uneven and made.areas.weight[heaviest] > fair * (1 + asked.tolerance):
        told = t(
            "territories.too_heavy",
            name=made.areas.names[heaviest],
            share=t.percent(made.areas.weight[heaviest] / fair, 0),
        )
        st.markdown(plain(told, 400))
    elif uneven:
        st.markdown(t("territories.not_fairer", tolerance=t.percent(asked.tolerance, 0)))
    else:
        st.markdown(t("territories.fair", tolerance=t.percent(asked.tolerance, 0)))
    st.caption(f"{t('territories.how')} {measured(made, asked, t)}")
    if not found.complete:
        st.caption(t("territories.stopped"))


def way(value: float, unit: str, t: Translator, decimals: int = 1) -> str:
    """A way with its unit."""
    return t(f"catchments.unit.{unit}", n=t.number(value, decimals))


def measured(made: Divided, asked: Asked, t: Translator) -> str:
    """What the ways rest on, and how much of it was supplied."""
    told = [t(f"catchments.measured.{made.label}")]
    if made.unit == "min" and made.given < 1:
        told.append(t("catchments.given", share=t.percent(made.given, 0)))
    if not asked.from_stores:
        told.append(t("territories.free_ways"))
    return " ".join(told)


def _map(made: Divided, rows: pd.DataFrame, asked: Asked, f: Filters, t: Translator) -> None:
    first, second = made.areas.neighbours.nonzero()
    words = {
        "title": t("territories.map.title"),
        "note": t("territories.map.note"),
        "km": t(f"catchments.unit.{made.unit}", n="{n}"),
        "mean": t(f"territories.column.mean_{made.unit}"),
        **{name: t(f"territories.column.{name}") for name in ("customers", "share", "far")},
    }
    drawn = map_charts.territories(
        list(made.areas.shapes),
        made.found.label,
        zip(first.tolist(), second.tolist(), strict=True),
        rows,
        store_rows(store_list.rows(f.workspace, f.snapshot), t),
        words,
        f.currency,
        t,
        serial=format(hash((f.key, asked)) & 0xFFFFFFFF, "x"),
    )
    extent = place_map.around(shapely.total_bounds(made.areas.shapes))
    place_map.draw("territories", f.workspace, drawn, extent, t)


def _table(made: Divided, rows: pd.DataFrame, asked: Asked, f: Filters, t: Translator) -> None:
    write = _writer(asked, f, t)
    c = "territories.column"
    which = "number_store" if asked.from_stores else "number"
    shown = pd.DataFrame(
        {
            t(f"{c}.{which}"): [f"{j + 1} · {plain_text(name, 40)}" for j, name in enumerate(rows["near"])],
            t(f"{c}.customers"): [t.number(v) for v in rows["customers"]],
            t(f"territories.weight.{asked.weight}"): [write(v) for v in rows["weight"]],
            t(f"{c}.share"): [t.change(v) for v in rows["deviation"]],
            t(f"{c}.areas"): [t.number(v) for v in rows["areas"]],
            t(f"{c}.mean_{made.unit}"): [way(v, made.unit, t) for v in rows["mean_way"]],
            t(f"{c}.far"): [way(v, made.unit, t, 0) for v in rows["max_way"]],
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(shown.columns)[1:]}
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content",
        column_config=right,
        key="territories.table",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _files(made, rows, f, t)
        names = list(shown.iloc[:, 0])
        number = st.selectbox(
            t("territories.open.label"),
            range(len(rows)),
            format_func=lambda j: names[j],
            key=inputs.worded("territories.open.number", names),
        )
        if st.button(t("territories.open.button"), icon=":material/group:", key="territories.open"):
            title = t("territories.list.title", n=number + 1, name=rows["near"][number])
            rule = t("territories.list.rule", n=number + 1, all=len(rows))
            wanted = Wanted(history=False, among=InTerritory(asked, int(number)))
            customer_list.open_list(Listing("territory", title, rule, wanted))


def _writer(asked: Asked, f: Filters, t: Translator) -> Any:
    if asked.weight in ("customers", "orders"):
        return t.number
    return lambda value: t.money_short(value, f.currency)


def _files(made: Divided, rows: pd.DataFrame, f: Filters, t: Translator) -> None:
    st.download_button(
        t("territories.csv"),
        data=lambda: downloads.csv_bytes(file_of(made)),
        file_name=downloads.file_name("territories", f.workspace, f.scope.end),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="territories.csv",
    )
    st.download_button(
        t("territories.geojson"),
        data=lambda: geojson_of(made, rows),
        file_name=downloads.file_name("territories", f.workspace, f.scope.end).replace(".csv", ".geojson"),
        mime="application/geo+json",
        on_click="ignore",
        icon=":material/map:",
        key="territories.geojson",
    )


def file_of(made: Divided) -> pd.DataFrame:
    """Area by area: its name, place, customers, weight and territory; small counts are left out."""
    few = made.areas.customers < places.FEWEST
    return pd.DataFrame(
        {
            "territory": made.found.label + 1,
            "territory_name": [made.near[j] for j in made.found.label],
            "area": made.areas.names,
            "lat": made.areas.lat.round(4),
            "lon": made.areas.lon.round(4),
            "customers": pd.Series(made.areas.customers, dtype="Int64").mask(few),
            "weight": pd.Series(made.areas.weight).round(2).mask(few),
        }
    )


def geojson_of(made: Divided, rows: pd.DataFrame) -> bytes:
    """The territories as GeoJSON polygons (RFC 7946)."""
    features = []
    for j, row in enumerate(rows.to_dict("records")):
        shape = shapely.union_all(made.areas.shapes[made.found.label == j])
        properties = {"territory": j + 1, "name": str(row["near"]), "customers": int(row["customers"])}
        properties |= {"deviation": round(float(row["deviation"]), 4)}
        geometry = shapely.geometry.mapping(shapely.set_precision(shape, 1e-5))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
