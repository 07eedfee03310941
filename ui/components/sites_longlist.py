"""The tab Longlist: every candidate with the reason why it is left out, and the fields of the site visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from charts import sites as charts
from charts.amounts import symbol
from charts.maps.marks import store_rows
from charts.sites import Pin
from geo.candidates import NUMBERS, Candidate, renamed
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import places, sites, store_list
from ui.components import empty, figures, place_map, sites_photo
from ui.components import sites_state as state
from ui.filters import Filters

NEAR: Final = 0.35
"""Degrees around chosen sites with which their map opens."""

VISIT: Final = ("rent", "size_m2", "frontage_m", "parking", "rivals", "set_up")


def longlist(f: Filters, t: Translator) -> None:
    """Draw the map and the list; what is typed into the list is kept."""
    held = state.candidates(f)
    if not held:
        empty.state(
            t("sites.none.title"),
            would_show=t("sites.none.would"),
            missing=t("sites.none.missing"),
            key="long",
        )
        return
    found = sites.judged(*f.key, f.windows, state.plan(f).brief, held, sites.basis(f.workspace))
    out = int((found["reason"] != "").sum())
    kept = t.plural("sites.longlist.kept", len(found) - out)
    st.markdown(t("sites.longlist.sentence", kept=kept, out=t.plural("sites.longlist.out", out)))
    map_of(f, t, found, "sites-long")
    st.subheader(t("sites.longlist.visit"), anchor=False)
    st.caption(t("sites.longlist.visit_note"))
    _editor(f, t, held, found)
    sites_photo.photos(f, t, held)
    figures.download(_table(found, f, t), "sites-longlist")


def map_of(f: Filters, t: Translator, found: pd.DataFrame, name: str, chosen: Sequence[int] = ()) -> None:
    """The map of candidates: chosen, kept, left out."""
    extent = places.extent(f.workspace, f.snapshot)
    if extent is None:
        return
    if len(chosen):
        near = found.iloc[list(chosen)]
        extent = (
            float(near["lat"].min()) - NEAR,
            float(near["lon"].min()) - NEAR,
            float(near["lat"].max()) + NEAR,
            float(near["lon"].max()) + NEAR,
        )
    pins = []
    for place, row in enumerate(found.to_dict("records")):
        if absent(row["lat"]) or absent(row["lon"]):
            continue
        out = bool(row["reason"])
        kind = "chosen" if place in chosen else "out" if out else "kept"
        tip = [(t("sites.column.customers"), t.number(row["customers"]))]
        if out:
            tip.insert(0, (t("sites.column.reason"), t(f"sites.out.{row['reason']}")))
        label = str(list(chosen).index(place) + 1) if kind == "chosen" else ""
        pins.append(Pin(row["lat"], row["lon"], row["name"], kind, f"point:{place}", label, tuple(tip)))
    stores = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    serial = f"{len(pins)}.{','.join(map(str, chosen))}.{hash(tuple(pins))}"
    place_map.seen(name, f.workspace)
    place_map.draw(
        name, f.workspace, charts.candidate_layers(pins, stores, t, serial=serial), extent, t, height=420
    )


def _editor(f: Filters, t: Translator, held: tuple[Candidate, ...], found: pd.DataFrame) -> None:
    money = symbol(f.currency)
    table = found[["name", "lat", "lon", *VISIT, "note"]].copy()
    table.insert(1, "reason", ["" if not r else t(f"sites.out.{r}") for r in found["reason"]])
    table.insert(2, "customers", found["customers"])
    pictures = sites_photo.thumbnails(f, held)
    table.insert(1, "photo", pictures)
    names = {name: t(f"sites.column.{name}", currency=money) for name in table.columns}
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(names[name], min_value=NUMBERS[name][0], format="localized")
        for name in VISIT
    }
    config |= {
        "name": st.column_config.TextColumn(names["name"], max_chars=80, required=True),
        "photo": st.column_config.ImageColumn(names["photo"], width="small"),
        "reason": st.column_config.TextColumn(names["reason"], disabled=True, width="medium"),
        "customers": st.column_config.NumberColumn(names["customers"], disabled=True, format="localized"),
        "lat": st.column_config.NumberColumn(names["lat"], min_value=-90.0, max_value=90.0, format="%.4f"),
        "lon": st.column_config.NumberColumn(names["lon"], min_value=-180.0, max_value=180.0, format="%.4f"),
        "note": st.column_config.TextColumn(names["note"], max_chars=200),
    }
    edited = st.data_editor(
        table,
        hide_index=True,
        num_rows="dynamic",
        width="stretch",
        column_config=config,
        key=f"sites.editor.{hash((held, tuple(pictures)))}",
        placeholder="–",
    )
    if st.button(t("sites.longlist.save"), key="sites.longlist.save", type="primary"):
        made = read_back(edited, held)
        state.keep_candidates(f, made, renamed_to(edited, held, made))
        st.toast(t("sites.longlist.saved"))
        st.rerun()


def read_back(edited: pd.DataFrame, held: Sequence[Candidate]) -> list[Candidate]:
    """Candidates as they were typed; a row without a name, or with a number out of bounds, keeps what it was.

    Parameters
    ----------
    edited : DataFrame
        From ``st.data_editor``: old rows keep their index, new ones have another.
    held : sequence of Candidate
    """
    made = []
    for index, row in zip(edited.index, edited.to_dict("records"), strict=True):
        before = held[index] if isinstance(index, int) and 0 <= index < len(held) else None
        values = {name: None if absent(row[name]) else float(row[name]) for name in (*VISIT, "lat", "lon")}
        note = "" if absent(row["note"]) else str(row["note"])[:200]
        name = "" if absent(row["name"]) else " ".join(str(row["name"]).split())[:80]
        if not name and before is None:
            continue
        try:
            base = before or Candidate(name, None, None, source="drawn")
            made.append(replace(base, name=name or base.name, note=note, **values))  # type: ignore[arg-type]
        except ValueError:
            if before is not None:
                made.append(before)
    return made


def renamed_to(edited: pd.DataFrame, held: Sequence[Candidate], made: Sequence[Candidate]) -> dict[str, str]:
    """The name before and now of each candidate that is still there: their photos go with them."""
    named = [i for i, name in zip(edited.index, edited["name"], strict=True) if _is_old(i, held) or name]
    pairs = zip(named, renamed(list(made)), strict=False)
    return {held[i].name: each.name for i, each in pairs if _is_old(i, held)}


def _is_old(index: object, held: Sequence[Candidate]) -> bool:
    return isinstance(index, int) and 0 <= index < len(held)


def _table(found: pd.DataFrame, f: Filters, t: Translator) -> pd.DataFrame:
    money = symbol(f.currency)
    columns = ["name", "reason", "lat", "lon", "own_km", "customers", "spending", *VISIT, "source", "note"]
    made = found[columns].copy()
    made["reason"] = ["" if not r else t(f"sites.out.{r}") for r in found["reason"]]
    made["source"] = [t(f"sites.source.{s}") for s in found["source"]]
    return made.rename(columns={name: t(f"sites.column.{name}", currency=money) for name in columns})
