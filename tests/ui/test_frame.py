"""The frame on a small real workspace: menu, filters, language, empty states, errors."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from charts import palette
from data import workspaces
from data.errors import DataError, FileRefused
from data.workspaces import Workspace
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui import choice, errors, filters, session
from ui.components.cards import Card, rows, word

ROOT = Path(__file__).resolve().parent.parent.parent
SHELL = str(ROOT / "ui" / "shell.py")
ABOUT = "../pages/help/about.py"


def open_app(page: str = "", **address: str) -> AppTest:
    """The shell, at a page, as somebody opens it with an address."""
    app = AppTest.from_file(SHELL, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    if page:
        app.run()
        app.switch_page(page)
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(e.value for e in [*app.title, *app.markdown, *app.caption, *app.subheader, *app.error])


@pytest.fixture
def filled(at_home: Path) -> Path:
    return at_home


@pytest.mark.parametrize("lang", LANGUAGES)
def test_about_is_written_in_every_language(filled, lang):
    app = open_app(ABOUT, lang=lang)
    assert app.title[0].value == translator(lang)("about.question")
    assert translator(lang)("about.method.retention.text") in said(app)


def test_the_language_switch_changes_words_and_address(filled):
    app = open_app(ABOUT, lang="en")
    app.selectbox(key="setia.frame.language").set_value("ms").run()
    assert app.title[0].value == "Bagaimana Setia mengira?"
    assert app.query_params["lang"] == "ms"


def test_two_sessions_have_their_own_language(filled):
    one, other = open_app(ABOUT, lang="ms"), open_app(ABOUT, lang="id")
    one.run()
    assert one.title[0].value != other.title[0].value


@pytest.mark.parametrize(
    "address", [{"lang": "fr"}, {"lang": "<script>"}, {"ws": "../../etc"}, {"d": "x" * 9999}]
)
def test_a_made_up_address_opens_the_app_as_it_is(filled, address):
    app = open_app(ABOUT, **address)
    assert app.query_params["lang"] == "en"
    assert app.query_params["ws"] == "kedai-ujian"


def with_filters(app: AppTest) -> filters.Filters:
    found = app.session_state["setia.filters"]
    assert isinstance(found, filters.Filters)
    return found


def test_the_filters_are_those_of_the_address(filled):
    key = choice.key_of("regions", "MY-10")
    made = with_filters(open_app(ABOUT, r=key, d="last_90_days", vs="none"))
    assert made.scope.region_codes == ("MY-10",)
    assert (made.scope.days, made.comparison, made.scope.end) == (90, None, made.as_of)


def test_by_default_the_year_to_date_is_compared_with_the_same_days(filled):
    made = with_filters(open_app(ABOUT))
    assert made.comparison is not None
    assert (made.scope.start.month, made.scope.start.day) == (1, 1)
    assert made.comparison == made.scope.moved_to(
        made.scope.start.replace(year=2025), made.scope.end.replace(year=2025)
    )
    assert made.scope.currency is None
    assert made.currency == "MYR"


def test_windows_in_the_address_move_the_lifecycle(filled):
    made = with_filters(open_app(ABOUT, w="30-120-3-300"))
    assert (made.windows.new_days, made.windows.loyal_days) == (30, 300)


def test_an_empty_home_says_what_would_stand_here(tmp_path, monkeypatch, use_home):
    use_home(tmp_path, monkeypatch)
    app = open_app()
    assert translator("en")("empty.no_data.title") in said(app)
    assert app.button(key="no_data.action").label == translator("en")("empty.no_data.action")


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(filled):
    gone = choice.key_of("stores", "KL1"), choice.key_of("regions", "MY-07")
    app = open_app(s=gone[0], r=gone[1], d="last_month")
    if with_filters(app).leaves_nothing:  # the small chain has no such sale
        assert translator("en")("empty.nothing_left.title") in said(app)
        app.button(key="nothing_left.action").click().run()
    assert with_filters(app).scope.start.month == 10


def test_a_chip_removes_its_filter(filled):
    app = open_app(r=choice.key_of("regions", "MY-10"))
    app.button(key="setia.bar.clear").click().run()
    assert with_filters(app).scope.region_codes == ()
    assert "r" not in app.query_params


def test_choosing_in_the_bar_changes_the_address(filled):
    app = open_app()
    app.multiselect(key="setia.bar.channels").set_value(["web"]).run()
    assert with_filters(app).scope.channels == ("web",)
    assert app.query_params["ch"] == choice.key_of("channels", "web")


def test_a_choice_made_before_the_browser_knows_of_the_last_one_is_kept(filled):
    app = open_app()
    first = dict(app.query_params)
    app.multiselect(key="setia.bar.channels").set_value(["web"]).run()
    app.query_params.clear()
    app.query_params.update(first)  # what a browser sends that has not heard of the change
    app.multiselect(key="setia.bar.channels").set_value(["web", "store"]).run()
    assert set(with_filters(app).scope.channels) == {"web", "store"}
    assert "ch" in app.query_params


def test_the_back_button_leads_back(filled):
    app = open_app()
    first = dict(app.query_params)
    app.multiselect(key="setia.bar.channels").set_value(["web"]).run()
    app.query_params.clear()
    app.query_params.update(first)
    app.run()  # nothing was chosen: the address leads
    assert with_filters(app).scope.channels == ()


def test_a_first_day_after_the_last_is_not_taken(filled):
    app = open_app()
    before = with_filters(app).scope
    app.date_input(key="setia.bar.to").set_value(with_filters(app).first_day).run()
    assert with_filters(app).scope == before
    assert [w.value for w in app.warning] == [translator("en")("filters.typed_dates_wrong")]


def test_a_workspace_that_is_gone_falls_back_to_one_with_data(filled):
    assert with_filters(open_app(ws="no-such-client")).workspace == "kedai-ujian"


def test_tables_of_another_workspace_cannot_be_had_by_its_snapshot(filled, small_workspace: Workspace):
    other = workspaces.create(filled, "other")
    snapshot = small_workspace.current()
    assert snapshot is not None
    try:
        with pytest.raises(DataError):
            session.tables_of("other", snapshot.id)
    finally:
        workspaces.delete(other)


def test_an_error_shows_a_number_and_logs_no_value(caplog):
    secret = "Siti 0123456789"

    def script() -> None:
        from ui import errors

        with errors.boundary():
            raise ValueError("Siti 0123456789")

    with caplog.at_level(logging.ERROR, logger="setia"):
        app = AppTest.from_function(script).run()
    assert app.error[0].value == translator("en")("errors.sentence")
    [record] = caplog.records
    number = record.getMessage().split()[0]
    assert number in app.caption[0].value
    assert "ValueError" in record.getMessage()
    assert secret not in record.getMessage()
    assert record.exc_info is None


def test_a_data_error_is_worded_in_the_readers_language():
    error = DataError("table_missing", "This needs {table}.", table="![x](http://evil.example/)")
    worded = errors.sentence(error, translator("ms"))
    assert worded.startswith("Bahagian ini memerlukan jadual")
    assert "![x]" not in worded


def test_a_data_error_without_words_keeps_its_sentence():
    error = FileRefused("no_such_code", "The file {file} is a picture.", file="a*b.csv")
    assert errors.sentence(error, translator("id")) == r"The file a\*b\.csv is a picture\."


@pytest.mark.parametrize(
    ("change", "good", "expected"),
    [
        (0.1, "up", "better"),
        (-0.1, "up", "worse"),
        (0.1, "down", "worse"),
        (-0.1, "none", "less"),
        (0.0, "up", "unchanged"),
    ],
)
def test_a_difference_has_a_word(change, good, expected):
    assert word(change, good, translator("en")) == expected


def test_ten_cards_are_two_rows_of_five():
    cards = [Card(str(i), "1") for i in range(10)]
    assert [len(row) for row in rows(cards)] == [5, 5]
    assert [len(row) for row in rows(cards[:7])] == [4, 3]
    assert rows([]) == []


def test_the_frame_has_the_colours_of_the_palette():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for mode in ("light", "dark"):
        assert theme[mode]["primaryColor"] == palette.PRIMARY[mode]
        assert theme[mode]["textColor"] == palette.TEXT[mode]
        assert theme[mode]["backgroundColor"] == palette.BACKGROUND[mode]
        assert theme[mode]["greenColor"] == palette.GOOD[mode]
        assert theme[mode]["redColor"] == palette.BAD[mode]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_reach_4_5_and_marks_reach_3(mode):
    page = palette.BACKGROUND[mode]
    for text in (palette.TEXT, palette.MUTED, palette.PRIMARY, palette.GOOD, palette.BAD):
        assert palette.contrast(text[mode], page) >= 4.5
    for colour in palette.SERIES:
        assert palette.contrast(colour, page) >= 3
    for code, fill in palette.LIFECYCLE.items():
        outline = palette.LIFECYCLE_OUTLINE[code]
        assert max(palette.contrast(fill, page), palette.contrast(outline, page)) >= 3
