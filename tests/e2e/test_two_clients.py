"""Two workspaces and two sessions on one server: neither ever sees the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.conftest import build_workspace, small_tables
from tests.e2e.conftest import Server, Visitor
from ui.page_list import PAGES


def marked(word: str) -> dict[str, pa.Table]:
    """The small chain with one word in its channels, categories, stores and customers."""
    tables = small_tables(customers=80)
    for name, columns in {
        "transactions": ("channel", "category"),
        "customers": ("name", "city"),
        "stores": ("name",),
    }.items():
        table = tables[name]
        for column in columns:
            values = [f"{word} {value}" for value in table[column].to_pylist()]
            place = table.column_names.index(column)
            table = table.set_column(place, column, pa.array(values))
        tables[name] = table
    return tables


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, start_server: Callable[[Path], Server]) -> Server:
    home = tmp_path_factory.mktemp("two")
    build_workspace(home, "alpha", marked("ALPHAWORD"))
    build_workspace(home, "beta", marked("BETAWORD"))
    return start_server(home)


@pytest.fixture(scope="module")
def alpha(both: Server, stay: Callable[..., Visitor]) -> Visitor:
    return stay(both)


@pytest.fixture(scope="module")
def beta(both: Server, stay: Callable[..., Visitor]) -> Visitor:
    return stay(both)


def offered_stores(shown: Any) -> str:
    """What the store filter offers."""
    shown.get_by_text("All stores").click()
    shown.get_by_role("combobox", name="Store").click()
    shown.get_by_role("option").first.wait_for()
    return " ".join(shown.get_by_role("option").all_inner_texts())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_two_sessions_on_two_workspaces_never_mix(page: Any, alpha: Visitor, beta: Visitor) -> None:
    for session, name, other in ((alpha, "alpha", "BETAWORD"), (beta, "beta", "ALPHAWORD")):
        shown = session.open(f"{page.url_path}?lang=en&ws={name}")
        assert other not in shown.content(), name


def test_the_filters_offer_each_session_its_own_stores(alpha: Visitor, beta: Visitor) -> None:
    for session, name, own, other in (
        (alpha, "alpha", "ALPHAWORD", "BETAWORD"),
        (beta, "beta", "BETAWORD", "ALPHAWORD"),
    ):
        stores = offered_stores(session.open(f"?lang=en&ws={name}"))
        assert own in stores
        assert other not in stores
