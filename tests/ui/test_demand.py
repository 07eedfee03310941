"""Demand of a scope: every weight against the marts, by pandas."""

from datetime import date

import numpy as np
import pytest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from geo.demand import at_most
from ui import session
from ui.cached import demand, places

SCOPE = Scope(date(2025, 1, 1), date(2026, 11, 22))


@pytest.fixture
def key(at_home):
    snapshot = session.workspaces()[0].current()
    return "Kedai Ujian", snapshot.id, SCOPE, Windows()


@pytest.mark.parametrize("weight", ["customers", "orders", "revenue", "margin"])
def test_demand_adds_up_to_what_the_customers_brought(key, weight):
    found = demand.demand(*key, weight, 12)
    raw = demand.weighted(*key, weight).to_pandas()
    placed = raw[raw["x20"].notna()]
    everyone = places.customers(*key).to_pandas()
    assert found.customers.sum() == len(placed) == everyone["x20"].notna().sum()
    assert found.weight.sum() == pytest.approx(placed["weight"].sum())
    assert (found.weight >= 0).all()
    if weight == "revenue":
        spent = everyone[everyone["x20"].notna()]["revenue"].astype(float).clip(lower=0).sum()
        assert found.weight.sum() == pytest.approx(spent)
    if weight == "orders":
        assert found.weight.sum() == everyone[everyone["x20"].notna()]["orders"].sum()
    if weight == "customers":
        assert found.weight.sum() == len(placed)
    if weight == "margin":
        orders = session.tables_of(*key[:2]).table("orders").to_pyarrow().to_pandas()
        mine = orders[orders["day"].between(SCOPE.start, SCOPE.end)]
        margin = mine.groupby("customer_key")["margin"].sum().astype(float).clip(lower=0)
        assert found.weight.sum() == pytest.approx(margin.reindex(placed["customer_key"]).sum())


def test_coarser_demand_and_a_most_number_of_cells(key):
    fine = demand.demand(*key, "customers", 14)
    few = at_most(fine, 12)
    assert len(few) <= 12 < len(fine)
    assert few.customers.sum() == fine.customers.sum()
    assert np.isfinite(few.lat).all()


def test_value_needs_a_forecast_and_an_unknown_weight_is_refused(key):
    assert demand.weights_offered(*key[:2]) == ("customers", "orders", "revenue", "margin")
    with pytest.raises(ValueError, match="needs a forecast"):
        demand.demand(*key, "value", 12)
    with pytest.raises(ValueError, match="needs one of"):
        demand.demand(*key, "profit", 12)
