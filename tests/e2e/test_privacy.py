"""Privacy in a real Chromium: a withdrawal is ticked off, and a customer erased after a second question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from data import workspaces
from tests.conftest import build_workspace, small_tables
from tests.e2e.conftest import Server, Visitor


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = small_tables(customers=60)
    now = datetime.now().replace(microsecond=0)
    said = [("C0003", "granted", 900), ("C0003", "withdrawn", 1)]
    tables["consents"] = pa.Table.from_pylist(
        [
            {
                "customer_id": who,
                "channel": "email",
                "purpose": "marketing",
                "state": state,
                "at": now - timedelta(hours=hours),
                "source": "form",
            }
            for who, state, hours in said
        ]
    )
    home = tmp_path_factory.mktemp("privacy")
    build_workspace(home, "Rahsia", tables)
    return home


@pytest.fixture(scope="module")
def own_server(start_server: Callable[[Path], Server], shop: Path) -> Server:
    return start_server(shop)


def test_the_clock_the_law_and_an_erasure(
    visit: Callable[..., Visitor], own_server: Server, shop: Path
) -> None:
    visitor = visit(own_server)
    page = visitor.open("privacy?lang=en")
    page.get_by_text("Choose rows to see").wait_for(timeout=60_000)
    page.get_by_role("tab", name="What the law asks").click()
    page.get_by_text("This is not legal advice").wait_for(timeout=60_000)
    page.get_by_role("tab", name="Erasures").click()
    page.get_by_text("Nobody was erased").wait_for(timeout=60_000)

    page = visitor.open("customer?lang=en")
    page.get_by_role("tab", name="Their data").click()
    with page.expect_download(timeout=60_000) as made:
        page.get_by_role("button", name="Everything as a file").click()
    assert made.value.suggested_filename.endswith(".zip")
    page.get_by_role("button", name="Erase this customer").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Erase for good")).to_be_disabled(timeout=60_000)
    dialog.get_by_text("I am sure").click()
    expect(dialog.get_by_role("button", name="Erase for good")).to_be_enabled(timeout=60_000)
    dialog.get_by_role("button", name="Erase for good").click()
    page.get_by_text("The customer was erased").wait_for(timeout=60_000)
    record = workspaces.open_workspace(shop, "rahsia").path / "privacy" / "erasures.jsonl"
    assert len(record.read_text().splitlines()) == 1
