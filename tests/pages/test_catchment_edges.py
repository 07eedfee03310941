"""The page on catchments where there is little to go by: competitors only, no group that may be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from i18n.translator import translator
from tests.chain import chain_tables
from tests.conftest import build_workspace
from tests.pages.conftest import Open
from ui.cached import gravity

PAGE = "places/catchments.py"
pytestmark = pytest.mark.usefixtures("browser")
LANGUAGES = ("en", "ms", "id")


def words(app: AppTest) -> str:
    return "\n".join(
        str(part.value) for kind in ("markdown", "caption", "info") for part in getattr(app, kind)
    )


@pytest.fixture(scope="module")
def chain_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain of six, and one whose table of stores names competitors only."""
    home, tables = tmp_path_factory.mktemp("edges"), chain_tables()
    build_workspace(home, "Rantai", tables)
    theirs = [row for row in tables["stores"].to_pylist() if row.get("owner") == "competitor"]
    build_workspace(home, "Pesaing", tables | {"stores": pa.Table.from_pylist(theirs)})
    return home


@pytest.fixture
def at_home(
    chain_home: Path, use_home: Callable[[Path, pytest.MonkeyPatch], Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    return use_home(chain_home, monkeypatch)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_of_competitors_alone_is_named_as_one(open_page: Open, lang: str) -> None:
    found = words(open_page(PAGE, lang=lang, ws="pesaing"))
    assert translator(lang)("catchments.empty.own") in found
    assert translator(lang)("catchments.empty.stores") not in found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_interval_says_what_it_is_of(open_page: Open, lang: str) -> None:
    app = open_page(PAGE, lang=lang, ws="rantai", tab="catchments.attraction")
    assert translator(lang)("catchments.share.note") in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_no_group_may_be_shown_there_is_a_sentence_and_no_empty_table(
    open_page: Open, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = gravity.store_shares

    def nobody(*asked: Any, **more: Any) -> Any:
        return plain(*asked, **{**more, "fewest": 10_000})

    monkeypatch.setattr(gravity, "store_shares", nobody)
    app, t = open_page(PAGE, lang=lang, ws="rantai", tab="catchments.attraction"), translator(lang)
    assert t("catchments.attraction.too_few", few="5") in words(app)
    assert t("catchments.share.note") not in words(app)
    assert "0%" not in words(app).split(t("catchments.attraction.too_few", few="5"))[1]
