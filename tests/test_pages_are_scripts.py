"""Pages are thin scripts: they read filters, ask, draw. This looks at their code, not at what they draw."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ui.page_list import PAGES

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "pages").rglob("*.py"))
ALLOWED = {"__future__", "ui", "charts", "streamlit", "dataclasses", "datetime", "typing"}
LONGEST = 60


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_no_script_lies_directly_in_pages():
    """Beside st.navigation that would switch the old multi-page mode on."""
    assert list((ROOT / "pages").glob("*.py")) == []


def test_every_page_of_the_menu_exists_and_every_script_is_in_the_menu():
    assert sorted(page.path for page in PAGES) == SCRIPTS


def test_pages_have_different_addresses():
    assert len({page.url_path for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: str(s.relative_to(ROOT)))
class TestEveryPage:
    def test_imports_only_ui_and_charts(self, script):
        assert imported(ast.parse(script.read_text(encoding="utf-8"))) - ALLOWED == set()

    def test_is_at_most_about_sixty_lines(self, script):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= LONGEST

    def test_says_what_it_answers(self, script):
        assert ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))

    def test_writes_no_words_of_its_own(self, script):
        """Every text of more than one word comes from the translator."""
        tree = ast.parse(script.read_text(encoding="utf-8"))
        docstring = ast.get_docstring(tree, clean=False)
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != docstring
        ]
        assert [text for text in texts if " " in text.strip()] == []

    def test_allows_no_raw_html(self, script):
        code = script.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in code
        assert "st.html" not in code
