"""How precisely the customers behind a page stand on the map, and how many stand nowhere."""

from __future__ import annotations

import streamlit as st

from i18n.translator import Translator
from ui.cached import places
from ui.filters import Filters
from ui.text import plain


def note(f: Filters, t: Translator) -> None:
    """One caption under whatever counts customers by place; nothing where nobody is placed."""
    told = sentences(f, t)
    if told:
        st.caption(plain(" ".join(told), 900))


def sentences(f: Filters, t: Translator) -> list[str]:
    """How many stand exactly, by postcode, town or region; how many nowhere."""
    placing = places.placing(*f.key, f.windows)
    if not placing.placed:
        return []
    ways = ", ".join(
        _way(code, n, n / placing.placed, t) for code, n in placing.by_precision if n and code != "none"
    )
    told = [t.plural("map.placed", placing.customers, customers=t.number(placing.placed), precision=ways)]
    if any(code not in ("exact", "none") for code, _ in placing.by_precision):
        told.append(t("map.town_note"))
    if placing.customers > placing.placed:
        told.append(t.plural("map.not_placed", placing.customers - placing.placed))
    return told


def _way(code: str, customers: int, share: float, t: Translator) -> str:
    n, part = t.number(customers), t.percent(share)
    if code == "exact":
        return t("map.placed_exact", n=n, share=part)
    return t("map.placed_by", n=n, share=part, precision=t.code("geo_precision", code))
