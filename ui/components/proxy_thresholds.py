"""Where each way of buying begins: the merchant's own quantiles, until somebody types others."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

import streamlit as st

from analytics.proxies import CODES, Thresholds, Usual
from charts.amounts import symbol
from i18n.translator import Translator
from ui.filters import Filters

FIELDS: Final = {
    "high_basket": ("basket", "low_discount", "least_orders"),
    "discount_buyer": ("discounted", "least_orders"),
    "like_reseller": ("units", "reseller_orders"),
}
"""The numbers in each definition."""

_SHARES: Final = frozenset({"low_discount", "discounted"})


def thresholds(f: Filters, usual: Usual) -> Thresholds | None:
    """The thresholds of now; None without customers."""
    default = usual.thresholds()
    if default is None:
        return None
    default = replace(default, basket=_rounded(default.basket), units=round(default.units, 1))
    typed = st.session_state.get(_key(f), {})
    known = {field.name for field in fields(Thresholds)}
    return replace(default, **{name: value for name, value in typed.items() if name in known})


def definition(code: str, at: Thresholds, f: Filters, t: Translator) -> str:
    """A way of buying in one sentence, with its thresholds."""
    return t(
        f"proxies.{code}.definition",
        basket=t.money(at.basket, f.currency),
        low_discount=t.percent(at.low_discount, 0),
        least_orders=t.number(at.least_orders),
        discounted=t.percent(at.discounted, 0),
        units=t.number(at.units, 0 if at.units == round(at.units) else 1),
        reseller_orders=t.number(at.reseller_orders),
    )


def editor(f: Filters, at: Thresholds, t: Translator) -> None:
    """A button that opens the numbers of all definitions."""
    with st.popover(t("proxies.edit"), icon=":material/tune:", type="tertiary", key="proxies.edit"):
        st.caption(t("proxies.edit_note"))
        for name in dict.fromkeys(name for code in CODES for name in FIELDS[code]):
            value = getattr(at, name)
            whole = isinstance(value, int)
            scale = 100.0 if name in _SHARES else 1.0
            key = f"proxies.{name}"
            st.session_state[key] = value if whole else float(value) * scale
            st.number_input(
                t(f"proxies.field.{name}", currency=symbol(f.currency)),
                min_value=1 if whole else 0.0,
                max_value=1000 if whole else 100.0 if name in _SHARES else None,
                step=1 if whole else 1.0,
                format="%d" if whole else "%.0f" if name in _SHARES or f.currency == "IDR" else "%.1f",
                key=key,
                on_change=_typed,
                args=(f, name, scale, whole),
            )
        if st.session_state.get(_key(f)):
            st.button(
                t("proxies.reset"), key="proxies.reset", on_click=lambda: st.session_state.pop(_key(f), None)
            )


def _typed(f: Filters, name: str, scale: float, whole: bool) -> None:
    value = st.session_state[f"proxies.{name}"]
    found = int(value) if whole else float(value) / scale
    st.session_state[_key(f)] = {**st.session_state.get(_key(f), {}), name: found}


def _key(f: Filters) -> str:
    return f"proxies.typed.{f.workspace}"


def _rounded(value: float) -> float:
    """Two digits that count, rounded down: a threshold a person can say."""
    if value <= 0:
        return 0.0
    size = 1.0
    while size * 100 <= value:
        size *= 10
    while size * 10 > value:
        size /= 10
    return round(int(value / size) * size, 6)
