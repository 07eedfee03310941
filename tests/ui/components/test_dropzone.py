"""Uploads speak the language of the page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.components import dropzone


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_holds_the_word_of_the_button(lang):
    t = translator(lang)
    assert dropzone.word(t) == f':root {{ --setia-dropzone: "{t("dropzone.button")}"; }}'


@pytest.mark.parametrize(("megabytes", "size"), [(2, "2 MB"), (2048, "2 GB")])
def test_what_an_upload_takes_stands_below_it(megabytes, size):
    def page(megabytes):
        from i18n.translator import translator
        from ui.components import dropzone

        dropzone.limits(["csv", "xlsx"], megabytes, translator("ms"))

    app = AppTest.from_function(page, args=(megabytes,)).run()
    assert app.caption[0].value == translator("ms")("dropzone.limits", size=size, types="CSV, XLSX")
