"""Fits shared by the tests of the value models."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cdnow import Cohort, cdnow

from analytics.clv import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    return cdnow()


@pytest.fixture(scope="session")
def bg(cohort: Cohort) -> BetaGeoNBD:
    return BetaGeoNBD().fit(cohort.x, cohort.t_x, cohort.T)


@pytest.fixture(scope="session")
def mbg(cohort: Cohort) -> ModifiedBetaGeoNBD:
    return ModifiedBetaGeoNBD().fit(cohort.x, cohort.t_x, cohort.T)


@pytest.fixture(scope="session")
def pareto(cohort: Cohort) -> ParetoNBD:
    return ParetoNBD().fit(cohort.x, cohort.t_x, cohort.T)


@pytest.fixture(scope="session")
def spend(cohort: Cohort) -> GammaGamma:
    return GammaGamma().fit(cohort.x, cohort.mean_value)
