"""How this session scores and names its customers: bins, cut-offs, the names of the grid."""

from __future__ import annotations

from typing import Final, cast

import streamlit as st

from analytics.rfm import MEASURES, Cutoffs
from analytics.rfm_grid import Triple, default_grid
from data.rfm_grids import SavedGrid
from ui.cached import scoring as kept
from ui.cached.people import Scoring
from ui.filters import Filters

BINS: Final = (5, 4, 3)
HOWS: Final = ("quantile", "fixed")
_OF: Final = "rfm.of"


def start(f: Filters) -> Scoring:
    """What a session starts from: the grid of the workspace. Another workspace starts anew."""
    if st.session_state.get(_OF) != f.workspace:
        st.session_state[_OF] = f.workspace
        _forget_controls()
    return kept.of_workspace(f.workspace)


def scoring(f: Filters) -> Scoring:
    """The scoring of now, also where the tab with its controls is not drawn."""
    begun = start(f)
    bins = st.session_state.get("rfm.bins", st.session_state.get("rfm.bins.kept", begun.bins)) or begun.bins
    how = st.session_state.get("rfm.how", st.session_state.get("rfm.how.kept", how_of(begun)))
    return Scoring(bins, typed(f, bins) if how == "fixed" else None, _as_key(names(f, bins)))


def how_of(found: Scoring) -> str:
    """Whether the cut-offs are typed or equal shares."""
    return HOWS[1] if found.fixed else HOWS[0]


def follow(f: Filters) -> None:
    """Drop what this session chose: from now on it scores as the workspace does. A callback."""
    _forget_controls()
    for bins in BINS:
        for key in (_names_key(f, bins), f"rfm.typed.{f.workspace}.{bins}"):
            st.session_state.pop(key, None)
        for key in (f"rfm.fixed.{f.workspace}.{bins}", f"rfm.fixed.{f.workspace}.{bins}.editor"):
            st.session_state.pop(key, None)


def names(f: Filters, bins: int) -> dict[Triple, str]:
    """The triples that somebody moved to another name than Setia's own."""
    begun = start(f)
    own = dict(begun.renamed) if begun.bins == bins else {}
    return dict(st.session_state.get(_names_key(f, bins), own))


def rename(f: Filters, bins: int, changes: dict[Triple, str]) -> None:
    """Move triples; those that are back at their own name are forgotten."""
    own = default_grid(bins).names
    merged = {**names(f, bins), **changes}
    st.session_state[_names_key(f, bins)] = {k: v for k, v in merged.items() if own[k] != v}


def typed(f: Filters, bins: int) -> Cutoffs | None:
    """The fixed cut-offs that were typed last, else the workspace's; None before any."""
    begun = start(f)
    own = begun.fixed if begun.bins == bins else None
    return cast("Cutoffs | None", st.session_state.get(f"rfm.typed.{f.workspace}.{bins}", own))


def keep_typed(workspace: str, cutoffs: Cutoffs) -> None:
    """Remember fixed cut-offs for the other tabs and for saving."""
    st.session_state[f"rfm.typed.{workspace}.{cutoffs.bins}"] = cutoffs


def take(f: Filters, grid: SavedGrid) -> None:
    """Make a saved grid this session's. A callback: it sets widgets."""
    st.session_state["rfm.bins"] = st.session_state["rfm.bins.kept"] = grid.bins
    st.session_state[_names_key(f, grid.bins)] = {}
    rename(f, grid.bins, dict(grid.names))
    how = HOWS[1] if grid.cutoffs else HOWS[0]
    st.session_state["rfm.how"] = st.session_state["rfm.how.kept"] = how
    if grid.cutoffs:
        cutoffs = Cutoffs(*(grid.cutoffs[measure] for measure in MEASURES))
        keep_typed(f.workspace, cutoffs)
        st.session_state[f"rfm.fixed.{f.workspace}.{grid.bins}"] = cutoffs
        st.session_state.pop(f"rfm.fixed.{f.workspace}.{grid.bins}.editor", None)


def as_saved(f: Filters, title: str) -> SavedGrid:
    """The scoring of now, ready to be saved under a name."""
    now = scoring(f)
    ends = {measure: getattr(now.fixed, measure) for measure in MEASURES} if now.fixed else {}
    return SavedGrid(title, now.bins, dict(now.grid.names), ends)


def _names_key(f: Filters, bins: int) -> str:
    return f"rfm.names.{f.workspace}.{bins}"


def _forget_controls() -> None:
    for name in ("rfm.bins", "rfm.how"):
        st.session_state.pop(name, None)
        st.session_state.pop(f"{name}.kept", None)


def _as_key(renamed: dict[Triple, str]) -> tuple[tuple[Triple, str], ...]:
    return tuple(sorted(renamed.items()))
