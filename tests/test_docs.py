"""The documents name every page, command, setting and column there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from data.__main__ import command_parser
from data.schema import MARTS, TABLES
from data.settings import Settings, from_environment

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_table_is_described(table: str) -> None:
    described = (ROOT / "docs" / "DATA.md").read_text(encoding="utf-8")
    missing = [column for column in TABLES[table].names if f"`{column}`" not in described]
    assert not missing


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_is_described(mart: str) -> None:
    assert f"`{mart}`" in (ROOT / "docs" / "DATA.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    defaults = from_environment({})
    for field in fields(Settings):
        name = f"SETIA_{field.name.upper()}"
        assert f"`{name}`" in README, name
        if name != "SETIA_HOME":
            assert str(getattr(defaults, field.name)) in README, name


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)`?$", README, re.MULTILINE)) <= targets


def test_every_page_has_a_screenshot() -> None:
    pages = sorted((ROOT / "pages").glob("*/*.py"))
    shots = {path.name for path in (ROOT / "docs" / "screens").glob("*.png")}
    from tools.screens import PAGES

    assert len(PAGES) == len(pages)
    assert {f"{name}-en.png" for name in PAGES} <= shots


COMMANDS = re.findall(r"-m data ([a-z][^;`#\n]*)", README + (ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_and_the_makefile_is_accepted(command: str) -> None:
    command_parser().parse_args(command.split())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing
