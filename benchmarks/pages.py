"""Server time of each page, cold and warm with the default filters, and with other filters."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import measure
from benchmarks.tables import filled_home
from ui.page_list import PAGES

NOTE = (
    "One run of the page's script on the server. *Cold*: nothing cached (the first reader after an import); "
    "*warm*: the same view again; *other filters*: any dates and one state, never seen before. "
    "Aims: p95 of warm at most 300 ms, of other filters at most 1 s."
)
WARM_AIM, FILTERED_AIM = 0.3, 1.0
_HEAD = ("page", "cold median", "warm median / p95", "aim", "other filters median / p95", "aim")


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Time every page in a process of its own.

    Returns
    -------
    str
        A Markdown table, seconds.
    """
    command = [sys.executable, "-m", "benchmarks.page_probe", str(max(rounds * 4, 12))]
    environment = {**os.environ, "SETIA_HOME": str(filled_home(files))}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    failed = [page.name for page in PAGES if page.path.is_file() and page.filtered and page.name not in found]
    rows = [_row(page, times) for page, times in found.items()]
    return measure.table(_HEAD, rows + [[page, "failed", *["–"] * 4] for page in failed])


def _row(page: str, times: dict[str, list[float]]) -> list[str]:
    return [
        page,
        f"{statistics.median(times['cold']):.2f}",
        *_cells(times["warm"], WARM_AIM),
        *_cells(times["filtered"], FILTERED_AIM),
    ]


def _cells(seconds: list[float], aim: float) -> tuple[str, str]:
    if not seconds:
        return "–", "–"
    high = percentile_95(seconds)
    return f"{statistics.median(seconds):.2f} / **{high:.2f}**", "met" if high <= aim else "MISSED"


def percentile_95(seconds: list[float]) -> float:
    """The 95th percentile; with few runs nearly the slowest."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]
