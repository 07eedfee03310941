"""The page of one customer: search, the answer in cards, timeline, groups over time, place, action."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.customer_story import alive_on, lifecycle_on, month_ends
from analytics.reach import CHANNELS
from charts import customer as charts
from charts.escaping import plain_text
from data.reference import loader
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.cached import customer as cached
from ui.cached import people
from ui.components import cards, figures
from ui.components.cards import Card
from ui.components.forecast import asked, service_cost
from ui.filters import Filters
from ui.regions import region_name
from ui.text import plain

SHOWN: Final = "setia.customer"
"""Session state: (workspace, customer_id). Never in the address."""


def show(workspace: str, customer_id: str) -> None:
    """Make a customer the one the page shows; then switch to it."""
    st.session_state[SHOWN] = (workspace, customer_id)
    st.session_state.pop("customer.search", None)


def chosen(f: Filters, t: Translator) -> dict[str, Any] | None:
    """Draw the search; the profile of the customer it led to, or of the best one to begin with."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        typed = st.text_input(
            t("customer.search"), key="customer.search", placeholder=t("customer.placeholder"), width=320
        )
        hits = dict.fromkeys(cached.search(f.workspace, f.snapshot, typed), "") if typed else {}
        hits = hits or (cached.by_contact(f.workspace, f.snapshot, typed) if typed else {})
        found = next(iter(hits), None)
        if len(hits) > 1:
            words = {
                each: plain_text(f"{name} · {each}" if name else each, 80) for each, name in hits.items()
            }
            found = st.selectbox(t("customer.pick"), list(hits), format_func=words.__getitem__, width=320)
    if typed and found is None:
        st.warning(t("customer.none"))
        return None
    if found is not None:
        st.session_state[SHOWN] = (f.workspace, found)
    workspace, customer_id = st.session_state.get(SHOWN, (f.workspace, None))
    if workspace != f.workspace or customer_id is None:
        customer_id = cached.best(f.workspace, f.snapshot)
        if customer_id is not None:
            st.caption(t("customer.start"))
    return None if customer_id is None else cached.profile(f.workspace, f.snapshot, customer_id)


def headline(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """Six cards: so far, group, still there, expected, next purchase, cost to win."""
    score = cached.score(f.workspace, f.snapshot, asked(f), service_cost(), who["customer_key"])
    cards.kpi_row([*_past(who, f, t), *_ahead(who, score, f, t)], t)


def group(who: dict[str, Any], f: Filters) -> str | None:
    """The lifecycle group on the last day of the data."""
    return lifecycle_on(_purchases(who, f), f.as_of, f.windows)


def sentence(who: dict[str, Any], f: Filters, t: Translator) -> str:
    """Who this is, in one line."""
    place = ", ".join(
        plain_text(part, 40)
        for part in (
            who["city"] or who["district"],
            region_name(who["region_code"], t) if who["region_code"] else "",
        )
        if part
    )
    parts = [
        plain_text(who["customer_id"], 80),
        t.code("kind", who["kind"]) if who["kind"] != "external" else "",
        t("customer.member") if who["member"] else "",
        t("privacy.not_profiled") if who.get("do_not_profile") else "",
        plain_text(who["tier"] or "", 40),
        place,
        t("customer.won_by", channel=plain_text(t.code("channel", who["acquisition_channel"]), 40))
        if who["acquisition_channel"]
        else "",
    ]
    return " · ".join(part for part in parts if part)


def timeline(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """Orders and feedback over time, with their table."""
    orders = cached.bought(f.workspace, f.snapshot, who["customer_id"])
    if orders.empty:
        st.markdown(t("customer.no_orders"))
        return
    feedback = cached.said(f.workspace, f.snapshot, who["customer_id"])
    stores = people.store_names(f.workspace, f.snapshot)
    table = pd.DataFrame(
        {
            t("customer.column.day"): orders["day"],
            t("customer.column.store"): [
                plain_text(stores.get(code, code) if code else "", 60) for code in orders["store_id"]
            ],
            t("customer.column.channel"): [
                plain_text(t.code("channel", code), 40) for code in orders["channel"]
            ],
            t("customer.column.categories"): [plain_text(v or "", 120) for v in orders["categories"]],
            t("customer.column.amount"): orders["amount"],
            t("customer.column.margin"): orders["margin"],
        }
    )
    figures.chart(
        charts.timeline(orders, feedback, f.as_of, f.currency, t, figures.mode()),
        table,
        "customer.count",
        title=t("customer.timeline"),
        column_config={
            t(f"customer.column.{name}"): st.column_config.NumberColumn(format="%.2f")
            for name in ("amount", "margin")
        },
    )


def action(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """What to do, which offer, and how this customer can be reached."""
    code = group(who, f)
    st.subheader(t("strategy.todo"), anchor=False)
    if code is None:
        st.markdown(t("customer.no_orders"))
        return
    st.markdown(t(f"strategy.do.lifecycle_{code}"))
    st.markdown(f"**{t('strategy.offer')}.** {t(f'strategy.with.lifecycle_{code}')}")
    st.markdown(plain(_reach(who, f, t), 200))
    channel, category = t.code("channel", who["main_channel"]), who["main_category"]
    usual = [plain_text(str(category), 40)] if category and category != DASH else []
    if channel and channel != DASH:
        usual.append(t("customer.through", channel=plain_text(channel, 40)))
    named = ", ".join(usual)
    if named:
        st.caption(t("customer.usual", what=named))


def history(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """Group and chance of still being there at the end of each month."""
    days = _purchases(who, f)
    if not days:
        st.markdown(t("customer.no_orders"))
        return
    ends = month_ends(min(days), f.as_of)
    groups = [lifecycle_on(days, end, f.windows) for end in ends]
    model = None if who.get("do_not_profile") else cached.model(f.workspace, f.snapshot, asked(f))
    alive = None if model is None else [float(value) for value in alive_on(model, days, ends)]
    table = pd.DataFrame(
        {
            t("customer.column.month"): [t.date(end) for end in ends],
            t("people.column.lifecycle"): [t.code("lifecycle", code) for code in groups],
            t("customer.alive"): [t.percent(value, 0) for value in alive] if alive else DASH,
        }
    )
    figures.chart(
        charts.path(ends, groups, alive, t, figures.mode()), table, "customer-path", title=t("customer.path")
    )
    st.caption(t("customer.path_note") if alive else t("customer.path_without"))


def place(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """Where the customer is, and how exactly that is known."""
    code = who["region_code"]
    if not code:
        st.markdown(t("customer.no_place"))
        return
    light = loader.regions_light()
    outlines = light[light["country"] == code.split("-")[0]]
    exact = who["geo_precision"] not in (None, "none", "region")
    lon, lat = (who["lon"], who["lat"]) if exact else (None, None)
    table = pd.DataFrame(
        {
            t("people.column.region_code"): [region_name(code, t)],
            t("customer.column.place"): [who["city"] or DASH],
        }
    )
    figures.chart(
        charts.place(outlines, code, lon, lat, t), table, "customer-place", title=t("customer.place_title")
    )
    st.caption(t("customer.precision", precision=t.code("geo_precision", who["geo_precision"] or "none")))


def _past(who: dict[str, Any], f: Filters, t: Translator) -> list[Card]:
    code = group(who, f)
    return [
        Card(
            t("customer.card.revenue"),
            t.money(who["revenue"], f.currency),
            t("customer.card.revenue_note"),
            reason=t.plural("customer.count", who["orders"]),
        ),
        Card(
            t("people.column.lifecycle"),
            t.code("lifecycle", code) if code else DASH,
            t("customer.card.group_note"),
            reason=t("customer.last", day=t.date(who["last_day"]))
            if who["last_day"]
            else t("customer.no_orders"),
        ),
    ]


def _ahead(who: dict[str, Any], score: dict[str, Any] | None, f: Filters, t: Translator) -> list[Card]:
    missing = t("privacy.not_profiled" if who.get("do_not_profile") else "customer.no_forecast")
    alive = score["p_alive"] if score else None
    months = t.number(round(asked(f).assumptions.horizon_days * 12 / 365))
    made = [
        Card(
            t("customer.alive"),
            t.percent(alive, 0),
            t("customer.card.alive_note"),
            reason="" if not absent(alive) else missing,
        ),
        Card(
            t("customer.card.expected", months=months),
            t.money(score["value"] if score else None, f.currency),
            t("forecast.card.each.definition"),
            reason=t(
                "customer.between",
                low=t.money_short(score["value_low"], f.currency),
                high=t.money_short(score["value_high"], f.currency),
            )
            if score
            else missing,
        ),
        _next(who, f, t),
    ]
    if who["acquisition_cost"] is not None and score:
        made.append(
            Card(
                t("forecast.card.net.name"),
                t.money(score["net_value"], f.currency),
                t("forecast.card.net.definition"),
                reason=t("customer.cost", cost=t.money(float(who["acquisition_cost"]), f.currency)),
            )
        )
    return made


def _next(who: dict[str, Any], f: Filters, t: Translator) -> Card:
    label, note = t("customer.card.next"), t("customer.card.next_note")
    if who.get("do_not_profile"):
        return Card(label, DASH, note, reason=t("privacy.not_profiled"))
    if not who["orders"]:
        return Card(label, DASH, note, reason=t("customer.no_orders"))
    waited = (f.as_of - who["last_day"]).days
    everyone = f.scope.moved_to(f.first_day, f.as_of)
    chance, first, last = cached.window(f.workspace, f.snapshot, everyone, f.windows, who["orders"], waited)
    if first is None or last is None:
        return Card(label, DASH, note, reason=t("customer.no_window"))
    return Card(label, t.dates(first, last), note, reason=t("customer.chance", share=t.percent(chance, 0)))


def _reach(who: dict[str, Any], f: Filters, t: Translator) -> str:
    known = [who[f"reachable_{channel}"] for channel in CHANNELS]
    if all(value is None for value in known):
        left = people.has_contacts(f.workspace, f.whole)
        return t("segments.todo.reach_unknown" if left else "segments.todo.reach_contactless")
    open_to = [t.code("channel", channel) for channel in CHANNELS if who[f"reachable_{channel}"]]
    return t("customer.reachable", channels=", ".join(open_to)) if open_to else t("customer.unreachable")


def _purchases(who: dict[str, Any], f: Filters) -> list[Any]:
    orders = cached.bought(f.workspace, f.snapshot, who["customer_id"])
    return list(orders.loc[orders["is_purchase"], "day"])
