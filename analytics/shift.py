"""Which group of customers grew or shrank most between two days, beyond chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics.findings import LEAST_CUSTOMERS, Z

LEAST_SHIFT: Final = 0.01
"""A point: smaller shifts of a share are not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A group's share of all customers (0..1), now and before."""

    code: str
    now: float
    before: float

    @property
    def change(self) -> float:
        """Difference in points (0.018 is 1.8)."""
        return self.now - self.before


def largest_shift(now: Mapping[str, float], before: Mapping[str, float]) -> Shift | None:
    """Return the group whose share of the customers changed most.

    Parameters
    ----------
    now, before : mapping of code to number of customers

    Returns
    -------
    Shift or None
        None where either day knows fewer than ``LEAST_CUSTOMERS`` customers, or no change reaches
        ``LEAST_SHIFT`` and ``Z`` standard errors of a difference of two proportions (the two days
        share customers, so this is on the careful side). Equal changes go by code.

    Examples
    --------
    >>> largest_shift({"new": 400, "lapsed": 600}, {"new": 600, "lapsed": 400}).code
    'lapsed'
    >>> largest_shift({"new": 4}, {"new": 6}) is None
    True
    """
    people, people_before = sum(now.values()), sum(before.values())
    if min(people, people_before) < LEAST_CUSTOMERS:
        return None
    found = []
    for code in sorted(now.keys() | before.keys()):
        shift = Shift(code, now.get(code, 0) / people, before.get(code, 0) / people_before)
        error = math.sqrt(
            shift.now * (1 - shift.now) / people + shift.before * (1 - shift.before) / people_before
        )
        if abs(shift.change) >= LEAST_SHIFT and abs(shift.change) >= Z * error:
            found.append(shift)
    return min(found, key=lambda shift: (-abs(round(shift.change, 9)), shift.code), default=None)
