"""How the cohorts are asked for: the switches above the triangle, and the words of rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import streamlit as st

from analytics import cohort_periods, cohorts
from analytics.cohort_groups import ATTRIBUTES, OTHERS
from analytics.cohort_periods import DEFAULT_BRACKETS, Bracket
from analytics.festivals import FESTIVALS
from i18n.translator import Translator
from ui.cached import people
from ui.cached.cohorts import Asked
from ui.components.inputs import choice, pick
from ui.filters import Filters
from ui.regions import region_name
from ui.text import plain

MEASURES: Final = (
    "rate",
    "customers",
    "orders",
    "revenue_per_customer",
    "revenue",
    "value_per_customer",
)
LAST: Final = {"week": (12, 26, 52), "month": (12, 24, 0), "quarter": (8, 12, 0), "year": (5, 0)}
BRACKETS_KEY: Final = "cohorts.brackets"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the switches say."""

    asked: Asked
    measure: str


def switches(f: Filters, t: Translator) -> Chosen:
    """Draw the switches; one is always chosen in each."""
    with st.container(horizontal=True, gap="small"):
        unit = choice(
            t("cohorts.unit.label"),
            cohort_periods.UNITS,
            "cohorts.unit",
            lambda c: t(f"cohorts.unit.{c}"),
            default="month",
        )
        view = choice(
            t("cohorts.view.label"), cohorts.VIEWS, "cohorts.view", lambda c: t(f"cohorts.view.{c}")
        )
    with st.container(horizontal=True, gap="small"):
        words = partial(_words, "cohorts.measure", t)
        measure = pick(t("cohorts.measure.label"), MEASURES, "cohorts.measure", words, width=280)
        with st.popover(t("cohorts.more")):
            by = _kept(
                t("cohorts.by.label"), ("", *ATTRIBUTES), "cohorts.by", partial(_words, "cohorts.by", t)
            )
            festival = _kept(
                t("cohorts.festival.label"),
                ("", *FESTIVALS),
                "cohorts.festival",
                partial(_words, "cohorts.festival", t),
            )
            last = _kept(
                t("cohorts.last.label"),
                LAST[unit],
                f"cohorts.last.{unit}",
                lambda n: t(f"cohorts.last.{unit}", n=n) if n else t("cohorts.last.all"),
            )
    brackets = _brackets(t) if view == "bracket" else DEFAULT_BRACKETS
    asked = Asked(unit, view, brackets, 0 if festival else last, festival, f.country, by)
    return Chosen(asked, measure)


def _kept(label: str, options: tuple[Any, ...], key: str, words: Callable[[Any], str]) -> Any:
    """One of several in a popover, which draws its widgets late: their state is not written to."""
    chosen: Any = st.selectbox(label, list(options), format_func=words, key=key, persist_state="session")
    return chosen if chosen in options else options[0]


def _words(prefix: str, t: Translator, code: str) -> str:
    return t(f"{prefix}.{code or 'none'}")


def row_words(f: Filters, t: Translator, asked: Asked) -> Callable[[Any], str]:
    """The name of a row: of a cohort's first day, or of a value of the breakdown."""
    if not asked.by:
        return lambda cohort: cohort_name(cohort, asked, t)
    stores = people.store_names(f.workspace, f.snapshot)

    def named(value: str) -> str:
        if value == OTHERS:
            return t("cohorts.others")
        if asked.by == "region_code":
            return region_name(value, t)
        if not value:
            return t("filters.no_store" if asked.by == "first_store_id" else "filters.unknown_place")
        if asked.by == "first_store_id":
            return stores.get(value, value)
        column = {"first_channel": "channel", "lifecycle": "lifecycle"}.get(asked.by)
        return t.code(column, value) if column else value

    return named


def cohort_name(cohort: date, asked: Asked, t: Translator) -> str:
    """A cohort as it is called: month, quarter, year, Monday of a week, or day of the festival."""
    if asked.festival or asked.unit == "week":
        return t.date(cohort)
    if asked.unit == "month":
        return t.month(cohort)
    if asked.unit == "year":
        return f"{cohort:%Y}"
    return t("cohorts.quarter", n=(cohort.month + 2) // 3, year=f"{cohort:%Y}")


def column_words(asked: Asked, periods: int) -> list[str]:
    """The heading of each period from 0 on."""
    if asked.spans:
        return [str(a) if a == b else f"{a}–{b}" for a, b in asked.spans]
    return [str(period) for period in range(periods + 1)]


def axis(asked: Asked, t: Translator) -> str:
    """What the columns count."""
    if asked.festival:
        return t(f"cohorts.axis.festive_{asked.unit}", festival=t(f"cohorts.festival.{asked.festival}"))
    return t(f"cohorts.axis.{asked.unit}")


def _brackets(t: Translator) -> tuple[Bracket, ...]:
    """Brackets as typed; the usual ones, and why, where they cannot be read."""
    usual = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in DEFAULT_BRACKETS)
    if BRACKETS_KEY not in st.session_state:
        st.session_state[BRACKETS_KEY] = st.session_state.get(f"{BRACKETS_KEY}.kept", usual)
    typed = st.text_input(
        t("cohorts.brackets.label"), key=BRACKETS_KEY, max_chars=120, help=t("cohorts.brackets.help")
    )
    st.session_state[f"{BRACKETS_KEY}.kept"] = typed
    try:
        return cohort_periods.parse_brackets(typed)
    except ValueError:
        st.warning(plain(t("cohorts.brackets.wrong", usual=usual), 300))
        return DEFAULT_BRACKETS
