"""How long until something happens, counting honestly those to whom it has not happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.survival import kaplan_meier


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Kaplan-Meier curve of the time to an event, in whole days.

    Parameters
    ----------
    days : tuple of int
        The days with an event, ascending.
    share : tuple of float
        Share (0..1) to whom it has happened by the end of that day.
    low, high : tuple of float
        95% interval of the share (log-log, which stays within 0..1); equal to ``share`` where the
        weights are not counts.
    people, events : float
        Who was watched, and to how many it has happened.
    """

    days: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    people: float
    events: float

    @property
    def ever(self) -> float | None:
        """Share by the last day with an event: the most that the data can say; None without anyone."""
        if not self.people:
            return None
        return self.share[-1] if self.share else 0.0

    def by(self, day: int) -> float | None:
        """Share to whom it has happened within so many days; None without anyone."""
        if not self.people:
            return None
        return next(
            (s for d, s in zip(reversed(self.days), reversed(self.share), strict=True) if d <= day), 0.0
        )

    def quantile(self, share: float) -> int | None:
        """The first day by which that share of all is reached; None where it never is."""
        return self._first(self.share, share)

    def median_interval(self) -> tuple[int | None, int | None]:
        """95% interval of the median (Brookmeyer and Crowley 1982); None: not within the data."""
        return self._first(self.high, 0.5), self._first(self.low, 0.5)

    def quantile_of_those(self, share: float, within: int | None = None) -> int | None:
        """The first day by which that share is reached of those to whom it happens.

        Parameters
        ----------
        share : float
        within : int, optional
            Of those to whom it happens within so many days; without it, ever: many customers never
            come back, so that the curve levels off, and the level is the estimate of the share that
            does (Maller and Zhou 1992).
        """
        level = self.ever if within is None else self.by(within)
        return self._first(self.share, share * level) if level else None

    def _first(self, values: tuple[float, ...], share: float) -> int | None:
        return next((d for d, s in zip(self.days, values, strict=True) if s >= share - 1e-12), None)


def waiting(events: Mapping[int, float], open_ones: Mapping[int, float]) -> Waiting:
    """Estimate the curve by the product limit.

    Parameters
    ----------
    events : mapping of days to how many
        To whom it happened, by the days it took. Weights need not be whole numbers.
    open_ones : mapping of days to how many
        To whom it had not happened, by the days they were watched; who is watched for d days
        counts as being there on day d.

    Returns
    -------
    Waiting

    References
    ----------
    Kaplan, Meier (1958), as :func:`analytics.survival.kaplan_meier`. Brookmeyer, Crowley (1982),
    Biometrics 38. Maller, Zhou (1992), Estimating the proportion of immunes in a censored sample,
    Biometrika 79.

    Examples
    --------
    The remission times of Freireich and others (1963) under 6-MP, in weeks:

    >>> found = waiting({6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1},
    ...                 {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1})
    >>> [round(1 - s, 3) for s in found.share], found.quantile(0.5)
    ([0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448], 23)
    """
    longest = max((*events, *open_ones), default=-1)
    curve = kaplan_meier(_by_day(events, longest), _by_day(open_ones, longest))
    days = np.flatnonzero(curve.events)
    share, low, high = (
        tuple((1.0 - curve_of[days]).tolist()) for curve_of in (curve.survival, curve.high, curve.low)
    )
    return Waiting(tuple(days.tolist()), share, low, high, curve.gaps, float(curve.events.sum()))


def _by_day(counts: Mapping[int, float], longest: int) -> npt.NDArray[np.float64]:
    """The counts of day 0, 1, ... up to the longest."""
    spread = np.zeros(longest + 1)
    spread[list(counts)] = list(counts.values())
    return spread
