"""Named RFM grids of a workspace: one small file each, beside its snapshots."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import tomli_w

from data.errors import BadName, BadSetting
from data.workspaces import Workspace, slug

_FOLDER: Final = "rfm_grids"
_USED: Final = "USED"
MOST: Final = 50
"""A workspace keeps so many; more are a mistake."""

Triple = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SavedGrid:
    """A grid as somebody saved it.

    Parameters
    ----------
    title : str
        As typed; shown as data.
    bins : int
        3 to 5.
    names : mapping of (r, f, m) to a group's code
        Every triple once.
    cutoffs : mapping of measure to its fixed cut-offs
        Empty: equal shares.

    Raises
    ------
    BadSetting : another number of bins, or a triple without a name.
    """

    title: str
    bins: int
    names: Mapping[Triple, str]
    cutoffs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scores = range(1, self.bins + 1)
        if self.bins not in (3, 4, 5) or set(self.names) != set(product(scores, scores, scores)):
            raise BadSetting(
                "setting_value",
                "{name} must be {needed}; it is {value}. Correct it in the workspace's settings.",
                name="rfm grid",
                needed="a name for each of 27, 64 or 125 triples",
                value=f"{len(self.names)} names, {self.bins} bins",
            )


def save(workspace: Workspace, grid: SavedGrid) -> str:
    """Write a grid; one of the same name is replaced.

    Returns
    -------
    str
        The file's name, by which :func:`load` finds it.

    Raises
    ------
    BadName : nothing of the title can stand in a file's name, or there are ``MOST`` already.
    """
    name = slug(grid.title)
    folder = workspace.folder(_FOLDER)
    path = folder / f"{name}.toml"
    if not path.exists() and len(list(folder.glob("*.toml"))) >= MOST:
        raise BadName(
            "workspace_name",
            "A workspace keeps {most} grids; {name!r} would be one more. Delete one first.",
            name=grid.title[:80],
            most=MOST,
        )
    values = {
        "title": grid.title,
        "bins": grid.bins,
        "names": {"".join(map(str, triple)): code for triple, code in sorted(grid.names.items())},
        "cutoffs": {measure: list(map(float, ends)) for measure, ends in grid.cutoffs.items()},
    }
    temporary = folder / f".{name}-{os.getpid()}"
    temporary.write_text(tomli_w.dumps(values), encoding="utf-8")
    os.replace(temporary, path)
    return name


def load(workspace: Workspace, name: str) -> SavedGrid:
    """Read a grid.

    Raises
    ------
    BadSetting : there is none of that name, or its file cannot be read.
    """
    return _read(workspace.path / _FOLDER / f"{slug(name)}.toml")


def saved(workspace: Workspace) -> dict[str, SavedGrid]:
    """Every grid by its file's name; one that cannot be read is passed over."""
    found = {}
    for path in sorted((workspace.path / _FOLDER).glob("*.toml")):
        with suppress(BadSetting):
            found[path.stem] = _read(path)
    return found


def delete(workspace: Workspace, name: str) -> None:
    """Forget a grid; one that is gone already is no error. The grid in use goes out of use."""
    (workspace.path / _FOLDER / f"{slug(name)}.toml").unlink(missing_ok=True)
    if used_name(workspace) == slug(name):
        use(workspace, None)


def use(workspace: Workspace, name: str | None) -> None:
    """Make a saved grid the one everybody in this workspace scores by; None: Setia's own.

    Raises
    ------
    BadSetting : there is none of that name, or its file cannot be read.
    """
    path = workspace.folder(_FOLDER) / _USED
    if name is None:
        path.unlink(missing_ok=True)
        return
    load(workspace, name)
    temporary = path.with_name(f".{_USED}-{os.getpid()}")
    temporary.write_text(slug(name), encoding="utf-8")
    os.replace(temporary, path)


def used_name(workspace: Workspace) -> str | None:
    """The file's name of the grid in use; None where that is Setia's own."""
    try:
        return (workspace.path / _FOLDER / _USED).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def used(workspace: Workspace) -> SavedGrid | None:
    """The grid in use; None where it is Setia's own, or its file is gone or cannot be read."""
    name = used_name(workspace)
    if name is None:
        return None
    with suppress(BadSetting, BadName):
        return load(workspace, name)
    return None


def _read(path: Path) -> SavedGrid:
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        names = {(int(k[0]), int(k[1]), int(k[2])): str(code) for k, code in values["names"].items()}
        cutoffs = {str(k): tuple(map(float, ends)) for k, ends in values.get("cutoffs", {}).items()}
        return SavedGrid(str(values["title"]), int(values["bins"]), names, cutoffs)
    except (OSError, KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise BadSetting(
            "setting_value",
            "{name} must be {needed}; it is {value}. Correct it in the workspace's settings.",
            name=path.name,
            needed="a saved RFM grid",
            value=str(error)[:200],
        ) from error
