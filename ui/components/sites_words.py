"""Numbers of the page Sites in words: gaps, errors, payback, costs that nobody knows."""

from __future__ import annotations

from charts.amounts import whole_money
from geo.site_answer import Ask, Solved
from geo.site_economics import Economics
from geo.validation import FEWEST_STORES, ForecastError
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached.site_model import SHORTEST, Model
from ui.components import market_data
from ui.components.regions import level_title


def objective(solved: Solved, code: str, currency: str, t: Translator, value: float | None = None) -> str:
    """An objective's value: money a year, kilometres, or a share."""
    number = solved.objective if value is None else value
    if code == "captured":
        return whole_money(number, currency, t)
    if code == "distance":
        return t("sites.km", km=t.number(number, 2))
    return t.percent(number)


def in_order_only(ask: Ask, made: Model) -> bool:
    """Whether sites were chosen by sales that nobody can forecast: then there is no money to name."""
    return ask.objective == "captured" and made.error is None


def today(solved: Solved, code: str, currency: str, t: Translator) -> str:
    """The objective without a new store; nothing to say where there is no store to go to."""
    if solved.today is None:
        return ""
    return t("sites.card.today", value=objective(solved, code, currency, t, solved.today))


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


def ranking_only(made: Model, t: Translator) -> str:
    """Why no sales are forecast."""
    n, few, days = t.number(made.checked), t.number(FEWEST_STORES), t.number(SHORTEST)
    return t(f"sites.ranking_only.{made.reason}", n=n, few=few, days=days, found=t.number(made.days))


def nearest_way(made: Model, t: Translator) -> str:
    """The shortest way that is told apart: within it the share of a lone store is stated."""
    return t(f"sites.way.{made.travel.unit}", n=t.number(made.travel.floor))


def share_used(made: Model, t: Translator) -> str:
    """Whether the share of a lone store is learnt or assumed, and how much it is."""
    return t(f"sites.share.{made.way}", share=t.percent(made.own_share), way=nearest_way(made, t))


def rivals(made: Model, t: Translator) -> str:
    """How strongly competitors pull, learnt from market data or assumed."""
    return market_data.rivals(made.surface.fit, not made.known.rivals.empty, t).replace("**", "")


def source(made: Model, t: Translator) -> str:
    """Whose inhabitants the market is made of."""
    people = made.known.people
    if people is None:
        return t(f"sites.market.{made.known.source}")
    return t(
        "sites.market.level",
        measure=t(f"sites.measure.{people.base.measure}"),
        level=level_title(people.level, t),
        year=str(people.base.year),
    )


def rests_on(made: Model, t: Translator) -> str:
    """What the market rests on: whose inhabitants, which exponents, which sales, which ways."""
    if made.first:
        return t("sites.raw.first", source=source(made, t), days=t.number(made.days))
    told = [
        t(
            "sites.raw.way",
            source=source(made, t),
            beta=t.number(made.surface.fit.beta, 2),
            alpha=t.number(made.surface.fit.alpha, 2),
            days=t.number(made.days),
        ),
        t(f"sites.rests.{made.way}"),
        share_used(made, t),
        rivals(made, t),
        t(f"catchments.measured.{made.travel.label}"),
    ]
    if made.travel.given is not None:
        told.append(t("sites.rests.new_ways"))
    return " ".join(each for each in told if each)


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
