"""Retention and repeat rate from a few counts, for a talk without data."""

from __future__ import annotations

import streamlit as st

from analytics.retention import Retention, repeat_rate, retention
from i18n.translator import Translator
from ui.cached.retention import CameBack
from ui.components import projection
from ui.components.inputs import number


def calculators(found: CameBack | None, t: Translator) -> None:
    """Two calculators side by side, filled with the merchant's own counts where there are any.

    Parameters
    ----------
    found : CameBack or None
        None without data: then the numbers of an example stand in the fields.
    t : Translator
    """
    left, right = st.columns(2, gap="large")
    with left:
        _retention(found.moves if found else Retention(2000, 2300, 500, 100), t, own=found is not None)
    with right:
        counts = (found.customers, found.repeaters) if found else (1000, 300)
        _repeat(counts, t, own=found is not None)


def without_data(t: Translator) -> None:
    """The calculators and a cohort typed in, for a talk before any file is there."""
    calculators(None, t)
    st.subheader(t("retention.tab.projection"), anchor=False)
    projection.manual(t)


def _retention(start: Retention, t: Translator, *, own: bool) -> None:
    st.subheader(t("kpi.retention_rate.name"), anchor=False)
    st.caption(t("retention.calculator.formula"))
    names = ("start", "end", "new", "won_back")
    places = st.columns(2)
    values = {
        name: _field(places[i % 2], name, float(getattr(start, name)), t) for i, name in enumerate(names)
    }
    problem = impossible(**values)
    if problem:
        st.warning(t(f"retention.calculator.{problem}"))
        return
    made = retention(**values)
    shown, churn = st.columns(2)
    shown.metric(t("kpi.retention_rate.name"), t.percent(made.rate))
    churn.metric(t("retention.calculator.churn"), t.percent(made.churn))
    if made.rate is None:
        st.caption(t("kpi.reason.no_history"))
    st.caption(t("retention.calculator.source_own" if own else "retention.calculator.source_example"))


def _repeat(counts: tuple[float, float], t: Translator, *, own: bool) -> None:
    st.subheader(t("kpi.repeat_rate.name"), anchor=False)
    st.caption(t("retention.calculator.repeat_formula"))
    places = st.columns(2)
    customers = _field(places[0], "customers", float(counts[0]), t)
    repeaters = _field(places[1], "repeaters", float(counts[1]), t)
    if repeaters > customers:
        st.warning(t("retention.calculator.too_many_repeaters"))
        return
    rate = repeat_rate(customers, repeaters)
    st.metric(t("kpi.repeat_rate.name"), t.percent(rate))
    if rate is None:
        st.caption(t("kpi.reason.no_customers"))
    st.caption(t("retention.calculator.source_own" if own else "retention.calculator.source_example"))


def impossible(start: float, end: float, new: float, won_back: float) -> str | None:
    """Why four counts cannot be true together, as a code; None where they can.

    Examples
    --------
    >>> impossible(2000, 2300, 500, 100) is None, impossible(10, 5, 6, 0), impossible(10, 30, 5, 0)
    (True, 'too_many_new', 'too_many_kept')
    """
    if new + won_back > end:
        return "too_many_new"
    return "too_many_kept" if end - new - won_back > start else None


def _field(place: st.delta_generator.DeltaGenerator, name: str, start: float, t: Translator) -> float:
    with place:
        return number(t(f"retention.calculator.{name}"), f"retention.calculator.{name}", start)
