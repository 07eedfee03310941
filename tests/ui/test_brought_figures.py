"""Households and income per region against pandas, and what is told of regions with few customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from charts import regions as charts
from charts.regions import View
from data.workspaces import Workspace
from geo.classify import classify
from geo.region_metrics import METRICS
from i18n.translator import translator
from tests.conftest import build_workspace
from ui.cached import boundaries, population, regions
from ui.components import region_words

SCOPE = Scope(date(2025, 1, 1), date(2026, 12, 31))
WINDOWS = Windows()
HOUSES = {"MY-10": 1_900_000.0, "MY-01": 1_100_000.0}
INCOME = {"MY-10": 9_983.0, "MY-01": 7_180.0}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    home = tmp_path_factory.mktemp("brought")
    workspace = build_workspace(home, "Kedai")
    patch = pytest.MonkeyPatch()
    patch.setattr("ui.session.home", lambda: Path(home))
    snapshot = workspace.current()
    assert snapshot is not None
    level = boundaries.levels(workspace.name)[0]
    for measure, rows in (("households", HOUSES), ("income", INCOME)):
        population.save(workspace.name, level, measure, 2022, "DOSM", list(rows), list(rows.values()))
    yield workspace, snapshot.id
    patch.undo()


def test_sales_per_household_are_sales_by_households(shop: tuple[Workspace, str]) -> None:
    workspace, snapshot = shop
    level = boundaries.levels(workspace.name)[0]
    brought = population.brought(workspace.name, level)
    assert [(each.measure, each.year, each.source) for each in brought] == [
        ("households", 2022, "DOSM"),
        ("income", 2022, "DOSM"),
    ]
    found = regions.table(workspace.name, snapshot, SCOPE, WINDOWS, level, brought)
    assert {"households", "income", "per_household", "penetration", "index"} <= set(regions.metrics(found))
    assert "population" not in regions.metrics(found)
    by_code = found.set_index("code")
    for code, houses in HOUSES.items():
        row = by_code.loc[[code]]
        assert METRICS["per_household"].compute(row)[0] == pytest.approx(by_code["revenue"][code] / houses)
        assert by_code["penetration"][code] == pytest.approx(1000 * by_code["customers"][code] / houses)
    assert by_code["income"].dropna().to_dict() == INCOME


def test_income_is_of_a_place_and_told_whatever_the_number_of_customers(
    shop: tuple[Workspace, str],
) -> None:
    workspace, snapshot = shop
    level = boundaries.levels(workspace.name)[0]
    brought = population.brought(workspace.name, level)
    found = regions.table(workspace.name, snapshot, SCOPE, WINDOWS, level, brought)
    assert np.isfinite(regions.values(found, "income", 10**6)).sum() == len(INCOME)
    assert not np.isfinite(regions.values(found, "per_household", 10**6)[found["customers"] > 0]).any()


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_a_hidden_region_tells_no_customers_and_the_legend_says_the_year(
    shop: tuple[Workspace, str], lang: str
) -> None:
    workspace, snapshot = shop
    t = translator(lang)
    level = boundaries.levels(workspace.name)[0]
    brought = population.brought(workspace.name, level)
    found = regions.table(workspace.name, snapshot, SCOPE, WINDOWS, level, brought)
    packed, name = boundaries.drawn(workspace.name, level)
    values = regions.values(found, "income", 5)
    of = region_words.basis("income", brought, t)
    view = View("income", name, tuple(found["name"]), "MYR", of=of, hidden=frozenset({"MY-10"}))
    layers = charts.quantities(found, values, classify(values, "quantile"), packed, view, t)
    tips = {region.code: dict(region.tip) for region in layers.regions}
    customers = t("regions.metric.customers")
    assert tips["MY-10"][customers] == t("regions.few")
    assert tips["MY-01"][customers] == t.number(found.set_index("code")["customers"]["MY-01"])
    assert layers.legend.title == f"{t('regions.metric.income')} (2022)"
    assert "2022" in region_words.source("penetration", brought, t)


def test_the_reliability_of_a_rate_stands_with_its_interval(shop: tuple[Workspace, str]) -> None:
    workspace, snapshot = shop
    t = translator("en")
    level = boundaries.levels(workspace.name)[0]
    found = regions.table(
        workspace.name, snapshot, SCOPE, WINDOWS, level, population.brought(workspace.name, level)
    )
    row = found.set_index("code", drop=False).loc["MY-10"]
    lines = dict(charts.tip(row, View("penetration", "x", (), "MYR"), row["penetration"], t))
    assert lines["95% interval"] == f"{row['low']:.1f} to {row['high']:.1f}"
    assert lines["Reliability"].startswith(("reliable", "rough", "do not use"))
