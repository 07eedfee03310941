"""How ways to stores are measured: what is in use, a factor, or a file of times."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import streamlit as st

from data import travel as kept
from data import workspaces as store
from geo import travel as geo_travel
from geo.travel import Given, TravelRefused
from geo.travel_files import MAX_BYTES, read_isochrones, read_matrix
from i18n.translator import Translator
from ui import session
from ui.cached import catchments as cached
from ui.cached import travel as ways
from ui.components.inputs import choice, number
from ui.filters import Filters
from ui.text import plain

KINDS: Final = ("straight", "detour", "file")
FILES: Final = ("csv", "geojson", "json")


def travel(f: Filters, t: Translator) -> None:
    """What is in use, and the three ways to change it."""
    used = ways.current(f.workspace)
    st.markdown(f"**{t('catchments.travel.used')}** {_used(used, t)}")
    kind = choice(
        t("catchments.travel.kind"),
        KINDS,
        "catchments.travel",
        lambda code: t(f"catchments.travel.{code}"),
        default={"straight": "straight", "detour": "detour"}.get(used.label, "file"),
    )
    if kind == "straight":
        st.caption(t("catchments.travel.straight_note"))
        if used.label != "straight" and st.button(
            t("catchments.travel.use"), type="primary", key="travel.straight"
        ):
            _keep(f, "straight", 1.0)
    elif kind == "detour":
        factor = number(
            t("catchments.travel.factor"),
            "catchments.factor",
            used.factor if used.label == "detour" else geo_travel.DETOUR,
            low=1.0,
            high=5.0,
            step=0.1,
            decimals=2,
            note=t("catchments.travel.factor_note", factor=t.number(geo_travel.DETOUR, 1)),
        )
        if st.button(t("catchments.travel.use"), type="primary", key="travel.detour"):
            _keep(f, "detour", factor)
    else:
        _file(f, t)


def _used(used: kept.KeptTravel, t: Translator) -> str:
    if used.label == "straight":
        return t("catchments.measured.straight")
    if used.label == "detour":
        return t("catchments.travel.used_detour", factor=t.number(used.factor, 2))
    day = t.date(used.kept_on) if used.kept_on else ""
    return t(
        "catchments.travel.used_file",
        name=plain(used.name, 80),
        date=day,
        kind=t(f"catchments.measured.{used.label}"),
    )


def _file(f: Filters, t: Translator) -> None:
    st.markdown(t("catchments.travel.file_note"))
    given = st.file_uploader(t("catchments.travel.upload"), FILES, key="travel.file")
    if given is None:
        return
    if given.size > MAX_BYTES:
        st.error(_refused("bytes", {"found": given.size // 10**6, "limit": MAX_BYTES // 10**6}, t))
        return
    if not st.button(t("catchments.travel.use"), type="primary", key="travel.use_file"):
        return
    try:
        with st.spinner(t("catchments.travel.reading"), show_time=True):
            label, times, made = _read(f, given)
    except TravelRefused as refused:
        st.error(_refused(refused.code, refused.fields, t), icon=":material/info:")
        return
    _keep(f, label, made.factor, name=given.name, given=times)


def _read(f: Filters, given: Any) -> tuple[geo_travel.Label, Given, geo_travel.Travel]:
    stores = cached.stores(f.workspace, f.snapshot)
    data = given.getvalue()
    label: geo_travel.Label = "matrix" if given.name.lower().endswith(".csv") else "isochrones"
    if label == "matrix":
        times = read_matrix(data, ways.postcodes(f.workspace, f.whole))
    else:
        times = read_isochrones(data)
    return label, times, geo_travel.from_times(times, stores, label)


def _refused(code: str, fields: dict[str, Any], t: Translator) -> str:
    return t(f"catchments.refused.{code}", **{name: plain(value, 200) for name, value in fields.items()})


def _keep(f: Filters, label: str, factor: float, *, name: str = "", given: Given | None = None) -> None:
    opened = store.open_workspace(session.home(), f.workspace)
    kept.keep(opened, label, factor, date.today(), name=name, given=given)
    st.rerun()
