"""The page Audiences: a rule is built, counted, saved, used, exported and deleted on screen."""

from __future__ import annotations

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.rules import Condition, Group, from_dict
from analytics.rules.templates import TEMPLATES
from data import audiences as store
from data import export_log, workspaces
from data.engines import Tables
from data.workspaces import Workspace
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import audiences as cached
from ui.cached.audiences import Members
from ui.components import rule_tree
from ui.components.rule_words import in_words

SHELL = Path(__file__).resolve().parents[2] / "ui" / "shell.py"
LAST = date(2026, 11, 22)
DAYS = (LAST, LAST)


@pytest.fixture
def shop(small_home, tmp_path, monkeypatch, use_home) -> Workspace:
    """A copy of the small workspace that may be changed."""
    shutil.copytree(small_home / "workspaces", tmp_path / "workspaces")
    use_home(tmp_path, monkeypatch)
    return workspaces.open_workspace(tmp_path, "Kedai Ujian")


@pytest.fixture
def page(shop):
    def opened(lang: str = "en") -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=60)
        app.query_params["lang"] = lang
        app.run()
        app.switch_page("../pages/customers/audiences.py")
        return _fine(app.run())

    return opened


def _fine(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def _summary(shop: Workspace) -> pd.DataFrame:
    table = Tables(shop.current()).table("customer_summary").to_pyarrow().to_pandas()
    return table[table["kind"] != "internal"]


def _number(text: str) -> int:
    return int("".join(c for c in text if c.isdigit()))


def _widget(kind, name: str, place: int = -1):
    return [w for w in kind if str(w.key).startswith("audiences.") and str(w.key).endswith(name)][place]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_and_every_template_run_in_every_language(page, shop, lang):
    app, t = page(lang), translator(lang)
    assert app.title[0].value == t("audiences.question")
    offered = {each.code for each in cached.offered(shop.name, shop.current().id)}
    for code, rule in TEMPLATES.items():
        fits = {condition.field for condition in rule.conditions()} <= offered
        assert (t(f"audiences.template.{code}") in app.selectbox(key="audiences.template").options) == fits
        app.selectbox(key="audiences.template").set_value(code)
        _fine(app.run())
        assert rule_tree.rule(app.session_state[rule_tree.STATE]) == rule


def test_the_counts_follow_what_is_typed(page, shop):
    app, summary = page(), _summary(shop)
    assert _number(app.metric[0].value) == len(summary)
    _widget(app.number_input, ".one").set_value(3.0)
    _fine(app.run())
    picked = summary[summary["orders"] >= 3]
    assert _number(app.metric[0].value) == len(picked)
    _widget(app.selectbox, ".op").set_value("at_most")
    _fine(app.run())
    assert _number(app.metric[0].value) == (summary["orders"] <= 3).sum()


def test_conditions_and_groups_can_be_nested_joined_and_removed(page, shop):
    app, summary = page(), _summary(shop)
    _widget(app.number_input, ".one").set_value(4.0)
    app.run()
    app.button(key="audiences.nest.1").click()
    _fine(app.run())
    _widget(app.selectbox, ".field").set_value("member")
    _fine(app.run())
    nested = next(
        b for b in app.button if str(b.key).startswith("audiences.add.") and b.key != "audiences.add.1"
    )
    nested.click()
    _fine(app.run())
    _widget(app.selectbox, ".field").set_value("city")
    _fine(app.run())
    _widget(app.multiselect, ".texts").set_value(["Klang"])
    _fine(app.run())
    many, member, klang = summary["orders"] >= 4, summary["member"], summary["city"] == "Klang"
    assert _number(app.metric[0].value) == (many & (member | klang)).sum()
    _widget(app.selectbox, ".mode").set_value("none")
    _fine(app.run())
    assert _number(app.metric[0].value) == (many & ~(member | klang)).sum()
    _widget(app.selectbox, ".mode", 0).set_value("not_all")
    _fine(app.run())
    assert _number(app.metric[0].value) == (~(many & ~(member | klang))).sum()
    [b for b in app.button if str(b.key).startswith("audiences.remove.")][-1].click()
    _fine(app.run())
    assert _number(app.metric[0].value) == (~(many & ~member)).sum()


@pytest.mark.parametrize(
    ("code", "operator", "kind", "name", "value"),
    [
        ("revenue", "between", "number_input", ".low", 100.0),
        ("discount_share", "at_least", "number_input", ".one", 5.0),
        ("last_day", "in_last", "number_input", ".days", 60.0),
        ("last_day", "since", "date_input", ".one", date(2026, 3, 1)),
        ("first_day", "from_to", "date_input", ".low", date(2026, 3, 1)),
        ("city", "starts_with", "text_input", ".text", "K"),
        ("bought_category", "never", "multiselect", ".texts", ["Coffee"]),
        ("lifecycle", "none_of", "multiselect", ".texts", ["lapsed"]),
        ("main_store_id", "one_of", "multiselect", ".texts", ["KL1"]),
        ("postcode", "empty", "", "", None),
    ],
)
def test_every_kind_of_condition_can_be_typed(page, code, operator, kind, name, value):
    app = page()
    _widget(app.selectbox, ".field").set_value(code)
    _fine(app.run())
    _widget(app.selectbox, ".op").set_value(operator)
    _fine(app.run())
    if kind:
        _widget(getattr(app, kind), name).set_value(value)
        _fine(app.run())
    if name == ".low":
        assert translator("en")("audiences.unfinished.one") in [c.value for c in app.caption]
        high = 500.0 if kind == "number_input" else date(2026, 9, 1)
        _widget(getattr(app, kind), ".high").set_value(high)
        _fine(app.run())
    [made] = rule_tree.rule(app.session_state[rule_tree.STATE]).children
    assert isinstance(made, Condition)
    assert (made.field, made.operator) == (code, operator)
    if code == "discount_share":
        assert made.value == pytest.approx(0.05)


def test_a_rule_is_saved_changed_renamed_and_deleted(page, shop):
    app = page()
    _widget(app.number_input, ".one").set_value(3.0)
    app.run()
    app.text_input(key="audiences.name").set_value("=Twice & more")
    app.button(key="audiences.save").click()
    _fine(app.run())
    [made] = store.saved(shop)
    assert made.name == "=Twice & more"
    assert from_dict(made.rule) == Group("all", (Condition("orders", "at_least", 3),))
    assert made.count == (_summary(shop)["orders"] >= 3).sum()
    assert made.words == "Orders at least 3"

    app.button(key="audiences.saved.edit").click()
    _fine(app.run())
    _widget(app.number_input, ".one").set_value(5.0)
    app.run()
    app.button(key="audiences.change").click()
    _fine(app.run())
    assert store.found(shop, made.id).count == (_summary(shop)["orders"] >= 5).sum()

    app.text_input(key=f"audiences.rename.{made.id}.name").set_value("Five")
    app.button(key=f"audiences.rename.{made.id}.save").click()
    _fine(app.run())
    assert [each.name for each in store.saved(shop)] == ["Five"]

    app.button(key="audiences.delete").click()
    _fine(app.run())
    assert store.saved(shop) == []


def test_a_name_that_is_taken_is_refused_in_words(page, shop):
    store.save_rule(shop, "Gold", {"all": []}, words="", count=0, days=DAYS)
    app = page()
    app.text_input(key="audiences.name").set_value("gold")
    app.button(key="audiences.save").click()
    app.run()
    assert "There is an audience gold already" in app.error[0].value
    assert not app.exception


def test_saved_audiences_show_their_count_now_and_then(page, shop):
    rule = {"all": [{"field": "orders", "is": "at_least", "value": 2}]}
    store.save_rule(shop, "Two", rule, words="", count=7, days=DAYS)
    store.save_list(shop, "List", ["C0001", "C0002", "gone"], words="by hand", days=DAYS)
    store.save_rule(
        shop,
        "Forecast",
        {"all": [{"field": "p_alive", "is": "at_least", "value": 0.5}]},
        words="",
        count=5,
        days=DAYS,
    )
    app = page()
    table = next(d.value for d in app.dataframe if "Customers now" in d.value.columns).set_index("Audience")
    assert table.loc["Two", "Customers now"] == str((_summary(shop)["orders"] >= 2).sum())
    assert table.loc["Two", "When saved"] == "7"
    assert table.loc["List", "Customers now"] == "2"  # who is no longer in the data is in no list
    assert table.loc["List", "Rule"] == "Fixed list: by hand"
    assert table.loc["Forecast", "Customers now"] == "–"


def test_using_one_as_filter_opens_the_overview_through_it(page, shop):
    made = store.save_rule(
        shop,
        "Two",
        {"all": [{"field": "orders", "is": "at_least", "value": 2}]},
        words="",
        count=7,
        days=DAYS,
    )
    app = page()
    app.button(key="audiences.saved.use").click().run()
    assert not app.exception
    assert app.session_state["setia.choice"].audiences == (made.id,)


def test_its_customers_open_and_are_as_many_as_counted(page, shop):
    app = page()
    app.selectbox(key="audiences.template").set_value("lapsed_valuable")
    _fine(app.run())
    customers = _number(app.metric[0].value)
    app.button(key="audiences.rule.open").click()
    _fine(app.run())
    assert any(f"**{customers} customers**" in m.value for m in app.markdown)


def test_a_list_from_any_page_is_kept_as_an_audience(shop):
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    app.switch_page("../pages/customers/segments.py")
    app.run()
    app.button(key="segments.open.lapsed").click().run()
    assert not app.exception
    [said] = [m.value for m in app.markdown if "No order for" in m.value and m.value.startswith("**")]
    key = next(b.key for b in app.button if str(b.key).endswith(".keep.save"))
    app.text_input(key=key.replace(".save", ".name")).set_value("Lapsed by hand")
    app.button(key=key).click().run()
    assert not app.exception
    [made] = store.saved(shop)
    assert (made.name, made.is_list) == ("Lapsed by hand", True)
    assert made.count == _number(said.split("**")[1]) > 0
    assert "No order for" in made.words


def _export(
    shop: Workspace, columns: tuple[str, ...], contact: str = "", *, names: bool = False
) -> pd.DataFrame:
    members = Members(Group("all", (Condition("orders", "at_least", 2),)))
    return cached.export_rows(shop.name, shop.current().id, members, columns, contact, names=names)


def test_a_file_holds_the_columns_that_were_asked_for_and_no_contact(shop):
    found = _export(shop, ("city", "revenue"))
    assert list(found.columns) == ["city", "revenue"]
    assert len(found) == (_summary(shop)["orders"] >= 2).sum()


def test_contacts_are_only_of_those_who_can_be_reached_by_that_channel(shop):
    """Without consents nobody can; with them, exactly those who agreed and left a contact."""
    assert len(_export(shop, ("customer_id",), "email")) == 0
    snapshot = shop.current()
    file = next(snapshot.folder("customer_summary").glob("*.parquet"))
    table = pd.read_parquet(file)
    agreed = [bool(key % 3 == 0) for key in table["customer_key"]]
    assert any(agreed)
    known = Tables(snapshot).table("customers").to_pyarrow().to_pandas().set_index("customer_id")
    table = table.assign(reachable_email=agreed)
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(table, schema=pq.read_schema(file), preserve_index=False), file)
    found = _export(shop, ("customer_id",), "email", names=True)
    picked = table[(table["orders"] >= 2) & (table["kind"] != "internal") & table["reachable_email"]]
    assert list(found.columns) == ["customer_id", "contact", "name"]
    assert set(found["customer_id"]) == set(picked["customer_id"])
    assert list(found["contact"]) == [known.loc[each, "email"] for each in found["customer_id"]]


def test_the_file_is_logged_when_it_is_made_and_not_before(shop, page, monkeypatch):
    made: dict[str, object] = {}

    def button(label: str, **given: object) -> bool:
        made[str(given["key"])] = given
        return False

    monkeypatch.setattr("ui.components.exports.st.download_button", button)
    app = page()
    app.selectbox(key="audiences.template").set_value("bought_once_lately")
    _fine(app.run())
    app.multiselect(key="audiences.rule.columns").set_value(["customer_id", "city", "last_day"])
    _fine(app.run())
    assert export_log.exports(shop) == []
    given = made["audiences.rule.csv"]
    content = given["data"]()  # type: ignore[index]
    [logged] = export_log.exports(shop)
    table = pd.read_csv(BytesIO(content))
    assert list(table.columns) == [
        "Customer",
        "Last purchase",
        "City",
        "As of",
        "Rule",
        "Customers in the list",
    ]
    assert (
        logged.count == len(table) == _number(app.metric[0].value) == table["Customers in the list"].iloc[0]
    )
    assert logged.columns == ("customer_id", "last_day", "city")
    assert logged.rule == table["Rule"].iloc[0] == "Orders exactly 1 and Last purchase in the last 90 days"
    assert (logged.file, logged.language) == (given["file_name"], "en")  # type: ignore[index]
    app.run()
    assert len(export_log.exports(shop)) == 1
    assert any("Last purchase" in str(d.value.to_dict()) for d in app.dataframe)
    assert not set(table["Customer"]) & set((shop.path / export_log.FILE).read_text().split('"'))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_reads_as_a_sentence_in_every_language(lang, page):
    app, t = page(lang), translator(lang)
    f = app.session_state["setia.filters"]
    rule = Group(
        "all",
        (
            Condition("orders", "at_least", 2),
            Group(
                "any",
                (Condition("region_code", "one_of", ("MY-10",)), Condition("member", "yes")),
                negate=True,
            ),
            Group("any", (Condition("revenue", "between", (10, 20.5)), Condition("last_day", "in_last", 30))),
        ),
    )
    said = in_words(rule, f, t)
    assert "Selangor" in said
    assert "RM" in said
    assert "(" in said
    assert in_words(Group("all"), f, t) == t("audiences.everyone")
    if lang == "en":
        assert said == (
            "Orders at least 2 and not (Region is Selangor or Member: yes) and "
            "(Revenue between RM10.00 and RM20.50 or Last purchase in the last 30 days)"
        )
