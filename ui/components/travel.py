"""How ways to stores are measured: what is in use, a factor, or a file of times."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd
import streamlit as st

from data import travel as kept
from geo import road_files
from geo import travel as geo_travel
from geo.roads import detour_factor, isochrones, minutes_to_stores
from geo.travel import Given, TravelRefused
from geo.travel_files import MAX_BYTES, read_isochrones, read_matrix
from i18n.translator import Translator
from ui import downloads, session
from ui.cached import store_list
from ui.cached import travel as ways
from ui.components import dropzone
from ui.components.inputs import choice, number
from ui.filters import Filters
from ui.text import plain

KINDS: Final = ("straight", "detour", "file")
MINUTES: Final = (10.0, 20.0, 30.0)
FILES: Final = ("csv", "geojson", "json", "pbf", "graphml")


def travel(f: Filters, t: Translator) -> None:
    """What is in use, and the three ways to change it."""
    used = ways.current(f.workspace)
    st.markdown(f"**{t('catchments.travel.used')}** {_used(used, t)}")
    _areas(f, used, t)
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
            used.factor if used.label == "detour" else used.measured or geo_travel.DETOUR,
            low=1.0,
            high=5.0,
            step=0.1,
            decimals=2,
            note=_factor_note(used, t),
        )
        if st.button(t("catchments.travel.use"), type="primary", key="travel.detour"):
            _keep(f, "detour", factor)
    else:
        _file(f, t)


def _factor_note(used: kept.KeptTravel, t: Translator) -> str:
    if used.measured:
        return t("catchments.travel.factor_measured", factor=t.number(used.measured, 2))
    return t("catchments.travel.factor_note", factor=t.number(geo_travel.DETOUR, 1))


def _used(used: kept.KeptTravel, t: Translator) -> str:
    if used.label == "straight":
        return t("catchments.measured.straight")
    if used.label == "detour":
        how = "measured" if abs(used.factor - used.measured) < 0.005 else "detour"
        return t(f"catchments.travel.used_{how}", factor=t.number(used.factor, 2))
    day = t.date(used.kept_on) if used.kept_on else ""
    return t(
        "catchments.travel.used_file",
        name=plain(used.name, 80),
        date=day,
        kind=t(f"catchments.measured.{used.label}"),
    )


def _areas(f: Filters, used: kept.KeptTravel, t: Translator) -> None:
    """The areas within minutes of each store, as a file, where times were given."""
    given = ways.travel(f.workspace, used.version).given
    if given is None:
        return
    st.download_button(
        t("catchments.travel.areas"),
        data=lambda: json.dumps({"type": "FeatureCollection", "features": isochrones(given, MINUTES)}),
        file_name=downloads.file_name("isochrones", f.workspace).removesuffix(".csv") + ".geojson",
        mime="application/geo+json",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key="travel.areas",
    )


def _file(f: Filters, t: Translator) -> None:
    st.markdown(t("catchments.travel.file_note"))
    given = st.file_uploader(
        t("catchments.travel.upload"),
        FILES,
        key="travel.file",
        max_upload_size=road_files.MAX_BYTES // 10**6,
    )
    dropzone.limits(FILES, road_files.MAX_BYTES // 10**6, t)
    if given is None:
        return
    limit = road_files.MAX_BYTES if _is_road(given.name) else MAX_BYTES
    if given.size > limit:
        st.error(_refused("bytes", {"found": given.size // 10**6, "limit": limit // 10**6}, t))
        return
    if not st.button(t("catchments.travel.use"), type="primary", key="travel.use_file"):
        return
    place = st.empty()
    try:
        with place.container():
            label, times, made, measured = _read(f, given, t)
    except TravelRefused as refused:
        st.error(_refused(refused.code, refused.fields, t), icon=":material/info:")
        return
    finally:
        place.empty()
    _keep(f, label, made.factor, name=given.name, given=times, measured=measured)


def _is_road(name: str) -> bool:
    return name.lower().endswith((".pbf", ".graphml"))


def _read(
    f: Filters, given: Any, t: Translator
) -> tuple[geo_travel.Label, Given, geo_travel.Travel, float | None]:
    """The times of a file; a press on the button ends the reading, as any press on a page does."""
    bar = st.progress(0.0, text=t("catchments.travel.reading"))
    st.button(t("working.cancel"), key="travel.cancel")
    stores = store_list.every(f.workspace, f.snapshot)
    if _is_road(given.name):
        times, measured = _by_road(
            given, stores, lambda share: bar.progress(share, t("catchments.travel.reading"))
        )
        return "roads", times, geo_travel.from_times(times, stores, "roads"), measured
    label: geo_travel.Label = "matrix" if given.name.lower().endswith(".csv") else "isochrones"
    if label == "matrix":
        times = read_matrix(given.getvalue(), ways.postcodes(f.workspace, f.whole))
    else:
        times = read_isochrones(given.getvalue())
    return label, times, geo_travel.from_times(times, stores, label), None


def _by_road(given: Any, stores: pd.DataFrame, tell: Callable[[float], object]) -> tuple[Given, float | None]:
    """Roads from a file that lies in a folder of its own while it is read."""
    with TemporaryDirectory(prefix="setia-roads-") as folder:
        path = Path(folder) / "roads"
        path.write_bytes(given.getbuffer())
        read = road_files.read_pbf if given.name.lower().endswith(".pbf") else road_files.read_graphml
        graph = read(path, progress=lambda share: _told(tell, 0.7 * share))
    own = stores[stores["owner"] != "competitor"]
    times = minutes_to_stores(graph, stores, progress=lambda share: _told(tell, 0.7 + 0.25 * share))
    return times, detour_factor(graph, own)


def _told(tell: Callable[[float], object], share: float) -> None:
    tell(min(max(share, 0.0), 1.0))


def _refused(code: str, fields: dict[str, Any], t: Translator) -> str:
    return t(f"catchments.refused.{code}", **{name: plain(value, 200) for name, value in fields.items()})


def _keep(
    f: Filters,
    label: str,
    factor: float,
    *,
    name: str = "",
    given: Given | None = None,
    measured: float | None = None,
) -> None:
    opened = session.opened(f.workspace)
    kept.keep(opened, label, factor, date.today(), name=name, given=given, measured=measured)
    st.rerun()
