"""The page Look-alikes in three languages, with and without a model, counted again by pandas."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import ibis
import pandas as pd
import pytest
import shapely

from analytics.lifecycle import Windows
from analytics.rules import Condition, Group
from analytics.scope import Scope
from data import boundaries as store
from data import workspaces
from data.engines import Tables
from data.workspaces import Workspace
from i18n.translator import translator
from tests.conftest import TOWNS, build_workspace, small_tables
from tests.pages.conftest import Open
from ui import session
from ui.cached import boundaries, lookalike_areas, lookalikes, places
from ui.cached.lookalike_areas import Asked, Unit
from ui.cached.lookalikes import Alike, Segment
from ui.cached.people import Wanted

PAGE = "places/lookalikes.py"
LANGUAGES = ("en", "ms", "id")


def written(app: object) -> str:
    return " ".join(m.value for m in app.markdown)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_customers_open_in_every_language(open_page: Open, lang: str) -> None:
    app = open_page(PAGE, lang=lang, d="all")
    t = translator(lang)
    assert app.title[0].value == t("lookalikes.question")
    labels = [box.label for box in app.selectbox]
    assert t("lookalikes.customers.choose") in labels
    assert any(t(f"lookalikes.word.{word}") in written(app) for word in ("reliable", "rough", "do_not_use"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_areas_open_in_every_language(open_page: Open, lang: str) -> None:
    app = open_page(PAGE, lang=lang, d="all", tab="lookalikes.areas")
    t = translator(lang)
    assert t("lookalikes.areas.list") in [head.value for head in app.subheader]
    listed = [list(table.value.columns) for table in app.dataframe]
    assert all(t("lookalikes.areas.column.like") not in columns for columns in listed)
    assert any(t(f"lookalikes.word.{word}") in written(app) for word in ("reliable", "rough", "do_not_use"))


def test_every_group_and_share_can_be_chosen(open_page: Open) -> None:
    app = open_page(PAGE, lang="en", d="all")
    for code in ("lifecycle.loyal", "lifecycle.lapsed", "rfm_segment.champions"):
        app.selectbox(key="lookalikes.segment").set_value(code).run()
        assert not app.exception
        assert not app.error
    app.selectbox(key="lookalikes.segment").set_value("gold.revenue").run()
    app.selectbox(key="lookalikes.share").set_value(0.01).run()
    assert not app.exception


def test_a_group_of_fewer_than_100_says_so_and_offers_no_list(open_page: Open) -> None:
    app = open_page(PAGE, lang="en", d="all")
    t = translator("en")
    assert t("lookalikes.word.do_not_use") in written(app)
    assert "100 are needed" in written(app)
    assert not any("look-alikes" in button.label for button in app.button)


@pytest.mark.parametrize("measure", ["revenue", "repeat", "customers", "picked"])
def test_every_measure_of_areas_answers_or_says_why_not(open_page: Open, measure: str) -> None:
    app = open_page(PAGE, lang="en", d="all", tab="lookalikes.areas")
    app.selectbox(key="lookalikes.areas.measure").set_value(measure).run()
    app.selectbox(key="lookalikes.areas.unit").set_value("level.states").run()
    assert not app.exception
    assert not app.error
    assert "are needed" in written(app) or "have to be among" in written(app)


def test_days_without_an_order_leave_the_page_standing(open_page: Open) -> None:
    app = open_page(PAGE, lang="en", d="2019-01-01_2019-01-31")
    assert not app.exception


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """900 customers of two kinds: those who came by the web buy far more often."""
    import random

    chance = random.Random(3)
    tables = small_tables(customers=900)
    rows = tables["transactions"].to_pylist()
    by_customer: dict[str | None, list[dict[str, object]]] = {}
    for row in rows:
        by_customer.setdefault(row["customer_id"], []).append(row)
    for customer, mine in by_customer.items():
        if customer is None:
            continue
        often = len(mine) >= 6
        for row in mine:
            row["channel"] = "web" if chance.random() < (0.9 if often else 0.15) else "store"
    import pyarrow as pa

    home = tmp_path_factory.mktemp("lookalikes")
    objecting = [
        {
            "customer_id": f"C{number:04d}",
            "channel": "email",
            "purpose": "profiling",
            "state": "withdrawn",
            "at": tables["customers"].to_pylist()[0]["joined_at"],
            "source": None,
        }
        for number in range(0, 900, 10)
    ]
    tables["transactions"] = pa.Table.from_pylist(rows)
    tables["consents"] = pa.Table.from_pylist(objecting)
    return build_workspace(home, "Kembar", tables)


@pytest.fixture
def question(
    shop: Workspace, use_home: object, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str, Scope, Windows]:
    use_home(shop.path.parent.parent, monkeypatch)  # type: ignore[operator]
    snapshot = shop.current()
    assert snapshot is not None
    days = Tables(snapshot).table("orders").to_pandas()["day"]
    scope = Scope(pd.Timestamp(days.min()).date(), pd.Timestamp(days.max()).date())
    return shop.name, snapshot.id, scope, Windows()


BEST = Segment(Wanted(history=False, gold="revenue"), ("revenue",))


def test_the_planted_channel_is_found_and_the_list_is_outside_the_group(
    question: tuple[str, str, Scope, Windows], shop: Workspace
) -> None:
    made = lookalikes.learnt(*question, BEST)
    assert made.word in ("reliable", "rough")
    channel = next(effect for effect in made.effects if effect.feature == "first_channel")
    assert channel.certain
    assert (channel.odds.value > 1) is (channel.level == "web")
    assert set(made.dropped) == {"first_value", "first_items", "second"}
    found = lookalikes.others(*question, BEST).to_pandas()
    gold = lookalikes._members(*question, BEST).to_pyarrow()["customer_key"].to_pylist()
    assert not set(found["customer_key"]) & set(gold)
    snapshot = shop.current()
    assert snapshot is not None
    ids = Tables(snapshot).table("customer_summary").to_pandas().set_index("customer_key")["customer_id"]
    assert not any(int(ids[key][1:]) % 10 == 0 for key in found["customer_key"])  # they withdrew
    assert found["score"].is_monotonic_decreasing


def test_places_add_up_to_the_list_and_small_ones_are_left_out(
    question: tuple[str, str, Scope, Windows],
) -> None:
    for level in (*boundaries.levels(question[0])[:1], None):
        shown, hidden = lookalikes.by_place(*question, BEST, 60, level)
        assert shown["alike"].sum() + hidden == 60
        assert (shown["alike"] >= places.FEWEST).all()
        base = 60 / lookalikes.others(*question, BEST).num_rows
        expected = 100 * shown["alike"] / shown["customers"] / base
        assert shown["index"].tolist() == pytest.approx(expected.tolist())
    row = shown.iloc[0]
    here = Alike(BEST, 60, cell=(int(row["x"]), int(row["y"])))
    assert here.keys(*question).to_pyarrow().num_rows == row["alike"]


def test_the_regions_of_any_level_hold_the_customers_of_the_map(
    question: tuple[str, str, Scope, Windows],
) -> None:
    workspace = question[0]
    towns = [(name, lat, lon) for name, *_, lat, lon in TOWNS]
    shapes = gpd.GeoDataFrame(
        {"code": [f"D{i}" for i in range(len(towns))], "name": [town[0] for town in towns]},
        geometry=[shapely.Point(lon, lat).buffer(0.17) for _, lat, lon in towns],
        crs=4326,
    )
    here = workspaces.open_workspace(session.home(), workspace)
    store.save(here, store.About("Daerah"), shapes, added=date(2026, 11, 23))
    everyone = lookalikes.others(*question, BEST).to_pandas()
    for level in boundaries.levels(workspace):
        if level.kind == boundaries.TOWNS:
            continue
        shown, hidden = lookalikes.by_place(*question, BEST, 60, level)
        assert shown["alike"].sum() + hidden == 60
        homes = boundaries.homes(*question[:2], level).to_pyarrow().to_pandas()
        best = everyone.iloc[:60].merge(homes, on="customer_key")["region"].value_counts()
        assert shown.set_index("region")["alike"].to_dict() == {
            code: n for code, n in best.items() if n >= places.FEWEST
        }
        row = shown.iloc[0]
        keys = Alike(BEST, 60, level, str(row["region"])).keys(*question)
        assert keys.to_pyarrow().num_rows == row["alike"]


def test_fields_of_a_rule_are_found_however_deep() -> None:
    rule = Group(
        "all",
        (Condition("orders", "at_least", 3), Group("any", (Condition("city", "one_of", ("Klang",)),))),
    )
    assert lookalikes.fields_of(rule) == ("orders", "city")
    assert lookalikes.fields_of(None) == ()


def test_areas_hold_the_customers_that_pandas_counts(
    question: tuple[str, str, Scope, Windows],
) -> None:
    known = lookalike_areas.areas(*question, Unit(zoom=10))
    everyone = places.customers(*question).to_pandas()
    everyone = everyone[everyone["x20"].notna() & ~everyone["geo_precision"].isin(["region", "none"])]
    area = [f"{int(x) >> 10}/{int(y) >> 10}" for x, y in everyone[["x20", "y20"]].to_numpy()]
    counts = everyone.groupby(area)["revenue"].agg(["size", "sum"])
    theirs = known.loc[counts.index]
    assert theirs["customers"].tolist() == counts["size"].tolist()
    assert theirs["sum_revenue"].tolist() == pytest.approx(counts["sum"].tolist())
    assert known["customers"].sum() == len(everyone)
    shares = known.filter(like="share.channel.").dropna()
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0] * len(shares))
    keys = lookalike_areas.InArea(Unit(zoom=10), str(counts.index[0])).keys(*question)
    assert keys.to_pyarrow().num_rows == counts["size"].iloc[0]


def test_areas_tell_how_far_they_are_and_what_is_broken_off_is_not_kept(
    question: tuple[str, str, Scope, Windows],
) -> None:
    asked, shares = Asked(Unit(zoom=11), "customers", "place"), []

    def cancelled(share: float) -> None:
        shares.append(share)
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        lookalike_areas.answer(*question, asked, cancelled)
    assert len(shares) > 3
    assert shares == sorted(shares)
    found = lookalike_areas.answer(*question, asked, shares.append)
    assert shares[-1] == 1.0
    assert lookalike_areas.answer(*question, asked, cancelled) is found


def test_look_alike_areas_are_none_of_the_best_and_no_ingredient_is_a_feature(
    question: tuple[str, str, Scope, Windows],
) -> None:
    found = lookalike_areas.answer(*question, Asked(Unit(zoom=10), "customers", "place"))
    table = found.table
    assert found.made.auc is not None
    assert not (table["alike"] & table["best"]).any()
    assert table["predicted"].is_monotonic_decreasing
    assert (table["low"] <= table["predicted"]).all()
    own = lookalike_areas.answer(*question, Asked(Unit(zoom=10), "revenue", "own"))
    assert not set(own.features) & set(lookalike_areas.left_out("revenue"))


def test_what_is_asked_of_the_engine_is_the_same_expression_twice(
    question: tuple[str, str, Scope, Windows],
) -> None:
    one = Alike(BEST, 20).keys(*question)
    assert isinstance(one, ibis.Table)
    assert one.to_pyarrow().num_rows == 20
