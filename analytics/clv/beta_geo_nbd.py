"""BG/NBD: buys at a constant rate while alive, may leave after each repeat purchase."""

from __future__ import annotations

from analytics.clv.beta_geometric import BetaGeometricModel


class BetaGeoNBD(BetaGeometricModel):
    """BG/NBD model of repeat purchases (beta-geometric / negative binomial).

    While alive a customer buys at a rate that is gamma distributed (shape ``r``, ``alpha`` in time) over
    customers; after every repeat purchase the customer leaves for good with a probability that is beta
    distributed (``a``, ``b``).

    It forecasts totals well. Its P(alive) must never be shown as churn: one who never bought again had no
    chance to leave and gets P(alive) = 1 (see ``alive_is_churn``, which is False). Use ``ModifiedBetaGeoNBD``
    or ``ParetoNBD`` for that question.

    Attributes
    ----------
    params_ : dict
        ``r, alpha, a, b``; alpha in the unit of time of the data. The rest as in ``FittedModel``.

    References
    ----------
    Fader, Hardie, Lee (2005), "Counting your customers" the easy way: an alternative to the Pareto/NBD
    model, Marketing Science 24(2), 275-284: the likelihood of a random customer; E[X(t)] equation 9,
    E[Y(t)] equation 10.

    Examples
    --------
    >>> model = BetaGeoNBD.from_params({"r": 0.2426, "alpha": 4.4137, "a": 0.7930, "b": 2.4262})
    >>> float(model.expected_purchases(39, 2, 30.43, 38.86).round(3))
    1.226
    """

    chances_at_start = 0
    alive_is_churn = False
