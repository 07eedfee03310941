"""The forecasts that compete: three models of repeat purchases, and the rules of thumb beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from analytics.clv import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from analytics.clv.repeat_purchase import RepeatPurchaseModel
from analytics.forecast.histories import FloatArray, Histories

MODELS: Final[Mapping[str, type[RepeatPurchaseModel]]] = MappingProxyType(
    {"pareto_nbd": ParetoNBD, "mbg_nbd": ModifiedBetaGeoNBD, "bg_nbd": BetaGeoNBD}
)
"""By code; the words are under ``forecast.model.<code>``."""

RULES: Final = ("same_again", "own_rate", "hiatus")
"""What a merchant would do without a model; see :func:`rule`."""


HIATUS_DAYS: Final = 180.0
"""Silence after which the rule of thumb gives a customer up: half a year, as merchants do."""


def rule(name: str, history: Histories, before: FloatArray, days: float) -> FloatArray:
    """Purchases in the next days by a rule of thumb.

    Parameters
    ----------
    name : str
        ``same_again``: as many as in the days just before (which are as long).
        ``own_rate``: the customer's repeat purchases per day so far, x / T, go on.
        ``hiatus``: the same, but nothing more from who has been silent for ``HIATUS_DAYS``.
    history : Histories
    before : ndarray, shape (n,)
        Days with a purchase in the ``days`` before.
    days : float

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError : an unknown rule.

    References
    ----------
    Wuebben and von Wangenheim (2008), Instant customer base analysis: managerial heuristics often get
    it right, Journal of Marketing 72(3), 82-93.
    """
    if name == "same_again":
        return before
    if name not in RULES:
        raise ValueError(f"rule() takes {list(RULES)}; got {name!r}.")
    rate = np.divide(history.frequency, history.T, out=np.zeros(history.size), where=history.T > 0)
    expected = rate * days
    if name == "hiatus":
        silent = history.T - history.recency
        expected = np.where(silent >= HIATUS_DAYS, 0.0, expected)
    return expected
