"""Files without an address, as tills write them: nobody is said to live nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from ui.regions import region_name

Opened = Callable[..., AppTest]


@pytest.fixture
def till(tmp_path: Path, use_home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of sales alone."""
    build_workspace(tmp_path, "kafe", {"transactions": small_tables(customers=40)["transactions"]})
    use_home(tmp_path, monkeypatch)


def said(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info]
    return " ".join(str(e.value) for e in shown).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_regions_say_that_no_address_is_known_instead_of_nought_customers_each(
    open_page: Opened, till: None, lang: str
) -> None:
    t = translator(lang)
    app = open_page("places/regions.py", lang=lang)
    assert t("map.empty.title") in said(app)
    assert t("regions.would_show") in said(app)
    assert not app.dataframe


@pytest.mark.parametrize("lang", LANGUAGES)
def test_areas_like_the_best_need_an_address(open_page: Opened, till: None, lang: str) -> None:
    t = translator(lang)
    app = open_page("places/lookalikes.py", lang=lang, tab="lookalikes.areas")
    assert t("lookalikes.areas.would_show") in said(app)
    assert t("lookalikes.areas.advice") not in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_draws_no_empty_map(open_page: Opened, till: None, lang: str) -> None:
    assert translator(lang)("overview.regions.none") in said(open_page("home/overview.py", lang=lang))


def test_the_overview_draws_the_map_where_somebody_has_a_place(open_page: Opened) -> None:
    assert translator("en")("overview.regions.none") not in said(open_page("home/overview.py"))


def test_a_list_of_customers_begins_without_a_column_of_places(open_page: Opened, till: None) -> None:
    app = open_page("customers/segments.py", lang="ms")
    next(button for button in app.button if str(button.key) == "segments.open.lapsed").click().run()
    columns = next(each for each in app.multiselect if str(each.key).startswith("people."))
    assert "region_code" not in columns.value


@pytest.mark.parametrize("nothing", ["", None, float("nan"), pd.NA])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_region_that_is_not_told_has_a_word_in_every_column(nothing: object, lang: str) -> None:
    t = translator(lang)
    assert region_name(nothing, t) == t("filters.unknown_place")  # type: ignore[arg-type]
