"""From figures and their changes to the cards of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from analytics.figures import Delta, Figure
from i18n.translator import Translator
from ui.components.cards import Card, Direction

NEUTRAL: Final = frozenset({"identified_orders"})
FALLING_IS_GOOD: Final = frozenset({"churn", "churn_rate", "lapsed"})


def written(figure: Figure, t: Translator, currency: str) -> str:
    """A figure's value as it is read; a dash where there is none."""
    if figure.unit == "money":
        short = figure.code not in {"average_order", "order_value"}
        return t.money_short(figure.value, currency) if short else t.money(figure.value, currency)
    if figure.unit == "share":
        return t.percent(figure.value)
    return t.number(figure.value, 0 if figure.unit == "count" else 1)


def card(
    figure: Figure, change: Delta | None, t: Translator, currency: str, trend: Sequence[float | None] = ()
) -> Card:
    """The card of a figure: name, value, change with its sign, definition, sparkline."""
    reason = figure.reason or figure.note or (change.reason if change else None)
    return Card(
        label=t(f"kpi.{figure.code}.name"),
        value=written(figure, t, currency),
        definition=t(f"kpi.{figure.code}.definition"),
        delta=_difference(change, t),
        change=_seen(change),
        good=_good(figure.code),
        reason=t(f"kpi.reason.{reason}") if reason else "",
        trend=trend,
    )


def row(
    figures: Mapping[str, Figure],
    changes: Mapping[str, Delta],
    codes: Sequence[str],
    t: Translator,
    currency: str,
    trends: Mapping[str, Sequence[float | None]],
) -> list[Card]:
    """The cards of several figures, in the order of ``codes``."""
    return [card(figures[code], changes.get(code), t, currency, trends.get(code, ())) for code in codes]


def _difference(change: Delta | None, t: Translator) -> str | None:
    if change is None or change.value is None:
        return None
    return t.points(change.value) if change.in_points else t.change(change.value)


def _seen(change: Delta | None) -> float | None:
    """The change as it is written: one that rounds to 0 is none."""
    return None if change is None or change.value is None else round(change.value, 3)


def _good(code: str) -> Direction:
    if code in NEUTRAL:
        return "none"
    return "down" if code in FALLING_IS_GOOD else "up"
