"""What a forecast needs before it may be believed, how far a merchant is from it, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import pandas as pd

from analytics.forecast.backtest import Backtest
from analytics.forecast.histories import Observed

Word = Literal["reliable", "rough", "do_not_use"]

NEEDED: Final[Mapping[str, int]] = MappingProxyType(
    {"customers": 300, "repeaters": 100, "frequent": 30, "days": 270, "recent": 1}
)
"""Customers, those who bought again, on three days or more, days of data, purchases in the last 30 days.

Below these the parameters of the models are known no better than a factor of two or so on simulated
data (docs/METHODS.md), and a holdout of three months says little.
"""

RECENT_DAYS: Final = 30
RELIABLE_ERROR: Final = 0.15
ROUGH_ERROR: Final = 0.35
MOST_CORRELATION: Final = 0.3


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is needed: its code, how much of it, and how much there is."""

    code: str
    needed: int
    found: int

    @property
    def met(self) -> bool:
        """Whether there is enough."""
        return self.found >= self.needed


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a forecast may be trusted.

    Attributes
    ----------
    word : {"reliable", "rough", "do_not_use"}
    reasons : tuple of str
        Codes, the gravest first: ``gate``, ``error`` (the total was missed by too much), ``correlated``
        (spend goes with frequency), ``not_converged``, ``beaten`` (a rule of thumb did as well),
        ``no_money``, ``no_dropout``. Empty for a reliable one.
    """

    word: Word
    reasons: tuple[str, ...]


def requirements(seen: Observed) -> tuple[Requirement, ...]:
    """The gate in numbers, in a fixed order.

    Parameters
    ----------
    seen : Observed

    Returns
    -------
    tuple of Requirement
    """
    now = seen.now
    silent = now.T - now.recency
    found = {
        "customers": now.size,
        "repeaters": int((now.frequency > 0).sum()),
        "frequent": int((now.frequency >= 2).sum()),
        "days": int(now.T.max()) if now.size else 0,
        "recent": int((silent < RECENT_DAYS).sum()),
    }
    return tuple(Requirement(code, NEEDED[code], found[code]) for code in NEEDED)


def verdict(gate: tuple[Requirement, ...], tried: Backtest | None, cautions: tuple[str, ...] = ()) -> Verdict:
    """Say whether the forecast may be used.

    Parameters
    ----------
    gate : tuple of Requirement
    tried : Backtest or None
        None where there was nothing to try it on.
    cautions : tuple of str
        Codes of the warnings of the fit that is shown.

    Returns
    -------
    Verdict
    """
    if tried is None or not all(need.met for need in gate):
        return Verdict("do_not_use", ("gate",))
    judged = tried.best.money or tried.best.purchases
    error = judged.total_error
    grave, light = [], []
    if error is None or abs(error) > ROUGH_ERROR:
        grave.append("error")
    elif abs(error) > RELIABLE_ERROR:
        light.append("error")
    if tried.correlation is not None and abs(tried.correlation) > MOST_CORRELATION:
        grave.append("correlated")
    if "not_converged" in cautions:
        grave.append("not_converged")
    if tried.best.money is None:
        grave.append("no_money")
    if tried.beaten_by:
        light.append("beaten")
    if "no_dropout" in cautions:
        light.append("no_dropout")
    if grave:
        return Verdict("do_not_use", tuple(grave + light))
    return Verdict("rough", tuple(light)) if light else Verdict("reliable", ())


def widened(error: float | None, own: float = 0.0, blocks: tuple[float, ...] = ()) -> float:
    """Relative spread of a total: the model's own and the backtest's errors, as one standard deviation.

    A single small error may be luck, so that the errors of the quarters of the holdout count too: as a
    mean of that many independent ones, whichever is larger.

    Parameters
    ----------
    error : float or None
        ``total_error`` of the holdout.
    own : float
        Relative standard error of the model's total.
    blocks : tuple of float
        Relative errors of parts of the holdout: :func:`block_errors`.

    Returns
    -------
    float
        Multiply by 1.96 on the log scale for 95%.
    """
    missed = abs(float(np.log1p(error))) if error is not None and error > -1 else 1.0
    known = [float(np.log1p(block)) for block in blocks if block > -1]
    luck = float(np.sqrt(np.mean(np.square(known)) / len(known))) if known else 0.0
    return float(np.hypot(own, max(missed, luck)))


def block_errors(weeks: pd.DataFrame, length: int = 13) -> tuple[float, ...]:
    """Relative error of each quarter of the holdout, from the weekly tracking.

    Parameters
    ----------
    weeks : DataFrame
        ``tracking.tracking``.
    length : int
        Weeks of a block; a shorter rest is left out.

    Returns
    -------
    tuple of float
    """
    held = weeks[weeks["holdout"]].reset_index(drop=True)
    held = held[: len(held) // length * length]
    sums = held.groupby(held.index // length)[["actual", "expected"]].sum()
    sums = sums[sums["actual"] > 0]
    return tuple(float(value) for value in sums["expected"] / sums["actual"] - 1)
