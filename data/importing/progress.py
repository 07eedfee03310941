"""How far an import has come, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Progress = Callable[[str, str, float], None]
"""``progress(step, table or mart, share)``: the share (0..1) is of the whole import, roughly."""

STEPS: Final = (
    "looking",
    "counting",
    "deciding",
    "checking",
    "refusing",
    "merging",
    "placing",
    "marts",
    "committing",
)


def silent(step: str, subject: str, share: float) -> None:
    """Tell nobody."""
