"""Where larger reference data lies: a folder named by SETIA_REFERENCE_DATA, reported when it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def folder(name: str) -> Path:
    """A folder of reference data; without it the test does not run, and says so."""
    given = os.environ.get("SETIA_REFERENCE_DATA", "")
    found = Path(given) / name
    if not given or not found.is_dir():
        pytest.skip(
            f"NO REFERENCE DATA: {name} DID NOT RUN. Set SETIA_REFERENCE_DATA to a folder with {name}."
        )
    return found
