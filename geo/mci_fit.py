"""A calibrated rule of Huff: its exponents, how sure they are, and the shares it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from geo.gravity_shares import Floats, log_pull, shares_of

Method = Literal["logit", "ols", "assumed"]


@dataclass(frozen=True)
class MciFit:
    """A calibrated rule.

    Parameters
    ----------
    alpha, beta : float
        Exponents of attraction and distance.
    names : tuple of str
        The parameters that were estimated, in the order of ``covariance``: ``alpha``, ``beta``, then
        ``rivals``, then ``store 1`` and so on. What is missing was held: ``alpha`` at 1.
    covariance : ndarray, (k, k)
        Sandwich, clustered by origin: it holds when visits of one origin are alike.
    constants : ndarray, (stores,)
        Logarithm of each store's pull beyond its size, against the first store; 0 when not asked for.
    method : {"logit", "ols", "assumed"}
    origins, visits : number used
    left_out : float
        Visits that could not be used: to stores that cannot be reached, or from origins with one choice.
    log_likelihood : float or None
        Without the multinomial coefficient; None for ``ols``.
    dispersion : float or None
        Pearson's statistic by its degrees of freedom; clearly above 1 means that visits vary more than
        independent choices would. None where no degree of freedom is left, and for ``ols``.
    floor : float
        Shortest distance that was told apart.
    rivals : float or None
        Logarithm of what a competitor pulls against an own store of its size as near; None where no visits to
        competitors were given.
    rivals_error, rivals_free : float, int
        Its standard error by origin and store (``geo.mci_errors.by_place_and_store``), with the degrees of
        freedom of its Student's t.
    notes : tuple of str
        ``alpha_held`` (all sizes are alike), ``no_deterrence`` (beta <= 0), ``overdispersed``
        (dispersion above 1.5), ``few_rows`` (``ols`` used fewer than half of the origins).
    """

    alpha: float
    beta: float
    names: tuple[str, ...]
    covariance: Floats
    constants: Floats
    method: Method
    origins: int
    visits: float
    left_out: float
    log_likelihood: float | None
    dispersion: float | None
    floor: float
    rivals: float | None = None
    rivals_error: float | None = None
    rivals_free: int = 0
    notes: tuple[str, ...] = ()

    @property
    def standard_errors(self) -> dict[str, float]:
        """By name of the parameter."""
        found = dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))
        return found if self.rivals_error is None else found | {"rivals": self.rivals_error}

    @property
    def theta(self) -> Floats:
        """The estimated parameters in the order of ``names``."""
        known = {"alpha": self.alpha, "beta": self.beta, "rivals": self.rivals or 0.0}
        known |= {f"store {j}": float(self.constants[j]) for j in range(1, len(self.constants))}
        return np.array([known[name] for name in self.names])

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float] | None:
        """Interval of a parameter: normal, Student's t for ``rivals``; None where the parameter was held."""
        if name not in self.names:
            return None
        value, error = float(getattr(self, name)), self.standard_errors[name]
        share = (1 + level) / 2
        z = float(t.ppf(share, self.rivals_free) if name == "rivals" else norm.ppf(share))
        return value - z * error, value + z * error

    @property
    def rival_pull(self) -> float | None:
        """Pull of a competitor against an own store of its size, as learnt; None where it was not."""
        return None if self.rivals is None else float(np.exp(self.rivals))

    def log_pull(
        self, attraction: npt.ArrayLike, distance: npt.ArrayLike, weight: npt.ArrayLike | None = None
    ) -> Floats:
        """Logarithm of the pull of stores under this fit.

        Parameters
        ----------
        attraction, distance : as for ``huff_shares``
        weight : array_like, (stores,), optional
            Multiplies each store's pull, >= 0: what is assumed of competitors.

        Raises
        ------
        ValueError : the fit has constants and the stores are not those it was made on.
        """
        pull = log_pull(attraction, distance, self.alpha, self.beta, floor=self.floor)
        if weight is not None:
            with np.errstate(divide="ignore"):
                pull = pull + np.log(np.asarray(weight, dtype=float))
        if not self.constants.any():
            return pull
        if pull.shape[1] != len(self.constants):
            raise ValueError(
                f"A fit with constants speaks of its own {len(self.constants)} stores; got {pull.shape[1]}. "
                "Calibrate without constants for other stores."
            )
        return np.asarray(pull + self.constants)

    def shares(
        self, attraction: npt.ArrayLike, distance: npt.ArrayLike, weight: npt.ArrayLike | None = None
    ) -> Floats:
        """Share of each origin's visits by store, (origins, stores); see ``huff_shares``."""
        return shares_of(self.log_pull(attraction, distance, weight))
