"""The calculators around one set of inputs: value of a customer, what if, four questions, sources."""

from __future__ import annotations

from typing import Final

import streamlit as st

from i18n.translator import Translator
from ui import filters
from ui.components import calculators, four_questions, what_if, worth
from ui.components.inputs import choice
from ui.components.own_numbers import starts
from ui.filters import Filters

VIEWS: Final = ("levers", "questions", "small", "sources")


def draw(f: Filters | None, t: Translator) -> None:
    """Draw the inputs and the result, and below them one of the views.

    Parameters
    ----------
    f : Filters or None
        None without data: an example then.
    t : Translator
    """
    currency = filters.currency()
    left, right = st.columns([1, 2], gap="large")
    with left:
        own = worth.source(f, t)
        begin = starts(f, t, own=own)
        business, programme = worth.inputs(currency, t, begin)
    with right:
        examples = worth.examples(business, begin, currency, t) if own else ""
        worth.result(business, programme, currency, t, examples=examples)
    view = choice(t("value.view"), VIEWS, "value.view", lambda name: t(f"value.tab.{name}"))
    if view == "levers":
        what_if.what_if_block(business, currency, t)
    elif view == "questions":
        four_questions.four_questions(business, f, currency, t)
    elif view == "small":
        calculators.small(begin, currency, t, own=own)
    else:
        worth.sources(begin, currency, t)
