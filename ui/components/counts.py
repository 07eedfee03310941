"""Why two numbers with one name differ, in one clause where they stand: counted, not assumed."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analytics.lifecycle import CODES
from i18n.translator import Translator
from ui.cached import forecast
from ui.cached.forecast import Asked
from ui.filters import Filters

LAPSED: Final = "lapsed"


def beside_segments(asked: Asked, f: Filters, t: Translator) -> str:
    """Whom only the page Segments counts, and whom only the forecast; empty where both count the same."""
    out, later = forecast.beside_segments(*f.key, f.windows, asked)
    said = []
    if len(out):
        said.append(t("forecast.left_out", who="; ".join(_kinds(out, t))))
    if f.scope.end < f.as_of:
        said.append(t("forecast.later", n=t.number(later), end=t.date(f.scope.end), as_of=t.date(f.as_of)))
    return " ".join(said)


def beside_forecast(asked: Asked, f: Filters, t: Translator) -> str:
    """Who is in what was brought so far, and not in the forecast of the same page."""
    out, _ = forecast.beside_segments(*f.key, f.windows, asked)
    return t("value.history.too", who="; ".join(_kinds(out, t))) if len(out) else ""


def _kinds(out: pd.DataFrame, t: Translator) -> list[str]:
    """``resellers 100 (loyal 95, active 5)``, one a kind."""
    made = []
    for kind, rows in out.groupby("kind", sort=True):
        groups = ", ".join(
            f"{t.code('lifecycle', code).lower()} {t.number(n)}"
            for code, n in zip(rows["lifecycle"], rows["customers"], strict=True)
        )
        name = t.code("kind", str(kind)).lower()
        made.append(f"{name} {t.number(int(rows['customers'].sum()))} ({groups})")
    return made


def beside_cards(
    sizes: pd.DataFrame, active: float | None, new: float | None, f: Filters, t: Translator
) -> str:
    """How the four groups go with the cards that count active and new customers.

    Parameters
    ----------
    sizes : DataFrame
        ``lifecycle`` and ``customers``.
    active, new : float or None
        What the cards show.
    """
    by_code = dict(zip(sizes["lifecycle"], sizes["customers"], strict=True))
    together = sum(int(by_code.get(code, 0)) for code in CODES if code != LAPSED)
    if not together or active is None or new is None:
        return ""
    alike = "overview.groups.active" if together == int(active) else "overview.groups.active_else"
    first = t(alike, n=t.number(together), active=t.number(int(active)))
    days = t.number(f.windows.new_days)
    return f"{first} {t('overview.groups.new', days=days, new=t.number(int(new)))}"
