"""A ZIP of several systems' exports into one snapshot, against DuckDB's bare COPY of the same CSV files.

``python -m benchmarks.exports [lines] [rounds]``: the marts are left out on our side, as they are in COPY.
What COPY does not do and the import does: unpack, recognise, count the records a second time, refuse by
record, spread amounts of orders, tell the customers, place them, merge with what is there.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb

from benchmarks import measure
from benchmarks.measure import Spent
from benchmarks.offline import somewhere, words
from data.importing import run as importing
from data.importing.run import Outcome, Request
from data.settings import settings
from tests.exports import merchants

AIM = 3.0
MAKERS = (merchants.shopee_my, merchants.tiktok, merchants.loyverse, merchants.shopify)


def make(folder: Path, lines: int) -> None:
    """CSV files of four systems with about so many order lines, and a ZIP of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "semua.zip", "w", zipfile.ZIP_STORED) as archive:
        for number, maker in enumerate(MAKERS):
            whole = maker is merchants.tiktok
            per_order = 1.0 if maker is merchants.loyverse else 1.75
            made = merchants.orders(
                f"9{number}",
                int(lines // len(MAKERS) / per_order),
                seed=number,
                unit=merchants.D(1) if whole else merchants.SEN,
                scale=1000 if whole else 1,
            )
            file = maker(made=made).csv(folder / f"{maker.__name__}.csv")
            archive.write(file, file.name)


def copied(folder: Path, target: Path) -> Spent:
    """COPY of each CSV file to Parquet, with as much memory as the import has."""
    target.mkdir(exist_ok=True)

    def copy() -> None:
        with duckdb.connect(config={"memory_limit": settings().import_memory_limit}) as connection:
            for file in sorted(folder.glob("*.csv")):
                connection.execute(
                    f"COPY (FROM read_csv('{file}', all_varchar=true)) "
                    f"TO '{target / file.stem}.parquet' (COMPRESSION zstd)"
                )

    return measure.spent(copy)


def imported(folder: Path, home: Path, lines: int) -> Spent:
    """The import of the ZIP into a new workspace, without marts."""
    shutil.rmtree(home, ignore_errors=True)
    importing.build_marts = lambda draft, config, progress=None: {}  # type: ignore[assignment]
    archive = folder / "semua.zip"
    request = Request(files={}, mappings={}, words=words, placing=somewhere(), exports=[archive])
    chosen = replace(settings(), home=home)
    done: list[Outcome] = []
    cost = measure.spent(lambda: done.append(importing.run(chosen, "toko", request)))
    counts = done[0].tables["transactions"].counts
    if counts["read"] != counts["loaded"] or abs(counts["read"] - lines) > lines / 20:
        raise AssertionError(f"The import counted {counts}; about {lines} lines were made.")
    return cost


def main(lines: int, rounds: int) -> str:
    """Both in turn; a Markdown table."""
    scratch = Path(tempfile.mkdtemp(prefix="setia-exports-"))
    try:
        maker = multiprocessing.get_context("spawn").Process(target=make, args=(scratch / "files", lines))
        maker.start()
        maker.join()
        found = measure.alternate(
            f"{lines:,} lines, 4 CSV files in a ZIP",
            lambda: imported(scratch / "files", scratch / "home", lines),
            lambda: copied(scratch / "files", scratch / "copies"),
            rounds,
            AIM,
        )
        megabytes = measure.peak_mb()
        table = measure.table(measure.COMPARISON_HEAD, [found.row()])
        return f"{table}\n\nPeak memory of the process, COPY included: {megabytes:,.0f} MB."
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    print(main(given[0] if given else 1_000_000, given[1] if len(given) > 1 else 3))
