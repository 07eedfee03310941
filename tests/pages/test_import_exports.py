"""The page Import with exports of known systems: shown before anything is written, in three languages."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import workspaces
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.exports import merchants
from ui import uploads
from ui.components.import_files import JOB
from ui.uploads import Upload

PAGE = "data/import_files.py"


def with_files(app: AppTest, *paths: Path) -> AppTest:
    app.session_state[uploads.STATE] = {str(p): Upload(p, p.name, time.time_ns()) for p in paths}
    return app.run()


def said(app: AppTest) -> str:
    """What stands on the page, without the marks that keep it from being Markdown."""
    shown = [*app.subheader, *app.markdown, *app.caption, *app.warning, *app.error]
    return " ".join(str(e.value) for e in shown).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_system_period_orders_customers_money_and_what_is_odd_are_shown(
    open_page, home: Path, tmp_path: Path, lang: str
) -> None:
    t = translator(lang)
    files = [
        merchants.shopee_my().csv(tmp_path / "a.csv"),
        merchants.moka().xlsx(tmp_path / "b.xlsx"),
    ]
    app = with_files(open_page(PAGE, lang=lang), *files)
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table[t("exports.system")]) == ["Shopee Malaysia", "Moka"]
    made = merchants.shopee_my()
    standing = sum(o.amount for o in made.orders if o.status == "completed")
    assert list(table[t("exports.orders")]) == [t.number(30), t.number(30)]
    assert table[t("exports.money")][0] == t.money(float(standing), "MYR")
    assert f"{t.plural('exports.odd.failed', 3)} a.csv" in said(app)
    assert not (home / "workspaces").exists()


def test_country_and_currency_come_from_the_files_and_can_be_changed(
    open_page, home: Path, tmp_path: Path
) -> None:
    app = open_page(PAGE, lang="en")
    assert app.selectbox(key="import.country").value == "MY"
    app = with_files(app, merchants.moka().csv(tmp_path / "a.csv"))
    assert app.selectbox(key="import.country").value == "ID"
    assert app.selectbox(key="import.currency.ID.IDR").value == "IDR"
    assert "they are in IDR" in said(app)
    app.selectbox(key="import.country").select("SG").run()
    assert app.selectbox(key="import.currency.SG.SGD").value == "SGD", "what somebody chose stays"


def test_a_zip_with_a_stranger_asks_for_it_alone(open_page, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "semua.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(merchants.shopee_my().csv(tmp_path / "a.csv"), "a.csv")
        archive.writestr("b.csv", "Order ID,Order Date,Amount\n1,2026-01-05,10.00\n")
    app = with_files(open_page(PAGE, lang="en"), path)
    assert not app.exception
    assert "1 file is recognised" in said(app)
    assert "semua.zip/b.csv" in said(app)


def test_an_ambiguous_export_asks_and_the_answer_counts(open_page, home: Path, tmp_path: Path) -> None:
    made = merchants.tiktok()
    for row in made.rows[1:]:
        for name in ("Created Time", "Delivered Time"):
            row[made.header.index(name)] = "03/04/2026 10:00:00"
    app = with_files(open_page(PAGE, lang="en"), made.csv(tmp_path / "a.csv"))
    assert app.warning
    next(box for box in app.selectbox if box.key == "import.exports.dates").select("mdy").run()
    assert not app.warning
    assert app.dataframe[0].value["Period"][0] == "4 Mar 2026"


def test_exports_go_in_by_a_process_of_their_own(open_page, home: Path, tmp_path: Path) -> None:
    files = [
        merchants.shopee_my().csv(tmp_path / "a.csv"),
        merchants.loyverse().csv(tmp_path / "b.csv"),
    ]
    app = with_files(open_page(PAGE, lang="en"), *files)
    next(box for box in app.text_input if box.key == "import.name").input("Kedai Ujian").run()
    next(button for button in app.button if button.key == "import.go").click().run()
    job = app.session_state[JOB]
    for _ in range(900):
        if not job.running:
            break
        time.sleep(0.2)
    app.run()
    assert job.result is not None, job.sentence
    assert job.result["tables"]["transactions"]["rejected"] == 0
    assert any("(2/2)" in subject for _, subject in job.steps)
    assert "a.csv: Shopee Malaysia, orders." in said(app)
    current = workspaces.open_workspace(home, "kedai-ujian").current()
    assert current is not None
    assert current.manifest["orders"] == 60


def test_receipts_and_their_items_are_told_once(open_page, home: Path, tmp_path: Path) -> None:
    t = translator("ms")
    files = [merchants.loyverse(kind).csv(tmp_path / f"{kind}.csv") for kind in ("receipts", "items")]
    cancelled = sum(o.status == "cancelled" for o in merchants.loyverse().orders)
    app = with_files(open_page(PAGE, lang="ms"), *files)
    assert f"{t.plural('exports.odd.cancelled', cancelled)} items.csv" in said(app)
    assert t("exports.odd.twice", system="Loyverse") in said(app)


def test_a_mapping_can_be_kept_and_then_the_file_is_known(open_page, home: Path, tmp_path: Path) -> None:
    workspaces.create(home, "kedai", None)
    path = tmp_path / "kasir.csv"
    path.write_text("Order ID,Order Date,Amount,Loket\n1,2026-01-05,10.00,A\n", encoding="utf-8")
    app = with_files(open_page(PAGE, lang="en"), path)
    next(box for box in app.selectbox if box.key == "import.into").select("kedai").run()
    next(i for i in app.text_input if str(i.key).startswith("exports.name.")).input("Kasir Kita").run()
    next(b for b in app.button if str(b.key).startswith("exports.save.")).click().run()
    assert not app.exception
    assert list(app.dataframe[0].value["System"]) == ["Kasir Kita"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_comes_twice_or_holds_nothing_is_told_and_stops_nobody(
    open_page, home: Path, tmp_path: Path, lang: str
) -> None:
    t = translator(lang)
    nothing = merchants.shopee_id("cancelled")
    nothing.rows = []
    names = [merchants.shopee_my().csv(tmp_path / name) for name in ("a.csv", "b.csv")]
    app = with_files(open_page(PAGE, lang=lang), *names, nothing.csv(tmp_path / "c.csv"))
    assert f"{t.plural('exports.odd.again', 1)} b.csv" in said(app)
    assert f"{t.plural('exports.odd.empty', 1)} c.csv" in said(app)
    assert not app.error
    app.text_input(key="import.name").set_value("Kedai").run()
    assert not app.button(key="import.go").disabled


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_is_nearly_known_says_what_it_lacks(
    open_page, home: Path, tmp_path: Path, lang: str
) -> None:
    t = translator(lang)
    made = merchants.shopee_my()
    made.header = ["Postal" if h == "Zip Code" else h for h in made.header]
    app = with_files(open_page(PAGE, lang=lang), made.csv(tmp_path / "a.csv"))
    what = t("exports.kind.orders")
    told = t("exports.nearly", system="Shopee Malaysia", what=what, columns="Zip Code")
    assert told in [info.value for info in app.info]
