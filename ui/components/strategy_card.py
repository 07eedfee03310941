"""The strategy card of a group: what to do, which offer, who can be reached, from where on it pays."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.reach import CHANNELS, OBSTACLES
from analytics.strategy import BreakEven, Offer, break_even, judge, response
from charts import reach as charts
from charts.amounts import symbol
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import people
from ui.cached import strategy as cached
from ui.cached.people import Wanted
from ui.cached.strategy import Reachable
from ui.components import customer_list, figures, segment_choice
from ui.components.customer_list import Listing
from ui.components.inputs import number
from ui.components.segment_choice import Pick
from ui.filters import Filters
from ui.text import plain

COST = 0.0


def card(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("strategy.explained"))
    chosen = segment_choice.choose(f, t, "strategy.segment", start="lifecycle.lapsed")
    if chosen is None:
        st.markdown(t("people.none"))
        return
    st.caption(plain(chosen.rule, 400))
    found = cached.obstacles(*f.key, f.windows, chosen.wanted)
    left, middle, right = st.columns([2, 3, 3], gap="large")
    with left:
        name = _need(chosen, f, t)
        st.subheader(t("strategy.todo"), anchor=False)
        st.markdown(t(f"strategy.do.{name}"))
        st.subheader(t("strategy.offer"), anchor=False)
        st.markdown(t(f"strategy.with.{name}"))
    with middle:
        asked = _reach(found, f, t)
    with right:
        needed = _pays(found, chosen, f, t)
        _measured(needed, chosen, t)
    if asked:
        wanted = Wanted(history=chosen.wanted.history, among=Reachable(chosen.wanted))
        rule = f"{chosen.rule.rstrip('.')} · {t('strategy.obstacle.reachable')}"
        customer_list.open_list(Listing("reachable", chosen.word, rule, wanted))


def _need(chosen: Pick, f: Filters, t: Translator) -> str:
    """The code whose advice fits; an own segment gets that of the lifecycle group most of it is in."""
    if not chosen.code.startswith(segment_choice.AUDIENCE):
        return chosen.code.replace(".", "_")
    sizes = cached.lifecycles(*f.key, f.windows, chosen.wanted)
    if not sizes:
        st.caption(t("strategy.nobody_yet"))
        return "audience_nobody"
    code, most = max(sizes.items(), key=lambda item: (item[1], item[0]))
    share = t.percent(most / sum(sizes.values()))
    st.caption(t("strategy.of_audience", share=share, group=t.code("lifecycle", code)))
    return f"lifecycle_{code}"


def _reach(found: pd.DataFrame, f: Filters, t: Translator) -> bool:
    """Who can be written to, why the rest cannot; whether the former were asked for."""
    st.subheader(t("strategy.reach"), anchor=False)
    counts = {code: int(found["customers"][code]) for code in OBSTACLES}
    reachable = counts["reachable"]
    by = {channel: int(found[f"reachable_{channel}"]["reachable"]) for channel in CHANNELS}
    best = sorted((c for c in CHANNELS if by[c]), key=lambda c: -by[c])
    listed = ", ".join(t("strategy.channel", n=t.number(by[c]), channel=t.code("channel", c)) for c in best)
    if not counts["unknown"]:
        st.markdown(
            plain(
                t(
                    "strategy.reach_line",
                    n=t.number(reachable),
                    all=t.number(sum(counts.values())),
                    channels=t("strategy.channels", list=listed) if listed else "",
                ),
                400,
            )
        )
    shown = [code for code in OBSTACLES if counts[code] or (code == "reachable" and not counts["unknown"])]
    words = [t(f"strategy.obstacle.{code}") for code in shown]
    figures.chart(
        charts.obstacles(shown, [counts[code] for code in shown], words, t, figures.mode()),
        pd.DataFrame(
            {
                t("strategy.column.obstacle"): words,
                t("people.column.customers"): [counts[code] for code in shown],
            }
        ),
        "segments-reach",
    )
    for code in ("no_contact", "not_asked", "unknown", "contactless"):
        if counts[code]:
            st.caption(t(f"strategy.fix.{code}", n=t.number(counts[code])))
    return st.button(t("strategy.open", n=t.number(reachable)), key="strategy.open", disabled=not reachable)


def _pays(found: pd.DataFrame, chosen: Pick, f: Filters, t: Translator) -> BreakEven | None:
    """The costs, and from which response on they come back."""
    st.subheader(t("strategy.pays"), anchor=False)
    rupiah = f.currency == "IDR"
    started = float(st.session_state.get("segments.message_cost.kept") or COST)
    costs = [
        number(
            t(f"strategy.{name}", currency=symbol(f.currency)),
            f"strategy.{name}",
            started if name == "message" else COST,
            step=100.0 if rupiah else 1.0 if name != "message" else 0.1,
            decimals=0 if rupiah else 2,
        )
        for name in ("message", "per_order", "fixed")
    ]
    offer = Offer(*costs)
    orders, margin = int(found["orders"].sum()), found["margin"].sum(min_count=1)
    per_order = None if absent(margin) or not orders else float(margin) / orders
    needed = break_even(offer, int(found["customers"]["reachable"]), per_order)
    if per_order is None:
        st.markdown(f"**–** {t('strategy.no_margin')}")
        return None
    margin_line = t(
        "strategy.margin_line",
        margin=t.money(per_order, f.currency),
        gain=t.money(per_order - offer.per_order, f.currency),
    )
    st.markdown(plain(margin_line, 300))
    if needed is None:
        missing = "reach_not_known" if int(found["customers"]["unknown"]) else "no_reach"
        st.markdown(f"**–** {t(f'strategy.{missing}')}")
        return None
    st.markdown(f"**{plain(_verdict(needed, offer, f, t), 300)}**")
    assumed = people.assumed_share(f.workspace, f.snapshot)
    if assumed:
        st.caption(t("strategy.assumed", share=t.percent(assumed)))
    return needed


def _verdict(needed: BreakEven, offer: Offer, f: Filters, t: Translator) -> str:
    if offer == Offer():
        return t("strategy.free_line")
    if needed.rate is None or needed.orders is None:
        return t("strategy.never_no_gain")
    cost = t.money_short(needed.cost, f.currency)
    if needed.never:
        return t("strategy.never_line", cost=cost)
    return t(
        "strategy.pays_line",
        reach=t.number(needed.reach),
        cost=cost,
        orders=t.number(needed.orders),
        rate=t.percent(needed.rate, 2 if needed.rate < 0.01 else 1),
    )


def _measured(needed: BreakEven | None, chosen: Pick, t: Translator) -> None:
    """The merchant's own past response to this group, typed in; never a rate of ours."""
    st.subheader(t("strategy.own"), anchor=False)
    key = f"strategy.own.{chosen.code}"
    with st.container(horizontal=True):
        sent = int(number(t("strategy.sent"), f"{key}.sent", 0.0))
        ordered = int(number(t("strategy.ordered"), f"{key}.ordered", 0.0))
    if not sent:
        st.caption(t("strategy.not_measured"))
        return
    if ordered > sent:
        st.warning(t("strategy.impossible"))
        return
    found = response(sent, ordered)
    line = t(
        "strategy.measured",
        rate=t.percent(found.rate),
        ordered=t.number(ordered),
        sent=t.number(sent),
        low=t.percent(found.low),
        high=t.percent(found.high),
    )
    judged = t(f"strategy.judge.{judge(found, needed)}") if needed is not None and needed.cost else ""
    st.markdown(plain(f"{line} {judged}".strip(), 400))
    st.caption(t("strategy.holdout"))
