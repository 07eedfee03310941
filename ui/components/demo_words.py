"""The large type of the client demo: one number, a verdict, a bill. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from charts.escaping import plain_text


def big(number: str, *, above: str = "", below: str = "") -> None:
    """Draw the one number of a step, with a line above and below it."""
    st.html(
        f"<div class='setia-demo-above'>{_safe(above)}</div>"
        f"<div class='setia-demo-big'>{_safe(number)}</div>"
        f"<div class='setia-demo-below'>{_safe(below)}</div>"
    )


def sentence(text: str) -> None:
    """Draw the sentence that sells."""
    st.html(f"<div class='setia-demo-sentence'>{_safe(text)}</div>")


def verdict(text: str, *, good: bool) -> None:
    """Draw a judgement: sign and word first, then the colour."""
    kind, sign = ("good", "✓") if good else ("bad", "✕")
    st.html(f"<div class='setia-demo-verdict setia-demo-{kind}' role='status'>{sign} {_safe(text)}</div>")


def bill(lines: Sequence[tuple[str, str]], *, summed: bool = True) -> None:
    """Draw amounts under each other; the last line is the sum, unless it is told not to be."""
    kind = " setia-demo-sum" if summed else ""
    rows = "".join(f"<tr><td>{_safe(label)}</td><td>{_safe(amount)}</td></tr>" for label, amount in lines)
    st.html(f"<table class='setia-demo-bill{kind}'>{rows}</table>")


def _safe(text: str) -> str:
    return escape(plain_text(text, 300), quote=True)
