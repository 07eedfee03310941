"""The small calculators of customer value: up to three inputs, one number each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from analytics import value_calculators as value
from charts.amounts import symbol
from i18n.translator import Translator
from ui.components.inputs import choice, number
from ui.components.own_numbers import Start, scale

SMALL_EXAMPLE: Final[Mapping[str, float]] = {
    "margin": 100,
    "retention": 90,
    "discount": 10,
    "order": 100,
    "frequency": 4,
    "years": 5,
    "clv": 500,
    "cac": 500,
    "revenue": 1000,
    "acquisition": 200,
    "service": 100,
}
_LABELS: Final = {"revenue": "revenue_input"}
_MONEY: Final = frozenset({"margin", "order", "clv", "cac", "revenue", "acquisition", "service"})


def small(begin: Mapping[str, Start], currency: str, t: Translator, *, own: bool) -> None:
    """Draw four calculators.

    Parameters
    ----------
    begin : mapping of str to Start
        ``own_numbers.starts``.
    currency : str
    t : Translator
    own : bool
        Start from the merchant's numbers.
    """
    first = _first(begin, currency, own=own)
    rows: tuple[tuple[Callable[..., None], ...], ...] = ((_lasting, _revenue), (_winning, _contribution))
    for pair in rows:
        for place, drawn in zip(st.columns(2, gap="large"), pair, strict=True):
            with place:
                drawn(first, currency, t)


def _first(begin: Mapping[str, Start], currency: str, *, own: bool) -> dict[str, float]:
    """Where the fields start."""
    if not own:
        return {k: v * (scale(currency) if k in _MONEY else 1) for k, v in SMALL_EXAMPLE.items()}
    got = {name: start.value for name, start in begin.items()}
    margin = round(got["average_order"] * got["orders_per_year"] * got["margin_rate"], 2)
    years = round(value.expected_years(min(got["retention"], 0.99)), 1)
    revenue = value.lifetime_revenue(got["average_order"], got["orders_per_year"], years)
    return {
        "margin": margin,
        "retention": got["retention"] * 100,
        "discount": got["discount"] * 100,
        "order": got["average_order"],
        "frequency": got["orders_per_year"],
        "years": years,
        "clv": value.infinite_horizon(margin, got["retention"], got["discount"]),
        "cac": got["acquisition_cost"],
        "revenue": revenue,
        "acquisition": got["acquisition_cost"],
        "service": 0.0,
    }


def _lasting(first: Mapping[str, float], currency: str, t: Translator) -> None:
    st.subheader(t("value.small.lasting"), anchor=False)
    st.caption(t("value.small.lasting_formula"))
    margin, retention, discount = _row(("margin", "retention", "discount"), first, currency, t)
    if retention >= 100 and discount <= 0:
        st.warning(t("value.no_end"))
        return
    with_first = choice(
        t("value.small.first"), (True, False), "value.small.first", lambda yes: t(f"value.small.first_{yes}")
    )
    found = value.infinite_horizon(margin, retention / 100, discount / 100, first_payment=with_first)
    st.metric(t("value.big"), t.money(found, currency))


def _revenue(first: Mapping[str, float], currency: str, t: Translator) -> None:
    st.subheader(t("value.small.revenue"), anchor=False)
    st.caption(t("value.small.revenue_formula"))
    order, frequency, years = _row(("order", "frequency", "years"), first, currency, t)
    st.metric(
        t("value.small.revenue_result"), t.money(value.lifetime_revenue(order, frequency, years), currency)
    )


def _winning(first: Mapping[str, float], currency: str, t: Translator) -> None:
    st.subheader(t("value.small.winning"), anchor=False)
    st.caption(t("value.small.winning_formula"))
    clv, cost = _row(("clv", "cac"), first, currency, t)
    found = value.net_value(clv, cost)
    st.metric(t("value.small.net"), t.money(found.net, currency))
    st.markdown(f"**{t('value.small.worth' if found.worth_it else 'value.small.not_worth')}**")


def _contribution(first: Mapping[str, float], currency: str, t: Translator) -> None:
    st.subheader(t("value.small.contribution"), anchor=False)
    st.caption(t("value.small.contribution_formula"))
    revenue, cost, service = _row(("revenue", "acquisition", "service"), first, currency, t)
    st.metric(
        t("value.small.contribution_result"), t.money(value.contribution(revenue, cost, service), currency)
    )


def _row(names: tuple[str, ...], first: Mapping[str, float], currency: str, t: Translator) -> list[float]:
    """The inputs of a calculator, side by side."""
    found = []
    for place, name in zip(st.columns(len(names)), names, strict=True):
        share = name in ("retention", "discount")
        whole = name in _MONEY and scale(currency) > 1
        with place:
            found.append(
                number(
                    t(f"value.small.{_LABELS.get(name, name)}", currency=symbol(currency)),
                    f"value.small.{name}",
                    first[name],
                    high=100.0 if share else None,
                    decimals=0 if whole else 1 if share or name == "years" else 2,
                )
            )
    return found
