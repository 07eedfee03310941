"""Run the benchmarks and write docs/PERFORMANCE.md: ``python -m benchmarks.run [--rows N] [--only NAME]``.

Everything is measured in alternation with a yardstick and reported as ratios. Files are generated
into a temporary folder (or ``--keep FOLDER``) and never into the checkout.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import measure
from benchmarks.generate import generate

BENCHMARKS = {
    "import_vs_copy": "Import against DuckDB's COPY",
    "marts_vs_sql": "Marts against hand-written SQL",
    "pages": "Server time of each page",
    "forecast": "The forecast of every customer",
    "memory": "Resident memory",
    "map_pan": "From a pan to drawn cells",
    "choropleth": "From a click to a drawn map of 500 regions",
    "siting": "Fifty sites for a million customers",
    "regions": "Points into regions, and the nearest store",
}


def main() -> None:
    """Run the chosen benchmarks at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="order lines")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep generated files here and use them again")
    parser.add_argument("--print", action="store_true", help="print only, leave the report alone")
    given = parser.parse_args()
    failed = []
    with _folder(given.keep) as folder:
        for rows in given.rows:
            files = _files(folder, rows)
            for name in given.only:
                print(f"{name}, {rows:,} rows ...", flush=True)
                try:
                    _run(name, rows, files, folder / "scratch", given.rounds, given.print)
                except Exception:  # noqa: BLE001 - one failing benchmark must not hide the others
                    traceback.print_exc()
                    failed.append(name)
                shutil.rmtree(folder / "scratch", ignore_errors=True)
    if failed:
        raise SystemExit(f"These benchmarks failed: {', '.join(failed)}.")


def _run(name: str, rows: int, files: Path, scratch: Path, rounds: int, only_print: bool) -> None:
    scratch.mkdir(parents=True, exist_ok=True)
    module = importlib.import_module(f"benchmarks.{name}")
    body: str = module.run(files, scratch, rounds)
    print(body, flush=True)
    if not only_print:
        title = f"{BENCHMARKS[name]}, {rows:,} rows"
        measure.write_section(f"{name}-{rows}", title, f"{module.NOTE}\n\n{body}")


def _files(folder: Path, rows: int) -> Path:
    """Generated files of that size, made when missing; one customer for ten rows."""
    files = folder / f"rows-{rows}"
    if not (files / "expected.json").is_file():
        print(json.dumps({"generated": generate(files, rows, max(rows // 10, 100)).rows}), flush=True)
    return files


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="setia-bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
