"""Runs every page in this process and prints what each run took, as JSON; started by ``pages.py``.

``python -m benchmarks.page_probe`` reads the workspace of ``SETIA_HOME``. A run is one execution of the
page's script on the server: what a person waits for before the browser begins to draw.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from ui import filters
from ui.choice import CUSTOM, Choice
from ui.page_list import PAGES, PageSpec

_SHELL = Path(__file__).resolve().parents[1] / "ui" / "shell.py"
_FIRST, _LAST = date(2023, 11, 23), date(2026, 11, 22)
_REGIONS = ("MY-10", "MY-01", "MY-14", "MY-08", "MY-12", "MY-13")


class PageFailed(Exception):
    """A page showed an error instead of itself; its times would mean nothing."""


def main(rounds: int) -> None:
    """Print ``{page: {"cold": [s], "warm": [s], "filtered": [s]}}``."""
    chance = random.Random(20261122)
    found = {}
    for page in PAGES:
        if page.path.is_file() and page.filtered:
            try:
                found[page.name] = _page(page, rounds, chance)
            except PageFailed as error:
                print(error, file=sys.stderr)
    print(json.dumps(found))


def _page(page: PageSpec, rounds: int, chance: random.Random) -> dict[str, list[float]]:
    app = AppTest.from_file(str(_SHELL), default_timeout=600)
    app.run()
    app.switch_page(page.target)
    _seconds(app)
    cold = [_cold(app) for _ in range(max(rounds // 2, 3))]
    warm = [_seconds(app) for _ in range(rounds)]
    filtered = []
    for _ in range(rounds if page.filtered else 0):
        app.session_state[filters.CHOICE] = _some_choice(chance)
        filtered.append(_seconds(app))
    return {"cold": cold, "warm": warm, "filtered": filtered}


def _cold(app: AppTest) -> float:
    st.cache_data.clear()
    return _seconds(app)


def _seconds(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    took = time.perf_counter() - start
    if app.exception or app.error:
        raise PageFailed([str(e.value) for e in [*app.exception, *app.error]])
    return took


def _some_choice(chance: random.Random) -> Choice:
    """Any dates and one other filter, never the same twice."""
    start = _FIRST + timedelta(days=chance.randrange(0, 700))
    end = min(start + timedelta(days=chance.randrange(60, 400)), _LAST)
    return Choice(preset=CUSTOM, start=start, end=end, regions=(chance.choice(_REGIONS),))


if __name__ == "__main__":
    main(int(sys.argv[1]))
