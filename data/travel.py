"""How ways to stores are measured in a workspace: the choice, and the times that somebody supplied.

``travel.toml`` says what is in use; given times lie beside it as Parquet under a name made at random.
The file of words is replaced last and atomically, so a reader never sees half of a change.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from data.workspaces import Workspace

FOLDER: Final = "travel"
LABELS: Final = ("straight", "detour", "matrix", "isochrones", "roads")
LONGEST_NAME: Final = 80

_FILE: Final = re.compile(r"[0-9a-f]{16}\.parquet")
_SETTINGS: Final = "travel.toml"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KeptTimes:
    """Minutes (points, stores) from points in degrees; infinite where not known."""

    lat: Floats
    lon: Floats
    store_ids: tuple[str, ...]
    minutes: Floats


@dataclass(frozen=True, slots=True)
class KeptTravel:
    """What is in use.

    ``label`` is one of ``LABELS``; ``factor`` times the straight line; ``name`` the file somebody gave
    (data: write it safely); ``file`` where its times lie, empty without; ``measured`` the detour factor
    of the latest road file, 0 without one; ``version`` changes with it all.
    """

    label: str
    factor: float
    name: str = ""
    kept_on: date | None = None
    file: str = ""
    measured: float = 0.0

    @property
    def version(self) -> str:
        return f"{self.label}:{self.factor:.6g}:{self.file}"


STRAIGHT: Final = KeptTravel("straight", 1.0)


def current(workspace: Workspace) -> KeptTravel:
    """What is in use; straight lines where nothing, or nothing readable, is kept."""
    try:
        values = tomllib.loads((workspace.path / FOLDER / _SETTINGS).read_text(encoding="utf-8"))
        found = KeptTravel(
            str(values["label"]),
            float(values["factor"]),
            str(values["name"])[:LONGEST_NAME],
            values.get("kept_on"),
            str(values["file"]),
            float(values.get("measured", 0.0)),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        return STRAIGHT
    known = found.label in LABELS and 0 < found.factor < 1000 and 0 <= found.measured <= 5
    known = known and _readable(workspace, found)
    return found if known else STRAIGHT


def times(workspace: Workspace, kept: KeptTravel) -> KeptTimes | None:
    """The given times behind what is in use; None where it needs none."""
    if not kept.file:
        return None
    table = pq.read_table(workspace.path / FOLDER / kept.file)
    stores = tuple(tomllib.loads(table.schema.metadata[b"stores"].decode())["ids"])
    minutes = [table[f"m{j}"].to_numpy().astype(float) for j in range(len(stores))]
    return KeptTimes(
        table["lat"].to_numpy().astype(float),
        table["lon"].to_numpy().astype(float),
        stores,
        np.column_stack(minutes),
    )


def keep(
    workspace: Workspace,
    label: str,
    factor: float,
    on: date,
    *,
    name: str = "",
    given: Any = None,
    measured: float | None = None,
) -> KeptTravel:
    """Put a way of measuring in use.

    Parameters
    ----------
    workspace : Workspace
    label : one of ``LABELS``
    factor : float
    on : date
    name : str
        Of the file that was given.
    given : optional
        With ``lat``, ``lon``, ``store_ids`` and ``minutes`` as in :class:`KeptTimes`.
    measured : float, optional
        Detour factor measured on a road file; what was measured before stays where none is given.

    Returns
    -------
    KeptTravel
    """
    found = current(workspace).measured if measured is None else measured
    folder = workspace.folder(FOLDER)
    file = "" if given is None else f"{secrets.token_hex(8)}.parquet"
    if given is not None:
        columns = {"lat": given.lat, "lon": given.lon}
        columns |= {f"m{j}": given.minutes[:, j].astype("float32") for j in range(len(given.store_ids))}
        words = tomli_w.dumps({"ids": list(given.store_ids)}).encode()
        pq.write_table(pa.table(columns).replace_schema_metadata({b"stores": words}), folder / file)
    clean = name[:LONGEST_NAME].encode("utf-8", errors="replace").decode("utf-8")
    made = KeptTravel(label, float(factor), clean, on, file, found)
    values = {"label": label, "factor": made.factor, "name": clean, "kept_on": on, "file": file}
    values["measured"] = float(found)
    temporary = folder / f".{secrets.token_hex(8)}"
    temporary.write_text(tomli_w.dumps(values), encoding="utf-8")
    os.replace(temporary, folder / _SETTINGS)
    _tidy(folder, file)
    return made


def _readable(workspace: Workspace, kept: KeptTravel) -> bool:
    if not kept.file:
        return kept.label in ("straight", "detour")
    return bool(_FILE.fullmatch(kept.file)) and (workspace.path / FOLDER / kept.file).is_file()


def _tidy(folder: Path, used: str) -> None:
    for path in folder.iterdir():
        if _FILE.fullmatch(path.name) and path.name != used:
            path.unlink(missing_ok=True)
