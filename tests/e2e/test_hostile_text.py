"""Hostile text in every text column of every table: it is shown, it never runs, and no page breaks."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.schema import TABLES, Column
from i18n.translator import translator
from tests.e2e.conftest import ROOT, Server, Visitor
from ui.page_list import PAGES

SENTENCE = translator("en")("errors.sentence")
RUN = "window.top.__ran=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"</script><script>{RUN}</script>",
    f"${{{RUN}}}",
    f"`+({RUN})+`",
    f"'\"><svg onload={RUN}>",
    "![x](http://evil.example/x.png)",
    "[link](http://evil.example/) <a href=http://evil.example/>a</a>",
    "$500-$800 **bold** :material/home: :red[x] # title",
    "\u202eabc\u202c \u200b\u200d\ufeff zero width",
    '=HYPERLINK("http://evil.example/")',
    "@import url(http://evil.example/x.css); </style>",
    "{{constructor.constructor('RUN')()}} %s {0} {value}",
    "x" * 3000,
    "'; DROP TABLE orders; --",
    "../../../etc/passwd",
)
ROWS = 160
LAST = date(2026, 11, 20)


def _text(column: Column, row: int) -> str:
    """A payload that still tells the rows of a key apart."""
    if column.allowed:
        return column.allowed[row % len(column.allowed)]
    return PAYLOADS[row % len(PAYLOADS)]


def _cell(table: str, column: Column, row: int) -> str:
    key = f"{PAYLOADS[(row % 40) % len(PAYLOADS)]}#{row % 40}"
    if column.name == "customer_id":
        return key
    if column.name == "order_id":
        return f"{PAYLOADS[row % len(PAYLOADS)]}#{row}"
    if column.name == "store_id":
        return f"{PAYLOADS[row % 4]}#{row % 4}"
    if column.name == "currency":
        return "MYR"
    if column.name == "status":
        return "completed"
    if column.name == "delivery_status":
        return "delivered"
    if column.name == "lat":
        return f"{3 + row % 20 / 20:.4f}"
    if column.name == "lon":
        return f"{101.5 + row % 30 / 30:.4f}"
    if column.name == "country":
        return "MY"
    if column.kind == "text":
        return _text(column, row)
    if column.kind in {"timestamp", "date"}:
        return (LAST - timedelta(days=row * 5 % 700)).isoformat()
    if column.kind == "boolean":
        return "yes" if row % 2 else "no"
    return str(row % 7 + 1)


def write_tables(folder: Path) -> list[str]:
    """One CSV a table, every text column full of payloads; the arguments of the import."""
    arguments = []
    for name, table in TABLES.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.name for column in table.given])
            rows = ROWS if name == "transactions" else 40
            writer.writerows([_cell(name, column, row) for column in table.given] for row in range(rows))
        arguments += [f"--{name}", str(path)]
    return arguments


def imported(home: Path, workspace: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "data", "import", "--workspace", workspace, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "SETIA_HOME": str(home)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, start_server: Callable[[Path], Server]) -> Server:
    """A server on a workspace that came in through the real import."""
    home = tmp_path_factory.mktemp("hostile")
    imported(home, "hostile", write_tables(tmp_path_factory.mktemp("files")))
    return start_server(home)


@pytest.fixture(scope="module")
def reader(hostile: Server, stay: Callable[..., Visitor]) -> Visitor:
    """A session that goes from page to page; each test asserts that nothing ran in it so far."""
    return stay(hostile)


def unharmed(visitor: Visitor, page: str) -> None:
    shown = visitor.page
    assert shown.evaluate("window.__ran") is None, page
    assert SENTENCE not in shown.locator("body").inner_text(), page
    assert visitor.problems == [], page
    assert visitor.outside == [], page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_payload_runs_and_every_page_is_drawn(page: Any, reader: Visitor) -> None:
    shown = reader.open(f"{page.url_path}?lang=en")
    shown.wait_for_timeout(1_500)
    for tab in shown.get_by_role("tab").all():
        tab.click()
        reader.settled()
    unharmed(reader, page.name)


def test_the_filters_show_hostile_values_as_text(reader: Visitor) -> None:
    shown = reader.open("?lang=en")
    shown.get_by_text("All stores").click()
    shown.get_by_role("combobox", name="Store").click()
    shown.get_by_role("option").first.click()
    reader.settled()
    unharmed(reader, "filters")


@pytest.mark.parametrize(
    "address",
    [
        "?ws=../../etc/passwd",
        "?ws=%00&lang=xx",
        "?r=';DROP%20TABLE&s=<script>&from=9999-99-99&to=x",
        "retention?c=![x](http://evil.example/x.png)&k=%FF",
    ],
)
def test_a_made_up_address_is_ignored(address: str, reader: Visitor) -> None:
    reader.open(address)
    unharmed(reader, address)
