"""The page Look-alikes in three languages, with and without a model, counted again by pandas."""

from __future__ import annotations

import pytest
from tests.pages.conftest import Open

from i18n.translator import translator

PAGE = "places/lookalikes.py"


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_opens_in_every_language(open_page: Open, lang: str) -> None:
    app = open_page(PAGE, lang=lang, d="all")
    assert app.title[0].value == translator(lang)("lookalikes.question")
