"""What an import is handed, where a benchmark needs neither words nor places."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from data.importing.places import Placing
from data.reference import loader
from geo import placing
from geo.gazetteer import Gazetteer


def words(key: str, **fields: Any) -> str:
    """The key itself instead of a sentence."""
    return key


def nowhere() -> Placing:
    """Placing for imports without customers and stores; calling it is a mistake."""

    def refuse(*_: Any) -> pd.DataFrame:
        raise AssertionError("This benchmark imports transactions only.")

    return Placing(refuse, refuse, refuse)


def somewhere() -> Placing:
    """The real placing."""
    return Placing(
        lambda frame, country: placing.place(frame, _gazetteer(), country),
        lambda frame: placing.place_stores(frame, _gazetteer()),
        placing.unplaced,
    )


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(**loader.gazetteer_frames())
