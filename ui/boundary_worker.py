"""Reads and mends one file of boundaries, in a process of its own: ``python -m ui.boundary_worker FOLDER``.

The folder holds ``ask.json`` and the file; ``answer.json`` and ``shapes.parquet`` are written into it.
This process may use as much memory and time as ``data.boundary_files.Limits`` says and no more, has no
network for GDAL, and is ended from outside when somebody cancels. Not started by hand.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    """Answer the question of a folder."""
    ask = json.loads((folder / "ask.json").read_text(encoding="utf-8"))
    _bound(ask["limits"])
    try:
        answer = _answer(folder, ask)
    except MemoryError:
        answer = {"refused": "boundary_memory", "fields": {"file": ask["name"]}}
    (folder / "answer.part").write_text(json.dumps(answer), encoding="utf-8")
    (folder / "answer.part").replace(folder / "answer.json")


def _bound(limits: dict[str, Any]) -> None:
    """Let the system end this process where it takes too much."""
    try:
        import resource
    except ImportError:  # Windows has none of it: there the clock outside is the bound
        return
    memory = limits["memory_megabytes"] * 1_000_000
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 2 * limits["unpacked_megabytes"] * 1_000_000),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _answer(folder: Path, ask: dict[str, Any]) -> dict[str, Any]:
    from data import boundary_files as files
    from data.errors import DataError
    from geo.reference_systems import BoundaryProblem

    try:
        return _read(folder, ask, files)
    except DataError as error:
        return {"refused": error.code, "fields": error.fields}
    except BoundaryProblem as error:
        return {"refused": f"boundary_{error.code}", "fields": error.fields}


def _read(folder: Path, ask: dict[str, Any], files: Any) -> dict[str, Any]:
    import numpy as np
    import shapely

    from geo.boundaries import guess_columns, overlaps
    from geo.mending import mend

    limits = files.Limits(**ask["limits"])
    work = folder / "work"
    work.mkdir()
    found = files.layers(folder / "given", ask["name"], work, limits)
    chosen = next((each for each in found if each.name == ask["layer"]), found[0])
    _tell(folder, "reading")
    raw = files.read(chosen, limits)
    _tell(folder, "mending")
    mended = mend(
        raw.shapes,
        raw.crs,
        chosen=ask["crs"],
        country=ask["country"],
        home=ask["home"] and tuple(ask["home"]),
        customers=ask["customers"] and tuple(ask["customers"]),
    )
    _tell(folder, "overlaps")
    on_another = overlaps(mended.shapes)
    guess = guess_columns({header: list(raw.columns[header]) for header in raw.columns})
    _write(folder, raw.columns, shapely.to_wkb(mended.shapes))
    notes = dict(mended.notes) | ({"unreadable": raw.unreadable} if raw.unreadable else {})
    return {
        "layers": [each.name for each in found],
        "layer": chosen.name,
        "crs": mended.system.crs,
        "crs_reason": mended.system.reason,
        "notes": sorted(notes.items()),
        "pairs": [list(pair) for pair in on_another.pairs[:2_000]],
        "overlap": on_another.share,
        "complete": on_another.complete,
        "guess": [guess.code, guess.name],
        "corners": int(np.sum(shapely.get_num_coordinates(mended.shapes))),
    }


def _write(folder: Path, columns: Any, wkb: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = {f"c{i}": pa.array(list(columns[name]), pa.string()) for i, name in enumerate(columns)}
    table = pa.table({**texts, "shape": pa.array(list(wkb), pa.binary())})
    pq.write_table(table, folder / "shapes.parquet")
    (folder / "headers.json").write_text(json.dumps(list(columns)), encoding="utf-8")


def _tell(folder: Path, step: str) -> None:
    (folder / "step").write_text(step, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
