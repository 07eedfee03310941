"""A new snapshot after a decision about people: the same tables, marts with other people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from data import snapshots
from data.marts.build import build_marts
from data.people import decisions
from data.schema import TABLES
from data.snapshots import Snapshot
from data.workspaces import Workspace

_GIVEN = "{table}_given"
Progress = Callable[[str], None]


def undo(
    workspace: Workspace,
    customer_ids: Sequence[str],
    out: Iterable[str] = (),
    progress: Progress = lambda mart: None,
) -> Snapshot:
    """Take a merge apart, for now and for every later import.

    Parameters
    ----------
    workspace : Workspace
    customer_ids : sequence of str
        All ids of the person.
    out : iterable of str
        Those who are somebody else; without any, each is a person of its own.
    progress : callable
        Gets the name of each mart before it is built.

    Returns
    -------
    Snapshot
        The new current one; the one before is as it was.

    Raises
    ------
    ValueError : see ``decisions.undo``.
    WorkspaceBusy : an import is running; nothing was decided.
    """
    return _decided(workspace, lambda root: decisions.undo(root, customer_ids, out), progress)


def redo(workspace: Workspace, undone_id: str, progress: Progress = lambda mart: None) -> Snapshot:
    """Let what was undone be merged again, where it still agrees."""
    return _decided(workspace, lambda root: decisions.redo(root, undone_id), progress)


def join(workspace: Workspace, one: str, other: str, progress: Progress = lambda mart: None) -> Snapshot:
    """Make two customers one person, for now and for every later import.

    Parameters
    ----------
    workspace : Workspace
    one, other : str
        Customer ids; the people they belong to become one.
    progress : callable
        Gets the name of each mart before it is built.

    Returns
    -------
    Snapshot
        The new current one; the one before is as it was.

    Raises
    ------
    ValueError : see ``decisions.join``.
    WorkspaceBusy : an import is running; nothing was decided.
    """
    return _decided(workspace, lambda root: decisions.join(root, one, other), progress)


def part(
    workspace: Workspace, customer_ids: Sequence[str], progress: Progress = lambda mart: None
) -> Snapshot:
    """Take back what was joined by hand among some customers; what agrees by itself stays merged."""
    return _decided(workspace, lambda root: decisions.part(root, customer_ids), progress)


def own(workspace: Workspace, contact: str, progress: Progress = lambda mart: None) -> Snapshot | None:
    """Name a phone or an address as the merchant's own; None where the text is neither."""
    with workspace.lock():
        if not decisions.own(workspace.path, contact, workspace.config.country):
            return None
        return _rebuilt(workspace, progress)


def _decided(workspace: Workspace, decide: Callable[[Path], object], progress: Progress) -> Snapshot:
    """Decide and build anew; where that fails or is stopped, nothing was decided."""
    with workspace.lock():
        before = decisions.read(workspace.path)
        try:
            decide(workspace.path)
            return _rebuilt(workspace, progress)
        except BaseException:
            decisions.write(workspace.path, before)
            raise


def _rebuilt(workspace: Workspace, progress: Progress) -> Snapshot:
    before = workspace.current()
    if before is None:
        raise ValueError("rebuild needs a workspace with data; this one holds none yet. Import a file first.")
    with snapshots.draft(workspace.path) as draft:
        for table in TABLES:
            draft.keep(table)
            draft.keep(_GIVEN.format(table=table))
        facts = build_marts(draft, workspace.config, progress=progress)
        return draft.commit({**before.manifest, **facts})
