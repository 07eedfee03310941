"""Resident memory of the server: empty, after every page, and for each further session."""

from __future__ import annotations

from pathlib import Path

from benchmarks import measure
from benchmarks.server import browsing, serving, visit
from benchmarks.tables import filled_home
from ui.page_list import PAGES

NOTE = (
    "Resident memory of the server process. One session opens every page; then more sessions open the "
    "Overview and stay. Aims: at most 1.5 GB with all pages open, at most 30 MB for one more session."
)
TOTAL_AIM_MB, SESSION_AIM_MB = 1_500.0, 30.0
_SESSIONS = 5


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Measure on the real server with a real browser.

    Returns
    -------
    str
        A Markdown table, MB.
    """
    with serving(filled_home(files)) as server, browsing() as browser:
        started = server.resident_mb()
        peak = started
        for page in (p for p in PAGES if p.path.is_file()):
            visit(browser, f"{server.url}/{page.url_path}").context.close()
            peak = max(peak, server.resident_mb())
        open_pages = [visit(browser, server.url)]
        before = server.resident_mb()
        open_pages += [visit(browser, server.url) for _ in range(_SESSIONS)]
        each = (server.resident_mb() - before) / _SESSIONS
    rows = [
        ["server started", f"{started:,.0f}", "–"],
        ["highest, every page opened", f"{peak:,.0f}", _held(peak, TOTAL_AIM_MB)],
        [f"one more session (mean of {_SESSIONS})", f"{each:,.1f}", _held(each, SESSION_AIM_MB)],
    ]
    return measure.table(("what", "MB", "aim"), rows)


def _held(value: float, aim: float) -> str:
    return f"{aim:,.0f} MB {'met' if value <= aim else 'MISSED'}"
