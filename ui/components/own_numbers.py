"""What the value calculators start from: the merchant's own numbers, or an example that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics.figures import Figure
from i18n.numbers import WITHOUT_DECIMALS
from i18n.translator import Translator
from ui import filters
from ui.cached import value as cached
from ui.filters import Filters

EXAMPLE: Final[Mapping[str, float]] = {
    "customers": 2000,
    "average_order": 60,
    "orders_per_year": 4,
    "margin_rate": 0.4,
    "retention": 0.6,
    "acquisition_cost": 45,
    "discount": 0.1,
    "service_cost": 0.0,
}
"""A demo that adds up: 211.20 a customer, 4.7 times the cost; 234.67 with 5 points more."""

MONEY: Final = frozenset({"average_order", "acquisition_cost", "service_cost"})
SHARES: Final = frozenset({"margin_rate", "retention", "discount"})
_DIGITS: Final[Mapping[str, int]] = {
    "customers": 0,
    "average_order": 2,
    "orders_per_year": 2,
    "margin_rate": 3,
    "retention": 3,
    "acquisition_cost": 2,
}
"""As many digits as the fields show, so that all calculators start from the same numbers."""

ASSUMED: Final = frozenset({"discount", "service_cost"})
"""What no data can say."""


@dataclass(frozen=True, slots=True)
class Start:
    """The number a field starts from, and where it comes from."""

    value: float
    note: str
    own: bool
    missing: Figure | None = None


def starts(f: Filters | None, t: Translator, *, own: bool) -> dict[str, Start]:
    """What each field starts from.

    Parameters
    ----------
    f : Filters or None
        None without data.
    t : Translator
    own : bool
        The merchant's numbers; where one cannot be computed the example's, with the reason.
    """
    currency = filters.currency()
    found = cached.inputs(*f.key, f.windows, f.first_day) if f and own else {}
    return {name: _start(name, found.get(name), currency, t) for name in EXAMPLE}


def scale(currency: str) -> float:
    """What an example in ringgit is multiplied by to be one in a currency without decimals."""
    return 1000.0 if currency in WITHOUT_DECIMALS else 1.0


def written(name: str, amount: float, currency: str, t: Translator) -> str:
    """A starting number as it is read."""
    if name in MONEY:
        return t.money(amount, currency)
    if name in SHARES:
        return t.percent(amount)
    return t.number(amount, 0 if name == "customers" else 2)


def _start(name: str, found: Figure | None, currency: str, t: Translator) -> Start:
    example = EXAMPLE[name] * (scale(currency) if name in MONEY else 1.0)
    if name in ASSUMED:
        return Start(example, t("value.source.assumed"), own=False)
    if found is None:
        return Start(example, t("value.source.example"), own=False)
    if found.value is None:
        reason = t(f"kpi.reason.{found.reason}")
        return Start(example, t("value.source.missing", reason=reason), own=False, missing=found)
    return Start(round(found.value, _DIGITS[name]), t(f"value.source.{name}"), own=True)
