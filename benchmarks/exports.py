"""A ZIP of several systems' exports into one snapshot, against DuckDB's bare COPY of the same CSV files.

``python -m benchmarks.exports [lines]``: the marts are left out on our side, as they are in COPY.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.offline import somewhere, words
from data.importing import run as importing
from data.importing.run import Request
from data.settings import settings
from tests.exports import merchants

AIM = 3.0
MAKERS = (merchants.shopee_my, merchants.tiktok, merchants.loyverse, merchants.shopify)


def make(folder: Path, lines: int) -> tuple[list[Path], Path]:
    """CSV files of four systems with about so many order lines, and a ZIP of them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, maker in enumerate(MAKERS):
        each = lines // len(MAKERS)
        whole = maker is merchants.tiktok
        per_order = 1.0 if maker is merchants.loyverse else 1.75
        made = merchants.orders(
            f"9{number}",
            int(each / per_order),
            seed=number,
            unit=merchants.D(1) if whole else merchants.SEN,
            scale=1000 if whole else 1,
        )
        files.append(maker(made=made).csv(folder / f"{maker.__name__}.csv"))
    target = folder / "semua.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.name)
    return files, target


def copied(files: list[Path], folder: Path) -> float:
    """Seconds of COPY of each file to Parquet."""
    started = time.perf_counter()
    with duckdb.connect() as connection:
        for file in files:
            connection.execute(
                f"COPY (FROM read_csv('{file}', all_varchar=true)) "
                f"TO '{folder / file.stem}.parquet' (COMPRESSION zstd)"
            )
    return time.perf_counter() - started


def imported(archive: Path, home: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of the import without marts, and its counts."""
    importing.build_marts = lambda draft, config, progress=None: {}  # type: ignore[assignment]
    request = Request(files={}, mappings={}, words=words, placing=somewhere(), exports=[archive])
    started = time.perf_counter()
    outcome = importing.run(replace(settings(), home=home), "toko", request)
    return time.perf_counter() - started, outcome.as_json()["tables"]


def main(lines: int) -> str:
    """Both, once; a Markdown row."""
    scratch = Path(tempfile.mkdtemp(prefix="setia-exports-"))
    try:
        files, archive = make(scratch / "files", lines)
        plain = copied(files, scratch)
        seconds, counts = imported(archive, scratch / "home")
        read = counts["transactions"]["read"]
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"| {read:,} lines | COPY {plain:.2f} s | import {seconds:.2f} s | {seconds / plain:.1f}x "
            f"(aim {AIM:.0f}x) | peak {megabytes:,.0f} MB (makers of the files included) |"
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
