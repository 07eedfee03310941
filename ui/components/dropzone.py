"""Files handed over: Streamlit's own words on an upload are English only, so ours stand in their place."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from i18n.translator import Translator

WORD = "--setia-dropzone"
"""The style of ``frame.css`` that holds the word of the button."""


def word(t: Translator) -> str:
    """The word of the button, as a style of the whole page."""
    return f":root {{ {WORD}: {json.dumps(t('dropzone.button'), ensure_ascii=False)}; }}"


def limits(types: Sequence[str], megabytes: float, t: Translator) -> None:
    """Write below an upload what it takes."""
    size = t("dropzone.gigabytes", n=t.number(megabytes / 1024)) if megabytes >= 1024 else ""
    size = size or t("dropzone.megabytes", n=t.number(megabytes))
    st.caption(t("dropzone.limits", size=size, types=", ".join(kind.upper() for kind in types)))
