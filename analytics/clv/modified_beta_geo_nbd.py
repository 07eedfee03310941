"""MBG/NBD: as the BG/NBD, but a customer may also leave right after the first purchase."""

from __future__ import annotations

from analytics.clv.beta_geometric import BetaGeometricModel


class ModifiedBetaGeoNBD(BetaGeometricModel):
    """MBG/NBD model of repeat purchases.

    As ``BetaGeoNBD``, with one more chance to leave: right after the first purchase. So one-time buyers get
    a P(alive) below 1, and 1 - P(alive) may be shown as the chance that a customer has left.

    Attributes
    ----------
    params_ : dict
        ``r, alpha, a, b``; alpha in the unit of time of the data. The rest as in ``FittedModel``.

    References
    ----------
    Batislam, Denizel, Filiztekin (2007), Empirical validation and comparison of models for customer base
    analysis, International Journal of Research in Marketing 24(3), 201-209; P(alive) in appendix A,
    equation 5.
    Hoppe and Wagner (2007), Customer base analysis: the case for a central variant of the
    betageometric/NBD model, Marketing Journal of Research and Management 3(2), 75-90.

    Examples
    --------
    >>> model = ModifiedBetaGeoNBD.from_params({"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614})
    >>> bool(model.probability_alive(0, 0, 38.86) < 1)
    True
    """

    chances_at_start = 1
