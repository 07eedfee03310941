"""A user's own boundaries: what is kept, a file that is looked at, and what it takes to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from charts import boundaries as charts
from charts.escaping import plain_text
from charts.maps.borders import Packed, pack
from data import boundaries as store
from data.boundaries import About
from data.boundary_files import LIMITS, MB
from data.errors import DataError, FileRefused
from geo.boundaries import labelled, light
from geo.reference_systems import title_of
from geo.regions import assign
from i18n.translator import Translator
from ui import boundary_job, errors, filters, session
from ui.boundary_job import Ask, Preview
from ui.cached import boundaries as cached
from ui.components import boundary_guide, place_map
from ui.components.regions import level_title
from ui.filters import Filters
from ui.page_list import spec
from ui.text import plain

TYPES: Final = ["geojson", "json", "zip", "gpkg", "kml", "kmz"]
STATE: Final = "boundaries.read"
_STEPS: Final = {"starting": 0.05, "reading": 0.2, "mending": 0.5, "overlaps": 0.8}
_PAIRS: Final = 20


@dataclass(frozen=True)
class Read:
    """What came of a file: a preview or a refusal, and for which question."""

    question: tuple[str, str, str]
    preview: Preview | None = None
    refusal: FileRefused | None = None


def levels(f: Filters, t: Translator) -> None:
    """The levels of the workspace, and the way to a new one."""
    _kept(f, t)
    _said(t)
    st.subheader(t("boundaries.add"), anchor=False)
    boundary_guide.where(t)
    given = st.file_uploader(
        t("boundaries.file"),
        type=TYPES,
        key=f"boundaries.upload.{st.session_state.get('boundaries.turn', 0)}",
        help=t("boundaries.file_help"),
        max_upload_size=LIMITS.megabytes,
    )
    st.caption(t("boundaries.limits", mb=t.number(LIMITS.megabytes), regions=t.number(LIMITS.features)))
    if given is None:
        st.session_state.pop(STATE, None)
        return
    place = st.empty()  # always there, so that what follows keeps its place while the page is drawn again
    found = _read(given, place, f, t)
    if found.refusal is not None:
        st.error(errors.sentence(found.refusal, t), icon=":material/info:")
        choices = tuple(found.refusal.fields.get("choices", ()))
        if choices:
            _choose_system(choices, t)
    elif found.preview is not None:
        _preview(found.preview, given.name, f, t)


def _kept(f: Filters, t: Translator) -> None:
    """One line a level; the user's own can be renamed and deleted."""
    for level in cached.levels(f.workspace):
        own = level.kind == "own"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = level_title(level, t)
            st.markdown(f"**{name}** · {t.plural('boundaries.regions', level.regions)}", width="stretch")
            parts = [level.about.source, str(level.about.year or ""), level.about.licence]
            st.caption(plain(" · ".join(part for part in parts if part), 200), width="content")
            if own:
                _change(level.key, level.about, f, t)


def _change(key: str, about: About, f: Filters, t: Translator) -> None:
    with st.popover(t("boundaries.change"), icon=":material/edit:", key=f"boundaries.change.{key}"):
        given = _about(about, f"boundaries.{key}", t)
        st.button(
            t("boundaries.rename"),
            key=f"boundaries.rename.{key}",
            on_click=lambda: _rename(key, given, f, t),
        )
        st.caption(t("boundaries.delete_note"))
        st.button(
            t("boundaries.delete"),
            icon=":material/delete:",
            key=f"boundaries.delete.{key}",
            on_click=lambda: store.delete(session.opened(f.workspace), key),
        )


def _about(about: About, key: str, t: Translator) -> About:
    """What is said of a level, typed into fields."""
    name = st.text_input(t("boundaries.name"), about.name, max_chars=store.LONGEST_NAME, key=f"{key}.name")
    source = st.text_input(t("boundaries.source"), about.source, max_chars=200, key=f"{key}.source")
    year = st.number_input(
        t("boundaries.year"),
        1800,
        2200,
        about.year,
        step=1,
        format="%d",
        key=f"{key}.year",
        placeholder="2024",
    )
    licence = st.text_input(
        t("boundaries.licence"),
        about.licence,
        max_chars=200,
        key=f"{key}.licence",
        help=t("boundaries.licence_help"),
    )
    return About(name, source, None if year is None else int(year), licence)


def _rename(key: str, about: About, f: Filters, t: Translator) -> None:
    try:
        store.rename(session.opened(f.workspace), key, about)
    except DataError as error:
        st.session_state["boundaries.said"] = ("error", errors.sentence(error, t))


def _said(t: Translator) -> None:
    """What came of the last button, once."""
    kind, words = st.session_state.pop("boundaries.said", ("", ""))
    if kind == "error":
        st.error(words, icon=":material/info:")
    elif kind == "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(words, icon=":material/check:")
            st.page_link(spec("regions").target, label=t("boundaries.see"), query_params=filters.link())


def _read(given: Any, place: Any, f: Filters, t: Translator) -> Read:
    """Read a file once for each layer and system; with progress, and a button that stops it."""
    layer = str(st.session_state.get("boundaries.layer", ""))
    crs = str(st.session_state.get("boundaries.crs", ""))
    known: Read | None = st.session_state.get(STATE)
    if known is not None and known.question[0] != given.file_id:
        layer = crs = ""
        for name in ("layer", "crs", "columns.code", "columns.name"):
            st.session_state.pop(f"boundaries.{name}", None)
    question = (given.file_id, layer, crs)
    if known is not None and known.question == question:
        return known
    if given.size > LIMITS.megabytes * MB:
        size, limit = round(given.size / MB), LIMITS.megabytes
        refusal = FileRefused("boundary_large", "{file}", file=given.name, size=size, limit=limit)
        return Read(question, refusal=refusal)
    home = cached.country_box(f.country)
    ask = Ask(layer, crs, f.country, home, cached.customers_box(f.workspace, f.whole))
    made = _run(given, place, ask, question, t)
    st.session_state[STATE] = made
    return made


def _run(given: Any, place: Any, ask: Ask, question: tuple[str, str, str], t: Translator) -> Read:
    if st.session_state.get("boundaries.stopped") == question:
        st.info(t("boundaries.stopped"), icon=":material/info:")
        st.button(t("boundaries.again"), on_click=lambda: st.session_state.pop("boundaries.stopped", None))
        st.stop()
    with place.container():
        bar = st.progress(0.0, t("boundaries.step.starting"))

        def stop() -> None:
            st.session_state["boundaries.stopped"] = question

        st.button(t("boundaries.stop"), key="boundaries.stop", on_click=stop)

        def told(step: str) -> bool:
            bar.progress(_STEPS.get(step, 0.0), t(f"boundaries.step.{step}"))
            return True

        try:
            made = Read(question, preview=boundary_job.read(given.getvalue(), given.name, ask, told))
        except FileRefused as error:
            made = Read(question, refusal=error)
    place.empty()
    return made


def _choose_system(choices: tuple[str, ...], t: Translator) -> None:
    st.selectbox(
        t("boundaries.crs"),
        ("", *choices),
        format_func=lambda code: plain_text(title_of(code), 80) if code else t("boundaries.crs_choose"),
        key="boundaries.crs",
        width=420,
    )


def _preview(found: Preview, name: str, f: Filters, t: Translator) -> None:
    """The file on a map with what was found, changed and what overlaps; nothing is kept yet."""
    st.subheader(t("boundaries.preview", file=plain(name, 60)), anchor=False)
    code, title = _columns(found, t)
    regions, merged = labelled(found.columns, found.shapes, code, title)
    packed = _packed(found, regions)
    lat, lon = cached.places(f.workspace, f.whole)
    rows = assign(lon, lat, regions)
    counts = np.bincount(rows[rows >= 0], minlength=len(regions))
    left, right = st.columns([2, 1], gap="medium")
    pairs = _pairs(found, code, title, regions)
    with left:
        overlapping = {each for pair in pairs for each in pair[:2]}
        codes, names = regions["code"].tolist(), regions["name"].tolist()
        level = f"preview.{packed.key}"
        layer = charts.preview(packed, codes, names, counts.tolist(), overlapping, level, t)
        place_map.draw("boundaries", f.workspace, layer, cached.home(f.workspace), t, height=440)
    with right:
        _figures(len(regions), len(lat), int((rows >= 0).sum()), t)
        _changes(found, merged, pairs, regions, t)
    with st.expander(t("boundaries.rows"), icon=":material/table_rows:"):
        table = pd.DataFrame(
            {
                t("boundaries.code"): [plain_text(each, 60) for each in regions["code"]],
                t("boundaries.title"): [plain_text(each, 80) for each in regions["name"]],
                t("regions.metric.customers"): counts,
            }
        )
        st.dataframe(table, hide_index=True, width="stretch", key="boundaries.table")
    notes = tuple(sorted({**dict(found.notes), **{k: n for k, n in merged.items() if n}}.items()))
    _keep(regions, notes, name, f, t)


def _columns(found: Preview, t: Translator) -> tuple[str, str]:
    """Which columns hold code and name: guessed, and to be changed."""
    headers = list(found.columns)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if len(found.layers) > 1:
            st.selectbox(
                t("boundaries.layer"),
                found.layers,
                index=found.layers.index(found.layer),
                format_func=lambda each: plain_text(each, 60),
                key="boundaries.layer",
                width=220,
            )
        chosen = []
        for name, guess in zip(("code", "name"), found.guess, strict=True):
            options = ["", *headers]
            key = f"boundaries.columns.{name}"
            if st.session_state.get(key) not in options:
                st.session_state[key] = guess if guess in options else ""
            chosen.append(
                st.selectbox(
                    t(f"boundaries.column.{name}"),
                    options,
                    format_func=lambda each: plain_text(each, 60) or t("boundaries.no_column"),
                    key=key,
                    width=220,
                )
            )
    return str(chosen[0] or ""), str(chosen[1] or "")


def _packed(found: Preview, regions: Any) -> Packed:
    """The borders of a preview, kept for the session while the same columns are chosen."""
    key = (st.session_state[STATE].question, tuple(regions["code"]))
    kept = st.session_state.get("boundaries.packed")
    if kept is None or kept[0] != key:
        shapes = np.asarray(regions.geometry.array, dtype=object)
        kept = (key, pack(regions["code"], light(shapes, cached.DRAWN_CORNERS)))
        st.session_state["boundaries.packed"] = kept
    packed: Packed = kept[1]
    return packed


def _pairs(found: Preview, code: str, title: str, regions: Any) -> list[tuple[str, str, float]]:
    """Overlaps by code; rows that became one region do not overlap."""
    frame = found.columns
    texts = frame[code].fillna("").astype(str).str.strip().tolist() if code else [""] * len(frame)
    codes = [text or f"#{row + 1}" for row, text in enumerate(texts)]
    return [(codes[a], codes[b], share) for a, b, share in found.pairs if codes[a] != codes[b]]


def _figures(regions: int, customers: int, inside: int, t: Translator) -> None:
    one, two = st.columns(2)
    one.metric(t("boundaries.found"), t.number(regions))
    share = t("map.place.of_whole", share=t.percent(inside / customers)) if customers else None
    two.metric(t("boundaries.inside"), t.number(inside), delta=share, delta_color="off", delta_arrow="off")
    if customers and not inside:
        st.warning(t("boundaries.none_inside"), icon=":material/info:")
    elif customers > inside:
        st.caption(t.plural("boundaries.outside", customers - inside))


def _changes(
    found: Preview, merged: dict[str, int], pairs: list[tuple[str, str, float]], regions: Any, t: Translator
) -> None:
    """How the coordinates were read, what was mended, what overlaps."""
    st.caption(t(f"boundaries.system.{found.crs_reason}", crs=plain(title_of(found.crs), 80)))
    notes = [*found.notes, *((code, n) for code, n in merged.items() if n and code != "no_shape")]
    if notes:
        st.markdown("\n".join(f"- {t.plural(f'boundaries.note.{code}', n)}" for code, n in notes))
    else:
        st.markdown(t("boundaries.nothing_mended"))
    if not pairs:
        st.markdown(t("boundaries.no_overlap"))
        return
    st.markdown(t.plural("boundaries.overlaps", len(pairs), share=t.percent(found.overlap, 2)))
    names = dict(zip(regions["code"], regions["name"], strict=True))
    table = pd.DataFrame(
        {
            t("boundaries.one"): [plain_text(names.get(a, a), 40) for a, _, _ in pairs[:_PAIRS]],
            t("boundaries.other"): [plain_text(names.get(b, b), 40) for _, b, _ in pairs[:_PAIRS]],
            t("regions.share"): [t.percent(share) for *_, share in pairs[:_PAIRS]],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", height=180, key="boundaries.pairs")
    if not found.complete:
        st.caption(t("boundaries.not_all_pairs"))


def _keep(regions: Any, notes: tuple[tuple[str, int], ...], name: str, f: Filters, t: Translator) -> None:
    """Name, source, year and licence, and the button that keeps the level."""
    with st.form("boundaries.keep", border=False):
        st.markdown(f"**{t('boundaries.keep_title')}**")
        start = About(plain_text(name.rsplit(".", 1)[0], store.LONGEST_NAME))
        given = _about(start, f"boundaries.new.{st.session_state.get('boundaries.turn', 0)}", t)
        pressed = st.form_submit_button(t("boundaries.keep"), type="primary", icon=":material/check:")
    if not pressed:
        return
    try:
        made = store.save(session.opened(f.workspace), given, regions, added=date.today(), notes=notes)
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return
    st.session_state["regions.level.kept"] = made.id
    st.session_state.pop("regions.level", None)
    st.session_state["boundaries.turn"] = st.session_state.get("boundaries.turn", 0) + 1
    st.session_state.pop(STATE, None)
    words = t.plural("boundaries.kept", made.regions, name=plain(made.about.name, 60))
    st.session_state["boundaries.said"] = ("done", words)
    st.rerun()
