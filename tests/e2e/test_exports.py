"""From files that are dropped to the Overview: a marketplace's orders, its settlement, and a till."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.exports import merchants


@pytest.fixture(scope="module")
def exports_server(start_server, tmp_path_factory):
    """A server of an empty installation."""
    return start_server(tmp_path_factory.mktemp("exports") / "home")


@pytest.fixture(scope="module")
def dropped(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("files")
    made = (
        merchants.shopee_id(),
        merchants.shopee_id("failed"),
        merchants.shopee_id_settlement(),
        merchants.moka(),
    )
    return [str(m.xlsx(folder / f"data-{n}.xlsx")) for n, m in enumerate(made)]


def test_files_are_dropped_understood_taken_in_and_shown(visit, exports_server, dropped):
    visitor = visit(exports_server)
    page = visitor.open("import?lang=id")
    page.get_by_label(re.compile("Nama ruang kerja")).fill("Toko Contoh")
    visitor.option("Negara", "Indonesia")
    button = page.locator("[data-testid='stFileUploaderDropzone'] button p")
    word = button.evaluate("p => getComputedStyle(p, '::after').content")
    assert word == '"Pilih file"'  # Streamlit's own says Upload, in every language
    page.locator("[data-testid='stFileUploaderDropzoneInput']").set_input_files(dropped)
    expect(page.get_by_role("heading", name="4 file dikenali")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("paket gagal kirim")).first).to_be_visible()
    visitor.settled()
    page.get_by_role("button", name="Impor", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("ringkasan", re.I))).to_be_visible(timeout=120_000)
    page.get_by_role("button", name=re.compile("ringkasan", re.I)).click()
    expect(page.get_by_text("Rp").first).to_be_visible(timeout=60_000)
    visitor.sound()
    page = visitor.open("quality?lang=id")
    visitor.tab("Pencairan dana")
    expect(page.get_by_text("Cocok").first).to_be_visible()
    visitor.sound()
