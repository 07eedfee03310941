"""Every published value of the models, at the digits it was printed with.

Sources: Fader, Hardie, Lee (2005), Marketing Science 24(2); the vignette of the R package BTYD; Hardie, notes
021 and 025; Batislam et al. (2007); Fader, Hardie, Shang (2010), Marketing Science 29(6); Fader and Hardie
(2007), Journal of Interactive Marketing 21(1).

Three printed values come from searches that stopped a little early. There the test holds our value to the
neighbourhood of the print and shows that our likelihood is not below that of the printed parameters.
"""

from __future__ import annotations

import numpy as np
import pytest
from cdnow import donations

from analytics.clv import BetaGeoBetaBinomial, BetaGeoNBD, GammaGamma, ParetoNBD, ShiftedBetaGeo
from analytics.clv.beta_geometric import _log_likelihood as bg_log_likelihood
from analytics.clv.merging import WeightedRows
from analytics.clv.pareto_nbd import _log_likelihood as pareto_log_likelihood


def printed(value, digits):
    """The value as it would be printed with so many decimals."""
    return np.round(np.asarray(value, dtype=float), digits)


def assert_params(model, digits, **expected):
    assert {name: float(printed(value, digits[name])) for name, value in model.params_.items()} == expected


def test_cdnow_has_the_published_counts(cohort):
    assert len(cohort.x) == 2357
    assert (cohort.x > 0).sum() == 946
    assert cohort.holdout.sum() == 1882


def test_bg_nbd_matches_fader_hardie_lee_2005_table_2(bg):
    assert_params(bg, dict.fromkeys(bg.params_, 3), r=0.243, alpha=4.414, a=0.793, b=2.426)
    assert printed(bg.log_likelihood_, 3) == -9582.429


def test_bg_nbd_fits_no_worse_than_the_four_decimals_in_circulation(bg, cohort):
    print_of_others = {"r": 0.2426, "alpha": 4.4137, "a": 0.7930, "b": 2.4262}
    for name, value in print_of_others.items():
        assert bg.params_[name] == pytest.approx(value, rel=1.5e-4)
    likelihood = bg_log_likelihood(WeightedRows.merge(cohort[:3], np.ones(2357)), 0)
    assert bg.log_likelihood_ >= likelihood(np.log(list(print_of_others.values())))[0]


def test_pareto_nbd_matches_the_btyd_vignette(pareto, cohort):
    assert_params(pareto, {"r": 3, "alpha": 2, "s": 3, "beta": 1}, r=0.553, alpha=10.58, s=0.606, beta=11.7)
    assert pareto.params_["beta"] == pytest.approx(11.66, abs=0.01)
    assert printed(pareto.log_likelihood_, 3) == -9594.976
    likelihood = pareto_log_likelihood(WeightedRows.merge(cohort[:3], np.ones(2357)))
    assert pareto.log_likelihood_ >= likelihood(np.log([0.553, 10.58, 0.606, 11.66]))[0]


def test_mbg_nbd_matches_its_published_fit(mbg):
    assert_params(mbg, dict.fromkeys(mbg.params_, 3), r=0.525, alpha=6.183, a=0.891, b=1.614)
    assert printed(mbg.log_likelihood_, 2) == pytest.approx(-9582.13, abs=0.011)


def test_bg_nbd_expects_1_226_purchases_of_the_customer_in_the_paper(bg):
    assert printed(bg.expected_purchases(39, 2, 30.43, 38.86), 3) == 1.226
    assert printed(bg.expected_purchases(52, 26, 30.857, 31), 3) == 25.757


def test_pareto_nbd_predicts_customer_1516_as_the_vignette(pareto):
    assert printed(pareto.probability_alive(26, 30.857, 31), 5) == 0.99787
    assert printed(pareto.expected_purchases_new(52), 5) == 1.47343
    # the vignette prints 25.4565 from its own stopping point; a change of alpha by 1 in 5,000 makes the gap
    assert pareto.expected_purchases(52, 26, 30.857, 31) == pytest.approx(25.4565, abs=0.0015)


def test_bg_nbd_conditional_expectations_by_frequency_match_the_paper(bg, cohort):
    group = np.minimum(cohort.x, 7).astype(int)
    customers = np.bincount(group)
    expected = bg.expected_purchases(39, cohort.x, cohort.t_x, cohort.T)
    mean = np.bincount(group, expected) / customers
    actual = np.bincount(group, cohort.holdout) / customers
    assert list(customers) == [1411, 439, 214, 100, 62, 38, 29, 64]
    # 2.16387 at the maximum, printed 2.1638
    np.testing.assert_allclose(mean[:7], [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040], atol=7e-5)
    assert printed(mean[7], 3) == 6.157
    assert list(printed(actual, 3)) == [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]


@pytest.mark.parametrize(
    ("name", "total", "right", "error"),
    [("bg", 1653, 0.339, 0.786), ("mbg", 1577, 0.775, 0.765), ("pareto", 1666, 0.774, 0.755)],
)
def test_holdout_of_39_weeks_as_published(request, cohort, name, total, right, error):
    model = request.getfixturevalue(name)
    expected = model.expected_purchases(39, cohort.x, cohort.t_x, cohort.T)
    alive = model.probability_alive(cohort.x, cohort.t_x, cohort.T) > 0.5
    assert printed(expected.sum(), 0) == total
    assert printed(np.mean(alive == (cohort.holdout > 0)), 3) == right
    # 0.78545 for the BG/NBD, printed as .786 elsewhere: one unit in the last digit
    assert np.abs(expected - cohort.holdout).mean() == pytest.approx(error, abs=0.00056)


def test_naive_rate_overshoots_the_holdout_as_published(cohort):
    with np.errstate(invalid="ignore"):
        assert printed((39 * cohort.x / cohort.T).sum(), 0) == 2930


def test_best_hiatus_rule_is_right_for_782_in_a_thousand(cohort):
    idle = cohort.T - cohort.t_x
    rule = [np.mean(((cohort.x > 0) & (idle < days / 7)) == (cohort.holdout > 0)) for days in range(274)]
    plain = [np.mean((idle < days / 7) == (cohort.holdout > 0)) for days in range(274)]
    assert 0.782 in (printed(max(rule), 3), printed(max(plain), 3))


def test_gamma_gamma_matches_note_025(spend, cohort):
    assert_params(spend, dict.fromkeys(spend.params_, 2), p=6.25, q=3.74, gamma=15.44)
    assert printed(spend.log_likelihood_, 2) == -4055.92
    first = spend.expected_value(cohort.x[:3], cohort.mean_value[:3])
    assert list(printed(first, 2)) == [24.65, 18.91, 35.17]


def test_bg_bb_matches_fader_hardie_shang_2010():
    data = donations()
    assert data["weights"].sum() == 11_104
    model = BetaGeoBetaBinomial().fit(
        data["frequency"], data["recency"], data["periods"], weights=data["weights"]
    )
    assert model.params_["alpha"] == pytest.approx(1.2035, abs=1.5e-4)
    assert model.params_["beta"] == pytest.approx(0.7497, abs=1.5e-4)
    assert model.params_["gamma"] == pytest.approx(0.6568, abs=1.5e-4)
    assert model.params_["delta"] == pytest.approx(2.7838, abs=5e-4)
    assert printed(model.log_likelihood_, 2) == -33225.58
    assert printed(model.expected_purchases_new(10), 4) == 3.1798
    assert printed(model.expected_purchases(10, 0, 0, 6), 4) == 0.1302
    assert model.expected_purchases(10, 4, 5, 6) == pytest.approx(3.6279, abs=1e-4)


@pytest.mark.parametrize("unit", [1, 100, 1000])
def test_sbg_matches_fader_hardie_2007_high_end(unit):
    shares = np.array([1, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491])
    model = ShiftedBetaGeo().fit(shares * unit)
    assert_params(model, {"alpha": 3, "beta": 3}, alpha=0.668, beta=3.806)
    assert list(printed(100 * model.survival([8, 9, 10, 11, 12]), 1)) == [46.0, 43.6, 41.4, 39.5, 37.8]
    if unit != 100:
        assert printed(model.log_likelihood_, 2) == -1611.16


def test_printed_parameters_give_the_printed_predictions_without_a_fit():
    bg = BetaGeoNBD.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426})
    assert printed(bg.expected_purchases(39, 2, 30.43, 38.86), 2) == 1.23
    pareto = ParetoNBD.from_params({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669})
    assert printed(pareto.expected_purchases_new(52), 2) == 1.47
    spend = GammaGamma.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    assert spend.expected_value(2, 22.35) == pytest.approx(24.65, abs=0.02)
