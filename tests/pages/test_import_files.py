"""The page Import: files are understood, corrected, taken in by a process of its own, and reported."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import workspaces
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui import import_job, uploads
from ui.components import import_files
from ui.components.import_files import JOB
from ui.uploads import Upload

PAGE = "data/import_files.py"
GOOD = "Order ID,Order Date,Amount,Customer ID\n1,2026-01-05,10.00,C1\n2,2026-01-06,20.00,C2\n3,soon,5,C3\n"
AMBIGUOUS = "Order ID,Order Date,Amount\n1,03/04/2026,5\n2,05/06/2026,5\n"


def upload(folder: Path, content: str, name: str = "jualan.csv") -> Upload:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return Upload(path, name, time.time_ns())


def with_files(app: AppTest, *held: Upload) -> AppTest:
    app.session_state[uploads.STATE] = {str(u.stamp): u for u in held}
    return app.run()


def said(app: AppTest) -> str:
    shown = [*app.subheader, *app.markdown, *app.caption, *app.warning, *app.error, *app.success, *app.info]
    return " ".join(str(element.value) for element in shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_shown_as_it_will_be_understood(open_page, home: Path, tmp_path: Path, lang: str) -> None:
    t = translator(lang)
    app = with_files(open_page(PAGE, lang=lang), upload(tmp_path, GOOD))
    assert not app.exception
    assert app.title[0].value == t("import.question")
    assert t.plural("import.records", 3) in said(app)
    first = app.dataframe[-1].value
    assert list(first["order_id"]) == ["1", "2"]
    assert list(first["amount"]) == [10.0, 20.0]


def test_the_first_rows_stand_under_the_files_own_headers_and_in_words(
    open_page, home: Path, tmp_path: Path
) -> None:
    content = (
        "No Pesanan;Tanggal;Total;Status\nWA-1;17/05/2025;Rp65.000;Selesai\nWA-2;21/05/2025;Rp75.000;Batal\n"
    )
    app = with_files(open_page(PAGE, lang="id"), upload(tmp_path, content))
    assert "Tanggal: hari lebih dulu" in said(app)
    assert "ordered_at" not in said(app)
    table = app.dataframe[-1]
    assert list(table.value["status"]) == ["Selesai", "Dibatalkan"]
    labels = {name: shown.get("label") for name, shown in json.loads(table.proto.columns).items()}
    assert labels["ordered_at"] == "Tanggal"
    assert labels["amount"] == "Total"
    assert "ordered_at" in json.loads(table.proto.columns)["ordered_at"]["help"]


def test_exports_of_one_kind_are_told_in_one_line() -> None:
    taken = [{"name": f"Order.{n}.xlsx", "title": "Shopee Indonesia", "kind": "orders"} for n in range(20)]
    taken.append({"name": "Income.xlsx", "title": "Shopee Indonesia", "kind": "settlement"})
    assert import_files._exports(taken, translator("id")) == [
        "20 file: Shopee Indonesia, pesanan.",
        "Income.xlsx: Shopee Indonesia, pencairan dana.",
    ]


def test_an_ambiguous_file_asks_and_the_answer_counts(open_page, home: Path, tmp_path: Path) -> None:
    app = with_files(open_page(PAGE, lang="en"), upload(tmp_path, AMBIGUOUS))
    assert any("dates" in warning.value for warning in app.warning)
    choice = next(box for box in app.selectbox if str(box.key).startswith("import.dates."))
    choice.select("mdy").run()
    assert not app.warning
    assert [day.month for day in app.dataframe[-1].value["ordered_at"]] == [3, 5]


def test_a_file_that_is_no_table_is_refused_in_one_sentence(open_page, home: Path, tmp_path: Path) -> None:
    app = with_files(open_page(PAGE, lang="ms"), upload(tmp_path, "", "kosong.csv"))
    assert "kosong" in app.error[0].value
    assert not app.exception


def test_an_import_runs_in_its_own_process_and_reports(open_page, home: Path, tmp_path: Path) -> None:
    app = with_files(open_page(PAGE, lang="en"), upload(tmp_path, GOOD))
    next(box for box in app.text_input if box.key == "import.name").input("Kedai Ujian").run()
    next(button for button in app.button if button.key == "import.go").click().run()
    job = app.session_state[JOB]
    for _ in range(600):
        if not job.running:
            break
        time.sleep(0.2)
    app.run()
    assert job.result is not None, job.sentence
    assert job.result["tables"]["transactions"]["rejected"] == 1
    assert app.success
    counts = app.dataframe[0].value
    assert counts.iloc[0].tolist()[1:] == ["3", "2", "0", "0", "1"]
    assert workspaces.open_workspace(home, "kedai-ujian").current() is not None


def test_a_cancelled_import_leaves_no_snapshot(home: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text("", encoding="utf-8")
    given = upload(tmp_path, GOOD)
    job = import_job.start("kedai", {"transactions": given.path}, mapping, "en", "MY")
    job.cancel()
    while job.running:
        time.sleep(0.1)
    assert job.result is None
    assert [w for w in workspaces.list_workspaces(home) if w.current() is not None] == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x.csv", "a\0b.csv", "", ".", "=cmd.csv", "x" * 500]
)
def test_an_uploaded_name_is_never_a_path(name: str) -> None:
    safe = uploads.safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert "/" not in safe
    assert "\\" not in safe
    assert len(safe) <= 80
