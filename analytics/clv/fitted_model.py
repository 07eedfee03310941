"""What every model here has after fitting: parameters, how sure they are, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

import numpy as np
from scipy.special import ndtri

from analytics.clv.arrays import FloatArray
from analytics.clv.fit_warnings import FitWarning, warning
from analytics.clv.maximum_likelihood import Estimate

WIDEST_EXPONENT = 300.0


class FittedModel:
    """Base of the models: named positive parameters, estimated on the log scale.

    Attributes (after ``fit`` or ``from_params``)
    ---------------------------------------------
    params_ : dict of str to float
        In the unit of time (or money) of the data.
    log_likelihood_ : float
        Sum over customers, natural log; NaN never, None after ``from_params``.
    standard_errors_ : dict of str to float
        On the scale of ``params_``, by the delta method from ``log_standard_errors_``.
    log_standard_errors_ : dict of str to float
        Of log(parameter), from the observed information. Intervals are built on this scale.
    log_covariance_ : ndarray, shape (k, k)
        Covariance of the log-parameters, in the order of ``params_``.
    converged_ : bool
    warnings_ : tuple of FitWarning
        Empty when there is nothing to say. Each has a ``code`` and a ``text``.
    """

    names: ClassVar[tuple[str, ...]] = ()

    params_: dict[str, float]
    log_likelihood_: float | None
    standard_errors_: dict[str, float]
    log_standard_errors_: dict[str, float]
    log_covariance_: FloatArray
    converged_: bool
    warnings_: tuple[FitWarning, ...]

    @classmethod
    def from_params(cls, params: Mapping[str, float]) -> Self:
        """A model with known parameters: from a paper, a saved fit, or the truth of a simulation.

        Parameters
        ----------
        params : mapping of str to float, > 0
            Exactly the model's parameters.

        Returns
        -------
        the model, ready to predict; ``log_likelihood_`` is None and the standard errors are 0

        Raises
        ------
        ValueError : a parameter is missing, unknown, or not positive and finite.

        Examples
        --------
        >>> from analytics.clv import ShiftedBetaGeo
        >>> float(ShiftedBetaGeo.from_params({"alpha": 1.0, "beta": 4.0}).survival(1).round(6))
        0.8
        """
        if set(params) != set(cls.names):
            raise ValueError(f"{cls.__name__} needs {list(cls.names)}; got {list(params)}.")
        values = {name: float(params[name]) for name in cls.names}
        for name, value in values.items():
            if not 0 < value < np.inf:
                raise ValueError(f"{name} must be positive and finite; got {value:g}.")
        model = cls()
        size = len(cls.names)
        model._keep(values, None, np.zeros((size, size)), True, ())
        return model

    def confidence_intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Interval of each parameter, symmetric on the log scale (Wald).

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        dict of str to (low, high)

        Raises
        ------
        ValueError : level is not between 0 and 1, or the model is not fitted.
        """
        if not 0 < level < 1:
            raise ValueError(f"level must be between 0 and 1, 0.95 say; got {level}.")
        self._require_fit()
        reach = float(ndtri(0.5 + level / 2))
        intervals = {}
        for name, value in self.params_.items():
            width = min(reach * self.log_standard_errors_[name], WIDEST_EXPONENT)
            intervals[name] = (value * float(np.exp(-width)), value * float(np.exp(width)))
        return intervals

    def parameter_draws(self, draws: int, seed: int = 0) -> list[dict[str, float]]:
        """Parameter values that are as likely as the fit is sure of them.

        For the uncertainty of anything that follows from the parameters: hand each draw to
        ``from_params`` and predict.

        Parameters
        ----------
        draws : int
        seed : int

        Returns
        -------
        list of dict, as ``params_``
        """
        self._require_fit()
        centre = np.log([self.params_[name] for name in self.names])
        values, vectors = np.linalg.eigh(self.log_covariance_)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = np.random.default_rng(seed).standard_normal((draws, len(centre)))
        theta = np.clip(centre + normal @ root.T, -WIDEST_EXPONENT, WIDEST_EXPONENT)
        return [dict(zip(self.names, map(float, np.exp(row)), strict=True)) for row in theta]

    def _keep_estimate(
        self,
        estimate: Estimate,
        units: FloatArray,
        log_likelihood: float,
        codes: Iterable[str],
    ) -> None:
        """Take over an estimate made in units of the mean observation."""
        values = np.exp(estimate.theta) * units
        codes = list(codes)
        if estimate.on_ridge:
            codes.append("weak_prior")
        if not estimate.converged:
            codes.append("not_converged")
        self._keep(
            dict(zip(self.names, map(float, values), strict=True)),
            log_likelihood,
            estimate.covariance,
            estimate.converged,
            tuple(warning(code) for code in codes),
        )

    def _keep(
        self,
        params: dict[str, float],
        log_likelihood: float | None,
        covariance: FloatArray,
        converged: bool,
        warnings: tuple[FitWarning, ...],
    ) -> None:
        errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        self.params_ = params
        self.log_likelihood_ = log_likelihood
        self.log_covariance_ = covariance
        self.log_standard_errors_ = dict(zip(self.names, map(float, errors), strict=True))
        self.standard_errors_ = {
            name: value * self.log_standard_errors_[name] for name, value in params.items()
        }
        self.converged_ = converged
        self.warnings_ = warnings

    def _require_fit(self) -> None:
        if not hasattr(self, "params_"):
            raise ValueError(f"{type(self).__name__} is not fitted yet: call fit() first.")

    def _values(self) -> tuple[float, ...]:
        """The parameters in the order of ``names``."""
        self._require_fit()
        return tuple(self.params_[name] for name in self.names)

    def __repr__(self) -> str:
        if not hasattr(self, "params_"):
            return f"{type(self).__name__}()"
        inside = ", ".join(f"{name}={value:.4g}" for name, value in self.params_.items())
        return f"{type(self).__name__}({inside})"
