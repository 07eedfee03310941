"""Every reason that a report can name has words in each language, for the fields it carries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.importing import checks, refusals, report
from geo.placing import PROBLEMS
from i18n.numbers import LANGUAGES
from i18n.translator import translator


def codes_of_checks() -> set[str]:
    """The codes that the module of checks gives to ``Check``, and those of the careful reading."""
    tree = ast.parse(Path(checks.__file__).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Check"]
    given = {n.args[0].value for n in calls if isinstance(n.args[0], ast.Constant)} - {"fault"}
    return given | {"too_many_fields", "too_few_fields", "cell_too_long", "no_order_or_customer"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_for_a_refused_row_is_worded(lang: str) -> None:
    t = translator(lang)
    for code in codes_of_checks():
        assert report.reason(str(code), "Amount", "x", t).endswith("."), code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_of_a_place_is_worded(lang: str) -> None:
    t = translator(lang)
    assert [code for code in PROBLEMS if not t.has(f"reject.place.{code}")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_a_refused_file_is_worded(lang: str) -> None:
    t = translator(lang)
    assert [code for code in refusals.sentences() if not t.has(f"errors.{code}")] == []


def test_the_english_sentences_are_those_of_the_errors() -> None:
    from i18n.translator import texts

    for code, sentence in refusals.sentences().items():
        assert texts("en")[f"errors.{code}"] == sentence
