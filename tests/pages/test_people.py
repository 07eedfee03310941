"""The page of people: who was merged and why, taken apart and merged again, reach, and nothing to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import workspaces
from data.people import decisions
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.data.people.test_people_in_marts import SITI, tables
from ui.cached import persons as cached
from ui.components import persons

Opened = Callable[..., AppTest]
UseHome = Callable[[Path, pytest.MonkeyPatch], Path]
PAGE = "data/people.py"


@pytest.fixture
def merged_home(at_home: Path, tmp_path: Path, use_home: UseHome, monkeypatch: pytest.MonkeyPatch) -> Path:
    build_workspace(tmp_path, "kedai", tables())
    return use_home(tmp_path, monkeypatch)


def words(app: AppTest) -> str:
    found = [*app.markdown, *app.caption, *app.info, *app.subheader, *app.success, *app.warning]
    return " ".join(str(each.value) for each in found).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_merges_are_shown_with_their_reason(merged_home: Path, open_page: Opened, lang: str) -> None:
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("persons.question")
    values = {metric.label: metric.value.replace("\\", "") for metric in app.metric}
    assert values[t("persons.people.name")] == "1"
    assert values[t("kpi.identification_rate.name")] == t.percent(5 / 6)
    assert values[t("persons.repeat.name")] == t.percent(1 / 2)
    shown = app.dataframe[0].value
    assert shown[t("persons.column.person")].tolist() == ["C0007"]
    assert shown[t("persons.column.reason")].tolist() == [t("persons.kind.phone")]
    assert t("persons.choose") in words(app)


def test_a_merge_is_undone_and_made_again(merged_home: Path, open_page: Opened) -> None:
    workspace = workspaces.open_workspace(merged_home, "kedai")
    before = workspace.current()
    app, t = open_page(PAGE), translator("en")
    assert before is not None
    people = cached.merged("kedai", before.id)
    assert people["person_id"].tolist() == ["C0007"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            persons, "_list", lambda f, t: "C0007" if cached.reasons(f.workspace, f.whole) else None
        )
        app.run()
        one = app.dataframe[0].value
        assert sorted(one[t("persons.column.id")]) == sorted(SITI)
        assert not any("456789" in str(cell) for cell in one.to_numpy().ravel()), "contacts are masked"
        next(b for b in app.button if b.key == "persons.undo").click().run()
        assert not app.exception
        after = workspace.current()
        assert after is not None
        assert after.id != before.id
        assert not after.has("people")
        assert t("persons.undo.done") in words(app)
        assert t("persons.empty.title") in words(app)
        undone = decisions.read(workspace.path).undone[0]
        next(b for b in app.button if b.key == f"persons.redo.{undone.id}").click().run()
        assert not app.exception
    again = workspace.current()
    assert again is not None
    assert again.has("people")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_ids_are_joined_by_hand_against_the_guard(
    merged_home: Path, open_page: Opened, lang: str
) -> None:
    workspace = workspaces.open_workspace(merged_home, "kedai")
    app, t = open_page(PAGE, lang=lang), translator(lang)
    app.text_input(key="persons.join.one").set_value("lazada:900")
    app.text_input(key="persons.join.other").set_value("C9999").run()
    assert t("persons.join.unknown", id="C9999") in words(app)
    app.text_input(key="persons.join.other").set_value(SITI[0]).run()
    assert t("persons.join.already") in words(app)
    app.text_input(key="persons.join.other").set_value("C0008").run()
    assert t("persons.join.conflict") in words(app)
    assert t("persons.join.against", kinds=f"{t('persons.kind.phone')}, {t('persons.kind.name')}") in words(
        app
    )
    shown = " ".join(str(frame.value.to_dict()) for frame in app.dataframe)
    assert "0133334444" not in shown
    app.button(key="persons.join.go").click().run()
    assert not app.exception
    assert t("persons.join.done") in words(app)
    after = workspace.current()
    assert after is not None
    assert cached.merged("kedai", after.id)["records"].tolist() == [4]
    assert cached.is_by_hand("kedai", after.id, "C0007")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reach_and_channels_have_their_reasons(merged_home: Path, open_page: Opened, lang: str) -> None:
    t = translator(lang)
    app = open_page(PAGE, lang=lang, tab="persons.reach")
    assert t("persons.reach.title", count="2") in words(app)
    assert t("persons.reach.no_consents") not in words(app)
    app = open_page(PAGE, lang=lang, tab="persons.channels")
    assert t("persons.channels.title") in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_channels_are_named_in_words(
    at_home: Path, open_page: Opened, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    drawn: list[list[str]] = []
    draw = persons.charts.elsewhere
    monkeypatch.setattr(
        persons.charts, "elsewhere", lambda names, *rest: drawn.append(names) or draw(names, *rest)
    )
    open_page(PAGE, lang=lang, tab="persons.channels")
    t = translator(lang)
    assert {t.code("channel", code) for code in ("store", "web")} <= set(drawn[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workspace_without_merges_says_what_is_missing(
    open_page: Opened, tmp_path: Path, use_home: UseHome, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    only = {"transactions": small_tables(customers=20)["transactions"]}
    build_workspace(tmp_path, "kosong", only)
    use_home(tmp_path, monkeypatch)
    t = translator(lang)
    app = open_page(PAGE, lang=lang)
    assert t("persons.empty.title") in words(app)
    app = open_page(PAGE, lang=lang, tab="persons.reach")
    assert t("persons.reach.empty_title") in words(app)
