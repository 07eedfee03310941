"""A merchant who sells in two currencies: the page asks which, and money is of that one alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import audiences as store
from data import workspaces
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.pages.conftest import Open
from tests.ui.test_demand import SCOPE
from ui import session
from ui.cached import ads, audiences, demand, places

PAGES = ("places/customer_map.py", "places/regions.py", "places/ads.py", "places/territories.py")
pytestmark = pytest.mark.usefixtures("browser")


def sold_in(tables: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """The lines, those of every third customer in Singapore dollars."""
    lines = tables["transactions"].to_pylist()
    return [line | {"currency": _of(line["customer_id"])} for line in lines]


def _of(customer: str | None) -> str:
    return "SGD" if customer and int(customer[1:]) % 3 == 0 else "MYR"


@pytest.fixture(scope="module")
def both_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home, tables = tmp_path_factory.mktemp("both"), small_tables()
    build_workspace(home, "Dua", tables | {"transactions": pa.Table.from_pylist(sold_in(tables))})
    return home


@pytest.fixture
def at_home(
    both_home: Path, use_home: Callable[[Path, pytest.MonkeyPatch], Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    return use_home(both_home, monkeypatch)


def said(app: AppTest) -> str:
    return " ".join(str(each.value) for each in app.markdown)


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_currency_is_asked_until_it_is_chosen(open_page: Open, lang: str) -> None:
    app, t = open_page("places/territories.py", lang=lang), translator(lang)
    asked = t("filters.which_currency", names="MYR, SGD", shown="MYR")
    assert asked in said(app)
    app.button_group(key="setia.bar.which_currency").set_value("SGD").run()
    assert not app.exception
    assert asked not in said(app)
    assert app.selectbox(key="setia.bar.currency").value == "SGD"


@pytest.mark.parametrize("page", PAGES)
def test_an_address_answers_the_question(open_page: Open, page: str) -> None:
    app, t = open_page(page, cur="SGD"), translator("en")
    assert t("filters.which_currency", names="MYR, SGD", shown="SGD") not in said(app)
    assert not any("RM" in str(metric.value) for metric in app.metric)


def test_one_currency_asks_nothing(
    open_page: Open,
    small_home: Path,
    use_home: Callable[[Path, pytest.MonkeyPatch], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_home(small_home, monkeypatch)
    app = open_page("places/territories.py")
    assert not [each for each in app.selectbox if each.key == "setia.bar.currency"]


@pytest.mark.parametrize("currency", ["MYR", "SGD"])
def test_money_is_of_one_currency_alone(at_home: Path, currency: str) -> None:
    snapshot = session.workspaces()[0].current()
    assert snapshot is not None
    scope = Scope(SCOPE.start, SCOPE.end, currency=currency)
    key = ("Dua", snapshot.id, scope, Windows())
    lines = sold_in(small_tables())
    opened = workspaces.open_workspace(session.home(), "Dua")
    ids = sorted({line["customer_id"] for line in lines if line["customer_id"]})
    made = store.save_list(opened, "Everyone", ids, words="", days=(SCOPE.start, SCOPE.end))
    try:
        target = f"{ads.AUDIENCE}{audiences.code_of(opened, snapshot.id, (made.id,))}"
        found = ads.targets(*key, target).to_pandas()
    finally:
        store.delete(opened, made.id)
    spent = sum(
        float(line["amount"]) for line in lines if line["customer_id"] and line["currency"] == currency
    )
    assert found["revenue"].sum() == pytest.approx(spent, rel=0.02)
    bought = places.customers(*key).to_pandas()
    assert demand.weighted(*key, "revenue").to_pandas()["weight"].sum() == pytest.approx(
        bought["revenue"].astype(float).clip(lower=0).sum()
    )
    assert ads.aims_offered("Dua", snapshot.id, scope) == ("customers", "revenue")
