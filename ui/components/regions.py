"""How strong each region is: the map of a figure, the list beside it, and the place that was clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from charts import regions as charts
from charts.escaping import map_text
from charts.maps.layers import Layers
from charts.regions import View
from geo.classify import METHODS, Classes, classify, with_bounds
from geo.region_metrics import METRICS, MONTHLY, STANDING, change
from i18n.translator import Translator
from ui.cached import boundaries, population
from ui.cached import regions as cached
from ui.cached.boundaries import Level
from ui.cached.population import Base
from ui.components import inputs, place_map, placed, region_side, region_words
from ui.components.figures import download
from ui.filters import Filters
from ui.text import plain

NAME: Final = "regions"
MAP_HEIGHT: Final = 470
FIXED: Final = "fixed"
SHOWS: Final = ("now", "before", "change", "months")
_TIERS: Final = ((0.5, 0.8), (0.05, 0.15))


@dataclass(frozen=True)
class Asked:
    """What somebody chose to see; ``brought`` are the user's own figures of the level."""

    level: Level
    brought: tuple[Base, ...]
    metric: str
    show: str
    method: str
    fewest: int


@dataclass(frozen=True)
class Seen:
    """What the map shows: the table of the period shown and, where compared, of the one before."""

    found: pd.DataFrame
    before: pd.DataFrame | None
    values: np.ndarray
    names: tuple[str, ...]


@st.fragment
def block(f: Filters, t: Translator) -> None:
    """The map of regions with everything that answers to it."""
    bar = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with bar:
        level = level_choice(f, t)
    brought = population.brought(f.workspace, level)
    found = cached.table(*f.key, f.windows, level, brought)
    offered = cached.metrics(found)
    if not offered:
        st.info(t("regions.nobody"), icon=":material/info:")
        return
    with bar:
        asked = _controls(level, brought, offered, f, t)
    seen = _seen(asked, found, f, t)
    st.markdown(plain(_sentence(asked, seen, f, t), 400))
    here = place_map.seen(NAME, f.workspace)
    chosen = _code(here.selection.id if here.selection else "", found)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        layer, notes = _layer(asked, seen, chosen, f, t)
        place_map.draw(NAME, f.workspace, layer, boundaries.home(f.workspace), t, height=MAP_HEIGHT)
        _notes(asked, seen, notes, f, t)
    with right:
        if chosen:
            region_side.place(
                chosen, asked.level, seen.found, seen.names, asked.fewest, brought, f, t, here.clear
            )
        else:
            region_side.ranking(
                asked.metric, seen.found, seen.values, seen.names, asked.fewest, brought, f, t
            )
    _table(asked, seen, f, t)


def level_choice(f: Filters, t: Translator, key: str = "regions.level") -> Level:
    """Which set of regions; kept while the reader looks at other pages."""
    levels = {each.key: each for each in boundaries.levels(f.workspace)}
    found = inputs.pick(
        t("regions.level"),
        tuple(levels),
        key,
        lambda code: level_name(levels[code], t),
        hidden=False,
        width=250,
    )
    return levels[found]


def level_name(level: Level, t: Translator) -> str:
    """What a level is called, with the number of its regions."""
    return t("regions.level_of", name=level_title(level, t), n=t.number(level.regions))


def level_title(level: Level, t: Translator) -> str:
    """The name of a level: ours in the reader's words, the user's own as it was typed."""
    if level.kind == boundaries.STATES:
        return t("regions.states")
    if level.kind == boundaries.TOWNS:
        return t(f"regions.towns_{level.content}")
    return plain(level.about.name, 60)


def _controls(
    level: Level, brought: tuple[Base, ...], offered: tuple[str, ...], f: Filters, t: Translator
) -> Asked:
    shows = [show for show in SHOWS if show in ("now", "months") or (f.comparison is not None)]
    metric = _select("metric", offered, lambda code: t(f"regions.metric.{code}"), t)
    if metric not in MONTHLY:
        shows = [show for show in shows if show != "months"]
    if metric in STANDING:
        shows = ["now"]
    show = _segments("show", shows, t)
    with st.popover(t("map.options"), icon=":material/tune:"):
        methods = [*METHODS, FIXED] if show in ("now", "before") and "before" in shows else [*METHODS]
        method = _select("method", tuple(methods), lambda code: t(f"regions.method.{code}"), t)
        st.caption(t(f"regions.method_help.{method}"))
        few = t.number(cached.FEWEST)
        privacy = st.toggle(
            t("map.privacy", n=few), True, key="regions.privacy", help=t("regions.privacy_help", n=few)
        )
    return Asked(level, brought, metric, show, method, cached.FEWEST if privacy else 0)


def _select(name: str, options: tuple[str, ...], words: Any, t: Translator) -> str:
    label, key = t(f"regions.label.{name}"), f"regions.{name}"
    return str(inputs.pick(label, options, key, words, hidden=False, width=200))


def _segments(name: str, options: list[str], t: Translator) -> str:
    key = f"regions.{name}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    found = st.segmented_control(
        t(f"regions.label.{name}"),
        options,
        format_func=lambda code: t(f"regions.shows.{code}"),
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    return str(found or options[0])


def _seen(asked: Asked, found: pd.DataFrame, f: Filters, t: Translator) -> Seen:
    before = None
    needed = asked.show in ("before", "change") or asked.method == FIXED
    if f.comparison is not None and needed:
        key = (f.workspace, f.snapshot, f.comparison)
        before = cached.table(*key, f.windows, asked.level, asked.brought)
    shown = before if asked.show == "before" and before is not None else found
    names = names_of(asked.level, found, t)
    if before is not None and asked.metric not in cached.metrics(before):
        before = None
    return Seen(shown, before, cached.values(shown, asked.metric, asked.fewest), names)


def names_of(level: Level, found: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """The names of a level's regions in the reader's language."""
    if level.kind != boundaries.STATES:
        return tuple(found["name"].astype(str))
    return tuple(
        boundaries.region_title(str(name), str(code), t.lang)
        for name, code in zip(found["name"], found["code"], strict=True)
    )


def _sentence(asked: Asked, seen: Seen, f: Filters, t: Translator) -> str:
    """What is new: where most of it lies, or which region is highest."""
    values = seen.values
    if not np.isfinite(values).any() or not seen.found["customers"].any():
        return t("regions.legend.none")
    order = np.argsort(-np.where(np.isfinite(values), values, -np.inf), kind="stable")
    metric = METRICS[asked.metric]
    figure, name = t(f"regions.metric.{asked.metric}"), seen.names[order[0]]
    whole = float(np.nansum(metric.compute(seen.found)))
    if metric.adds and whole > 0:
        top = [i for i in order[:3] if np.isfinite(values[i]) and values[i] > 0]
        if not top:
            return t("regions.legend.none")
        share = float(values[top].sum() / whole)
        return t(
            "regions.sentence_adds",
            figure=figure,
            share=t.percent(share, 0),
            names=", ".join(seen.names[i] for i in top),
        )
    lowest = max(i for i in range(len(order)) if np.isfinite(values[order[i]]))
    return t(
        "regions.sentence_range",
        figure=figure,
        high=name,
        most=charts.written(values[order[0]], metric.kind, f.currency, t),
        low=seen.names[order[lowest]],
        least=charts.written(values[order[lowest]], metric.kind, f.currency, t),
    )


def _code(picked: str, found: pd.DataFrame) -> str:
    """The region a click means: the map knows codes as they are escaped."""
    known = {map_text(code): str(code) for code in found["code"]}
    return known.get(picked, "")


def _layer(asked: Asked, seen: Seen, chosen: str, f: Filters, t: Translator) -> tuple[Layers, str]:
    packed, level = boundaries.drawn(f.workspace, asked.level)
    serial = f"{asked.metric}.{asked.show}.{asked.method}"
    of = region_words.basis(asked.metric, asked.brought, t)
    few = cached.small(seen.found["customers"].to_numpy(dtype=float), asked.fewest)
    hidden = frozenset(seen.found["code"][few].astype(str))
    view = View(asked.metric, level, seen.names, f.currency, chosen, serial, of, hidden)
    if asked.show == "months":
        return _played(asked, seen, view, packed, f, t)
    if asked.show == "change" and seen.before is not None:
        kind = METRICS[asked.metric].kind
        then = cached.values(seen.before, asked.metric, asked.fewest)
        moved = change(seen.values, then, kind)
        return charts.changes(seen.found, moved, tiers(moved, kind), packed, view, t), ""
    classes = _scale(asked, seen)
    note = "" if classes.exact else t("regions.not_exact")
    return charts.quantities(seen.found, seen.values, classes, packed, view, t), note


def _scale(asked: Asked, seen: Seen) -> Classes:
    """The classes; on a fixed scale those of both periods together, so that colours can be compared."""
    counted = _counted(seen.values, asked.metric)
    if asked.method != FIXED or seen.before is None:
        method = asked.method if asked.method in METHODS else METHODS[0]
        return classify(counted, method)
    before = _counted(cached.values(seen.before, asked.metric, asked.fewest), asked.metric)
    pooled = classify(np.concatenate([counted, before]), "quantile")
    return with_bounds(counted, pooled.bounds)


def _counted(values: np.ndarray, metric: str) -> np.ndarray:
    """What the classes are made of: a region without anything is no class of a count or a sum."""
    return np.where(values == 0, np.nan, values) if METRICS[metric].adds else values


def tiers(moved: np.ndarray, kind: str) -> tuple[float, float]:
    """Where the pale and the middle classes of a change end: half and four fifths of the regions."""
    size = np.abs(moved[np.isfinite(moved)])
    if not size.size:
        return _TIERS[1]
    small, large = (float(value) for value in np.quantile(size, _TIERS[0]))
    digits = 2 if kind in ("count", "money", "share") else 0
    small = max(round(small, digits), 10.0**-digits)
    return small, max(round(large, digits), small * 2)


def _played(
    asked: Asked, seen: Seen, view: View, packed: Any, f: Filters, t: Translator
) -> tuple[Layers, str]:
    rows = cached.months(*f.key, f.windows, asked.level)
    months = sorted(rows["month"].unique())
    frames = []
    for month in months:
        there = rows[rows["month"] == month].set_index("code").reindex(seen.found["code"])
        whole = there[["customers", "new", "repeaters", "orders", "revenue"]].fillna(0.0)
        frames.append(cached.values(whole.reset_index(), asked.metric, asked.fewest))
    method = asked.method if asked.method in METHODS else METHODS[0]
    pooled = np.concatenate(frames) if frames else np.array([])
    classes = classify(_counted(pooled, asked.metric), method)
    layer = charts.played(seen.found, months, frames, classes, packed, view, t)
    return layer, t("regions.months_note", n=t.number(len(months)))


def _notes(asked: Asked, seen: Seen, extra: str, f: Filters, t: Translator) -> None:
    """Who is on the map, by what they were placed, who is hidden, and where the borders come from."""
    told = [_inside(asked.level, f, t)]
    if asked.level.kind == boundaries.TOWNS:
        told.append(t("regions.approximate"))
    told += placed.sentences(f, t)
    if asked.level.kind != boundaries.STATES:
        told.append(t("regions.precision"))
    few = int(cached.small(seen.found["customers"].to_numpy(dtype=float), asked.fewest).sum())
    if few:
        told.append(t.plural("regions.hidden", few, few=t.number(asked.fewest)))
    told += [extra] if extra else []
    told += [each] if (each := region_words.source(asked.metric, asked.brought, t)) else []
    about = asked.level.about
    source = ", ".join(str(part) for part in (about.source, about.year) if part)
    if source:
        told.append(t("regions.source", source=source))
    st.caption(plain(" ".join(told), 1200))


def _inside(level: Level, f: Filters, t: Translator) -> str:
    there = cached.placed(*f.key, f.windows, level)
    return t.plural("regions.inside", there.customers, inside=t.number(there.inside))


def _table(asked: Asked, seen: Seen, f: Filters, t: Translator) -> None:
    """Every figure of every region, and a file of it."""
    with st.expander(t("regions.table"), icon=":material/table_rows:"):
        table = region_side.all_figures(seen.found, seen.names, asked.fewest, asked.brought, t)
        st.dataframe(
            table,
            hide_index=True,
            width="stretch",
            key="regions.all",
            column_config=region_side.formats(asked.brought, t),
        )
        download(table, "regions")
