"""Every error data/ can raise has a sentence in each language, made of the fields it carries."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import errors
from i18n.numbers import LANGUAGES
from i18n.translator import texts

ROOT = Path(__file__).resolve().parent.parent.parent
CLASSES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.DataError)
}


def raised() -> Iterator[tuple[str, set[str], str]]:
    """Code, fields and place of every error that is made with its fields spelled out."""
    for script in sorted((ROOT / "data").rglob("*.py")):
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if getattr(node.func, "id", getattr(node.func, "attr", "")) not in CLASSES | {"refused"}:
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                fields = {word.arg for word in node.keywords if word.arg}
                if all(word.arg for word in node.keywords):
                    yield code.value, fields, f"{script.relative_to(ROOT)}:{node.lineno}"


RAISED = sorted(raised())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_errors_to_look_at():
    assert len(RAISED) >= 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_a_sentence(lang):
    assert sorted({code for code, _, _ in RAISED if f"errors.{code}" not in texts(lang)}) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_uses_only_the_fields_its_error_carries(lang):
    wrong = {
        place: placeholders(texts(lang)[f"errors.{code}"]) - fields
        for code, fields, place in RAISED
        if f"errors.{code}" in texts(lang) and placeholders(texts(lang)[f"errors.{code}"]) - fields
    }
    assert wrong == {}
