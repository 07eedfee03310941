"""What a rule can ask about a customer, and how it can ask it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from analytics.lifecycle import CODES as LIFECYCLES
from analytics.rfm_grid import SEGMENTS

Kind = Literal["text", "number", "money", "share", "date", "yes_no", "bought"]
Source = Literal["summary", "recent", "lifecycle", "rfm", "model", "lines"]

_NUMBERS: Final = ("at_least", "at_most", "between", "equals", "empty", "not_empty")

OPERATORS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "text": ("one_of", "none_of", "starts_with", "empty", "not_empty"),
        "number": _NUMBERS,
        "money": _NUMBERS,
        "share": _NUMBERS,
        "date": ("in_last", "since", "until", "from_to", "empty", "not_empty"),
        "yes_no": ("yes", "no", "empty", "not_empty"),
        "bought": ("ever", "never"),
    }
)
"""Per kind of field, the first one is offered first. ``in_last`` counts days back from "today"."""

WITHOUT_VALUE: Final = frozenset({"empty", "not_empty", "yes", "no"})
"""Operators that ask for no value."""

SECTIONS: Final = ("purchases", "profile", "place", "groups", "reach", "forecast")
"""The order fields are offered in."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be asked about a customer.

    Parameters
    ----------
    code : str
        Its name in a rule.
    kind : str
        Decides the operators. A ``share`` is 0..1; ``money`` is in the workspace's currency.
    section : str
        One of ``SECTIONS``.
    source : str
        Which table answers: the summary mart, the recent orders, the lifecycle, the RFM scores, a
        forecast, or the order lines.
    needs : tuple of str
        Columns of that table.
    codes : tuple of str
        The only values there are; empty: any.
    """

    code: str
    kind: Kind
    section: str
    source: Source
    needs: tuple[str, ...]
    codes: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """How it can be asked; ``starts_with`` only where any text may stand."""
        found = OPERATORS[self.kind]
        return tuple(o for o in found if o != "starts_with") if self.codes else found


def _summary(code: str, kind: Kind, section: str, *needs: str, codes: tuple[str, ...] = ()) -> Field:
    return Field(code, kind, section, "summary", needs or (code,), codes)


_CATALOGUE: Final = (
    _summary("orders", "number", "purchases"),
    _summary("revenue", "money", "purchases"),
    _summary("margin", "money", "purchases"),
    _summary("average_order", "money", "purchases", "revenue", "orders"),
    _summary("discount_share", "share", "purchases", "revenue", "discount"),
    _summary("days_since_last", "number", "purchases", "last_day"),
    _summary("days_since_first", "number", "purchases", "first_day"),
    _summary("first_day", "date", "purchases"),
    _summary("last_day", "date", "purchases"),
    Field("orders_90", "number", "purchases", "recent", ("is_purchase",)),
    Field("orders_365", "number", "purchases", "recent", ("is_purchase",)),
    Field("revenue_365", "money", "purchases", "recent", ("amount",)),
    Field("bought_category", "bought", "purchases", "lines", ("category",)),
    Field("bought_store", "bought", "purchases", "lines", ("store_id",)),
    Field("bought_channel", "bought", "purchases", "lines", ("channel",)),
    _summary("main_category", "text", "purchases"),
    _summary("first_category", "text", "purchases"),
    _summary("main_channel", "text", "purchases"),
    _summary("first_channel", "text", "purchases"),
    _summary("main_store_id", "text", "purchases"),
    _summary("first_store_id", "text", "purchases"),
    _summary("kind", "text", "profile", codes=("external", "reseller", "internal")),
    _summary("member", "yes_no", "profile"),
    _summary("tier", "text", "profile"),
    _summary("member_since", "date", "profile"),
    _summary("joined_at", "date", "profile"),
    _summary("acquisition_channel", "text", "profile"),
    _summary("acquisition_cost", "money", "profile"),
    _summary("region_code", "text", "place"),
    _summary("district", "text", "place"),
    _summary("city", "text", "place"),
    _summary("postcode", "text", "place"),
    Field("lifecycle", "text", "groups", "lifecycle", ("lifecycle",), LIFECYCLES),
    Field("rfm_segment", "text", "groups", "rfm", ("rfm_segment",), SEGMENTS),
    Field("r", "number", "groups", "rfm", ("r",)),
    Field("f", "number", "groups", "rfm", ("f",)),
    Field("m", "number", "groups", "rfm", ("m",)),
    _summary(
        "reachable",
        "yes_no",
        "reach",
        "reachable_whatsapp",
        "reachable_email",
        "reachable_sms",
        "reachable_phone",
    ),
    _summary("reachable_whatsapp", "yes_no", "reach"),
    _summary("reachable_email", "yes_no", "reach"),
    _summary("reachable_sms", "yes_no", "reach"),
    _summary("reachable_phone", "yes_no", "reach"),
    Field("p_alive", "share", "forecast", "model", ("p_alive",)),
    Field("expected_purchases", "number", "forecast", "model", ("expected_purchases",)),
    Field("expected_revenue", "money", "forecast", "model", ("expected_revenue",)),
    Field("expected_value", "money", "forecast", "model", ("value",)),
    Field("value_at_risk", "money", "forecast", "model", ("at_stake",)),
)

FIELDS: Final[Mapping[str, Field]] = MappingProxyType({each.code: each for each in _CATALOGUE})
"""The catalogue, by code, in the order it is offered."""


def field(code: str) -> Field:
    """Look a field up.

    Raises
    ------
    ValueError : there is none of that code.
    """
    if code not in FIELDS:
        raise ValueError(f"A rule can ask about {list(FIELDS)}; got {code!r}.")
    return FIELDS[code]


def available(summary_columns: Collection[str], model_columns: Collection[str] = ()) -> tuple[Field, ...]:
    """Return the fields that can be asked of these tables.

    Parameters
    ----------
    summary_columns, model_columns : collections of str
        The columns of ``customer_summary`` and of the forecast (empty without one).
    """

    def there(each: Field) -> bool:
        if each.source == "summary":
            return set(each.needs) <= set(summary_columns)
        return each.source != "model" or set(each.needs) <= set(model_columns)

    return tuple(each for each in FIELDS.values() if there(each))
