"""Which workspace this session looks at, and its current snapshot."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st

from data import workspaces as store
from data.engines import Tables
from data.errors import BadName, BadSetting, SnapshotMissing, WorkspaceMissing
from data.narrowed import NarrowedTables
from data.settings import settings
from data.snapshots import Snapshot
from data.workspaces import Workspace

STATE: Final = "setia.workspace"

_NARROWED: Final = "~"


def home() -> Path:
    """Where the workspaces of this installation lie."""
    return settings().home


def workspaces() -> list[Workspace]:
    """All workspaces, by name."""
    return store.list_workspaces(home())


def workspace() -> Workspace | None:
    """The workspace this session has chosen, else the first one with data, else the first.

    None before any workspace was made. A choice that is gone (deleted, or a made-up name in the
    URL) falls back in the same way.
    """
    chosen = st.session_state.get(STATE)
    if chosen is not None:
        with suppress(BadName, WorkspaceMissing, BadSetting):
            return opened(chosen)
    known = workspaces()
    with_data = [candidate for candidate in known if candidate.current() is not None]
    found = next(iter(with_data or known), None)
    if found is not None:
        st.session_state[STATE] = found.name
    return found


def opened(name: str) -> Workspace:
    """A workspace of this installation by its name.

    Raises
    ------
    BadName, WorkspaceMissing, BadSetting
    """
    return store.open_workspace(home(), name)


def choose(name: str) -> None:
    """Make a workspace this session's choice; an unknown name is ignored by :func:`workspace`."""
    st.session_state[STATE] = name


def snapshot() -> Snapshot | None:
    """The current snapshot of the chosen workspace; None before the first import."""
    chosen = workspace()
    return None if chosen is None else chosen.current()


def narrowed(snapshot_id: str, code: str) -> str:
    """The key of a snapshot seen through audiences.

    Parameters
    ----------
    snapshot_id : str
    code : str
        From ``ui.cached.audiences.code_of``: it differs where other customers are meant, so every
        answer that is kept under this key is about the right ones.
    """
    return f"{snapshot_id}{_NARROWED}{code}"


def whole(snapshot: str) -> str:
    """The snapshot's own id, without the audiences it is seen through.

    For what is true of the merchant whatever the filters say: the days of the data, what a model
    learns from.
    """
    return snapshot.partition(_NARROWED)[0]


def tables_of(workspace_name: str, snapshot: str) -> Tables:
    """The tables of one snapshot, for functions in ``ui/cached`` whose key is these two names.

    Seen through audiences, every table holds their customers only and every mart is about them: no
    page can forget that filter.

    Parameters
    ----------
    workspace_name : str
        ``Filters.workspace``.
    snapshot : str
        ``Filters.snapshot``.

    Raises
    ------
    SnapshotMissing : the workspace holds no such snapshot.
    WorkspaceMissing : there is no such workspace.
    """
    snapshot_id, _, code = snapshot.partition(_NARROWED)
    found = _tables(workspace_name, snapshot_id)
    if not code:
        return found
    from ui.cached import audiences  # it asks this module for the whole tables

    return NarrowedTables(found, lambda: audiences.keys(workspace_name, snapshot_id, code))


def _tables(workspace_name: str, snapshot_id: str) -> Tables:
    here = opened(workspace_name)
    current = here.current()
    if current is not None and current.id == snapshot_id:
        return Tables(current)
    for candidate in here.snapshots():
        if candidate.id == snapshot_id:
            return Tables(candidate)
    raise SnapshotMissing(
        "snapshot_missing",
        "There is no snapshot {snapshot} in this workspace.",
        snapshot=snapshot_id,
    )
