"""The backtest on CDNOW reproduces the published holdout; on simulated data it finds what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.clv import ParetoNBD
from analytics.forecast.accuracy import Accuracy, gini
from analytics.forecast.backtest import COVERED, Trial, backtest, choose
from analytics.forecast.forecast import Assumptions, forecast, from_json, to_json
from analytics.forecast.gate import (
    NEEDED,
    Requirement,
    Verdict,
    block_errors,
    requirements,
    verdict,
    widened,
)
from analytics.forecast.tracking import tracking


@pytest.fixture(scope="module")
def tried(cdnow):
    return backtest(*cdnow)


@pytest.fixture(scope="module")
def known(simulated):
    return backtest(*simulated)


def trial(found, code):
    return next(each for each in found.trials if each.code == code)


@pytest.mark.parametrize(
    ("code", "total"), [("bg_nbd", 1653), ("pareto_nbd", 1666), ("mbg_nbd", 1577), ("own_rate", 2930)]
)
def test_totals_of_the_cdnow_holdout_are_the_published_ones(tried, code, total):
    """Fader, Hardie, Lee (2005), Marketing Science 24(2), and the models fitted as there."""
    found = trial(tried, code).purchases
    assert found.actual == 1882
    assert found.predicted == pytest.approx(total, abs=1.0)


def test_frequency_classes_of_cdnow_are_the_published_ones(tried):
    """The same paper, figure 3 and table: customers and mean purchases in the holdout."""
    assert tried.frequency["customers"].tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    actual = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert tried.frequency["actual"].round(3).tolist() == actual


def test_mean_absolute_errors_of_cdnow(tried):
    for code, wanted in (("bg_nbd", 0.786), ("mbg_nbd", 0.765), ("pareto_nbd", 0.755)):
        assert trial(tried, code).purchases.mae == pytest.approx(wanted, abs=1e-3)


def test_every_candidate_is_tried_on_purchases_and_money(tried):
    codes = [each.code for each in tried.trials]
    assert codes == ["pareto_nbd", "mbg_nbd", "bg_nbd", "same_again", "own_rate", "hiatus"]
    assert all(each.money is not None and each.money.actual > 0 for each in tried.trials)


def test_the_model_that_made_the_data_forecasts_them(known):
    best = known.best.purchases
    assert abs(best.total_error) < 0.06
    assert known.beaten_by == ""
    assert abs(known.correlation) < 0.1


def test_the_order_is_as_good_as_under_the_true_parameters(simulated, known):
    """The issue asks for .02; the true parameters are those of the fixture."""
    seen, _ = simulated
    truth = ParetoNBD.from_params({"r": 0.7, "alpha": 40.0, "s": 0.6, "beta": 120.0})
    then = seen.then
    best = truth.expected_purchases(float(seen.holdout_days), then.frequency, then.recency, then.T)
    assert known.best.purchases.gini == pytest.approx(gini(seen.after, best), abs=0.02)


def test_the_interval_of_one_customer_holds_what_it_promises(known):
    assert known.coverage.share >= COVERED
    assert known.coverage.share_of_likely >= COVERED - 0.05


def test_tracking_is_the_sum_over_customers(simulated):
    seen, weekly = simulated
    then = seen.then
    model = ParetoNBD().fit(then.frequency, then.recency, then.T)
    weeks = tracking(model, seen, weekly)
    end = (seen.as_of - seen.calibration_end).days
    ages = then.T + end
    assert weeks["expected_total"].iloc[-1] == pytest.approx(
        model.expected_purchases_new(ages).sum() - _before_first_week(model, seen, weeks), rel=1e-6
    )
    assert weeks["expected"].sum() == pytest.approx(weeks["expected_total"].iloc[-1])
    assert weeks["actual"].sum() == pytest.approx(weekly["purchases"].sum(), abs=10)
    assert weeks["holdout"].sum() == seen.holdout_days // 7
    assert abs(weeks["expected_total"].iloc[-1] / weeks["actual_total"].iloc[-1] - 1) < 0.05


def _before_first_week(model, seen, weeks):
    start = weeks["week_end"].iloc[0].toordinal() - 7
    won = np.array([719163 + int(day) for day in seen.first_day[seen.known_then]])
    return model.expected_purchases_new(np.maximum(start - won, 0).astype(float)).sum()


def test_near_ties_go_to_the_smaller_error_of_the_total():
    def made(code, rmse, predicted):
        return Trial(code, Accuracy(100.0, predicted, predicted / 100 - 1, 1.0, rmse, 0.5), None)

    close = (made("pareto_nbd", 1.000, 130.0), made("mbg_nbd", 1.004, 101.0), made("bg_nbd", 1.2, 100.0))
    assert choose(close) == "mbg_nbd"
    apart = (made("pareto_nbd", 1.000, 130.0), made("mbg_nbd", 1.010, 101.0), made("hiatus", 0.1, 100.0))
    assert choose(apart) == "pareto_nbd"


def test_nobody_before_the_holdout_is_refused(simulated):
    seen, weekly = simulated
    nobody = replace(seen, then=seen.then.of(np.zeros(seen.then.size, dtype=bool)))
    with pytest.raises(ValueError, match="before the holdout"):
        backtest(nobody, weekly)


def test_the_gate_counts_what_is_there(simulated):
    found = {need.code: need for need in requirements(simulated[0])}
    assert found["customers"].found == 4000
    assert found["repeaters"].found == int((simulated[0].now.frequency > 0).sum())
    assert all(need.met for need in found.values())


def test_one_missing_thing_closes_the_gate(known):
    gate = tuple(Requirement(code, needed, needed) for code, needed in NEEDED.items())
    assert verdict(gate, known).word == "reliable"
    short = (Requirement("customers", 300, 299), *gate[1:])
    assert verdict(short, known) == Verdict("do_not_use", ("gate",))


def test_a_large_error_or_correlated_spend_is_not_to_be_used(known):
    gate = tuple(Requirement(code, needed, needed) for code, needed in NEEDED.items())

    def judged(error=0.0, correlation=0.0, cautions=(), beaten_by=""):
        money = replace(known.best.money, total_error=error)
        trials = tuple(replace(t, money=money) if t.code == known.chosen else t for t in known.trials)
        changed = replace(known, trials=trials, correlation=correlation, beaten_by=beaten_by)
        return verdict(gate, changed, cautions)

    assert judged(0.36) == Verdict("do_not_use", ("error",))
    assert judged(-0.36) == Verdict("do_not_use", ("error",))
    assert judged(0.2) == Verdict("rough", ("error",))
    assert judged(0.05, -0.31) == Verdict("do_not_use", ("correlated",))
    assert judged(cautions=("not_converged",)).word == "do_not_use"
    assert judged(cautions=("no_dropout",)) == Verdict("rough", ("no_dropout",))
    assert judged(beaten_by="hiatus") == Verdict("rough", ("beaten",))


def test_a_total_is_as_unsure_as_the_backtest_was_wrong():
    assert widened(0.1) == pytest.approx(np.log(1.1))
    assert widened(-0.1, 0.05) == pytest.approx(np.hypot(np.log(0.9), 0.05))
    assert widened(None) == 1.0
    # one lucky total does not hide quarters that were off by 40% up and down
    assert widened(0.0, 0.0, (0.4, -0.3)) == pytest.approx(
        np.sqrt((np.log(1.4) ** 2 + np.log(0.7) ** 2) / 2 / 2)
    )


def test_quarters_of_the_holdout(known):
    errors = block_errors(known.weeks)
    held = known.weeks[known.weeks["holdout"]]
    assert len(errors) == len(held) // 13
    first = held.head(13)
    assert errors[0] == pytest.approx(first["expected"].sum() / first["actual"].sum() - 1)


def test_a_forecast_survives_being_written_and_read(simulated):
    made, scores = forecast(*simulated, Assumptions())
    again = from_json(to_json(made))
    assert scores is not None
    assert again.verdict == made.verdict
    assert again.params == made.params
    assert again.tried.trials == made.tried.trials
    assert again.tried.weeks.equals(made.tried.weeks)
    assert again.interval(100.0) == made.interval(100.0)
    low, high = made.interval(100.0)
    assert low < 100.0 < high
    assert made.interval(-100.0)[0] < -100.0
    with pytest.raises(ValueError, match="this version"):
        from_json('{"as_of": "2026-01-01"}')


def test_below_the_gate_there_are_no_scores(simulated):
    seen, weekly = simulated
    few = replace(seen, now=seen.now.of(np.arange(seen.now.size) < 50))
    made, scores = forecast(few, weekly, Assumptions())
    assert scores is None
    assert made.verdict == Verdict("do_not_use", ("gate",))
    assert from_json(to_json(made)).tried is None
