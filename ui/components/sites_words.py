"""Numbers of the page Sites in words: gaps, errors, payback, costs that nobody knows."""

from __future__ import annotations

from charts.amounts import whole_money
from geo.site_answer import Solved
from geo.site_economics import Economics
from geo.site_forecast import ForecastError
from i18n.numbers import DASH
from i18n.translator import Translator


def objective(solved: Solved, code: str, currency: str, t: Translator, value: float | None = None) -> str:
    """An objective's value: money a year, kilometres, or a share."""
    number = solved.objective if value is None else value
    if code == "captured":
        return whole_money(number, currency, t)
    if code == "distance":
        return t("sites.km", km=t.number(number, 2))
    return t.percent(number)


def gap(solved: Solved, t: Translator) -> tuple[str, str]:
    """The gap and what it says."""
    if solved.proved:
        return t.percent(0.0), t("sites.gap.proved")
    if solved.gap is None:
        return DASH, t("sites.gap.none")
    return t.percent(solved.gap, 2), t("sites.gap.bound")


def error(found: ForecastError | None, t: Translator) -> tuple[str, str]:
    """The median error of existing stores and its word."""
    if found is None:
        return DASH, t("sites.error.few")
    return "±" + t.percent(found.median_error), t(f"sites.word.{found.word}")


def payback(found: Economics | None, t: Translator) -> str:
    """Months until the set-up cost is back, or why there is no number."""
    if found is None:
        return f"{DASH} ({t('sites.reason.ranking')})"
    if found.payback_months is None:
        return f"{DASH} ({t(f'sites.reason.{found.reason}')})"
    return t("sites.months", n=t.number(found.payback_months, 1))


def rent(found: Economics | None, currency: str, t: Translator) -> str:
    """The highest rent a month that still meets the hurdle."""
    if found is None:
        return f"{DASH} ({t('sites.reason.ranking')})"
    if found.highest_rent is None:
        return f"{DASH} ({t('sites.reason.costs')})"
    if found.highest_rent <= 0:
        return t("sites.rent.none")
    return whole_money(found.highest_rent, currency, t)


def money(value: float | None, currency: str, t: Translator) -> str:
    """A whole amount; a dash where it is not known."""
    return DASH if value is None else whole_money(value, currency, t)
