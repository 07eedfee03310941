"""How sure the shares of Huff's rule are: the calibration repeated on data that might have been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geo.gravity_shares import FLOOR, Floats, shares_of
from geo.mci import calibrate_mci, maximise
from geo.mci_choices import Choices, choices
from geo.mci_fit import MciFit

Kind = Literal["origins", "parametric"]

MOST_FAILED: Final = 0.2
"""Share of repetitions that may end without a result."""

_BLOCK: Final = 2_000_000


@dataclass(frozen=True)
class MciBootstrap:
    """Repeated calibrations.

    ``alpha``, ``beta`` are (repetitions,), ``constants`` (repetitions, stores); ``rivals`` (repetitions,) is
    as in ``MciFit``, None where it was not asked for; ``failed`` counts the repetitions whose data did not
    bound the exponents.
    """

    fit: MciFit
    kind: Kind
    alpha: Floats
    beta: Floats
    constants: Floats
    failed: int
    rivals: Floats | None = None

    def parameter_interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Percentile interval of ``alpha`` or ``beta``."""
        low, high = np.quantile(getattr(self, name), _edges(level))
        return float(low), float(high)

    def share_intervals(
        self,
        attraction: npt.ArrayLike,
        distance: npt.ArrayLike,
        level: float = 0.95,
        weight: npt.ArrayLike | None = None,
        rivals: npt.ArrayLike | None = None,
    ) -> tuple[Floats, Floats]:
        """Percentile interval of every share.

        Parameters
        ----------
        attraction, distance : as for ``huff_shares``
        level : float
        weight : as for ``MciFit.log_pull``
        rivals : array_like of bool, (stores,), optional
            Competitors: ``weight`` is multiplied with their learnt pull, another one in each repetition,
            spread as its standard error by place and store says.

        Returns
        -------
        low, high : ndarray, (origins, stores)
        """
        far = np.asarray(distance, dtype=float)
        size = np.broadcast_to(np.asarray(attraction, dtype=float), far.shape)
        low, high = np.empty(far.shape), np.empty(far.shape)
        rows = max(1, _BLOCK // max(1, len(self.beta) * far.shape[1]))
        for start in range(0, len(far), rows):
            part = slice(start, start + rows)
            drawn = np.stack(
                [
                    self._shares(b, size[part], far[part], self._weight(b, weight, rivals, far.shape[1]))
                    for b in range(len(self.beta))
                ]
            )
            low[part], high[part] = np.quantile(drawn, _edges(level), axis=0)
        return low, high

    def _spread(self) -> Floats:
        """Repeated pulls of competitors, as wide as the interval that knows of the stores' luck."""
        assert self.rivals is not None
        away = self.rivals - self.rivals.mean()
        told = self.fit.interval("rivals")
        if told is None or not away.any():
            return self.rivals
        wide = (told[1] - told[0]) / (2 * norm.ppf(0.975)) / away.std()
        return np.asarray((self.fit.rivals or 0.0) + away * max(wide, 1.0))

    def _weight(
        self, b: int, weight: npt.ArrayLike | None, rivals: npt.ArrayLike | None, stores: int
    ) -> npt.ArrayLike | None:
        if rivals is None or self.rivals is None:
            return weight
        learnt = np.where(np.asarray(rivals, dtype=bool), np.exp(self._spread()[b]), 1.0)
        return np.asarray(learnt * (np.ones(stores) if weight is None else np.asarray(weight, dtype=float)))

    def _shares(self, b: int, size: Floats, far: Floats, weight: npt.ArrayLike | None) -> Floats:
        constants = self.constants[b]
        return replace(
            self.fit, alpha=float(self.alpha[b]), beta=float(self.beta[b]), constants=constants
        ).shares(size, far, weight)


def bootstrap_mci(
    visits: npt.ArrayLike,
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    *,
    kind: Kind = "origins",
    repetitions: int = 200,
    constants: bool = False,
    exposure: npt.ArrayLike | None = None,
    rivals: npt.ArrayLike | None = None,
    floor: float = FLOOR,
    seed: int = 0,
    progress: Callable[[float], bool] | None = None,
) -> MciBootstrap:
    """Repeat the calibration by maximum likelihood.

    Parameters
    ----------
    visits, attraction, distance, constants, exposure, rivals, floor : as for ``calibrate_mci``
    kind : {"origins", "parametric"}
        Draw whole origins with replacement, which keeps visits of one origin together; or draw visits
        anew from the fitted shares, which trusts the model and is too narrow where it is overdispersed.
    repetitions : int
    seed : int
    progress : callable, optional
        Called with the share done; returning False ends with the repetitions made so far (2 at least).

    Returns
    -------
    MciBootstrap

    Raises
    ------
    ValueError : as ``calibrate_mci``; more than a fifth of the repetitions end without a result.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Bootstrap-based improvements for inference with clustered
    errors, Review of Economics and Statistics 90(3), section II (pairs cluster bootstrap); Efron and
    Tibshirani (1993), An Introduction to the Bootstrap, section 6.5 (parametric), 13.3 (percentiles).
    """
    if repetitions < 2:
        raise ValueError(f"The bootstrap needs at least 2 repetitions; got {repetitions}.")
    fit = calibrate_mci(
        visits, attraction, distance, constants=constants, exposure=exposure, rivals=rivals, floor=floor
    )
    made, _ = choices(visits, attraction, distance, constants, exposure, floor, rivals)
    random, drawn, failed = np.random.default_rng(seed), [], 0
    for done in range(repetitions):
        try:
            drawn.append(_once(made, fit, kind, random))
        except ValueError:
            failed += 1
        if progress is not None and not progress((done + 1) / repetitions) and len(drawn) > 1:
            break
    if failed > MOST_FAILED * (len(drawn) + failed) or len(drawn) < 2:
        raise ValueError(
            f"{failed} of {len(drawn) + failed} repetitions do not bound the exponents: the visits are too "
            "few for an interval. Take a longer period or coarser cells."
        )
    return _gathered(fit, kind, np.array(drawn), failed)


def _once(made: Choices, fit: MciFit, kind: Kind, random: np.random.Generator) -> Floats:
    if kind == "origins":
        n = len(made.counts)
        weights = np.bincount(random.integers(0, n, n), minlength=n).astype(float)
        return maximise(made, weights, start=fit.theta)[0]
    shares = shares_of(made.base + made.x @ fit.theta)
    totals = np.rint(made.counts.sum(axis=1)).astype(np.int64)
    counts = random.multinomial(totals, shares).astype(float)
    return maximise(replace(made, counts=counts), start=fit.theta)[0]


def _gathered(fit: MciFit, kind: Kind, drawn: Floats, failed: int) -> MciBootstrap:
    column = {name: drawn[:, k] for k, name in enumerate(fit.names)}
    held = np.ones(len(drawn))
    nothing = np.zeros(len(drawn))
    stores = [column.get(f"store {j}", nothing) for j in range(len(fit.constants))]
    return MciBootstrap(
        fit,
        kind,
        column.get("alpha", held),
        column["beta"],
        np.column_stack(stores),
        failed,
        column.get("rivals"),
    )


def _edges(level: float) -> list[float]:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; got {level}.")
    return [(1 - level) / 2, (1 + level) / 2]
