"""Simulated merchants with known parameters: the fast version of benchmarks/clv_recovery.py."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.clv_recovery import TRUTH, one_run

RUNS, CUSTOMERS = 6, 1_500


@pytest.mark.parametrize("model", sorted(TRUTH))
def test_intervals_cover_the_truth_and_the_ranking_is_that_of_the_truth(model):
    runs = [one_run(model, CUSTOMERS, seed, daily=False) for seed in range(100, 100 + RUNS)]
    covered = np.array([run[0] for run in runs])
    # of 24 intervals at 95%, 19 or fewer would cover in fewer than 1 of 100 studies
    assert covered.sum() >= 20
    assert max(abs(run[2] - run[3]) for run in runs) < 0.02
