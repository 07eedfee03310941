"""Inhabitants, households and income per region: what is kept, and a table that is brought to a level."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from charts.escaping import plain_text
from data import population as store
from data.errors import DataError
from geo.population import Matched
from i18n.translator import Translator
from ui import errors
from ui.cached import population as cached
from ui.cached.boundaries import Level
from ui.components import dropzone, regions
from ui.filters import Filters
from ui.text import plain

SHOWN: Final = 12
TYPES: Final = ["csv", "txt", "tsv", "xlsx"]
_MEASURE: Final = {
    "population": ("population", "penduduk", "pop", "people", "inhabitants", "jumlah penduduk"),
    "households": ("household", "isi rumah", "rumah tangga"),
    "income": ("income", "pendapatan", "gaji"),
}


def block(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("figures.explained"))
    level = regions.level_choice(f, t, "figures.level")
    _kept(level, f, t)
    given = st.file_uploader(
        t("figures.file"),
        type=TYPES,
        key=f"figures.upload.{st.session_state.get('figures.turn', 0)}",
        help=t("figures.file_help"),
        max_upload_size=store.MEGABYTES,
    )
    dropzone.limits(TYPES, store.MEGABYTES, t)
    if given is None:
        st.caption(t("figures.none_shipped"))
        return
    try:
        table = store.read_table(given.getvalue(), given.name)
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return
    _preview(table, level, f, t)


def _kept(level: Level, f: Filters, t: Translator) -> None:
    for each in cached.kept(f.workspace, level):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = t(f"figures.measure.{each.measure}")
            st.markdown(f"**{name} {each.year}** · {t.plural('figures.rows', each.rows)}", width="stretch")
            st.caption(plain(each.source, 200), width="stretch")
            st.button(
                t("boundaries.delete"),
                icon=":material/delete:",
                key=f"figures.delete.{each.id}",
                on_click=lambda gone=each.id: cached.delete(f.workspace, gone),
            )


def _preview(table: pd.DataFrame, level: Level, f: Filters, t: Translator) -> None:
    """Which columns are meant, how they fit the regions, and the button that keeps them."""
    region, value, measure = _guess(table)
    headers = list(table.columns)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        region = _column("region", headers, region, t)
        value = _column("value", headers, value, t)
        chosen = st.selectbox(
            t("figures.what"),
            store.MEASURES,
            index=store.MEASURES.index(measure),
            format_func=lambda code: t(f"figures.measure.{code}"),
            key="figures.measure",
            width=200,
        )
        year = st.number_input(
            t("boundaries.year"),
            1800,
            2200,
            _year(table, f),
            step=1,
            format="%d",
            key="figures.year",
            width=130,
        )
    labels = table[region].astype(str).tolist()
    numbers = store.numbers(table[value].astype(str).tolist())
    found = cached.try_match(f.workspace, level, labels, numbers)
    _fit(found, numbers, t)
    source = st.text_input(t("boundaries.source"), max_chars=200, key="figures.source")
    if not st.button(
        t("figures.keep"), type="primary", disabled=not (found.by_code + found.by_name), key="figures.keep"
    ):
        return
    try:
        cached.save(f.workspace, level, chosen, int(year), source, labels, numbers)
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return
    st.session_state["figures.turn"] = st.session_state.get("figures.turn", 0) + 1
    st.rerun()


def _column(name: str, headers: list[str], guess: str, t: Translator) -> str:
    key = f"figures.column_of.{name}"
    if st.session_state.get(key) not in headers:
        st.session_state[key] = guess
    return str(
        st.selectbox(
            t(f"figures.column.{name}"),
            headers,
            format_func=lambda each: plain_text(each, 60),
            key=key,
            width=220,
        )
    )


def _guess(table: pd.DataFrame) -> tuple[str, str, str]:
    """The columns of region and figure, and what the figure is."""
    headers = list(table.columns)
    share = {name: np.isfinite(store.numbers(table[name].astype(str).tolist())).mean() for name in headers}
    words = {name: name.casefold() for name in headers}
    for measure, known in _MEASURE.items():
        named = [h for h in headers if share[h] > 0.5 and any(word in words[h] for word in known)]
        if named:
            region = next((h for h in headers if h != named[0] and share[h] < 0.5), headers[0])
            return region, named[0], measure
    numeric = [h for h in headers if share[h] > 0.5]
    region = next((h for h in headers if share[h] < 0.5), headers[0])
    return region, (numeric or headers)[-1], "population"


def _year(table: pd.DataFrame, f: Filters) -> int:
    """The year a column of years says, else the year of the data."""
    for name in table.columns:
        if any(word in name.casefold() for word in ("year", "tahun")):
            found = [n for n in store.numbers(table[name].astype(str).tolist()) if 1800 <= n <= 2200]
            if found:
                return int(max(found))
    return f.as_of.year


def _fit(found: Matched, numbers: list[float], t: Translator) -> None:
    total = float(np.nansum(found.values))
    one, two, three = st.columns(3)
    one.metric(t("figures.matched"), t.number(found.by_code + found.by_name))
    two.metric(t("figures.total"), t.number(total))
    three.metric(t("figures.unmatched"), t.number(len(found.unmatched) + len(found.ambiguous)))
    st.caption(t("figures.ways", code=t.number(found.by_code), name=t.number(found.by_name)))
    for code, names in (
        ("unmatched", found.unmatched),
        ("ambiguous", found.ambiguous),
        ("missing", found.missing),
    ):
        if names:
            listed = ", ".join(plain_text(name, 40) for name in names[:SHOWN])
            more = " " + t("hotspots.and_more", n=t.number(len(names) - SHOWN)) if len(names) > SHOWN else ""
            st.markdown(t(f"figures.are.{code}", n=t.number(len(names)), names=plain(listed + more, 700)))
    if not np.isfinite(numbers).any():
        st.warning(t("figures.no_numbers"), icon=":material/info:")
