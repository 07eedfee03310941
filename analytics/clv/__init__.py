"""Lifetime value models: repeat purchases, order values, and renewals, by maximum likelihood.

One model a file. Arrays in, arrays out; one entry a customer, any one unit of time.
"""

from analytics.clv.beta_geo_beta_binomial import BetaGeoBetaBinomial
from analytics.clv.beta_geo_nbd import BetaGeoNBD
from analytics.clv.gamma_gamma import GammaGamma
from analytics.clv.modified_beta_geo_nbd import ModifiedBetaGeoNBD
from analytics.clv.pareto_nbd import ParetoNBD
from analytics.clv.shifted_beta_geo import ShiftedBetaGeo

__all__ = [
    "BetaGeoBetaBinomial",
    "BetaGeoNBD",
    "GammaGamma",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "ShiftedBetaGeo",
]
