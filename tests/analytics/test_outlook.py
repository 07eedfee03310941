"""What a group will bring: sums against pandas, intervals against simulations with a known truth."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from analytics import outlook
from analytics.forecast import valuing
from analytics.outlook import Outlook
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
    return pd.concat(
        [sums, pd.Series({"chance": np.maximum(ranged, poisson).sum(), "customers": len(table)})]
    )


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
    return pd.Series({**usual, "chance": 0.0, "forecast": 10.0, "happened": 10.0, **more})


def test_the_interval_holds_model_backtest_and_chance():
    assert outlook.outlook(_row(), 0.0, judged=True).each() == (10.0, 10.0, 10.0)
    found = outlook.outlook(_row(happened=12.0, chance=100.0**2), 0.2, judged=True)
    width = 1.96 * np.sqrt(0.2**2 + np.log(1.2) ** 2 + 0.1**2)
    assert np.log(found.high / found.total) == pytest.approx(width)
    assert np.log(found.total / found.low) == pytest.approx(width)
    assert found.each(whole=True)[0] == pytest.approx(15.0)
    unjudged = outlook.outlook(_row(happened=12.0), 0.2, judged=False)
    assert np.log(unjudged.high / unjudged.total) == pytest.approx(1.96 * 0.2)


@pytest.mark.parametrize("row", [_row(customers=0), _row(value=0.0), _row(value=-5.0), _row(happened=0.0)])
def test_nothing_to_say_is_nothing(row):
    assert outlook.outlook(row, 0.1, judged=True) is None


def test_chance_alone_covers_groups_that_follow_the_model():
    """2,000 groups of 40 customers who buy by Poisson: 95% intervals from their ranges hold the outcome."""
    chance, covered = np.random.default_rng(11), 0
    rounds = 2000
    for _ in range(rounds):
        rates = chance.gamma(0.5, 2.0, 40) + 0.01
        happened = 30.0 * chance.poisson(rates).sum()
        poisson = (30.0**2 * rates).sum()
        found = outlook.outlook(_row(value=30.0 * rates.sum(), chance=poisson), 0.0, judged=False)
        covered += found.low <= happened <= found.high
    assert 0.93 <= covered / rounds <= 0.98


def test_the_leader_is_named_among_large_known_groups_only():
    groups = [
        Outlook("web", 40, 400.0, 4000.0, 3000.0, 5000.0),
        Outlook("store", 60, 6000.0, 3000.0, 2000.0, 4000.0),
        Outlook("", 500, 0.0, 10_000.0, 9000.0, 11_000.0),
        Outlook("tiny", 3, 0.0, 9000.0, 1.0, 9001.0),
    ]
    first, mean = outlook.leader(groups, least=30, whole=False)
    assert first.name == "web"
    assert mean == pytest.approx(26_000 / 603)
    assert outlook.stands_out(first, mean, whole=False)
    assert outlook.leader(groups, least=30, whole=True)[0].name == "store"
    assert outlook.leader(groups[1:], least=30, whole=False) is None
    assert not outlook.stands_out(first, 75.1, whole=False)
