"""Discounting, spread and value of each customer against quadrature, simulation and pandas."""

from __future__ import annotations

import ibis
import numpy as np
import pytest

from analytics.clv import GammaGamma, ParetoNBD
from analytics.forecast import valuing
from analytics.forecast.backtest import backtest
from analytics.forecast.discounting import discounted_purchases
from analytics.forecast.fallback import simple_value
from analytics.forecast.histories import Histories
from analytics.forecast.scores import COLUMNS, fit, margin_rate, scores, total_spread
from analytics.forecast.spread import Spending, spending
from analytics.results import frame, one_row
from analytics.value_calculators import Business

TRUTH = {"r": 0.7, "alpha": 40.0, "s": 0.6, "beta": 120.0}
SOME = Histories(
    np.array([0.0, 2.0, 9.0, 40.0]),
    np.array([0.0, 100.0, 300.0, 390.0]),
    np.array([400.0, 380.0, 390.0, 395.0]),
    np.array([0.0, 120.0, 700.0, 2500.0]),
)


@pytest.mark.parametrize("days", [30, 365, 1095])
@pytest.mark.parametrize("discount", [0.05, 0.1, 0.4])
def test_discounting_equals_summing_day_by_day(days, discount):
    model = ParetoNBD.from_params(TRUTH)
    grid = np.arange(0.0, days + 1)
    expected = np.stack(
        [
            model.expected_purchases(grid, *(np.full_like(grid, v) for v in row))
            for row in zip(SOME.frequency, SOME.recency, SOME.T, strict=True)
        ]
    )
    middle = (1 + discount) ** (-(grid[1:] - 0.5) / 365)
    slow = (np.diff(expected, axis=1) * middle).sum(axis=1)
    purchases, fast = discounted_purchases(model, SOME, float(days), discount)
    np.testing.assert_allclose(purchases, expected[:, -1], rtol=1e-9)
    np.testing.assert_allclose(fast, slow, rtol=1e-4)


def test_nothing_is_taken_off_without_a_discount():
    purchases, present = discounted_purchases(ParetoNBD.from_params(TRUTH), SOME, 365.0, 0.0)
    assert (purchases == present).all()
    with pytest.raises(ValueError, match="horizon"):
        discounted_purchases(ParetoNBD.from_params(TRUTH), SOME, 0.0, 0.1)


def test_the_spread_is_that_of_simulated_customers():
    """Purchases drawn from the model, each worth a draw around the customer's own mean."""
    model = ParetoNBD.from_params(TRUTH)
    spend = GammaGamma.from_params({"p": 6.0, "q": 4.0, "gamma": 15.0})
    draws, rng = 20_000, np.random.default_rng(5)
    history = (SOME.frequency, SOME.recency, SOME.T)
    bought = model.draw_purchases(365.0, *history, draws=draws, seed=1).astype(int)
    p, q, gamma = 6.0, 4.0, 15.0
    orders, mean = SOME.orders_valued[:, None], SOME.mean_value[:, None]
    own = p / rng.gamma(p * orders + q, 1 / (gamma + orders * mean), bought.shape)
    money = np.where(bought > 0, rng.gamma(np.maximum(p * bought, 1e-9), own / p), 0.0)
    alive = model.probability_alive(*history)
    purchases = model.expected_purchases(365.0, *history)
    around = spending(model, spend, SOME, alive, purchases, 365.0)
    np.testing.assert_allclose(around.nothing, (bought == 0).mean(axis=1), atol=0.03)
    for level in (0.05, 0.1, 0.9, 0.95):
        reached = (money <= around.quantile(level)[:, None]).mean(axis=1)
        wanted = np.maximum(level, around.nothing)
        np.testing.assert_allclose(reached, wanted, atol=0.05 if level >= 0.5 else 0.09)


def test_a_quantile_needs_a_probability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Spending(np.zeros(1), np.ones(1), np.ones(1)).quantile(1.0)


@pytest.fixture(scope="module")
def scored(simulated):
    seen, weekly = simulated
    tried = backtest(seen, weekly)
    found = fit("pareto_nbd", seen.now)
    return seen, found, scores(found, seen, tried, 365.0, 0.1)


def test_every_customer_is_scored_once_with_an_interval_around(scored):
    seen, _, table = scored
    assert tuple(table.column_names) == COLUMNS
    each = table.to_pandas()
    assert each["customer_key"].tolist() == seen.customer_key.tolist()
    assert not each.drop(columns=["holdout_forecast", "holdout_actual"]).isna().any().any()
    assert (each["revenue_low"] <= each["revenue_high"]).all()
    assert (each["discounted_purchases"] <= each["expected_purchases"] + 1e-12).all()
    assert each["p_alive"].between(0, 1).all()
    assert each["holdout_forecast"].notna().sum() == seen.known_then.sum()


def test_bg_nbd_never_says_who_has_left(simulated):
    seen, weekly = simulated
    table = scores(fit("bg_nbd", seen.now), seen, backtest(seen, weekly), 365.0, 0.1)
    assert table["p_alive"].null_count == table.num_rows


def test_the_total_is_surer_than_any_customer(scored):
    seen, found, _ = scored
    assert 0 < total_spread(found, seen.now, 365.0) < 0.1


def test_margin_rates_are_drawn_towards_everyones(scored):
    seen, *_ = scored
    np.testing.assert_allclose(margin_rate(seen), 0.4)


def test_one_odd_order_moves_a_margin_rate_less_than_many(simulated):
    from dataclasses import replace

    seen = simulated[0]
    margin, base = seen.margin.copy(), seen.margin_base.copy()
    few, many = int(np.argmin(base)), int(np.argmax(base))
    margin[[few, many]] = 0.0
    rates = margin_rate(replace(seen, margin=margin))
    assert 0.0 < rates[many] < rates[few] < 0.4
    assert np.isnan(margin_rate(replace(seen, margin_base=np.zeros_like(base)))).all()


@pytest.fixture(scope="module")
def valued(scored):
    seen, _, table = scored
    n = table.num_rows
    rng = np.random.default_rng(1)
    summary = ibis.memtable(
        {
            "customer_key": seen.customer_key.tolist(),
            "margin": rng.gamma(2.0, 30.0, n).tolist(),
            "acquisition_cost": [float(k % 7) if k % 3 else None for k in range(n)],
            "region": [f"R{k % 3}" if k % 5 else None for k in range(n)],
        },
        schema={
            "customer_key": "int32",
            "margin": "float64",
            "acquisition_cost": "float64",
            "region": "string",
        },
    )
    return table, summary, valuing.valued(ibis.memtable(table), summary, service_cost=2.0)


def test_value_equals_pandas(valued):
    table, summary, expression = valued
    found = frame(expression).set_index("customer_key").sort_index()
    each = table.to_pandas().set_index("customer_key")
    who = frame(summary).set_index("customer_key")
    left = each["value_per_purchase"] * each["margin_rate"] - 2.0
    value = each["discounted_purchases"] * left
    np.testing.assert_allclose(found["value"], value)
    np.testing.assert_allclose(found["net_value"], who["margin"] + value - who["acquisition_cost"])
    leaving = each["p_alive"] < 0.5
    np.testing.assert_allclose(found["at_stake"], (value / each["p_alive"]).where(leaving, 0.0))
    assert (found["value_low"] <= found["value_high"]).all()
    sums = one_row(valuing.overall(expression))
    assert sums["value"] == pytest.approx(value.sum())
    assert sums["leaving"] == int(leaving.sum())
    assert sums["priced"] == int(who["acquisition_cost"].notna().sum())
    assert sums["happened"] == pytest.approx(each["holdout_actual"].sum())


def test_groups_add_up_to_everybody(valued):
    _, summary, expression = valued
    groups = frame(valuing.by(expression, summary, "region"))
    total = one_row(valuing.overall(expression))
    assert len(groups) == 4
    for name in ("customers", "value", "revenue", "at_stake", "forecast"):
        assert groups[name].sum() == pytest.approx(total[name])


def test_a_cost_to_serve_below_zero_is_refused(valued):
    table, summary, _ = valued
    with pytest.raises(ValueError, match="service_cost"):
        valuing.valued(ibis.memtable(table), summary, -1.0)


DEMO = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)


def test_the_simple_value_without_history_is_that_of_a_half():
    found = simple_value(DEMO)
    assert found.retention == 0.5
    assert found.value == pytest.approx(96 * 1.1 / 0.6)
    assert found.low < found.value < found.high


def test_history_takes_over_from_the_prior():
    found = simple_value(DEMO, 10_000, 6_000)
    assert found.retention == pytest.approx(0.6, abs=1e-3)
    assert found.value == pytest.approx(211.20, abs=0.2)
    assert found.retention_low == pytest.approx(0.6 - 1.96 * np.sqrt(0.24 / 10_000), abs=1e-3)
    with pytest.raises(ValueError, match="can have stayed"):
        simple_value(DEMO, 3, 4)
