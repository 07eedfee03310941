"""Ways of buying, each with its definition, how many buy so, and the customers."""

from __future__ import annotations

import streamlit as st

from analytics.proxies import CODES
from i18n.translator import Translator
from ui.cached import habits
from ui.components import customer_list, proxy_thresholds
from ui.components.customer_list import Listing
from ui.components.segment_choice import pick
from ui.filters import Filters
from ui.text import plain


def proxies(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("proxies.explained"))
    usual = habits.usual(*f.key, f.windows)
    at = proxy_thresholds.thresholds(f, usual)
    if at is None:
        st.markdown(t("people.none"))
        return
    sizes = habits.proxy_sizes(*f.key, f.windows, at)
    opened = None
    for place, code in zip(st.columns(len(CODES), gap="large"), CODES, strict=True):
        with place:
            st.subheader(t(f"proxies.{code}.name"), anchor=False)
            st.markdown(plain(proxy_thresholds.definition(code, at, f, t), 400))
            if code != "like_reseller" and not usual.discounts:
                st.markdown(f"**–** {t('proxies.no_discounts')}")
                continue
            if _figures(code, sizes, f, t):
                opened = code
            st.caption(t(f"proxies.{code}.caution"))
    proxy_thresholds.editor(f, at, t)
    if opened:
        found = pick(f"proxy.{opened}", f, t)
        if found is not None:
            customer_list.open_list(
                Listing(f"proxy-{opened.replace('_', '-')}", found.word, found.rule, found.wanted)
            )


def _figures(code: str, sizes: dict[str, dict[str, float]], f: Filters, t: Translator) -> bool:
    """How many, what share, what they brought; whether their customers were asked for."""
    mine, everyone = sizes[code], sizes["everyone"]
    share = mine["customers"] / everyone["customers"] if everyone["customers"] else None
    money = mine["revenue"] / everyone["revenue"] if everyone["revenue"] > 0 else None
    st.markdown(
        plain(
            t(
                "proxies.found",
                customers=t.plural("page.customers", int(mine["customers"])),
                share=t.percent(share),
                revenue=t.money_short(mine["revenue"], f.currency),
                of_revenue=t.percent(money),
            ),
            300,
        )
    )
    if code == "like_reseller" and mine["marked"]:
        st.caption(t("proxies.marked", n=t.number(mine["marked"])))
    return st.button(
        t("proxies.open", n=t.number(mine["customers"])),
        key=f"proxies.open.{code}",
        disabled=not mine["customers"],
    )
