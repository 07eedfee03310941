"""A new snapshot after a decision about people: the same tables, marts with other people.

Each decision holds for now and for every later import, and gives back the new current snapshot; the one
before is as it was. ``progress`` gets the name of each mart before it is built. Where an import is running
(WorkspaceBusy) or the building fails, nothing was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from data import snapshots
from data.marts.build import build_marts
from data.people import decisions
from data.schema import TABLES
from data.snapshots import GIVEN, Snapshot
from data.workspaces import Workspace

Progress = Callable[[str], None]


def undo(
    workspace: Workspace,
    customer_ids: Sequence[str],
    out: Iterable[str] = (),
    progress: Progress = lambda mart: None,
) -> Snapshot:
    """Take a merge apart: ``customer_ids`` are all of the person's, ``out`` those who are somebody else.

    Without any in ``out``, each is a person of its own.

    Raises
    ------
    ValueError : see ``decisions.undo``.
    """
    return _decided(workspace, lambda root: decisions.undo(root, customer_ids, out), progress)


def redo(workspace: Workspace, undone_id: str, progress: Progress = lambda mart: None) -> Snapshot:
    """Let what was undone be merged again, where it still agrees."""
    return _decided(workspace, lambda root: decisions.redo(root, undone_id), progress)


def join(workspace: Workspace, one: str, other: str, progress: Progress = lambda mart: None) -> Snapshot:
    """Make the people that two customer ids belong to one person.

    Raises
    ------
    ValueError : see ``decisions.join``.
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
            draft.keep(table + GIVEN)
        facts = build_marts(draft, workspace.config, progress=progress)
        return draft.commit({**before.manifest, **facts})
