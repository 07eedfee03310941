"""Figures of a level that penetration is computed against, brought to its regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import streamlit as st

from data import population as store
from data.population import Figures
from geo.population import Matched, match
from ui import session
from ui.cached import boundaries
from ui.cached.boundaries import Level

COUNTED = ("population", "households")
"""What customers can be a share of; income is shown beside, never divided by."""

MEASURES = (*COUNTED, "income")


@dataclass(frozen=True, slots=True)
class Base:
    """Figures that customers are compared with."""

    id: str
    measure: str
    year: int
    source: str


def kept(workspace: str, level: Level) -> tuple[Figures, ...]:
    """The figures of a level, the newest year first."""
    return store.kept(session.opened(workspace), level.key)


def brought(workspace: str, level: Level) -> tuple[Base, ...]:
    """The newest figures of each measure of a level, in the order of ``MEASURES``."""
    known = kept(workspace, level)
    newest = (next((each for each in known if each.measure == name), None) for name in MEASURES)
    return tuple(Base(each.id, each.measure, each.year, each.source) for each in newest if each is not None)


def base(workspace: str, level: Level) -> Base | None:
    """The figures customers are compared with: inhabitants before households, the newest year."""
    return base_of(brought(workspace, level))


def base_of(figures: tuple[Base, ...]) -> Base | None:
    """Of the figures of a level, those that customers can be a share of."""
    return next((each for each in figures if each.measure in COUNTED), None)


def behind(figures: tuple[Base, ...], needed: str) -> Base | None:
    """The figures that a metric rests on (``Metric.brought``); None where it rests on none of them."""
    if needed == "base":
        return base_of(figures)
    return next((each for each in figures if each.measure == needed), None)


def values(workspace: str, level: Level, chosen: Base) -> np.ndarray:
    """The figure of every region of a level, NaN where there is none."""
    return _matched(workspace, level, chosen.id).values


def try_match(workspace: str, level: Level, labels: Sequence[str], numbers: Sequence[float]) -> Matched:
    """How figures that are only looked at fit the regions of a level."""
    return match(labels, numbers, boundaries.shapes(workspace, level))


def save(
    workspace: str,
    level: Level,
    measure: str,
    year: int,
    source: str,
    labels: Sequence[str],
    numbers: Sequence[float],
) -> Figures:
    """Keep figures for a level; see ``data.population.save``."""
    return store.save(
        session.opened(workspace), level.key, measure, year, source, labels, numbers, date.today()
    )


def delete(workspace: str, figures_id: str) -> None:
    """Forget a set of figures."""
    store.delete(session.opened(workspace), figures_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _matched(workspace: str, level: Level, figures_id: str) -> Matched:
    rows = store.rows_of(session.opened(workspace), figures_id)
    return match(rows["label"].tolist(), rows["value"].tolist(), boundaries.shapes(workspace, level))
