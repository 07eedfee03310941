"""Numbers with one name on one page: why they differ is said beside them, with the numbers counted."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from ui.cached import overview, people, places
from ui.cached.windows import of_workspace
from ui.choice import key_of

PAGE = "home/overview.py"


def _said(app: AppTest) -> str:
    return " ".join(str(each.value) for each in (*app.markdown, *app.caption)).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_says_how_the_groups_go_with_the_cards(open_page, small_workspace, lang):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    everybody = people.summary(small_workspace.name, small_workspace.current().id).to_pandas()
    everybody = everybody[(everybody["orders"] > 0) & (everybody["kind"] != "internal")]
    last, first = (pd.to_datetime(everybody[name]) for name in ("last_day", "first_day"))
    end = last.max()
    windows = of_workspace(small_workspace.config, small_workspace.name, small_workspace.current().id)
    active = int((last > end - pd.Timedelta(days=windows.lapse_days)).sum())
    new = int((first >= pd.Timestamp(end.year, 1, 1)).sum())
    text = _said(app)
    assert t("overview.groups.active", n=t.number(active)) in text
    assert t("overview.groups.new", days=t.number(windows.new_days), new=t.number(new)) in text
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards[t("kpi.active.name")] == t.number(active)
    assert cards[t("kpi.new.name")] == t.number(new)


def test_a_filter_on_purchases_parts_the_groups_from_the_cards(open_page):
    app, t = open_page(PAGE, lang="en", ch=key_of("channels", "web")), translator("en")
    cards = {metric.label: metric.value for metric in app.metric}
    assert f"by all their purchases; the {cards[t('kpi.active.name')]} active customers above" in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_people_counts_all_dates_and_staff_and_says_so(open_page, small_workspace, lang):
    app, t = open_page("data/people.py", lang=lang), translator(lang)
    folder = small_workspace.path / "snapshots" / small_workspace.current().id / "orders"
    bought = pd.read_parquet(folder).query("is_purchase")
    times = bought.dropna(subset=["customer_key"]).groupby("customer_key").size()
    staff = bought[bought["kind"] == "internal"]["customer_key"].nunique()
    cards = {metric.label: metric.value.replace("\\", "") for metric in app.metric}
    assert cards[t("kpi.identification_rate.name")] == t.percent(bought["customer_key"].notna().mean())
    assert cards[t("persons.repeat.name")] == t.percent((times > 1).mean())
    text = _said(app)
    assert t("persons.whole") in text
    assert f"{t.plural('page.buyers', len(times))}{t('page.staff', n=t.number(staff))}" in text


def test_the_overview_counts_each_customer_once_where_they_live_as_the_map_does(
    tmp_path, use_home, monkeypatch
):
    tables = small_tables()
    homes = tables["customers"].to_pylist()
    for person in homes[::9]:
        person |= {"region_code": None, "region": None, "city": None, "lat": None, "lon": None}
        person["geo_precision"] = None
    tables["customers"] = pa.Table.from_pylist(homes, tables["customers"].schema)
    workspace = build_workspace(tmp_path, "kedai", tables)
    use_home(tmp_path, monkeypatch)
    snapshot = workspace.current().id
    folder = workspace.path / "snapshots" / snapshot
    bought = pd.read_parquet(folder / "orders").query("is_purchase and kind != 'internal'")
    last = pd.to_datetime(bought["day"]).max()
    scope = Scope(last.date().replace(month=1, day=1), last.date())
    bought = bought[pd.to_datetime(bought["day"]) >= pd.Timestamp(scope.start)]
    each = pd.read_parquet(folder / "customer_summary")[["customer_key", "region_code"]]
    living = each[each["customer_key"].isin(bought["customer_key"])]
    expected = living.fillna({"region_code": ""}).groupby("region_code").size()
    assert expected[""] > 0
    found = overview.by_region("kedai", snapshot, scope, Windows()).set_index("region_code")
    assert found["customers"][found["customers"] > 0].to_dict() == expected.to_dict()
    assert found["customers"].sum() == bought["customer_key"].nunique()
    assert found["orders"].sum() == len(bought)
    drawn = places.regions("kedai", snapshot, scope, Windows()).set_index("code")["customers"]
    assert drawn.to_dict() == expected.drop("").to_dict()
