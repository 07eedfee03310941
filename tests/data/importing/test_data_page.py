"""docs/DATA.md says what the schema and the import say."""

from __future__ import annotations

from pathlib import Path

from data.importing.document import BEGIN, END, tables_page
from data.importing.mapping import from_toml

PAGE = Path(__file__).resolve().parents[3] / "docs" / "DATA.md"


def test_the_tables_of_the_page_are_those_of_the_schema() -> None:
    text = PAGE.read_text(encoding="utf-8")
    between = text.split(BEGIN)[1].split(END)[0].strip()
    assert between == tables_page(), (
        "make it again: put data.importing.document.tables_page() between the marks"
    )


def test_the_mapping_of_the_page_can_be_read() -> None:
    text = PAGE.read_text(encoding="utf-8")
    toml = text.split("```toml\n")[1].split("```")[0]
    mapping = from_toml(toml)["transactions"]
    assert mapping.dates == "dmy"
    assert mapping.codes["status"] == {"Sudah diambil": "completed"}
