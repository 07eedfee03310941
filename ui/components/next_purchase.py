"""When customers come back, after which silence they do not, and whose next order is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics import next_purchase
from analytics.next_purchase import CLASSES, EVERYONE, HORIZONS, STATES, Rhythm
from analytics.survival import Hiatus
from charts import survival as charts
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.cached import next_purchase as cached
from ui.cached.next_purchase import StateCell
from ui.cached.people import Wanted
from ui.components import cards, customer_list, exports, figures
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.exports import Export
from ui.components.inputs import choice, pick
from ui.components.segments import shares_format
from ui.filters import Filters

COLUMNS: Final = ("customer_id", "orders", "revenue", "last_day", "waited", "chance", "from_day", "to_day")


def block(f: Filters, t: Translator) -> None:
    """The whole tab: how far to look, the answer, two figures, the customers."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        horizon = choice(
            t("nextbuy.horizon"),
            HORIZONS,
            "nextbuy.horizon",
            lambda n: t("nextbuy.days", n=n),
            default=_far_enough(f),
            hidden=False,
        )
        code = pick(
            t("nextbuy.class"),
            (EVERYONE, *CLASSES),
            "nextbuy.class",
            lambda c: t(f"nextbuy.class_{c}"),
            hidden=False,
            width=200,
        )
    made = cached.rhythms(*f.key, f.windows, horizon)
    rhythm = made[code]
    if made[EVERYONE].hiatus.reason == "too_few":
        st.markdown(t("nextbuy.too_few"))
        return
    _cards(rhythm, horizon, t)
    st.markdown(sentence(rhythm, horizon, t))
    if code != EVERYONE and rhythm is made[EVERYONE]:
        st.caption(t("nextbuy.class_too_few"))
    left, right = st.columns(2, gap="large")
    with left:
        _curve(rhythm, horizon, t)
    with right:
        _gaps(rhythm, t)
    st.caption(t("nextbuy.note"))
    _customers(f, t, horizon)


def _far_enough(f: Filters) -> int:
    """The longest horizon at which the data tell when somebody is gone; the longest where none does.

    A year ahead is seen of the first days of young data only, and nobody could be called gone.
    """
    for horizon in reversed(HORIZONS):
        if cached.rhythms(*f.key, f.windows, horizon)[EVERYONE].hiatus.days is not None:
            return horizon
    return max(HORIZONS)


def sentence(rhythm: Rhythm, horizon: int, t: Translator) -> str:
    """The hiatus in words, or why there is none."""
    hiatus = rhythm.hiatus
    if hiatus.days is None:
        last = max(0, rhythm.curve.last_day - horizon)
        return t(f"nextbuy.hiatus.{hiatus.reason}", horizon=horizon, n=t.number(last))
    if hiatus.days == 0:
        return t("nextbuy.hiatus.at_once", horizon=horizon)
    if hiatus.low is None or hiatus.high is None:
        return t("nextbuy.hiatus.found_plain", n=t.number(hiatus.days), horizon=horizon)
    return t(
        "nextbuy.hiatus.found",
        n=t.number(hiatus.days),
        low=t.number(hiatus.low),
        high=t.number(hiatus.high),
        horizon=horizon,
    )


def _cards(rhythm: Rhythm, horizon: int, t: Translator) -> None:
    hiatus: Hiatus = rhythm.hiatus
    back = float(1 - rhythm.curve.at(horizon)) if rhythm.curve.last_day >= horizon else None
    days = _days(hiatus.days or None, t)
    reason = t(f"nextbuy.reason.{hiatus.reason}") if hiatus.reason else ""
    interval = t("nextbuy.reason.at_once") if hiatus.days == 0 else ""
    if hiatus.days and hiatus.low is not None and hiatus.high is not None:
        interval = t("nextbuy.between", low=t.number(hiatus.low), high=t.number(hiatus.high))
    cards.kpi_row(
        [
            _card(
                "back",
                t.percent(back),
                t,
                reason="" if back is not None else t("nextbuy.reason.too_short"),
                n=horizon,
            ),
            _card("middle", _days(rhythm.middle, t), t, n=horizon),
            _card("window", _span(rhythm, t), t, n=horizon),
            _card("hiatus", days, t, reason=reason or interval, n=horizon),
        ],
        t,
    )


def _card(name: str, value: str, t: Translator, *, reason: str = "", n: int) -> Card:
    return Card(
        label=t(f"nextbuy.card.{name}.name", n=n),
        value=value,
        definition=t(f"nextbuy.card.{name}.definition", n=n),
        reason=reason,
    )


def _days(days: int | None, t: Translator) -> str:
    return t.number(None) if days is None else t("nextbuy.n_days", n=t.number(days))


def _span(rhythm: Rhythm, t: Translator) -> str:
    if rhythm.first is None or rhythm.last is None:
        return t.number(None)
    return t("nextbuy.span", first=t.number(rhythm.first), last=t.number(rhythm.last))


def _curve(rhythm: Rhythm, horizon: int, t: Translator) -> None:
    curve = rhythm.curve
    end = max(1, min(horizon, curve.last_day))
    days = list(range(end + 1))
    table = pd.DataFrame(
        {
            "day": days,
            "share_back": 1 - curve.survival[: end + 1],
            "share_low": 1 - curve.high[: end + 1],
            "share_high": 1 - curve.low[: end + 1],
            "at_risk": curve.at_risk[: end + 1],
        }
    )
    words = {code: t(f"nextbuy.column.{code}") for code in table.columns}
    figures.chart(
        charts.returned(curve, rhythm.hiatus, end, t, figures.mode()),
        table.rename(columns=words),
        "nextbuy-curve",
        title=t("nextbuy.curve_title"),
        column_config=shares_format(words),
    )


def _gaps(rhythm: Rhythm, t: Translator) -> None:
    bins = next_purchase.distribution(rhythm.curve)
    words = {code: t(f"nextbuy.column.{code}") for code in bins.columns}
    words["last_day"] = t("nextbuy.column.to_day_of")
    figures.chart(
        charts.gaps(bins, (rhythm.first, rhythm.middle, rhythm.last), t, figures.mode()),
        bins.rename(columns=words),
        "nextbuy-gaps",
        title=t("nextbuy.gaps_title"),
        column_config=shares_format({f"share_{c}" if c == "share" else c: w for c, w in words.items()}),
    )


def _customers(f: Filters, t: Translator, horizon: int) -> None:
    """Where customers stand; the window of each; their list to save."""
    found = cached.states(*f.key, f.windows, horizon)
    table = found.assign(state=[t(f"nextbuy.state.{code}") for code in found["state"]])
    words = {code: t(f"nextbuy.column.{code}") for code in found.columns}
    drawn = figures.chart(
        charts.states(found, t),
        table.rename(columns=words),
        "nextbuy-states",
        title=t("nextbuy.states_title"),
        column_config=shares_format({c: w for c, w in words.items() if c != "state"}),
        on_select=True,
        turn=customer_list.turn("nextbuy-states"),
    )
    st.caption(
        f"{t('nextbuy.states_note')} {t('nextbuy.states_not_lapsed', days=t.number(f.windows.lapse_days))}"
    )
    clicked = customer_list.clicked("nextbuy-states", drawn)
    state = pick(
        t("nextbuy.which"),
        STATES[1:] + STATES[:1],
        "nextbuy.state",
        lambda c: t(f"nextbuy.state.{c}"),
        hidden=False,
    )
    sizes = dict(zip(found["state"].tolist(), found["customers"].tolist(), strict=True))
    rows = cached.first_windows(*f.key, f.windows, horizon, state)
    if rows.empty:
        st.markdown(t("people.none"))
    elif _windows(rows, state, sizes[state], horizon, f, t):
        clicked = (state,)
    if clicked:
        customer_list.open_list(_listing(str(clicked[0]), horizon, t))


def _windows(rows: pd.DataFrame, state: str, total: int, horizon: int, f: Filters, t: Translator) -> bool:
    """The best customers of a state with their windows, and the file of all; whether to open the list."""
    st.dataframe(
        _worded(rows, f, t).style.format(_formats(f, t)),
        hide_index=True,
        height=320,
        placeholder=DASH,
        key=f"nextbuy.windows.{state}",
    )
    listing = _listing(state, horizon, t)
    rule = customer_list.in_words(listing, f, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("nextbuy.first", n=t.number(len(rows)), total=t.number(total)), width="stretch")
        wanted = st.button(t("nextbuy.open", n=t.number(total)), key="nextbuy.open")
        exports.button(
            Export(f"next-purchase-{state}", listing.title, rule, COLUMNS),
            f,
            t("nextbuy.download"),
            "nextbuy.csv",
            _file(f, t, horizon, state, rule),
            lambda: customer_list.ids_of(listing, f),
        )
    return wanted


def _listing(state: str, horizon: int, t: Translator) -> Listing:
    title = t(f"nextbuy.state.{state}")
    rule = t(f"nextbuy.rule.{state}", horizon=horizon)
    return Listing(f"nextbuy-{state}", title, rule, Wanted(among=StateCell(state, horizon)))


def _file(f: Filters, t: Translator, horizon: int, state: str, rule: str) -> Callable[[], pd.DataFrame]:
    """The customers of a state with their windows, looked up only when the file is asked for."""

    def make() -> pd.DataFrame:
        rows = cached.all_windows(*f.key, f.windows, horizon, state)
        return customer_list.stamped(_worded(rows, f, t), f.scope.end, t, rule, len(rows))

    return make


def _worded(rows: pd.DataFrame, f: Filters, t: Translator) -> pd.DataFrame:
    rounded = rows.assign(chance=rows["chance"].round(3), revenue=rows["revenue"].round(2))
    return rounded[list(COLUMNS)].rename(columns=_headers(f, t))


def _headers(f: Filters, t: Translator) -> dict[str, str]:
    words = {code: t(f"nextbuy.column.{code}") for code in COLUMNS}
    return {**words, "revenue": f"{words['revenue']} ({f.currency})"}


def _formats(f: Filters, t: Translator) -> dict[Any, Any]:
    """How each column is written: money, shares and days follow the language of the screen."""

    def money(value: object) -> str:
        return t.money(value, f.currency)

    def day(value: dt.date | None) -> str:
        return DASH if absent(value) else t.date(value)

    written = {"revenue": money, "chance": t.percent, "last_day": day, "from_day": day, "to_day": day}
    counted = dict.fromkeys(("orders", "waited"), t.number)
    words = _headers(f, t)
    return {words[code]: write for code, write in {**written, **counted}.items()}
