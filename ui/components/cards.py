"""Cards: one number, what it was, whether that is good, and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

import streamlit as st

from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.text import plain

Direction = Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True)
class Card:
    """One number of a row.

    Parameters
    ----------
    label : str
        What is counted, in the reader's words.
    value : str
        As written by the translator; a dash where it cannot be computed.
    definition : str
        Behind the (i). Text of ours.
    delta : str or None
        The difference as written by the translator (``t.change``, ``t.points``), None without one.
    change : float or None
        The same difference as a number: only its sign is read.
    good : {"up", "down", "none"}
        Which direction is good; ``none`` for a number that is neither.
    reason : str
        Why there is a dash, or no delta. Shown small in place of the delta.
    trend : sequence of float
        The sparkline, oldest first; fewer than two points draw none.
    """

    label: str
    value: str
    definition: str = ""
    delta: str | None = None
    change: float | None = None
    good: Direction = "up"
    reason: str = ""
    trend: Sequence[float | None] = ()


def kpi_row(cards: Sequence[Card], t: Translator) -> None:
    """Draw cards in rows of at most six, as even as can be; they wrap where the screen is narrow.

    That there is nothing to compare with stands once, under the filters, not on every card.

    Parameters
    ----------
    cards : sequence of Card
    t : Translator
    """
    once = {t("card.no_comparison"), t("kpi.reason.no_comparison")}
    for row in rows([replace(card, reason="") if card.reason in once else card for card in cards]):
        with st.container(horizontal=True, gap="small", key=f"setia-cards-{_key(row)}"):
            for card in row:
                _draw(card, t)


def rows(cards: Sequence[Card], widest: int = 6) -> list[Sequence[Card]]:
    """Split cards into as few rows as possible, the first the longest: 10 are 5 and 5."""
    count = -(-len(cards) // widest)
    if count == 0:
        return []
    length = -(-len(cards) // count)
    return [cards[i : i + length] for i in range(0, len(cards), length)]


def _key(cards: Sequence[Card]) -> str:
    """A key for a row that stays while its labels stay."""
    return format(crc32("|".join(card.label for card in cards).encode()), "08x")


def _draw(card: Card, t: Translator) -> None:
    missing = card.value == DASH
    trend = [value for value in card.trend if not absent(value)]
    delta, description = _delta(card, t)
    st.metric(
        plain(card.label, 60),
        plain(card.value, 40),
        delta=None if delta is None else plain(delta, 60),
        delta_color=_colour(card) if not missing else "off",
        delta_arrow=_arrow(card),
        delta_description=description,
        help=card.definition or None,
        border=True,
        chart_data=trend if len(trend) > 1 and not missing else None,
        chart_type="line",
        width="stretch",
        height="stretch",
    )


def _delta(card: Card, t: Translator) -> tuple[str | None, str | None]:
    if card.value == DASH:
        return card.reason or t("card.not_computed"), None
    if card.delta is None or card.delta == DASH or card.change is None or absent(card.change):
        return (card.reason, None) if card.reason else (None, None)
    return card.delta, word(card.change, card.good, t)


def word(change: float, good: Direction, t: Translator) -> str:
    """The word for a difference: colour never says it alone.

    Parameters
    ----------
    change : float
    good : {"up", "down", "none"}
    t : Translator
    """
    if change == 0:
        return t("card.same")
    if good == "none":
        return t("card.more" if change > 0 else "card.less")
    return t("card.better" if (change > 0) == (good == "up") else "card.worse")


def _colour(card: Card) -> Literal["normal", "inverse", "off", "green", "red"]:
    if card.delta is None or not card.change or absent(card.change) or card.good == "none":
        return "off"
    return "green" if (card.change > 0) == (card.good == "up") else "red"


def _arrow(card: Card) -> Literal["up", "down", "off"]:
    if card.value == DASH or card.delta is None or not card.change or absent(card.change):
        return "off"
    return "up" if card.change > 0 else "down"
