"""The tab Brief: what is looked for, and where candidates come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from charts.amounts import symbol
from charts.maps.layers import Layers, Legend
from charts.maps.marks import store_rows
from data import site_files
from data.errors import DataError
from data.site_plans import WEIGHTS, Brief
from geo import candidate_rows, candidates
from geo.candidates import Candidate
from i18n.translator import Translator
from ui import errors
from ui.cached import places, sites, store_list
from ui.cached.site_model import Model
from ui.components import dropzone, place_map
from ui.components import sites_state as state
from ui.components import sites_words as words
from ui.components.map_state import MAX_SHAPES
from ui.filters import Filters
from ui.text import plain

MOST_PROPOSED: Final = 100
TYPES: Final = ["csv", "xlsx"]
MEGABYTES: Final = 2


def brief(f: Filters, t: Translator, made: Model) -> None:
    """Draw the brief and the three ways to candidates."""
    left, right = st.columns([1, 1], gap="large")
    with left:
        _form(f, t, made)
    with right:
        _sources(f, t, made)


def _form(f: Filters, t: Translator, made: Model) -> None:
    now = state.plan(f).brief
    with st.form("sites.brief", border=False):
        st.subheader(t("sites.brief.title"), anchor=False)
        values = _aims(now, made.objectives, t) | _limits(now, symbol(f.currency), t)
        if not made.first:
            with st.expander(t("sites.brief.assumptions")):
                values["own_share"] = _own_share(now, made, t)
        st.caption(t("sites.brief.empty"))
        if st.form_submit_button(t("sites.brief.save"), type="primary"):
            state.keep_brief(f, **values)
            st.toast(t("sites.brief.saved"))
            st.rerun()


def _aims(now: Brief, objectives: tuple[str, ...], t: Translator) -> dict[str, Any]:
    """What is sought, by the fields of the brief."""
    objective = st.selectbox(
        t("sites.brief.objective"),
        objectives,
        index=objectives.index(now.objective) if now.objective in objectives else 0,
        format_func=lambda code: t(f"sites.objective.{code}"),
        help=t("sites.brief.objective_help"),
    )
    weight = st.selectbox(
        t("sites.brief.weight"),
        WEIGHTS,
        index=WEIGHTS.index(now.weight),
        format_func=lambda code: t(f"sites.weight.{code}"),
        help=t("sites.brief.weight_help"),
    )
    return {"objective": objective, "weight": weight}


def _limits(now: Brief, money: str, t: Translator) -> dict[str, Any]:
    """Numbers of the brief, by its fields."""
    number = st.number_input
    left, right = st.columns(2)
    with left:
        values: dict[str, Any] = {
            "count": int(number(t("sites.brief.count"), 1, 20, now.count)),
            "radius_km": number(t("sites.brief.radius"), 0.5, 200.0, now.radius_km, 0.5, "%.1f"),
            "own_km": number(t("sites.brief.own"), 0.0, 200.0, now.own_km, 0.5, "%.1f"),
            "hurdle_months": number(t("sites.brief.hurdle"), 1.0, 240.0, now.hurdle_months, 1.0, "%.0f"),
        }
    with right:
        return values | {
            "budget": _optional(t("sites.brief.budget", currency=money), now.budget),
            "set_up": _optional(t("sites.brief.set_up", currency=money), now.set_up),
            "fixed": _optional(t("sites.brief.fixed", currency=money), now.fixed),
            "rent_limit": _optional(t("sites.brief.rent", currency=money), now.rent_limit),
        }


def _own_share(now: Brief, made: Model, t: Translator) -> float:
    share = st.number_input(
        t("sites.brief.share", way=words.nearest_way(made, t)),
        1.0,
        100.0,
        round(now.own_share * 100, 1),
        1.0,
        help=t("sites.brief.share_help"),
    )
    st.caption(words.share_used(made, t))
    if told := words.rivals(made, t):
        st.caption(told)
    return share / 100


def _optional(label: str, value: float | None) -> float | None:
    return st.number_input(label, min_value=0.0, value=value, step=1000.0, format="%.0f", placeholder="–")


def _sources(f: Filters, t: Translator, made: Model) -> None:
    held = state.candidates(f)
    st.subheader(t("sites.candidates.title"), anchor=False)
    st.markdown(t.plural("sites.candidates.held", len(held)))
    _propose(f, t, made, state.plan(f).brief)
    with st.expander(t("sites.upload.title"), icon=":material/upload_file:"):
        _upload(f, t)
    with st.expander(t("sites.draw.title"), icon=":material/draw:"):
        _draw(f, t)
    if held:
        st.button(
            t("sites.candidates.clear"),
            key="sites.clear",
            type="tertiary",
            icon=":material/delete:",
            on_click=state.keep_candidates,
            args=(f, []),
        )


def _propose(f: Filters, t: Translator, made: Model, now: Brief) -> None:
    most = int(
        st.number_input(t("sites.propose.most"), 1, MOST_PROPOSED, 30, key="sites.propose.most", width=200)
    )
    with st.container(horizontal=True, gap="small"):
        for kind in ("town", "cell", "peak"):
            if st.button(
                t(f"sites.propose.{kind}"), key=f"sites.propose.{kind}", help=t(f"sites.propose.{kind}_help")
            ):
                added = state.add_candidates(f, proposed(f, t, made, now, kind, most))
                st.toast(t.plural("sites.candidates.added", added))
                st.rerun()


def proposed(f: Filters, t: Translator, made: Model, now: Brief, kind: str, most: int) -> list[Candidate]:
    """Candidates from where demand is: towns, cells, or peaks of what is not served yet."""
    if kind == "town":
        homes = made.demand
        towns = sites.towns_around(homes)
        return candidates.from_towns(towns, homes["lat"], homes["lon"], now.radius_km, most)
    if kind == "cell":
        homes = made.demand
        name = t("sites.name.cell")
        return _named(candidates.from_cells(homes["lat"], homes["lon"], homes["revenue"], most, name))
    here, width = made.market, max(now.radius_km / 2, 1.0)
    return _named(candidates.peaks(here.lat, here.lon, here.elsewhere, width, most, t("sites.name.peak")))


def _named(found: list[Candidate]) -> list[Candidate]:
    """Each with the town it lies near: a number alone says nothing to who reads the answer."""
    if not found:
        return found
    towns = places.towns_near(
        pd.Series([each.lat for each in found]), pd.Series([each.lon for each in found])
    )
    return [replace(each, name=f"{each.name} · {town}") for each, town in zip(found, towns, strict=True)]


def _upload(f: Filters, t: Translator) -> None:
    st.caption(t("sites.upload.note"))
    given = st.file_uploader(
        t("sites.upload.label"), type=TYPES, key="sites.upload", max_upload_size=MEGABYTES
    )
    dropzone.limits(TYPES, MEGABYTES, t)
    if given is None:
        return
    try:
        rows = candidate_rows.read(site_files.read(given.getvalue(), given.name))
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return
    except ValueError:
        st.error(t("sites.upload.no_name"), icon=":material/info:")
        return
    st.markdown(t.plural("sites.upload.read", len(rows.candidates)))
    if rows.refused:
        st.markdown(t.plural("sites.upload.refused", len(rows.refused)))
        st.dataframe(
            [
                {
                    t("sites.upload.row"): each.row,
                    t("sites.upload.column"): each.column,
                    t("sites.upload.value"): each.value,
                    t("sites.upload.why"): t(f"sites.refused.{each.reason}"),
                }
                for each in rows.refused
            ],
            hide_index=True,
        )
    if rows.candidates and st.button(t("sites.upload.add"), key="sites.upload.add", type="primary"):
        added = state.add_candidates(f, rows.candidates)
        st.toast(t.plural("sites.candidates.added", added))
        st.rerun()


def _draw(f: Filters, t: Translator) -> None:
    st.caption(t("sites.draw.note"))
    extent = places.extent(f.workspace, f.snapshot)
    if extent is None:
        return
    here = place_map.seen("sites-draw", f.workspace)
    stores = store_rows(store_list.rows(f.workspace, f.snapshot), t)
    layers = Layers(
        Legend(t("sites.legend.title")),
        stores=stores,
        cleared=here.cleared,
        drawings=[s.feature() for s in here.drawings],
    )
    place_map.draw("sites-draw", f.workspace, layers, extent, t, tools=True, height=360)
    found = candidates.drawn([shape.feature() for shape in here.drawings], plain(t("sites.name.drawn")))
    dropped = here.unread + found.dropped
    if dropped:
        st.caption(t.plural("sites.draw.dropped", dropped, most=t.number(MAX_SHAPES)))
    if found.candidates and st.button(
        t.plural("sites.draw.add", len(found.candidates)), key="sites.draw.add", type="primary"
    ):
        here.clear()
        added = state.add_candidates(f, found.candidates)
        st.toast(t.plural("sites.candidates.added", added))
        st.rerun()
