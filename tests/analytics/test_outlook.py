"""What a group will bring: sums against pandas, intervals against simulations with a known truth."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from analytics import outlook
from analytics.forecast import valuing
from analytics.results import frame


def _valued(people: int = 60, seed: int = 3) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    purchases = chance.gamma(1.0, 2.0, people)
    value = purchases * 30.0
    return pd.DataFrame(
        {
            "customer_key": np.arange(people),
            "expected_purchases": purchases,
            "value": value,
            "value_low": np.zeros(people),
            "value_high": np.where(purchases > 0.5, value * 2, 0.0),
            "so_far": chance.gamma(1.0, 100.0, people),
            "net_value": np.full(people, np.nan),
            "leaving": purchases < 1,
            "expected_revenue": value * 2,
            "at_stake": np.where(purchases < 1, value * 3, 0.0),
            "holdout_forecast": value,
            "holdout_actual": value * 1.1,
        }
    )


def _oracle(table: pd.DataFrame) -> pd.Series:
    ranged = ((table["value_high"] - table["value_low"]) / (2 * 1.2816)) ** 2
    poisson = table["value"] ** 2 / table["expected_purchases"]
    sums = table[["so_far", "value", "at_stake"]].sum()
    between = {
        "value_variance": table["value"].var(),
        "worth_variance": (table["so_far"] + table["value"]).var(),
    }
    rest = {"chance": np.maximum(ranged, poisson).sum(), "customers": len(table)}
    return pd.concat([sums, pd.Series({**rest, **between})])


def test_groups_add_up_as_pandas_adds_them(backend):
    table = _valued()
    table["way"] = ["web", "store", None] * 20
    valued = backend.table(table.drop(columns="way"))
    attributes = backend.table(table[["customer_key", "way"]])
    found = frame(valuing.by(valued, attributes, "way"))
    found = found.set_index(found["value_of"].fillna("nobody knows"))
    for name, rows in table.groupby(table["way"].fillna("nobody knows")):
        expected = _oracle(rows)
        for column in expected.index:
            assert float(found.loc[name, column]) == pytest.approx(expected[column])


def test_the_best_fifth_is_the_best_fifth_rounded_up_with_ties_settled():
    table = _valued(21)
    table.loc[:, "value"] = 5.0
    kept = outlook.best(ibis.memtable(table)).to_pandas()
    assert sorted(kept["customer_key"]) == [0, 1, 2, 3, 4]
    table = _valued(50)
    kept = outlook.best(ibis.memtable(table)).to_pandas()
    assert set(kept["customer_key"]) == set(table.nlargest(10, "value")["customer_key"])
    with pytest.raises(ValueError, match="share"):
        outlook.best(ibis.memtable(table), 0.0)


def _row(**more: object) -> pd.Series:
    usual = {"value_of": "web", "customers": 100, "so_far": 500.0, "value": 1000.0, "at_stake": 0.0}
    between = {"value_variance": 400.0, "worth_variance": 900.0}
    return pd.Series({**usual, **between, "chance": 0.0, "forecast": 10.0, "happened": 10.0, **more})


def test_the_interval_holds_model_backtest_and_chance():
    assert outlook.outlook(_row(), 0.0).each() == (10.0, 10.0, 10.0)
    found = outlook.outlook(_row(chance=100.0**2), 0.2)
    width = 1.96 * np.sqrt(0.2**2 + 0.1**2)
    assert np.log(found.high / found.total) == pytest.approx(width)
    assert np.log(found.total / found.low) == pytest.approx(width)


def test_the_error_of_a_group_holds_who_came_and_its_own_backtest():
    found = outlook.seen(_row(), whole=False)
    assert (found.name, found.customers, found.mean, found.error) == ("web", 100, 10.0, 2.0)
    found = outlook.seen(_row(happened=12.0), whole=True)
    assert found.mean == pytest.approx(15.0)
    assert found.error == pytest.approx(np.hypot(3.0, np.log(1.2) * 10.0))
    alone = outlook.seen(_row(customers=1, value_variance=None), whole=False)
    assert alone.error == alone.mean == 1000.0


@pytest.mark.parametrize("row", [_row(customers=0), _row(value=0.0), _row(value=-5.0)])
def test_nothing_to_say_is_nothing(row):
    assert outlook.outlook(row, 0.1) is None


@pytest.mark.parametrize("row", [_row(value_of=""), _row(value=0.0), _row(happened=0.0), _row(so_far=np.nan)])
def test_a_group_that_cannot_be_judged_is_not_compared(row):
    assert outlook.seen(row, whole=True) is None


def test_chance_alone_covers_groups_that_follow_the_model():
    """2,000 groups of 40 customers who buy by Poisson: 95% intervals from their ranges hold the outcome."""
    chance, covered = np.random.default_rng(11), 0
    rounds = 2000
    for _ in range(rounds):
        rates = chance.gamma(0.5, 2.0, 40) + 0.01
        happened = 30.0 * chance.poisson(rates).sum()
        poisson = (30.0**2 * rates).sum()
        found = outlook.outlook(_row(value=30.0 * rates.sum(), chance=poisson), 0.0)
        covered += found.low <= happened <= found.high
    assert 0.93 <= covered / rounds <= 0.98
