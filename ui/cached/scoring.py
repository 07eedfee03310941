"""The RFM grid of a workspace: the one somebody saved and put to use, else Setia's own."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analytics.rfm import MEASURES, Cutoffs
from analytics.rfm_grid import default_grid
from data import rfm_grids
from data.rfm_grids import SavedGrid
from ui import session
from ui.cached.people import SCORING, Scoring


def of_workspace(workspace: str) -> Scoring:
    """What holds for everybody who looks at this workspace, and for its rules."""
    opened = session.opened(workspace)
    name = rfm_grids.used_name(opened)
    if name is None:
        return SCORING
    return _used(workspace, name, _stamp(opened.path / "rfm_grids" / f"{name}.toml"))


def as_scoring(grid: SavedGrid) -> Scoring:
    """A saved grid as customers are scored by it."""
    own = default_grid(grid.bins).names
    renamed = tuple(sorted((triple, name) for triple, name in grid.names.items() if own[triple] != name))
    fixed = Cutoffs(*(grid.cutoffs[measure] for measure in MEASURES)) if grid.cutoffs else None
    return Scoring(grid.bins, fixed, renamed)


@st.cache_data(max_entries=32, show_spinner=False)
def _used(workspace: str, name: str, stamp: tuple[int, int]) -> Scoring:
    found = rfm_grids.used(session.opened(workspace))
    return SCORING if found is None else as_scoring(found)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes whenever the grid does, by whichever session."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)
