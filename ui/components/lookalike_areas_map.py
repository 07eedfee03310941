"""The map and the list of look-alike areas, and one area beside the best."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from charts import lookalikes as charts
from charts.escaping import plain_text
from charts.maps import lookalikes as maps
from charts.maps.marks import store_rows
from i18n.translator import Translator
from ui.cached import boundaries, places, store_list
from ui.cached.boundaries import STATES
from ui.cached.lookalike_areas import Answer, InArea, Unit
from ui.cached.people import Wanted
from ui.components import customer_list, figures, place_map
from ui.components.customer_list import Listing
from ui.components.lookalike_words import area_feature, area_value
from ui.components.map_state import Selection
from ui.filters import Filters
from ui.text import plain

NAME: Final = "lookalike-areas"
SHOWN: Final = 10


def draw(found: Answer, unit: Unit, measure: str, f: Filters, t: Translator) -> None:
    """Map and list side by side, then what the best areas have in common beside the chosen area."""
    extent = places.extent(f.workspace, f.snapshot)
    if extent is None:
        return
    table = _named(found, unit, t)
    here = place_map.seen(NAME, f.workspace)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        row = _listed(found, table, measure, here.selection, f, t)
    with left:
        stores = store_rows(store_list.rows(f.workspace, f.snapshot), t)
        chosen = "" if row is None else str(row["pick"])
        borders = None if unit.level is None else boundaries.drawn(f.workspace, unit.level)
        layers = maps.areas(table, measure, f.currency, places.FEWEST, stores, chosen, t, borders)
        place_map.draw(NAME, f.workspace, layers, extent, t)
    if found.made.auc is None:
        return
    one, other = st.columns([3, 2], gap="medium")
    with one:
        _common(found, t)
    with other:
        if row is None:
            st.caption(t("lookalikes.areas.click"))
        else:
            _beside(row, found, unit, f, t)


def _named(found: Answer, unit: Unit, t: Translator) -> pd.DataFrame:
    """The areas with their pick and their kind; names of states in the reader's language."""
    table = found.table.copy()
    table["kind"] = "other"
    if found.made.word != "do_not_use":
        table.loc[table["alike"], "kind"] = "alike"
    table.loc[table["best"], "kind"] = "best"
    if unit.level is not None:
        if unit.level.kind == STATES:
            codes = table["area"].astype(str)
            names = {
                code: boundaries.region_title(name, code, t.lang)
                for code, name in zip(codes, table["name"], strict=True)
            }
            words = dict(zip(table["name"], (names[code] for code in codes), strict=True))
            table["name"] = [names[code] for code in codes]
            if "like" in table:
                table["like"] = [tuple(words.get(name, name) for name in pair) for pair in table["like"]]
        table["pick"] = "region:" + table["area"].astype(str)
    else:
        table["pick"] = "area:" + table["area"].astype(str)
    return table


def _listed(
    found: Answer, table: pd.DataFrame, measure: str, picked: Selection | None, f: Filters, t: Translator
) -> Any:
    """The look-alikes as a list (the best areas where there are none); the area that was chosen."""
    st.subheader(t("lookalikes.areas.list"), anchor=False)
    usable = found.made.word != "do_not_use"
    if not usable:
        st.markdown(t("lookalikes.areas.list_none"))
    rows = table[table["kind"] == ("alike" if usable else "best")].reset_index(drop=True)
    like = t("lookalikes.areas.column.like")  # long names: in the file and beside the area, not in the list
    worded = pd.DataFrame({t("lookalikes.areas.column.name"): [plain_text(n, 40) for n in rows["name"]]})
    if usable:
        worded[t("lookalikes.areas.column.predicted")] = [
            maps.measured(measure, value, f.currency, t) for value in rows["predicted"]
        ]
        worded[t("lookalikes.areas.column.range")] = [
            t(
                "lookalikes.areas.range",
                low=maps.measured(measure, low, f.currency, t),
                high=maps.measured(measure, high, f.currency, t),
            )
            for low, high in rows[["low", "high"]].to_numpy()
        ]
    worded[t("lookalikes.areas.column.now")] = [
        maps.now(row, measure, f.currency, places.FEWEST, t) for row in rows.to_dict("records")
    ]
    if usable:
        worded[like] = [_pair(pair, t) for pair in rows["like"]]
    listed = worded.drop(columns=like, errors="ignore")
    right = {name: st.column_config.TextColumn(alignment="right") for name in listed.columns[1:]}
    drawn: Any = st.dataframe(
        listed,
        column_config=right,
        hide_index=True,
        height=min(430, 38 + 35 * max(1, len(worded))),
        on_select="rerun",
        selection_mode="single-row",
        key=f"lookalikes.areas.rows.{usable}",
    )
    figures.download(worded, "lookalikes-areas")
    chosen = [place for place in drawn.selection.rows if place < len(rows)]
    if chosen:
        return rows.iloc[chosen[0]]
    same = table[table["pick"] == picked.pick] if picked is not None else table.iloc[:0]
    return same.iloc[0] if len(same) else None


def _pair(pair: tuple[str, str], t: Translator) -> str:
    """The two best areas one is most like."""
    one, other = (plain_text(name, 30) for name in pair)
    return t("lookalikes.areas.pair", one=one, other=other)


def _common(found: Answer, t: Translator) -> None:
    """The weights with their intervals; in the table also the means of best and other areas."""
    rows = pd.DataFrame(
        [
            {
                "code": name,
                "name": area_feature(name, t),
                "value": weight.value,
                "low": weight.low,
                "high": weight.high,
                "certain": weight.low > 0 or weight.high < 0,
            }
            for name, weight in zip(found.features, found.made.weights, strict=True)
        ]
    )
    rows = rows.reindex(rows["value"].abs().sort_values(ascending=False, kind="stable").index)
    judged = found.table[found.table["measure"].notna() | found.table["best"]]
    means = judged.groupby("best")[list(found.features)].mean()
    names = {"name": "feature", "value": "weight", "low": "low", "high": "high"}
    table = rows[list(names)].rename(columns={a: t(f"lookalikes.areas.column.{b}") for a, b in names.items()})
    for best, word in ((True, "best_mean"), (False, "other_mean")):
        table[t(f"lookalikes.areas.column.{word}")] = [float(means.loc[best, code]) for code in rows["code"]]
    shown = rows.head(SHOWN)
    figures.chart(
        charts.weights(
            shown.assign(name=[plain_text(name, 80) for name in shown["name"]]), t, figures.mode()
        ),
        table,
        "lookalikes-common",
        title=t("lookalikes.areas.common"),
        column_config={header: st.column_config.NumberColumn(format="%.2f") for header in table.columns[1:]},
    )
    st.caption(t("lookalikes.areas.weights_note"))


def _beside(row: Any, found: Answer, unit: Unit, f: Filters, t: Translator) -> None:
    """One area beside the mean of the best, and the way to its customers."""
    st.subheader(plain(t("lookalikes.areas.here", name=row["name"]), 100), anchor=False)
    if row["kind"] == "alike":
        st.markdown(plain(f"{t('lookalikes.areas.column.like')}: {_pair(row['like'], t)}", 120))
    best = found.table.loc[found.table["best"], list(found.features)].median()
    lines = [
        {
            t("lookalikes.areas.column.feature"): area_feature(name, t),
            t("lookalikes.areas.column.here"): area_value(name, float(row[name]), f.currency, t),
            t("lookalikes.areas.column.best_mean"): area_value(name, float(best[name]), f.currency, t),
        }
        for name in found.features
        if pd.notna(row[name])
    ][:SHOWN]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch", height="content")
    customers = int(row["customers"])
    if customers == 0:
        st.markdown(t("lookalikes.areas.todo_none"))
    elif customers < places.FEWEST:
        st.caption(t("map.place.few", n=t.number(places.FEWEST)))
    elif st.button(
        t("lookalikes.areas.open", n=t.number(customers)),
        type="primary",
        icon=":material/group:",
        key="lookalikes.areas.open",
    ):
        rule = t("lookalikes.areas.rule", name=str(row["name"]))
        wanted = Wanted(history=False, among=InArea(unit, str(row["area"])))
        customer_list.open_list(Listing("lookalikes-area", str(row["name"]), rule, wanted))
