"""A file of boundaries read in a process of its own: it harms nobody else, and can be cancelled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq
import shapely

from data.boundary_files import DRIVERS, LIMITS, Limits
from data.errors import FileRefused

ROOT: Final = Path(__file__).resolve().parent.parent
GRACE: Final = 5.0
"""Seconds after the limit of its own processor time in which the process is ended from outside."""

_TICK: Final = 0.05
_KEPT: Final = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "HOME", "TMPDIR", "TEMP", "VIRTUAL_ENV")

Box = tuple[float, float, float, float]
Progress = Callable[[str], bool]


@dataclass(frozen=True)
class Preview:
    """A file of boundaries as it was read and mended, before anything is kept.

    Parameters
    ----------
    columns : DataFrame
        Its properties as text, one row per feature.
    shapes : (n,) object
        Polygons in WGS 84, None where nothing could be kept.
    layers : tuple of str
        What the file holds; ``layer`` is the one that was read.
    crs, crs_reason : str
        The system it was read in, and why (``geo.reference_systems.System``).
    notes : tuple of (code, rows)
        What was mended.
    pairs : tuple of (row, row, share)
        Overlaps; ``overlap`` the area counted twice, of all; ``complete`` whether all were measured.
    guess : (code, name)
        Headers.
    corners : int
    """

    columns: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    layers: tuple[str, ...]
    layer: str
    crs: str
    crs_reason: str
    notes: tuple[tuple[str, int], ...]
    pairs: tuple[tuple[int, int, float], ...]
    overlap: float
    complete: bool
    guess: tuple[str, str]
    corners: int


@dataclass(frozen=True, slots=True)
class Ask:
    """How to read a file: which layer, in which system, and where it is expected to lie."""

    layer: str = ""
    crs: str = ""
    country: str = ""
    home: Box | None = None
    customers: Box | None = None


class Cancelled(Exception):
    """Somebody did not want to wait."""


def read(
    content: bytes, name: str, ask: Ask, progress: Progress | None = None, limits: Limits = LIMITS
) -> Preview:
    """Read a file of boundaries.

    Parameters
    ----------
    content : bytes
    name : str
        What the person calls it; never used as a path.
    ask : Ask
    progress : callable, optional
        Called with the step (``starting``, ``reading``, ``mending``, ``overlaps``) some times a second;
        False cancels.
    limits : Limits

    Returns
    -------
    Preview

    Raises
    ------
    FileRefused : with the reason.
    Cancelled
    """
    folder = Path(tempfile.mkdtemp(prefix="setia-boundaries-"))
    try:
        (folder / "given").write_bytes(content)
        asked = {**asdict(ask), "name": name, "limits": asdict(limits)}
        (folder / "ask.json").write_text(json.dumps(asked), encoding="utf-8")
        _run(folder, name, progress or (lambda step: True), limits)
        return _preview(folder, name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, name: str, progress: Progress, limits: Limits) -> None:
    process = subprocess.Popen(  # noqa: S603  a list of arguments, no shell
        [sys.executable, "-m", "ui.boundary_worker", str(folder)],
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + limits.seconds + GRACE
    try:
        while process.poll() is None:
            if not progress(_step(folder)):
                raise Cancelled
            if time.monotonic() > end:
                raise FileRefused(
                    "boundary_time",
                    "{file} took longer than {limit} seconds to read. Simplify the boundaries.",
                    file=name,
                    limit=limits.seconds,
                )
            time.sleep(_TICK)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def environment(folder: Path) -> dict[str, str]:
    """What the process may know: no settings of GDAL from outside, four drivers, and no way out."""
    import pyogrio

    others = sorted(set(pyogrio.list_drivers()) - set(DRIVERS.values()))
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "GDAL_SKIP": ",".join(others),
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "GDAL_HTTPS_PROXY": "127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "all_proxy": "http://127.0.0.1:9",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_CACHEMAX": "64",
        "CPL_TMPDIR": str(folder),
        "PROJ_NETWORK": "OFF",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
    }


def _step(folder: Path) -> str:
    try:
        return (folder / "step").read_text(encoding="utf-8") or "starting"
    except OSError:
        return "starting"


def _preview(folder: Path, name: str) -> Preview:
    try:
        answer: Mapping[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # it was ended by the system: too much memory or time
        raise FileRefused(
            "boundary_memory", "{file} needs more memory or time than boundaries may take.", file=name
        ) from error
    if "refused" in answer:
        raise refusal(str(answer["refused"]), answer["fields"], name)
    headers = json.loads((folder / "headers.json").read_text(encoding="utf-8"))
    table = pq.read_table(folder / "shapes.parquet")
    texts = {str(header): table[f"c{i}"].to_pylist() for i, header in enumerate(headers)}
    return Preview(
        pd.DataFrame(texts, index=range(table.num_rows), dtype=object),
        np.asarray(shapely.from_wkb(table["shape"].to_pylist()), dtype=object),
        tuple(answer["layers"]),
        answer["layer"],
        answer["crs"],
        answer["crs_reason"],
        tuple((code, n) for code, n in answer["notes"]),
        tuple((int(a), int(b), float(share)) for a, b, share in answer["pairs"]),
        float(answer["overlap"]),
        bool(answer["complete"]),
        (answer["guess"][0], answer["guess"][1]),
        int(answer["corners"]),
    )


def refusal(code: str, fields: Mapping[str, Any], name: str) -> FileRefused:
    """A refusal of the process as an error of this one; its words are under ``errors.<code>``."""
    return FileRefused(code, "{file} was refused ({reason}).", **{"reason": code, **fields, "file": name})
